use std::io::{Write, stdout};

use anyhow::{Context, Result, anyhow, bail};
use cipher_data::Alphabet;
use cipher_model::files::read_whole;
use cipher_model::{Backend, Bundle, CipherModel, Measured, Score};

use super::bar::Busy;
use super::cli::{Framework, ImportArgs};
use super::hint::{command_line, run_argument};
use super::launch::warn;
use super::{Outcome, open, output};
use crate::config::Config;
use crate::data::{Data, first_pairs};
use crate::numbers::percent;
use crate::report::measure::Measure;
use crate::report::summary::score_lines;
use crate::report::verdict::commonest;
use crate::run::{Existing, RunFolder, RunResult};
use crate::symbols::list;
use crate::training::measure;

/// The largest file of weights that is read, in bytes.
const MAX_BYTES: u64 = 1 << 34;
/// Weights for this cipher answer better than the commonest symbol by at least this.
const MARGIN: f64 = 0.02;

pub fn run(args: ImportArgs, backend: Option<Backend>) -> Result<Outcome> {
    let Framework::Torch = args.from;
    let mut config = Config::load(Some(&args.config), &args.set)?;
    let name = args.file.display();
    let bytes = read_whole(&args.file, MAX_BYTES).with_context(|| format!("cannot read {name}"))?;
    let data = Data::of(&config)?;
    if data.trained_keys.is_some() {
        bail!(
            "{}: a network that is told keys, or finds them, cannot be imported; train it here",
            args.config.display()
        );
    }
    let (_, device) = open(backend)?;
    let (model, sizes) =
        CipherModel::from_torch(&bytes, &device).map_err(|reason| anyhow!("{name}: {reason}"))?;
    check_alphabets(&args, &bytes, &model, &data)?;
    config.model = sizes;
    let busy = Busy::new("measuring the test messages");
    let mut bundle = Bundle {
        untrained: Vec::new(),
        model,
        config: config.model.clone(),
        measured: Measured {
            test: Score::default(),
            epoch: 0,
        },
        ciphertext_alphabet: data.ciphertext_alphabet.clone(),
        plaintext_alphabet: data.plaintext_alphabet.clone(),
        keys: None,
    };
    let score = measure(&bundle, &data, &config, &device)?;
    bundle.measured.test = score;
    drop(busy);
    let stem = args.file.file_stem().map(|stem| stem.to_string_lossy());
    let run = RunFolder::create(
        args.run.as_deref(),
        &stem.unwrap_or("imported".into()),
        Existing::Keep,
        &config,
        Some(&data),
        |run| {
            bundle.save(run.bundle())?;
            run.set_result(&RunResult {
                end: None,
                checkpoint_sha256: None,
                bundle_sha256: Bundle::fingerprint(run.bundle())?,
                rule_sha256: None,
                verdict: None,
            })
        },
    )?;
    warn(run.remember_trained());
    report(&run, &score, &data)
}

fn report(run: &RunFolder, score: &Score, data: &Data) -> Result<Outcome> {
    let mut out = stdout().lock();
    for line in score_lines(score, Measure::of(&data.plaintext_alphabet)) {
        writeln!(out, "{line}")?;
    }
    writeln!(out, "saved in {}", run.path().display())?;
    let (program, folder) = (command_line(), run_argument(run.path()));
    writeln!(out, "next: {program} decrypt --run {folder}")?;
    let test = first_pairs(&data.test, usize::MAX)?;
    let (_, guessing) = commonest(test.iter().flat_map(|pair| pair.plaintext().to_vec()));
    if score.character_accuracy() <= guessing + MARGIN {
        output::warning(format!(
            "these weights are not for this cipher: {} of the test characters are right, no more \
             than always answering with the commonest symbol would get",
            percent(score.character_accuracy())
        ));
        return Ok(Outcome::BelowTarget);
    }
    Ok(Outcome::Done)
}

/// The weights must be for the symbols of the config.
fn check_alphabets(
    args: &ImportArgs,
    bytes: &[u8],
    model: &CipherModel,
    data: &Data,
) -> Result<()> {
    let (name, config) = (args.file.display(), args.config.display());
    let ours = [&data.ciphertext_alphabet, &data.plaintext_alphabet];
    let needed = ours.map(Alphabet::len);
    if model.n_symbols() != needed {
        let ([has_in, has_out], [needs_in, needs_out]) = (model.n_symbols(), needed);
        bail!(
            "{name} is for {has_in} ciphertext and {has_out} plaintext symbols, and {config} has \
             {needs_in} and {needs_out}"
        );
    }
    if let Some(theirs) = CipherModel::torch_alphabets(bytes)
        && ours.map(Alphabet::symbols) != theirs.each_ref().map(Vec::as_slice)
    {
        bail!(
            "{name} is for the alphabets {} and {}, and {config} has others; \
             give config.toml of the run that the weights are from",
            list(&theirs[0]),
            list(&theirs[1]),
        );
    }
    Ok(())
}

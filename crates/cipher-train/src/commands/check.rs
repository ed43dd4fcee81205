use std::io::{Write, stdout};

use anyhow::{Result, bail};
use cipher_data::{
    Alphabet, CipherConfig, InputIds, KeyInput, KeySet, KeyedCipher, Pair, padding_share,
};
use cipher_model::Backend;

use super::bar::Busy;
use super::cli::CheckArgs;
use crate::config::{CipherSource, Config, PairsSource, Source, Task};
use crate::data::{Data, Pairs, first_pairs, random_messages};
use crate::numbers::{percent, symbols};
use crate::symbols::list;

/// Messages that the share of padding is measured on, at most.
const SAMPLE: usize = 1 << 16;
/// Symbols of them, about.
const SAMPLE_SYMBOLS: usize = 1 << 22;
/// Pairs that are divided into sets to tell what `fit` will say, at most.
const MAX_DIVIDED: usize = 100_000;

pub fn run(args: CheckArgs) -> Result<()> {
    let is_config = args.file.extension().is_some_and(|end| end == "toml");
    if !is_config {
        if !args.set.is_empty() {
            bail!("--set is for configs; `fit` takes it for a file of pairs");
        }
        return check_pairs(args.read.of(args.file, args.plaintexts));
    }
    let config = Config::load(Some(&args.file), &args.set)?;
    match &config.source {
        Source::Cipher(source) => check_cipher(&config, source),
        Source::Pairs(source) => {
            let pairs = Pairs::read(source)?;
            let data = Data::of_file(&config, &pairs)?;
            let mut out = stdout().lock();
            pairs.describe(&mut out)?;
            let n_plaintext = data.plaintext_alphabet.len();
            describe_training(&config, data.inputs(&config)?, n_plaintext, &mut out)
        }
    }
}

fn check_pairs(source: PairsSource) -> Result<()> {
    let busy = Busy::new("reading the pairs");
    let pairs = Pairs::read(&source)?;
    // Comparing millions of pairs takes longer than reading them.
    let is_divided = pairs.table.len() <= MAX_DIVIDED;
    let (config, dependence) = pairs.plan(source);
    let data = is_divided.then(|| Data::of_file(&config, &pairs));
    drop(busy);
    let mut out = stdout().lock();
    pairs.describe(&mut out)?;
    pairs.describe_example(&mut out)?;
    pairs.describe_runner_up(&mut out)?;
    if let Some(dependence) = dependence {
        writeln!(out, "{dependence}")?;
    }
    match data {
        None => {}
        Some(Ok(data)) => {
            if let Some(aligned) = &data.aligned {
                writeln!(out, "{}", aligned.describe())?;
                if let Some(left_out) = aligned.left_out() {
                    writeln!(out, "{left_out}")?;
                }
                if let Some(warning) = aligned.warning() {
                    writeln!(out, "warning: {warning}")?;
                }
            }
            if let Some(division) = data.division() {
                writeln!(out, "{division}")?;
            }
        }
        Some(Err(error)) => writeln!(out, "warning: `fit` cannot learn from it: {error:#}")?,
    }
    Ok(())
}

fn check_cipher(config: &Config, source: &CipherSource) -> Result<()> {
    let setup = source.init()?;
    let (texts, lengths) = (&setup.texts, setup.lengths);
    let (sizes, training) = (config.sizes, &config.training);
    let device = Backend::compiled().last().unwrap_or_default().open()?;
    let n_sampled = (SAMPLE_SYMBOLS / lengths.max()).clamp(1, SAMPLE);
    let n_sampled = sizes.per_epoch.min(n_sampled);
    let mut sample = config.clone();
    sample.sizes.per_epoch = n_sampled;
    let data = Data::of(&sample)?;
    let loader = data.loader(&data.training, &sample, &device)?;

    let dataset = random_messages(config, &setup, KeySet::Training, n_sampled)?;
    let sampled = first_pairs(&data.training, n_sampled)?;
    let unsorted: Vec<_> = sampled.iter().map(Pair::len).collect();
    let bucketed = loader.lengths_at(0)?;
    let pair = dataset.pair(0)?;

    let mut out = stdout().lock();
    let listed = |side: &Alphabet| format!("{} symbols: {}", side.len(), list(side.symbols()));
    writeln!(out, "alphabet  {}", listed(&texts.plaintext))?;
    if texts.ciphertext.symbols() != texts.plaintext.symbols() {
        writeln!(out, "signs     {}", listed(&texts.ciphertext))?;
    }
    let key = match &setup.keyed {
        None => {
            writeln!(out, "cipher    {:?}", source.texts.cipher)?;
            String::new()
        }
        Some(keyed) => {
            let keys = keyed.key_alphabet();
            writeln!(out, "cipher    {}", source.texts.cipher.title())?;
            writeln!(out, "keys      {}", describe_keys(keyed))?;
            format!("key {}: ", keys.decode(pair.key()))
        }
    };
    writeln!(
        out,
        "example   {key}{} -> {}",
        texts.ciphertext.decode(pair.ciphertext()),
        texts.plaintext.decode(pair.plaintext())
    )?;
    let reads = match (config.task, config.model.key_input) {
        (Task::RecoverKey, _) => {
            Some("the ciphertext beside the plaintext; then it is asked for the key")
        }
        (_, Some(KeyInput::Prefix)) => Some("the key, a separator, and then the ciphertext"),
        (_, Some(KeyInput::Aligned)) => Some(match source.texts.cipher {
            CipherConfig::Autokey { .. } => {
                "the ciphertext beside the key, repeated; under an autokey cipher it is not, so use \"prefix\""
            }
            _ => "the ciphertext beside the key, which is repeated",
        }),
        (_, None) => None,
    };
    if let Some(reads) = reads {
        writeln!(out, "reads     {reads}")?;
    }
    writeln!(
        out,
        "messages  {} an epoch, {}; {} for validation, {} for the test",
        sizes.per_epoch,
        symbols(lengths),
        sizes.validation,
        sizes.test
    )?;
    let longest = |epoch| source.curriculum.lengths(lengths, epoch).max();
    let all = (0..training.epochs as u64).find(|epoch| longest(*epoch) == lengths.max());
    if longest(0) < lengths.max() {
        let all = all.map_or("in no epoch".into(), |epoch| {
            format!("from epoch {}", epoch + 1)
        });
        writeln!(
            out,
            "          at most {} symbols in the first epoch, and all lengths {all}",
            longest(0)
        )?;
    }
    writeln!(
        out,
        "padding   {} of a batch, {} without length buckets",
        percent(padding_share(&bucketed, training.batch_size)),
        percent(padding_share(&unsorted, training.batch_size))
    )?;
    describe_training(
        config,
        data.inputs(config)?,
        data.plaintext_alphabet.len(),
        &mut out,
    )
}

fn describe_keys(keyed: &KeyedCipher) -> String {
    let lengths = keyed.key_lengths();
    let sets = match keyed.holds_keys_out() {
        true => {
            "one in 16 for validation only, one in 16 for the test only, where there are 1,000 of a length"
        }
        false => "all in training, as there are few",
    };
    let length = symbols(lengths);
    let n_symbols = keyed.key_alphabet().len();
    format!("a random one of {length} for each message, over an alphabet of {n_symbols}; {sets}")
}

fn describe_training(
    config: &Config,
    inputs: InputIds,
    n_plaintext: usize,
    out: &mut impl Write,
) -> Result<()> {
    let training = &config.training;
    let steps = config.sizes.per_epoch.div_ceil(training.batch_size);
    writeln!(
        out,
        "model     {} weights",
        config.model.n_weights(inputs, n_plaintext)
    )?;
    writeln!(
        out,
        "training  at most {} epochs of {steps} steps, until {} of the validation characters are right",
        training.epochs,
        percent(training.target_accuracy)
    )?;
    Ok(())
}

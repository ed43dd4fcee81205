use std::collections::BTreeSet;
use std::io::{Write, stdout};

use anyhow::{Context, Result, bail};
use burn::tensor::Device;
use cipher_data::{Curriculum, PairTable, PairTexts, ReadingHints, Readings, Score};
use cipher_model::{Backend, Bundle, Decryptor, TrainedKeys};
use serde_json::json;

use super::bar::Busy;
use super::cli::EvalArgs;
use super::old_model::warn_of_old_model;
use super::{open, output};
use crate::config::{Config, PairsSource, Source};
use crate::data::{Data, read_texts};
use crate::numbers::{count, percent, symbols};
use crate::report::OnOtherPairs;
use crate::report::measure::Measure;
use crate::report::summary::{score_json, score_lines};
use crate::run::RunFolder;
use crate::training;

pub fn run(args: EvalArgs, backend: Option<Backend>) -> Result<()> {
    let run = RunFolder::open(args.run.as_deref())?;
    let (backend, device) = open(backend)?;
    let bundle = run.load_bundle(&device)?;
    warn_of_old_model(&run)?;
    let busy = Busy::new("measuring");
    let evaluated = match args.pairs {
        Some(file) => on_pairs(&run, &bundle, &args.read.of(file, None), &device)?,
        None => on_test_messages(&run, &bundle, &args.set, &device)?,
    };
    drop(busy);
    if let Some(rule) = run.rule_in_use()? {
        output::info(format!(
            "this is the accuracy of the network; `decrypt` uses the rule of this run, {}",
            rule.name()
        ));
    }
    let mut out = stdout().lock();
    let measure = Measure::of(&bundle.plaintext_alphabet);
    let Evaluated {
        set,
        score,
        of_book,
    } = evaluated;
    if args.json {
        let result = json!({
            "run": run.path().display().to_string(),
            "device": backend.name(),
            "epoch": bundle.measured.epoch,
            "set": set,
            "score": score_json(&score, measure),
            "code_book": of_book.map(|score| score_json(&score, measure)),
        });
        writeln!(out, "{result}")?;
        return Ok(());
    }
    for line in score_lines(&score, measure) {
        let line = match set {
            "test" => line,
            _ => line.replacen("test ", "", 1),
        };
        writeln!(out, "{line}")?;
    }
    if let Some(score) = of_book {
        let accuracy = percent(score.character_accuracy());
        writeln!(out, "the code book's, by edits   {accuracy}")?;
    }
    Ok(())
}

/// What a network gets right.
struct Evaluated {
    /// The name of the messages.
    set: &'static str,
    score: Score,
    /// What the code book of the same run gets right, if it has one.
    of_book: Option<Score>,
}

/// On pairs of a file.
fn on_pairs(
    run: &RunFolder,
    bundle: &Bundle,
    file: &PairsSource,
    device: &Device,
) -> Result<Evaluated> {
    let measure = Measure::of(&bundle.plaintext_alphabet);
    if measure == Measure::Keys {
        bail!("--pairs is for a network that decrypts; `recover-key` reads such pairs from stdin");
    }
    if file.reading != ReadingHints::default() {
        bail!("the run says how texts are read; leave out the options that say it");
    }
    if file.message_length.is_some() {
        bail!("each pair is measured as it is; leave out --message-length");
    }
    let readings = readings(run, bundle)?;
    let texts = read_texts(&PairsSource {
        readings: Some(readings.clone()),
        ..file.clone()
    })?;
    let name = file.file.display();
    warn_about_known_pairs(run, &texts);
    if texts.is_empty() {
        bail!("{name}: there are no pairs to measure on");
    }
    let mut of_book = None;
    let measured = match measure {
        Measure::Edits => {
            let data = run.data(&run.config()?)?;
            if let Some(aligned) = &data.aligned {
                let score = OnOtherPairs::of_book(aligned, &texts, &readings.plaintext)?;
                of_book = Some(score);
            }
            let decryptor = Decryptor::new(bundle.clone(), device);
            OnOtherPairs::by_edits(&decryptor, &texts, &readings.plaintext)
                .with_context(|| name.to_string())?
        }
        _ => {
            let table = table(bundle, &texts).with_context(|| name.to_string())?;
            OnOtherPairs::of(bundle, table, device)?
        }
    };
    if measured.score.n_symbols == 0 {
        bail!(
            "{name}: no plaintext has a symbol that is measured; if the plaintexts come first, add \
             --columns ciphertext=2,plaintext=1"
        );
    }
    warn_about_unknown_symbols(&measured);
    Ok(Evaluated {
        set: "pairs",
        score: measured.score,
        of_book,
    })
}

/// The pairs as the network reads them, with their keys if it is told keys.
fn table(bundle: &Bundle, texts: &PairTexts) -> Result<PairTable> {
    let [ciphertext, plaintext] = [&bundle.ciphertext_alphabet, &bundle.plaintext_alphabet];
    let Some(keys) = &bundle.keys else {
        if texts.is_keyed() {
            output::warning(
                "the file has a key for each message, and this network was trained with one key and is told none",
            );
        }
        return Ok(PairTable::new(texts, ciphertext, plaintext)?);
    };
    if texts.key(0).is_none() {
        bail!(
            "the network must be told the key of each message; give each line its key, in a column with the \
             header `key`"
        );
    }
    let table = PairTable::keyed(texts, ciphertext, plaintext, &keys.alphabet)?;
    let trained = keys.lengths.min()..=keys.lengths.max();
    let n_others = (0..table.len()).filter(|&index| !trained.contains(&table.key(index).len()));
    let n_others = n_others.count();
    if n_others > 0 {
        output::warning(format!(
            "{} with a key of a length that the network was not trained with ({})",
            count(n_others, "message"),
            symbols(keys.lengths)
        ));
    }
    Ok(table)
}

/// On the test messages of the run, or of its config with other settings.
fn on_test_messages(
    run: &RunFolder,
    bundle: &Bundle,
    set: &[String],
    device: &Device,
) -> Result<Evaluated> {
    let (config, data) = test_messages(run, bundle, set)?;
    let of_book = data.aligned.as_ref().map(|aligned| {
        let scores = aligned.scores_of_book(&aligned.code_book(), aligned.test());
        scores.iter().sum()
    });
    Ok(Evaluated {
        set: "test",
        score: training::measure(bundle, &data, &config, device)?,
        of_book,
    })
}

/// The test messages of the run, or of its config with other settings.
fn test_messages(run: &RunFolder, bundle: &Bundle, set: &[String]) -> Result<(Config, Data)> {
    let saved = run.config()?;
    if set.is_empty() {
        let data = run.data(&saved)?;
        return Ok((saved, data));
    }
    let mut measured = saved.clone();
    if let Source::Cipher(source) = &mut measured.source {
        // Messages to measure on may be longer than those that training began with.
        source.curriculum = Curriculum::default();
    }
    let config = Config::parse("the config of the run", &measured.to_toml(), set)?;
    config
        .cipher()
        .context("--set is for messages that are drawn")?;
    let data = Data::of(&config)?;
    let of_data = [&data.ciphertext_alphabet, &data.plaintext_alphabet];
    let of_bundle = [&bundle.ciphertext_alphabet, &bundle.plaintext_alphabet];
    let keys = |keys: Option<&TrainedKeys>| keys.map(|keys| keys.alphabet.clone());
    let are_keys_other = keys(data.trained_keys.as_ref()) != keys(bundle.keys.as_ref());
    if config.model != saved.model || of_data != of_bundle || are_keys_other {
        bail!(
            "--set would change the network or its alphabets; only other messages can be measured"
        );
    }
    Ok((config, data))
}

/// How texts are read: the ciphertexts as the bundle says, and plaintexts as well unless it knows them in
/// chunks only.
fn readings(run: &RunFolder, bundle: &Bundle) -> Result<Readings> {
    let of_bundle = Readings::of_alphabets(&bundle.ciphertext_alphabet, &bundle.plaintext_alphabet);
    if Measure::of(&bundle.plaintext_alphabet) != Measure::Edits {
        return Ok(of_bundle);
    }
    match run.config()?.source {
        Source::Pairs(source) => Ok(source.readings.unwrap_or(of_bundle)),
        Source::Cipher(_) => Ok(of_bundle),
    }
}

fn warn_about_unknown_symbols(measured: &OnOtherPairs) {
    if measured.n_unknown > 0 {
        output::warning(format!(
            "{} in {} never occurred in the pairs of this run; each counts as wrong",
            count(measured.n_unknown, "symbol"),
            count(measured.n_unknown_messages, "message")
        ));
    }
}

/// Pairs of the run itself say little about others.
fn warn_about_known_pairs(run: &RunFolder, texts: &PairTexts) {
    let Ok(config) = run.config() else { return };
    let Source::Pairs(source) = &config.source else {
        return;
    };
    let Ok(own) = read_texts(source) else { return };
    let own: BTreeSet<&str> = (0..own.len()).map(|index| own.ciphertext(index)).collect();
    let indices = 0..texts.len();
    let n_known = indices.filter(|&index| own.contains(texts.ciphertext(index)));
    let n_known = n_known.count();
    if n_known > 0 {
        output::warning(format!(
            "{n_known} of the {} messages are among the pairs that this run was made with: \
             the accuracy on new messages may be lower",
            texts.len()
        ));
    }
}

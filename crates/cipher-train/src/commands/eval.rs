use std::collections::BTreeSet;
use std::io::{Write, stdout};

use anyhow::{Context, Result, bail};
use cipher_data::{PairTable, PairTexts, ReadingHints, Readings};
use cipher_model::{Backend, Bundle, Decryptor};
use serde_json::json;

use super::bar::Busy;
use super::cli::EvalArgs;
use super::{open, output};
use crate::config::{Config, Source};
use crate::data::{Data, read_texts};
use crate::numbers::{count, percent};
use crate::report::OnOtherPairs;
use crate::report::measure::Measure;
use crate::report::summary::{score_json, score_lines};
use crate::run::RunFolder;
use crate::training;

const NOT_OF_KEYS: &str = "--pairs is for a network that decrypts; give the pairs to `recover-key`";

pub fn run(args: EvalArgs, backend: Option<Backend>) -> Result<()> {
    let run = RunFolder::open(args.run.as_deref())?;
    let (backend, device) = open(backend)?;
    let bundle = Bundle::load(run.bundle(), &device)?;
    let busy = Busy::new("measuring");
    let measure = Measure::of(&bundle.plaintext_alphabet);
    let mut of_book = None;
    let (set, score) = match args.pairs {
        Some(file) => {
            if measure == Measure::Keys {
                bail!("{NOT_OF_KEYS}");
            }
            let mut file = args.read.of(file, None);
            if file.reading != ReadingHints::default() {
                bail!("the run says how texts are read; leave out the options that say it");
            }
            let readings = readings(&run, &bundle)?;
            file.readings = Some(readings.clone());
            let texts = read_texts(&file)?;
            warn_about_known_pairs(&run, &texts);
            if texts.is_empty() {
                bail!("{}: there are no pairs to measure on", file.file.display());
            }
            if bundle.keys.is_some() && texts.key(0).is_none() {
                bail!(
                    "{}: the network must be told the key of each message; give a column `key`, with a \
                     header",
                    file.file.display()
                );
            }
            let measured = match measure {
                Measure::Keys => bail!("{NOT_OF_KEYS}"),
                Measure::Symbols => {
                    let [ciphertext, plaintext] =
                        [&bundle.ciphertext_alphabet, &bundle.plaintext_alphabet];
                    let table = match &bundle.keys {
                        Some(keys) => {
                            PairTable::keyed(&texts, ciphertext, plaintext, &keys.alphabet)
                        }
                        None => PairTable::new(&texts, ciphertext, plaintext),
                    };
                    let table = table.with_context(|| file.file.display().to_string())?;
                    OnOtherPairs::of(&bundle, table, &device)?
                }
                Measure::Edits => {
                    let data = run.data(&run.config()?)?;
                    if let Some(aligned) = &data.aligned {
                        let score = OnOtherPairs::of_book(aligned, &texts, &readings.plaintext)?;
                        of_book = Some(score);
                    }
                    let decryptor = Decryptor::new(bundle.clone(), &device);
                    OnOtherPairs::by_edits(&decryptor, &texts, &readings.plaintext)
                        .with_context(|| file.file.display().to_string())?
                }
            };
            warn_about_unknown_symbols(&measured);
            ("pairs", measured.score)
        }
        None => {
            let (config, data) = test_messages(&run, &bundle, &args.set)?;
            of_book = data.aligned.as_ref().map(|aligned| {
                let scores = aligned.scores_of_book(&aligned.code_book(), aligned.test());
                scores.iter().sum()
            });
            ("test", training::measure(&bundle, &data, &config, &device)?)
        }
    };
    drop(busy);
    if let Some(rule) = run
        .result()?
        .map(|result| run.rule(&result))
        .transpose()?
        .flatten()
    {
        output::info(format!(
            "this is the accuracy of the network; `decrypt` uses the rule of this run, {}",
            rule.name()
        ));
    }
    let mut out = stdout().lock();
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
        let line = if set == "test" {
            line
        } else {
            line.replacen("test ", "", 1)
        };
        writeln!(out, "{line}")?;
    }
    if let Some(score) = of_book {
        let accuracy = percent(score.character_accuracy());
        writeln!(out, "the code book's, by edits   {accuracy}")?;
    }
    Ok(())
}

/// The test messages of the run, or of its config with other settings.
fn test_messages(run: &RunFolder, bundle: &Bundle, set: &[String]) -> Result<(Config, Data)> {
    let saved = run.config()?;
    if set.is_empty() {
        let data = run.data(&saved)?;
        return Ok((saved, data));
    }
    let config = Config::parse("the config of the run", &saved.to_toml(), set)?;
    config
        .cipher()
        .context("--set is for messages that are drawn")?;
    let data = Data::of(&config)?;
    let of_data = [&data.ciphertext_alphabet, &data.plaintext_alphabet];
    let of_bundle = [&bundle.ciphertext_alphabet, &bundle.plaintext_alphabet];
    if config.model != saved.model || of_data != of_bundle {
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

use std::collections::BTreeSet;
use std::io::{Write, stdout};

use anyhow::{Context, Result, bail};
use cipher_data::{PairTable, PairTexts, ReadingHints, Readings};
use cipher_model::{Backend, Bundle};
use serde_json::json;

use super::bar::Busy;
use super::cli::EvalArgs;
use super::{open, output};
use crate::config::Source;
use crate::data::read_texts;
use crate::numbers::count;
use crate::report::OnOtherPairs;
use crate::report::summary::{score_json, score_lines};
use crate::run::RunFolder;

pub fn run(args: EvalArgs, backend: Option<Backend>) -> Result<()> {
    let run = RunFolder::open(args.run.as_deref())?;
    let (backend, device) = open(backend)?;
    let bundle = Bundle::load(run.bundle(), &device)?;
    let busy = Busy::new("measuring");
    let (set, score) = match args.pairs {
        Some(file) => {
            let [ciphertext, plaintext] = [&bundle.ciphertext_alphabet, &bundle.plaintext_alphabet];
            let mut file = args.read.of(file, None);
            if file.reading != ReadingHints::default() {
                bail!("the run says how texts are read; leave out the options that say it");
            }
            file.readings = Some(Readings::of_alphabets(ciphertext, plaintext));
            let texts = read_texts(&file)?;
            warn_about_known_pairs(&run, &texts);
            let table = PairTable::new(&texts, ciphertext, plaintext)
                .with_context(|| file.file.display().to_string())?;
            if table.is_empty() {
                bail!("{}: there are no pairs to measure on", file.file.display());
            }
            let measured = OnOtherPairs::of(&bundle, table, &device)?;
            warn_about_unknown_symbols(&measured);
            ("pairs", measured.score)
        }
        None => {
            let config = run.config()?;
            let data = run.data(&config)?;
            let test = data.loader(&data.test, &config, &device);
            ("test", bundle.model.evaluate(&test)?)
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
            "score": score_json(&score),
        });
        writeln!(out, "{result}")?;
        return Ok(());
    }
    for line in score_lines(&score) {
        let line = if set == "test" {
            line
        } else {
            line.replacen("test ", "", 1)
        };
        writeln!(out, "{line}")?;
    }
    Ok(())
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

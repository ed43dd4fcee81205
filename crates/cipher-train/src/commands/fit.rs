use std::collections::BTreeSet;
use std::io::Write;

use anyhow::{Result, bail};
use burn::tensor::Device;
use cipher_data::{Pair, explain, find_rules};
use cipher_model::Decryptor;

use super::next::{command_line, quote};
use super::train::run_training;
use super::{Outcome, open, percent};
use crate::cli::{DeviceName, FitArgs};
use crate::config::Config;
use crate::pairs::Pairs;
use crate::plan::plan;
use crate::report::answers::{Answers, first_pairs};
use crate::report::calibration::expected_calibration_error;
use crate::report::interval::{of_characters, wilson};
use crate::report::verdict::{Answered, Evidence, Verdict};
use crate::run_folder::{Existing, RunFolder};
use crate::say;
use crate::training::{Data, Trained};

/// Training messages that are asked again, to tell learning from learning by heart.
const MOST_ASKED_AGAIN: usize = 500;

pub fn run(args: FitArgs, device: Option<DeviceName>) -> Result<Outcome> {
    let file = args.read.of(args.pairs);
    if file.file.to_str().is_none() {
        let name = file.file.display();
        bail!("{name}: a name that is not UTF-8 cannot stand in a config; rename the file");
    }
    let pairs = Pairs::read(&file)?;
    let name = file
        .file
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned());
    let name = name.filter(|name| name != "-").unwrap_or("pairs".into());
    let planned = Config {
        pairs: Some(file),
        ..plan(&pairs.table)
    };
    let config = Config::parse("the plan for these pairs", &planned.to_toml(), &args.set)?;
    let data = Data::of_file(&config, &pairs)?;
    let (backend, device) = open(device)?;
    let existing = Existing::of(args.overwrite);
    let run = RunFolder::create(args.run.as_deref(), &name, &config, existing)?;

    data.keep(&run)?;

    let mut description = Vec::new();
    pairs.describe(&mut description)?;
    for line in String::from_utf8_lossy(&description).lines() {
        match line.strip_prefix("warning: ") {
            Some(warning) => say::warning(warning),
            None => say::info(line),
        }
    }
    let trained = run_training(&config, &data, &run, (backend, &device), args.tui)?;
    report(trained, &data, &run, &device)
}

/// Prints what was learned of the pairs.
pub fn report(trained: Trained, data: &Data, run: &RunFolder, device: &Device) -> Result<Outcome> {
    let decryptor = Decryptor::new(trained.bundle, device);
    let mut out = std::io::stdout().lock();
    let verdict = judge(&decryptor, data, &mut out)?;
    writeln!(out, "saved in {}", run.path().display())?;
    let example = data.test.pairs_at(0).get(0)?;
    let example = data.ciphertext_alphabet.decode(example.ciphertext());
    writeln!(out, "next: {} decrypt {}", command_line(), quote(&example))?;
    Ok(match verdict {
        Verdict::Learned => Outcome::Done,
        _ => Outcome::BelowTarget,
    })
}

/// What the network gets right of messages it has never seen, what simple rules get right of the
/// same messages, and the verdict.
fn judge(decryptor: &Decryptor, data: &Data, out: &mut impl Write) -> Result<Verdict> {
    let test = first_pairs(&data.test, usize::MAX)?;
    let ask = |pairs: &[Pair]| {
        let alphabets = (&data.ciphertext_alphabet, &data.plaintext_alphabet);
        Answers::of(decryptor, alphabets.0, alphabets.1, pairs)
    };
    let Answers {
        messages: answered,
        confidences,
    } = ask(&test)?;
    let counts: Vec<_> = answered.iter().map(Answered::counts).collect();
    let right: usize = counts.iter().map(|(right, _)| right).sum();
    let n: usize = counts.iter().map(|(_, all)| all).sum();
    let whole = counts.iter().filter(|(right, all)| right == all).count();
    let interval =
        |[low, high]: [f64; 2]| format!("95 % interval {} to {}", percent(low), percent(high));
    writeln!(
        out,
        "held-out character accuracy  {:8} ({right} of {n}), {}",
        percent(right as f64 / n as f64),
        interval(of_characters(&counts))
    )?;
    writeln!(
        out,
        "held-out message accuracy    {:8} ({whole} of {}), {}",
        percent(whole as f64 / counts.len() as f64),
        counts.len(),
        interval(wilson(whole as f64, counts.len() as f64))
    )?;
    writeln!(
        out,
        "its confidence is off by     {:8} (expected calibration error)",
        percent(expected_calibration_error(&confidences))
    )?;

    let training = first_pairs(&data.known, usize::MAX)?;
    let simplest = rules(&training, &test, data, out)?;
    let again = &training[..training.len().min(MOST_ASKED_AGAIN)];
    let again = ask(again)?;
    let counts = again.messages.iter().map(Answered::counts);
    let (right, all) = counts.fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1));
    let evidence = Evidence {
        held_out: &answered,
        plaintext_alphabet: &data.plaintext_alphabet,
        training_accuracy: right as f64 / all.max(1) as f64,
        never_trained: never_trained(&training, &test, data),
    };
    let verdict = evidence.verdict();
    writeln!(out, "{verdict}")?;
    if let Some(rule) = simplest {
        writeln!(
            out,
            "You need no network: a simple rule explains every held-out message, {rule}"
        )?;
    }
    Ok(verdict)
}

/// A line for each rule. The simplest one that explains everything, if there is one.
fn rules(
    training: &[Pair],
    test: &[Pair],
    data: &Data,
    out: &mut impl Write,
) -> Result<Option<String>> {
    let alphabets = (&data.ciphertext_alphabet, &data.plaintext_alphabet);
    let mut simplest = None;
    writeln!(out, "simple rules, on the same held-out messages:")?;
    for rule in find_rules(training, alphabets.0, alphabets.1) {
        let explained = explain(rule.as_ref(), test);
        let accuracy = percent(explained.character_accuracy());
        writeln!(out, "  {:26} {accuracy}", rule.name())?;
        if explained.wholly() && simplest.is_none() {
            let key = rule.describe(alphabets.0, alphabets.1);
            let space = if key.contains('\n') { "\n" } else { ": " };
            simplest = Some(format!("{}{space}{key}", rule.name()));
        }
    }
    Ok(simplest)
}

fn never_trained(training: &[Pair], test: &[Pair], data: &Data) -> Vec<String> {
    let mut trained = vec![false; data.ciphertext_alphabet.len()];
    for pair in training {
        pair.ciphertext()
            .iter()
            .for_each(|&id| trained[usize::from(id)] = true);
    }
    let asked: BTreeSet<_> = test.iter().flat_map(|pair| pair.ciphertext()).collect();
    let never = asked.into_iter().filter(|&&id| !trained[usize::from(id)]);
    never
        .map(|&id| data.ciphertext_alphabet.symbol(id).into())
        .collect()
}

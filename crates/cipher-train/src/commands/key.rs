use std::io::{Write, stdout};

use anyhow::{Result, bail};

use super::cli::KeyArgs;
use super::output;
use crate::config::Task;
use crate::report::key_table::KeyTable;
use crate::run::RunFolder;

pub fn run(args: KeyArgs) -> Result<()> {
    let run = RunFolder::open(args.run.as_deref())?;
    let config = run.config()?;
    if config.task == Task::RecoverKey {
        bail!(
            "the network of {} finds the key of each message; `recover-key` asks it",
            run.path().display()
        );
    }
    let data = run.data(&config)?;
    if data.trained_keys.is_some() {
        bail!(
            "in {} each message has a key of its own, and what a code stands for depends on it; \
             `decrypt --key` decrypts with any",
            run.path().display()
        );
    }
    let Some(table) = KeyTable::of(&data) else {
        bail!(
            "{} was trained on random messages of a cipher whose key is in its config; `key` is for \
             runs that `fit` made",
            run.path().display()
        );
    };
    let mut out = stdout().lock();
    if args.csv {
        if !table.is_key() {
            output::warning(
                "what a code stands for depends on its place; `key` without --csv may say how",
            );
        }
        write!(out, "{}", table.to_csv()?)?;
        return Ok(());
    }
    match run.rule_in_use()? {
        // What a symbol stands for depends on its place.
        Some(rule) if !table.is_key() && data.aligned.is_none() => {
            let described = rule.describe(&data.ciphertext_alphabet, &data.plaintext_alphabet);
            writeln!(out, "{described}")?;
        }
        _ => writeln!(out, "{table}")?,
    }
    Ok(())
}

mod contents;

use std::io::{Write, stdout};

use anyhow::Result;
use serde_json::json;

use super::cli::StatusArgs;
use super::hint::command_line;
use crate::config::{Config, Source, Unequal};
use crate::numbers::{percent, thousands};
use crate::run::RunFolder;
use crate::training::State;
pub use contents::Contents;

pub fn run(args: StatusArgs) -> Result<()> {
    let run = RunFolder::open_started(args.run.as_deref())?;
    let contents = Contents::read(&run)?;
    let status = contents.status(&run);
    let next = status.next.map(|next| format!("{} {next}", command_line()));
    let config = contents.config.as_ref().ok();
    let state = contents.saved.as_ref().map(|(state, _)| state);
    let has_bundle = contents.has_bundle();
    // A damaged one is in the status.
    let rule = run.rule_in_use().ok().flatten();
    let rule = rule.map(|rule| rule.name_with_key());

    let mut out = stdout().lock();
    if args.json {
        let status = json!({
            "run": run.path().display().to_string(),
            "status": status.word,
            "reason": status.sentence,
            "process": contents.process,
            "epochs": config.map(|config| config.training.epochs),
            "epoch": state.map(|state| state.epoch),
            "step": state.map(|state| state.step),
            "characters": state.map(|state| state.n_characters),
            "seconds": state.map(|state| state.seconds),
            "end": state.map(|state| state.end),
            "best": state.map(|state| state.best),
            "has_bundle": has_bundle,
            "rule": rule,
            "next": next,
        });
        writeln!(out, "{status}")?;
        return Ok(());
    }
    writeln!(out, "{}: {}", run.path().display(), status.sentence)?;
    match state {
        Some(state) => describe(state, config, &mut out)?,
        None if has_bundle || contents.is_lost => {}
        None => writeln!(out, "nothing is saved yet")?,
    }
    if has_bundle {
        writeln!(out, "bundle/ holds a trained model")?;
    }
    if let Some(rule) = rule {
        writeln!(out, "decrypt uses {rule}")?;
    }
    if let Some(next) = next {
        writeln!(out, "next: {next}")?;
    }
    Ok(())
}

fn describe(state: &State, config: Option<&Config>, out: &mut impl Write) -> Result<()> {
    let epochs = config.map(|config| config.training.epochs);
    let n_ended = state.epoch - 1;
    match epochs {
        Some(epochs) => write!(out, "saved after {n_ended} of at most {epochs} epochs")?,
        None => write!(out, "saved after {n_ended} epochs")?,
    }
    if state.n_batches > 0 {
        let batches = if state.n_batches == 1 {
            "batch"
        } else {
            "batches"
        };
        write!(out, " and {} {batches}", state.n_batches)?;
    }
    writeln!(
        out,
        ": {} steps, {} characters, {:.1} s",
        thousands(state.step as f64),
        thousands(state.n_characters as f64),
        state.seconds
    )?;
    if let Some(best) = state.best {
        writeln!(
            out,
            "best epoch {}: {} of the validation {}, loss {:.4}",
            best.epoch,
            percent(best.accuracy),
            config.map_or("characters", counted),
            best.loss
        )?;
    }
    Ok(())
}

/// What the accuracy of a validation counts.
fn counted(config: &Config) -> &'static str {
    match &config.source {
        Source::Pairs(source) if source.unequal == Unequal::Align => "chunks",
        _ => "characters",
    }
}

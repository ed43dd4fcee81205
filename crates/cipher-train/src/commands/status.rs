use std::io::{Write, stdout};

use anyhow::Result;
use serde_json::json;

use super::percent;
use super::train::command_line;
use crate::cli::StatusArgs;
use crate::run_folder::RunFolder;
use crate::say;
use crate::training::{End, Newest, State};

/// How a run is.
struct Status {
    /// One word: going, done, stopped or damaged.
    word: &'static str,
    /// The same for a reader.
    sentence: String,
    /// The arguments of the command to type next.
    next: Option<String>,
}

pub fn run(args: StatusArgs) -> Result<()> {
    let run = RunFolder::begun(args.run.as_deref())?;
    let config = run.config()?;
    let process = run.trained_by();
    let Newest {
        checkpoint,
        damaged,
    } = run.checkpoints().newest_state()?;
    for reason in &damaged {
        say::warning(reason);
    }
    let is_lost = checkpoint.is_none() && !damaged.is_empty();
    let has_bundle = run.bundle().join("manifest.json").exists();
    let status = status(&run, process, checkpoint.as_ref(), is_lost, has_bundle);

    let mut out = stdout().lock();
    if args.json {
        let status = json!({
            "run": run.path(),
            "status": status.word,
            "process": process,
            "epochs": config.training.epochs,
            "epoch": checkpoint.as_ref().map(|state| state.epoch),
            "step": checkpoint.as_ref().map(|state| state.step),
            "characters": checkpoint.as_ref().map(|state| state.n_characters),
            "seconds": checkpoint.as_ref().map(|state| state.seconds),
            "end": checkpoint.as_ref().map(|state| state.end),
            "best": checkpoint.as_ref().map(|state| state.best),
            "has_bundle": has_bundle,
            "next": status.next.map(|next| format!("{} {next}", command_line())),
        });
        writeln!(out, "{status}")?;
        return Ok(());
    }
    writeln!(out, "{}: {}", run.path().display(), status.sentence)?;
    match &checkpoint {
        Some(state) => describe(state, config.training.epochs, &mut out)?,
        None if has_bundle => {}
        None => writeln!(out, "nothing was saved yet")?,
    }
    if has_bundle {
        writeln!(out, "bundle/ holds a trained model")?;
    }
    if let Some(next) = status.next {
        writeln!(out, "next: {} {next}", command_line())?;
    }
    Ok(())
}

fn status(
    run: &RunFolder,
    process: Option<u32>,
    state: Option<&State>,
    is_lost: bool,
    has_bundle: bool,
) -> Status {
    let folder = run.path().display();
    let (word, sentence, next) = match (process, state.and_then(|state| state.end)) {
        (Some(process), _) => ("going", format!("process {process} is training"), None),
        _ if is_lost => (
            "damaged",
            "no checkpoint is whole".into(),
            has_bundle.then(|| format!("decrypt --run {folder}")),
        ),
        (None, Some(end)) if has_bundle => {
            let why = match end {
                End::Target => "what was asked for is reached",
                End::Patience => "it has not become better for too long",
                End::Epochs => "all epochs are done",
            };
            let next = format!("decrypt --run {folder}");
            ("done", format!("done, as {why}"), Some(next))
        }
        (None, None) if has_bundle && state.is_none() => {
            let next = format!("decrypt --run {folder}");
            ("done", "a trained model, from elsewhere".into(), Some(next))
        }
        _ => {
            let next = format!("train --resume --run {folder}");
            ("stopped", "stopped before its end".into(), Some(next))
        }
    };
    Status {
        word,
        sentence,
        next,
    }
}

fn describe(state: &State, epochs: usize, out: &mut impl Write) -> Result<()> {
    let n_ended = state.epoch - 1;
    write!(out, "saved after {n_ended} of at most {epochs} epochs")?;
    if state.n_batches > 0 {
        write!(out, " and {} batches", state.n_batches)?;
    }
    writeln!(
        out,
        ": {} steps, {} characters, {:.1} s",
        state.step, state.n_characters, state.seconds
    )?;
    if let Some(best) = state.best {
        writeln!(
            out,
            "best epoch {}: {} of the held-out characters, loss {:.4}",
            best.epoch,
            percent(best.accuracy),
            best.loss
        )?;
    }
    Ok(())
}

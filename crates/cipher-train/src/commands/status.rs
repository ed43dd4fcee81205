use std::io::{Write, stdout};

use anyhow::Result;
use cipher_model::{Bundle, ModelError};
use serde_json::json;

use super::next::{command_line, quote_path};
use super::percent;
use crate::cli::StatusArgs;
use crate::config::{Config, OnDivergence};
use crate::run_folder::RunFolder;
use crate::say;
use crate::training::{End, Newest, State};

/// What a run folder holds.
struct Contents {
    process: Option<u32>,
    config: Result<Config>,
    state: Option<State>,
    /// Whether there are checkpoints, but none that is whole.
    is_lost: bool,
    /// None if there is no bundle.
    bundle: Option<Result<(), ModelError>>,
    diverged: Option<String>,
}

pub fn run(args: StatusArgs) -> Result<()> {
    let run = RunFolder::begun(args.run.as_deref())?;
    let Newest {
        checkpoint,
        damaged,
    } = run.checkpoints().newest_state()?;
    for reason in &damaged {
        say::warning(reason);
    }
    let contents = Contents {
        process: run.trained_by(),
        config: run.config(),
        is_lost: checkpoint.is_none() && !damaged.is_empty(),
        state: checkpoint,
        bundle: run.has_bundle().then(|| Bundle::check(run.bundle())),
        diverged: run.diverged(),
    };
    let (word, sentence, next) = contents.status(&quote_path(run.path()));
    let next = next.map(|next| format!("{} {next}", command_line()));
    let has_bundle = matches!(contents.bundle, Some(Ok(())));
    let epochs = contents.config.ok().map(|config| config.training.epochs);
    let state = contents.state.as_ref();

    let mut out = stdout().lock();
    if args.json {
        let status = json!({
            "run": run.path().display().to_string(),
            "status": word,
            "reason": sentence,
            "process": contents.process,
            "epochs": epochs,
            "epoch": state.map(|state| state.epoch),
            "step": state.map(|state| state.step),
            "characters": state.map(|state| state.n_characters),
            "seconds": state.map(|state| state.seconds),
            "end": state.map(|state| state.end),
            "best": state.map(|state| state.best),
            "has_bundle": has_bundle,
            "next": next,
        });
        writeln!(out, "{status}")?;
        return Ok(());
    }
    writeln!(out, "{}: {}", run.path().display(), sentence)?;
    match state {
        Some(state) => describe(state, epochs, &mut out)?,
        None if has_bundle || contents.is_lost => {}
        None => writeln!(out, "nothing was saved yet")?,
    }
    if has_bundle {
        writeln!(out, "bundle/ holds a trained model")?;
    }
    if let Some(next) = next {
        writeln!(out, "next: {next}")?;
    }
    Ok(())
}

impl Contents {
    /// One word, going, done, stopped or damaged; the same for a reader; and the arguments of the
    /// command to type next.
    fn status(&self, folder: &str) -> (&'static str, String, Option<String>) {
        let decrypt = format!("decrypt --run {folder}");
        let resume = format!("train --resume --run {folder}");
        let anew = format!("train {folder}/config.toml --run {folder} --overwrite");
        let has_bundle = matches!(self.bundle, Some(Ok(())));
        let end = self.state.as_ref().and_then(|state| state.end);
        if let Some(process) = self.process {
            return ("going", format!("process {process} is training"), None);
        }
        let config = match &self.config {
            Ok(config) => config,
            Err(error) => {
                let next = has_bundle.then_some(decrypt);
                return ("damaged", format!("damaged: {error:#}"), next);
            }
        };
        if self.is_lost {
            let sentence = "damaged: no checkpoint is whole".into();
            let next = if has_bundle { decrypt } else { anew };
            return ("damaged", sentence, Some(next));
        }
        if let Some(Err(error)) = &self.bundle {
            // The best weights are in the last save too.
            let next = if self.state.is_some() { resume } else { anew };
            return ("damaged", format!("damaged: {error}"), Some(next));
        }
        if let Some(reason) = &self.diverged {
            let rate = config.training.learning_rate / 4.0;
            let next = match config.training.on_divergence {
                OnDivergence::Stop => format!("{resume} --set training.on_divergence=backoff"),
                OnDivergence::Backoff => format!("{anew} --set training.learning_rate={rate}"),
            };
            return ("stopped", format!("stopped: {reason}"), Some(next));
        }
        match end {
            Some(end) if has_bundle => {
                let why = match end {
                    End::Target => "what was asked for is reached",
                    End::Patience => "it has not become better for too long",
                    End::Epochs => "all epochs are done",
                };
                ("done", format!("done, as {why}"), Some(decrypt))
            }
            None if has_bundle && self.state.is_none() => {
                let sentence = "a trained model, from elsewhere".into();
                ("done", sentence, Some(decrypt))
            }
            _ => ("stopped", "stopped before its end".into(), Some(resume)),
        }
    }
}

fn describe(state: &State, epochs: Option<usize>, out: &mut impl Write) -> Result<()> {
    let n_ended = state.epoch - 1;
    match epochs {
        Some(epochs) => write!(out, "saved after {n_ended} of at most {epochs} epochs")?,
        None => write!(out, "saved after {n_ended} epochs")?,
    }
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

//! What is in the folder of a run, and what that says of it.

use std::path::Path;

use anyhow::{Error, Result, anyhow};
use cipher_model::{Bundle, Measured};

use crate::commands::hint::run_argument;
use crate::commands::output;
use crate::config::{Config, OnDivergence, Task};
use crate::run::{End, RunFolder};
use crate::training::{Checkpoints, Newest, State};

/// How a run is, in one word for programs and a sentence for people.
pub struct Status {
    pub word: &'static str,
    pub sentence: String,
    /// The arguments of the command to type next.
    pub next: Option<String>,
}

impl Status {
    fn new(word: &'static str, sentence: impl Into<String>, next: Option<String>) -> Self {
        Self {
            word,
            sentence: sentence.into(),
            next,
        }
    }
}

/// The contents of a run folder.
pub struct Contents {
    pub process: Option<u32>,
    pub config: Result<Config>,
    /// The newest state, and the hash of its checkpoint.
    pub saved: Option<(State, String)>,
    /// Whether there are checkpoints, but none that can be used.
    pub is_lost: bool,
    bundle: BundleState,
    /// How well the trained model did, if there is one.
    pub measured: Option<Measured>,
    pub diverged: Option<String>,
}

enum BundleState {
    None,
    Damaged(Error),
    /// From an earlier stop, or from a training whose result was not written.
    Outdated,
    /// The result of what was saved last, which had this end.
    Result(Option<End>),
    /// Made by version 0.1, which did not say what belongs together.
    OfFormat1,
}

impl Contents {
    /// # Errors
    ///
    /// When the folder holds no run.
    pub fn read(run: &RunFolder) -> Result<Self> {
        let manifest = run.manifest()?;
        // The checkpoints of version 0.1 are of no use to this one.
        let Newest {
            checkpoint: saved,
            damaged,
        } = match manifest {
            Some(_) => Checkpoints::at(run.checkpoints()).newest_state()?,
            None => Newest::none(),
        };
        for reason in &damaged {
            output::warning(reason);
        }
        let config = run.config();
        let config = config.and_then(|config| {
            run.check_pairs()?;
            run.check_keys()?;
            Ok(config)
        });
        Ok(Self {
            process: run.trained_by(),
            is_lost: saved.is_none() && !damaged.is_empty(),
            bundle: if manifest.is_none() {
                BundleState::of_format_1(run)
            } else {
                BundleState::of(run, saved.as_ref().map(|(_, sha256)| sha256))
            },
            measured: Bundle::check(run.bundle()).ok(),
            config,
            saved,
            diverged: run.diverged(),
        })
    }

    /// Whether there is a trained model, though perhaps not the training's last.
    pub fn has_bundle(&self) -> bool {
        !matches!(self.bundle, BundleState::None | BundleState::Damaged(_))
    }

    pub fn status(&self, run: &RunFolder) -> Status {
        let folder = run_argument(run.path());
        let config = self.config.as_ref().ok();
        let decrypt = match config {
            Some(config) if config.task == Task::RecoverKey => {
                format!("recover-key --run {folder}")
            }
            Some(config) if config.model.key_input.is_some() => {
                format!("decrypt --run {folder} --key KEY")
            }
            _ => format!("decrypt --run {folder}"),
        };
        let resume = format!("train --resume --run {folder}");
        let start_over = start_over(run.path());
        let end = self.saved.as_ref().and_then(|(state, _)| state.end);
        if let Some(process) = self.process {
            return Status::new("running", format!("process {process} is training"), None);
        }
        let has_bundle = self.has_bundle();
        let config = match &self.config {
            Ok(config) => config,
            Err(error) => {
                let next = has_bundle.then_some(decrypt);
                return Status::new("damaged", format!("damaged: {error:#}"), next);
            }
        };
        if self.is_lost {
            let next = if has_bundle { decrypt } else { start_over };
            return Status::new("damaged", "damaged: no checkpoint can be used", Some(next));
        }
        if let Some(reason) = &self.diverged {
            let rate = config.training.learning_rate / 4.0;
            let next = match config.training.on_divergence {
                OnDivergence::Stop => format!("{resume} --set training.on_divergence=backoff"),
                OnDivergence::Backoff => {
                    format!("{start_over} --set training.learning_rate={rate}")
                }
            };
            return Status::new("stopped", format!("stopped: {reason}"), Some(next));
        }
        match &self.bundle {
            BundleState::Damaged(error) => {
                // The best weights are in the last checkpoint too.
                let next = if self.saved.is_some() {
                    resume
                } else {
                    start_over
                };
                Status::new("damaged", format!("damaged: {error:#}"), Some(next))
            }
            BundleState::OfFormat1 => {
                Status::new("done", "a trained model of version 0.1", Some(decrypt))
            }
            BundleState::Result(None) if self.saved.is_none() => {
                Status::new("done", "an imported model", Some(decrypt))
            }
            _ if self.saved.is_none() && has_bundle => {
                let sentence =
                    "damaged: there is a trained model, and no checkpoint to resume from";
                Status::new("damaged", sentence, Some(decrypt))
            }
            BundleState::Result(Some(end)) => {
                let why = match end {
                    End::Target => "target reached",
                    End::Patience => {
                        "no better accuracy (or loss, as `best_by` says) for `patience` epochs"
                    }
                    End::Epochs => "all epochs are done",
                };
                Status::new("done", format!("done: {why}"), Some(decrypt))
            }
            _ if end.is_some() => {
                let sentence = "stopped after its last step, before the model was written";
                Status::new("stopped", sentence, Some(resume))
            }
            _ => Status::new("stopped", "stopped before its end", Some(resume)),
        }
    }
}

impl BundleState {
    fn of(run: &RunFolder, checkpoint: Option<&String>) -> Self {
        if !run.has_bundle() {
            return Self::None;
        }
        let read = || -> Result<Self> {
            Bundle::check(run.bundle())?;
            Ok(match run.result()? {
                Some(result)
                    if result.bundle_sha256 == Bundle::fingerprint(run.bundle())?
                        && result.checkpoint_sha256.as_ref() == checkpoint =>
                {
                    run.rule(&result)?;
                    Self::Result(result.end)
                }
                _ => Self::Outdated,
            })
        };
        read().unwrap_or_else(Self::Damaged)
    }

    fn of_format_1(run: &RunFolder) -> Self {
        if !run.has_bundle() {
            return Self::None;
        }
        match Bundle::check(run.bundle()) {
            Ok(_) => Self::OfFormat1,
            Err(error) => Self::Damaged(anyhow!(error)),
        }
    }
}

/// The command that trains a run again from its own config and pairs.
fn start_over(run: &Path) -> String {
    let folder = run_argument(run);
    let config = run_argument(&run.join("config.toml"));
    format!("train {config} --run {folder} --overwrite")
}

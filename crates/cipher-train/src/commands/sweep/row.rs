//! What has become of a run.

use anyhow::Result;

use super::Job;
use crate::commands::status::Contents;
use crate::run::{Existing, RunFolder};

/// Whether a run is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// The training is over, and its result is there.
    Finished,
    /// A process is training.
    Running,
    /// It was stopped, and can be resumed.
    Stopped,
    /// The loss diverged, or a file is damaged.
    Failed,
    /// It was not started, or not far enough to be a run.
    Missing,
}

impl State {
    /// All states.
    pub const ALL: [Self; 5] = [
        Self::Finished,
        Self::Running,
        Self::Stopped,
        Self::Failed,
        Self::Missing,
    ];

    /// Its name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Finished => "finished",
            Self::Running => "running",
            Self::Stopped => "stopped",
            Self::Failed => "failed",
            Self::Missing => "missing",
        }
    }
}

/// A run of a sweep, and what is known of it.
#[derive(Debug)]
pub struct Row {
    pub job: Job,
    pub state: State,
    /// Why it is in this state, for a reader.
    pub reason: String,
    /// Whether the training failed because its loss diverged, which it would do again.
    pub has_diverged: bool,
    /// Epochs that are done.
    pub epochs: Option<usize>,
    /// Time spent training.
    pub seconds: Option<f64>,
    /// What the network of a finished run gets right of its test messages, or of other messages if only some
    /// pairs were to be learned from: the share of the characters, and that of the messages.
    pub accuracy: Option<[f64; 2]>,
    /// The name of the rule that `decrypt` uses in place of the network, if there is one.
    pub rule: Option<String>,
}

impl Row {
    /// Looks into the run's folder.
    pub fn of(job: Job) -> Self {
        let mut row = Self {
            job,
            state: State::Missing,
            reason: String::new(),
            has_diverged: false,
            epochs: None,
            seconds: None,
            accuracy: None,
            rule: None,
        };
        if let Err(error) = row.look() {
            row.state = State::Failed;
            row.reason = format!("{error:#}");
        }
        row
    }

    fn look(&mut self) -> Result<()> {
        // A link that leads nowhere is there, too.
        if self.job.folder.symlink_metadata().is_err() {
            return Ok(());
        }
        let run = RunFolder::open_started(Some(&self.job.folder))?;
        if !run.is_made()? {
            return run.check_free(Existing::Resume);
        }
        let contents = Contents::read(&run)?;
        let status = contents.status(&run);
        self.reason = status.sentence;
        if let Some((state, _)) = &contents.saved {
            self.epochs = Some(state.epoch - 1);
            self.seconds = Some(state.seconds);
        }
        self.state = match status.word {
            "running" => State::Running,
            "damaged" => State::Failed,
            _ if contents.diverged.is_some() => {
                self.has_diverged = true;
                State::Failed
            }
            "done" => State::Finished,
            _ => State::Stopped,
        };
        if self.state == State::Finished {
            self.measure(&run, &contents)?;
        }
        Ok(())
    }

    fn measure(&mut self, run: &RunFolder, contents: &Contents) -> Result<()> {
        self.rule = run.rule_in_use()?.map(|rule| rule.name());
        if self.job.pairs.is_none() {
            let test = contents.measured.map(|measured| measured.test);
            self.accuracy = test.map(|test| [test.character_accuracy(), test.message_accuracy()]);
            return Ok(());
        }
        match run.others()? {
            Some(others) => {
                let characters = others.network_character_accuracy;
                self.accuracy = Some([characters, others.network_message_accuracy]);
            }
            None => {
                self.state = State::Stopped;
                self.reason = "stopped before it was measured on other pairs".into();
            }
        }
        Ok(())
    }
}

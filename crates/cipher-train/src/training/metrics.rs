//! `metrics.jsonl`: a record for each epoch and set.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use cipher_model::files::{read_whole, write_whole};
use serde::{Deserialize, Serialize};

use super::state::State;
use super::totals::EpochTotals;

/// The largest file of records that is read, in bytes.
const MAX_BYTES: u64 = 1 << 30;

/// One line of the file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Record {
    /// The set that was measured.
    pub split: Set,
    /// The epoch, counted from 1.
    pub epoch: usize,
    /// Training steps up to the end of the epoch.
    pub step: usize,
    /// Characters trained on up to the end of the epoch, without padding.
    pub characters: usize,
    /// Seconds spent training up to here.
    pub seconds: f64,
    /// Cross-entropy in nats a symbol; `None` if it is not finite.
    pub loss: Option<f64>,
    /// The share of characters that are right, from 0 to 1.
    pub character_accuracy: f64,
    /// The share of messages that are right as a whole, from 0 to 1.
    pub message_accuracy: f64,
    /// The speed of this set's batches.
    pub characters_per_second: Option<f64>,
    /// The learning rate of the epoch's last step; `None` in validation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learning_rate: Option<f64>,
    /// The norm of the gradients before clipping, the mean over the steps; `None` in validation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gradient_norm: Option<f64>,
}

/// A set of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Set {
    /// The messages that the weights are fitted to.
    Training,
    /// The messages that decide when to stop.
    #[serde(alias = "held_out")] // its name up to version 0.1
    Validation,
}

impl Record {
    /// The record of an epoch's training steps.
    pub fn of_training(state: &State) -> Self {
        Self {
            learning_rate: Some(state.learning_rate),
            gradient_norm: Some(state.totals.mean_gradient_norm()),
            ..Self::new(Set::Training, state, &state.totals)
        }
    }

    /// The record of the validation after an epoch.
    pub fn of_validation(state: &State, totals: &EpochTotals) -> Self {
        Self::new(Set::Validation, state, totals)
    }

    fn new(split: Set, state: &State, totals: &EpochTotals) -> Self {
        let finite = |number: f64| Some(number).filter(|number| number.is_finite());
        Self {
            split,
            epoch: state.epoch,
            step: state.step,
            characters: state.n_characters,
            seconds: state.seconds,
            loss: finite(totals.mean_loss()),
            character_accuracy: totals.score.character_accuracy(),
            message_accuracy: totals.score.message_accuracy(),
            characters_per_second: finite(totals.score.n_symbols as f64 / totals.seconds),
            learning_rate: None,
            gradient_norm: None,
        }
    }
}

/// All complete lines of a file. An imported model has none.
///
/// # Errors
///
/// Names the line that is not a record.
pub fn read(path: &Path) -> Result<Vec<Record>> {
    let name = path.display();
    let bytes = match read_whole(path, MAX_BYTES) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).with_context(|| format!("cannot read {name}")),
    };
    let text = String::from_utf8_lossy(&bytes);
    // The last line may still be being written.
    let complete = text.rfind('\n').map_or("", |end| &text[..end]);
    let lines = complete.lines().enumerate();
    lines
        .map(|(place, line)| {
            let record = serde_json::from_str(line);
            record
                .with_context(|| format!("{name}, line {}: not a record of a training", place + 1))
        })
        .collect()
}

/// The file of a training, open for writing.
pub struct MetricsFile {
    path: PathBuf,
    file: File,
}

impl MetricsFile {
    /// Opens the file, and makes it if need be.
    ///
    /// # Errors
    ///
    /// Those of the file.
    pub fn open(path: &Path) -> Result<Self> {
        let open = || {
            if !path.exists() {
                write_whole(path, &[])?;
            }
            OpenOptions::new().read(true).write(true).open(path)
        };
        Ok(Self {
            file: open().with_context(|| format!("cannot write {}", path.display()))?,
            path: path.into(),
        })
    }

    /// Cuts the file to the length that it had when a state was saved: later records will be
    /// written again. Returns whether the file was at least that long.
    ///
    /// # Errors
    ///
    /// Those of the file.
    pub fn truncate(&mut self, length: u64) -> Result<bool> {
        let mut truncate = || -> io::Result<bool> {
            let is_complete = self.file.metadata()?.len() >= length;
            let length = if is_complete {
                length
            } else {
                self.complete_lines()?
            };
            self.file.set_len(length)?;
            self.file.seek(SeekFrom::End(0))?;
            Ok(is_complete)
        };
        truncate().with_context(|| format!("cannot write {}", self.path.display()))
    }

    /// The number of bytes in lines that have an end.
    fn complete_lines(&mut self) -> io::Result<u64> {
        let mut text = Vec::new();
        self.file.rewind()?;
        self.file.read_to_end(&mut text)?;
        let end = text.iter().rposition(|&byte| byte == b'\n');
        Ok(end.map_or(0, |end| end as u64 + 1))
    }

    /// Appends a record.
    ///
    /// # Errors
    ///
    /// Those of the file.
    pub fn write(&mut self, record: &Record) -> Result<()> {
        // In one piece, so that a reader never sees half a line.
        let line = serde_json::to_string(record)? + "\n";
        let written = self.file.write_all(line.as_bytes());
        written.with_context(|| format!("cannot write {}", self.path.display()))
    }

    /// Makes sure that the records are on the disk, and returns the length of the file in bytes.
    ///
    /// # Errors
    ///
    /// Those of the file.
    pub fn sync(&mut self) -> Result<u64> {
        let length = self
            .file
            .sync_data()
            .and_then(|()| self.file.stream_position());
        length.with_context(|| format!("cannot write {}", self.path.display()))
    }
}

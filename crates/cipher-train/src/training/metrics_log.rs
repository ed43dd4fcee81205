use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use burn::train::logger::MetricLogger;
use burn::train::metric::store::{EpochSummary, MetricsUpdate, Split};
use burn::train::metric::{MetricDefinition, NumericEntry};
use cipher_model::write_whole;
use serde_json::{Value, json};

use super::state::State;
use super::sums::Sums;
use crate::say;

/// `metrics.jsonl`: an object for each epoch and split, as README.md describes it.
pub struct MetricsLog {
    path: PathBuf,
    file: File,
}

impl MetricsLog {
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

    /// Goes back to the length that the file had when a state was saved: what was written later
    /// will be written again.
    pub fn go_to(&mut self, length: u64) -> Result<()> {
        let mut go = || -> io::Result<bool> {
            let is_whole = self.file.metadata()?.len() >= length;
            let length = match is_whole {
                true => length,
                false => self.whole_lines()?,
            };
            self.file.set_len(length)?;
            self.file.seek(SeekFrom::End(0))?;
            Ok(is_whole)
        };
        let is_whole = go().with_context(|| format!("cannot write {}", self.path.display()))?;
        if !is_whole {
            let path = self.path.display();
            say::warning(format!(
                "{path} has lost records of epochs before this one; the weights are whole"
            ));
        }
        Ok(())
    }

    /// The length of the lines that have an end.
    fn whole_lines(&mut self) -> io::Result<u64> {
        let mut text = Vec::new();
        self.file.rewind()?;
        self.file.read_to_end(&mut text)?;
        let end = text.iter().rposition(|&byte| byte == b'\n');
        Ok(end.map_or(0, |end| end as u64 + 1))
    }

    /// Appends a record.
    pub fn write(&mut self, record: &Value) -> Result<()> {
        // In one piece, so that a reader never sees half a line of a healthy run.
        let line = format!("{record}\n");
        let written = self.file.write_all(line.as_bytes());
        written.with_context(|| format!("cannot write {}", self.path.display()))
    }

    /// Makes what was written last, and says how long the file is.
    pub fn sync(&mut self) -> Result<u64> {
        let length = self
            .file
            .sync_data()
            .and_then(|()| self.file.stream_position());
        length.with_context(|| format!("cannot write {}", self.path.display()))
    }
}

/// What an epoch came to.
pub fn record(split: &str, state: &State, sums: &Sums, learning_rate: Option<f64>) -> Value {
    let mut record = json!({
        "split": split,
        "epoch": state.epoch,
        "step": state.step,
        "seconds": state.seconds,
        "characters": state.n_characters,
        "loss": sums.loss(),
        "character_accuracy": sums.character_accuracy(),
        "message_accuracy": sums.message_accuracy(),
        "characters_per_second": sums.n_symbols as f64 / sums.seconds,
    });
    if let Some(learning_rate) = learning_rate {
        record["learning_rate"] = json!(learning_rate);
        record["gradient_norm"] = json!(sums.gradient_norm());
    }
    record
}

/// Burn would write files of its own, or remember every step.
pub struct NoLog;

impl MetricLogger for NoLog {
    fn log(&mut self, _: MetricsUpdate, _: usize, _: &Split) {}
    fn log_metric_definition(&mut self, _: MetricDefinition) {}
    fn log_epoch_summary(&mut self, _: EpochSummary) {}

    fn read_numeric(&mut self, _: &str, _: usize, _: &Split) -> Result<Vec<NumericEntry>, String> {
        Ok(Vec::new())
    }
}

//! The lines of `metrics.jsonl`.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

/// One line; docs/promises.md says what its fields are.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Record {
    pub split: Split,
    pub epoch: usize,
    pub step: usize,
    pub characters: usize,
    pub seconds: f64,
    pub loss: Option<f64>,
    pub character_accuracy: f64,
    pub message_accuracy: f64,
    pub characters_per_second: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub learning_rate: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gradient_norm: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Split {
    Training,
    HeldOut,
}

/// All whole lines. A run without any, such as an imported one, has none.
pub fn read(path: &Path) -> Result<Vec<Record>> {
    let name = path.display();
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).with_context(|| format!("cannot read {name}")),
    };
    // The last line may be under way.
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    let lines = whole.lines().enumerate();
    lines
        .map(|(place, line)| {
            let record = serde_json::from_str(line);
            record
                .with_context(|| format!("{name}, line {}: not a record of a training", place + 1))
        })
        .collect()
}

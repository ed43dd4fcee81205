//! The steps of aligned pairs in a run's own file.

use anyhow::{Context, Result, bail};
use cipher_data::alignment::Step;
use serde::Deserialize;

use super::file::bytes;
use crate::config::PairsSource;

#[derive(Deserialize)]
struct Line {
    steps: Option<Vec<(u8, u8, f32, f32)>>,
}

/// The steps of each pair, if the file has them.
///
/// # Errors
///
/// When only some pairs have steps, or not as many as there are pairs.
pub fn read_steps(source: &PairsSource, n_pairs: usize) -> Result<Option<Vec<Vec<Step>>>> {
    let name = source.file.display();
    let bytes = bytes(&source.file)?;
    let mut all = Vec::new();
    for (number, line) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
        if line.trim_ascii().is_empty() {
            continue;
        }
        let line: Line = serde_json::from_slice(line)
            .with_context(|| format!("{name}, line {number}: not a pair of a run"))?;
        let Some(steps) = line.steps else { break };
        let step = |(n_ciphertext, n_plaintext, probability, certainty)| Step {
            n_ciphertext,
            n_plaintext,
            probability,
            certainty,
        };
        let steps = steps.into_iter().map(step);
        all.push(steps.collect());
    }
    match all.len() {
        0 => Ok(None),
        n if n == n_pairs => Ok(Some(all)),
        n => bail!("{name} has {n_pairs} pairs, of which {n} are aligned; train again"),
    }
}

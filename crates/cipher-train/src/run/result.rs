//! `result.json`: what a training ended with. It names the checkpoint and the bundle by their
//! hashes, so that a bundle of an earlier stop is never taken for the result of the whole training.

use std::path::Path;

use anyhow::Result;
use serde::{Deserialize, Serialize};

use super::sealed::{damaged, seal, unseal};

/// Why a training is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// The validation messages are decrypted as well as the config asks.
    Target,
    /// Early stopping: the validation accuracy, or the loss with `training.best_by`, has not improved for
    /// `training.patience` epochs.
    Patience,
    /// All epochs are done.
    Epochs,
}

/// The result of a training.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunResult {
    /// Why the training is over; `None` if it was stopped, or the model was imported.
    pub end: Option<End>,
    /// SHA-256 of the checkpoint that the bundle was made from; `None` for an imported model.
    pub checkpoint_sha256: Option<String>,
    /// SHA-256 of the bundle's manifest.
    pub bundle_sha256: String,
    /// SHA-256 of `rule.json`, if a rule is used instead of the network.
    pub rule_sha256: Option<String>,
    /// The verdict in one line, for a run of pairs.
    pub verdict: Option<String>,
}

impl RunResult {
    pub(super) fn to_json(&self) -> String {
        seal(self)
    }

    pub(super) fn read(path: &Path) -> Result<Option<Self>> {
        let Some(unsealed) = unseal(path)? else {
            return Ok(None);
        };
        let result = serde_json::from_value(unsealed.value);
        result.map(Some).map_err(|error| damaged(path, error))
    }
}

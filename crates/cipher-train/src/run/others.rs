//! `others.json`: what is right of other pairs, where only some of a file's were to be learned from.

use std::fmt::{self, Display, Formatter};

use anyhow::Result;
use cipher_model::Bundle;
use serde::{Deserialize, Serialize};

use super::sealed::{damaged, seal, unseal};
use super::{OTHERS, RunFolder};
use crate::numbers::{count, percent};

/// What was learned from some pairs gets right of others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OnOthers {
    /// SHA-256 of the manifest of the bundle that was measured.
    pub bundle_sha256: String,
    /// Pairs that were learned from, those that were set aside to validate and test among them.
    pub n_pairs: usize,
    /// Ciphertext symbols of these pairs.
    pub n_characters: usize,
    /// The name of the measure of accuracies.
    pub measure: String,
    /// The other messages.
    pub n_others: usize,
    /// The share of their characters that `decrypt` gets right: by the network or by the run's rule.
    pub character_accuracy: f64,
    /// The share of them that `decrypt` gets right altogether.
    pub message_accuracy: f64,
    /// The share of the characters that the network gets right.
    pub network_character_accuracy: f64,
    /// The share of the messages that the network gets right altogether.
    pub network_message_accuracy: f64,
    /// The name of the rule, if one is used in place of the network.
    pub rule: Option<String>,
    /// The share of the others' ciphertext symbols that the known pairs have; `None` for aligned pairs.
    pub seen: Option<f64>,
}

impl RunFolder {
    /// What the run's bundle gets right of other pairs, if that was measured.
    ///
    /// # Errors
    ///
    /// When the file is damaged.
    pub fn others(&self) -> Result<Option<OnOthers>> {
        let path = self.path.join(OTHERS);
        let Some(unsealed) = unseal(&path)? else {
            return Ok(None);
        };
        let others: Result<OnOthers, _> = serde_json::from_value(unsealed.value);
        let others = others.map_err(|error| damaged(&path, error))?;
        let bundle = Bundle::fingerprint(self.bundle())?;
        Ok(Some(others).filter(|others| others.bundle_sha256 == bundle))
    }

    /// Writes what is right of other pairs.
    ///
    /// # Errors
    ///
    /// Those of the file.
    pub fn set_others(&self, others: &OnOthers) -> Result<()> {
        self.write(OTHERS, seal(others).as_bytes())
    }
}

impl Display for OnOthers {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "learned from {}; on {}: {} of the characters, {} of the messages",
            count(self.n_pairs, "pair"),
            count(self.n_others, "other message"),
            percent(self.character_accuracy),
            percent(self.message_accuracy)
        )?;
        match &self.rule {
            None => Ok(()),
            Some(rule) => write!(
                f,
                " (by the rule, {rule}; the network: {} of the characters)",
                percent(self.network_character_accuracy)
            ),
        }
    }
}

//! `keys.json`: the keys of known ciphers that explain the pairs of a run.

use anyhow::{Result, anyhow};
use cipher_data::FoundKey;
use serde::{Deserialize, Serialize};

use super::sealed::{seal, unseal};
use super::{KEYS, RunFolder};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FoundKeys {
    keys: Vec<FoundKey>,
}

impl RunFolder {
    /// The keys that were found when the run was made; `None` for a run of an earlier version or of
    /// random messages.
    ///
    /// # Errors
    ///
    /// When the file is damaged.
    pub(super) fn keys(&self) -> Result<Option<Vec<FoundKey>>> {
        let path = self.path.join(KEYS);
        let keys = unseal(&path).and_then(|sealed| {
            let keys = sealed.map(|sealed| serde_json::from_value(sealed.value));
            Ok(keys.transpose()?.map(|FoundKeys { keys }| keys))
        });
        keys.map_err(|_| {
            let name = path.display();
            anyhow!("{name} is damaged; remove it, and the keys are found again")
        })
    }

    /// Whether the keys that were found can be read, if the run has some.
    ///
    /// # Errors
    ///
    /// When their file is damaged.
    pub fn check_keys(&self) -> Result<()> {
        self.keys().map(|_| ())
    }

    pub(super) fn set_keys(&self, keys: &[FoundKey]) -> Result<()> {
        let keys = keys.to_vec();
        self.write(KEYS, seal(&FoundKeys { keys }).as_bytes())
    }
}

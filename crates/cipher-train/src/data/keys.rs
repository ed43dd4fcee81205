//! The keys of known ciphers that explain the pairs of a file.

use cipher_data::{FoundKey, PairTexts, find_keys};

use super::Data;

/// Bytes of the texts that keys are searched in.
pub const MAX_BYTES: usize = 1 << 18;

impl Data {
    /// The keys that explain the pairs of a file, the best first. They are searched once. There are none
    /// for random messages, whose key the config has.
    pub fn keys(&self) -> &[FoundKey] {
        self.keys.get_or_init(|| match &self.first_texts {
            Some(texts) => find_keys(&texts.pairs().collect::<Vec<_>>()),
            None => Vec::new(),
        })
    }

    /// The key that is certain, if there is one.
    pub fn key(&self) -> Option<&FoundKey> {
        self.keys().first().filter(|key| key.is_certain())
    }

    /// The same data with keys that were found before.
    pub fn with_keys(self, keys: Vec<FoundKey>) -> Self {
        Self {
            keys: keys.into(),
            ..self
        }
    }

    /// The same data with the first texts of the file, in which keys are searched.
    pub(super) fn with_texts(self, texts: &PairTexts) -> Self {
        Self {
            first_texts: Some(texts.clone().into()),
            ..self
        }
    }
}

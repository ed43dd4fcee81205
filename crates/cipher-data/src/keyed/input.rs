use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::{Alphabet, DataError, SymbolId};

/// How a network is told the key of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyInput {
    /// The network reads the key, a separator, and then the ciphertext. Nothing is asked before the
    /// ciphertext begins. (Greydanus, 2017, arXiv 1708.07576.)
    Prefix,
    /// The network reads a symbol of the key beside each symbol of the ciphertext. The key is repeated
    /// along the ciphertext, and the network is told where a repetition begins.
    Aligned,
}

/// The ids that a network reads: those of the ciphertext, and of the key if it is told one.
///
/// - [`KeyInput::Prefix`]: the ciphertext's symbols, then the key's, then the separator
/// - [`KeyInput::Aligned`]: an id for each key symbol beside each ciphertext symbol,
///   `key * n_ciphertext + ciphertext`, where `key` is larger by `n_key` for the first symbol of the key
///
/// The id after the last is padding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InputIds {
    n_ciphertext: usize,
    /// How the network is told the key, and the number of the key's symbols.
    key: Option<(KeyInput, usize)>,
}

/// Ciphertexts over an alphabet of this length, without keys.
impl From<usize> for InputIds {
    fn from(n_ciphertext: usize) -> Self {
        let key = None;
        Self { n_ciphertext, key }
    }
}

impl InputIds {
    /// Ciphertexts of `n_ciphertext` symbols, with keys of `n_key` symbols.
    ///
    /// # Errors
    ///
    /// [`DataError::TooManyInputs`] where there are more combinations than ids.
    pub fn keyed(how: KeyInput, n_ciphertext: usize, n_key: usize) -> Result<Self, DataError> {
        let ids = Self {
            n_ciphertext,
            key: Some((how, n_key)),
        };
        if ids.n_ids() > Alphabet::MAX_LEN {
            return Err(DataError::TooManyInputs {
                n_ciphertext,
                n_key,
            });
        }
        Ok(ids)
    }

    /// The number of ids, without padding.
    pub fn n_ids(&self) -> usize {
        match self.key {
            None => self.n_ciphertext,
            Some((KeyInput::Prefix, n_key)) => {
                self.n_ciphertext.saturating_add(n_key).saturating_add(1)
            }
            Some((KeyInput::Aligned, n_key)) => {
                n_key.saturating_mul(self.n_ciphertext).saturating_mul(2)
            }
        }
    }

    /// The number of ciphertext symbols.
    pub fn n_ciphertext(&self) -> usize {
        self.n_ciphertext
    }

    /// The number of the key's symbols; 0 if the network is told none.
    pub fn n_key(&self) -> usize {
        self.key.map_or(0, |(_, n_key)| n_key)
    }

    /// How the network is told the key, if it is.
    pub fn how(&self) -> Option<KeyInput> {
        self.key.map(|(how, _)| how)
    }

    /// How many ids are read before those of the ciphertext.
    pub fn n_before(&self, key: &[SymbolId]) -> usize {
        match self.key {
            Some((KeyInput::Prefix, _)) => key.len() + 1,
            _ => 0,
        }
    }

    /// The ids of a message. Without a key, those of an aligned message have the key's first symbol
    /// everywhere.
    pub fn of<'a>(&self, key: &[SymbolId], ciphertext: &'a [SymbolId]) -> Cow<'a, [SymbolId]> {
        let n_ciphertext = self.n_ciphertext as SymbolId;
        match self.key {
            None => Cow::Borrowed(ciphertext),
            Some((KeyInput::Prefix, n_key)) => {
                let separator = n_ciphertext + n_key as SymbolId;
                let key = key.iter().map(|&id| n_ciphertext + id);
                let ids = key.chain([separator]).chain(ciphertext.iter().copied());
                ids.collect()
            }
            Some((KeyInput::Aligned, n_key)) => {
                let key = if key.is_empty() { &[0] } else { key };
                let key = key.iter().enumerate();
                let key = key.map(|(place, &id)| {
                    if place == 0 {
                        id + n_key as SymbolId
                    } else {
                        id
                    }
                });
                let ids = ciphertext.iter().zip(key.cycle());
                ids.map(|(&id, key)| key * n_ciphertext + id).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_the_key_and_a_separator_in_ids_of_their_own() {
        let ids = InputIds::keyed(KeyInput::Prefix, 26, 10).unwrap();
        assert_eq!(ids.n_ids(), 37);
        assert_eq!(*ids.of(&[3, 0], &[25, 0, 7]), [29, 26, 36, 25, 0, 7]);
        assert_eq!(ids.n_before(&[3, 0]), 3);
    }

    #[test]
    fn an_aligned_key_is_repeated_and_no_two_combinations_share_an_id() {
        let ids = InputIds::keyed(KeyInput::Aligned, 26, 10).unwrap();
        let expected = [13 * 26 + 25, 0, 13 * 26 + 7];
        assert_eq!(*ids.of(&[3, 0], &[25, 0, 7]), expected);
        assert_eq!(ids.n_before(&[3, 0]), 0);
        let combinations = || (0..10).flat_map(|key| (0..26).map(move |symbol| (key, symbol)));
        let later = combinations().map(|(key, symbol)| ids.of(&[0, key], &[0, symbol])[1]);
        let first = combinations().map(|(key, symbol)| ids.of(&[key], &[symbol])[0]);
        assert!(later.chain(first).eq(0..ids.n_ids() as SymbolId));
    }

    #[test]
    fn more_combinations_than_ids_are_refused() {
        assert!(InputIds::keyed(KeyInput::Aligned, 256, 256).is_err());
        assert!(InputIds::keyed(KeyInput::Prefix, 256, 256).is_ok());
    }
}

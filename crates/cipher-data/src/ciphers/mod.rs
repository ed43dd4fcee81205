//! The ciphers, one file each.

mod caesar;

pub use caesar::Caesar;

use serde::{Deserialize, Serialize};

use crate::{DataError, SymbolId};

/// A cipher that turns each message into one of the same length.
///
/// Two laws hold for every message: `decrypt(encrypt(message)) == message`, and both keep the
/// length. Ids must be of the alphabet that the cipher was made for.
pub trait Cipher: Send + Sync + std::fmt::Debug {
    /// Plaintext to ciphertext.
    fn encrypt(&self, message: &[SymbolId]) -> Vec<SymbolId>;

    /// Ciphertext to plaintext.
    fn decrypt(&self, message: &[SymbolId]) -> Vec<SymbolId>;
}

/// A cipher and its key, as they are written in a config.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "kebab-case", deny_unknown_fields)]
pub enum CipherConfig {
    /// See [`Caesar`].
    Caesar {
        /// How far each symbol moves, from 0 to one less than the alphabet's length.
        #[serde(default = "tutorial_key")]
        key: usize,
    },
}

/// The tutorial's.
impl Default for CipherConfig {
    fn default() -> Self {
        Self::Caesar {
            key: tutorial_key(),
        }
    }
}

fn tutorial_key() -> usize {
    13
}

impl CipherConfig {
    /// Makes the cipher for an alphabet of `n_symbols`.
    ///
    /// # Errors
    ///
    /// When the key is not one of the cipher's.
    pub fn init(&self, n_symbols: usize) -> Result<Box<dyn Cipher>, DataError> {
        Ok(match *self {
            Self::Caesar { key } => Box::new(Caesar::new(n_symbols, key)?),
        })
    }
}

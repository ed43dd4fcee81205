use serde::{Deserialize, Serialize};

use super::{
    Affine, Atbash, Autokey, Beaufort, Caesar, Cipher, ColumnarTransposition, Enigma, EnigmaConfig,
    Feedback, Gronsfeld, Porta, RailFence, RunningKey, Substitution, Trithemius, VariantBeaufort,
    Vigenere,
};
use crate::{Alphabet, DataError};

/// A cipher and its key, as they are written in a config.
///
/// Keys that are text are written with the symbols of the alphabet.
// The ciphers without a key have braces so that serde refuses a field that they do not have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "kebab-case", deny_unknown_fields)]
#[non_exhaustive]
pub enum CipherConfig {
    /// See [`Caesar`].
    Caesar {
        /// How far each symbol moves, from 0 to one less than the alphabet's length.
        #[serde(default = "tutorial_key")]
        key: usize,
    },
    /// See [`Caesar::rot13`].
    Rot13 {},
    /// See [`Caesar::rot47`].
    Rot47 {},
    /// See [`Atbash`].
    Atbash {},
    /// See [`Affine`].
    Affine {
        /// The factor, which has no divisor in common with the alphabet's length.
        a: usize,
        /// The number that is added.
        b: usize,
    },
    /// See [`Substitution`].
    Substitution {
        /// The alphabet in another order.
        key: String,
    },
    /// See [`Vigenere`].
    Vigenere {
        /// The keyword.
        key: String,
    },
    /// See [`Beaufort`].
    Beaufort {
        /// The keyword.
        key: String,
    },
    /// See [`VariantBeaufort`].
    VariantBeaufort {
        /// The keyword.
        key: String,
    },
    /// See [`Gronsfeld`].
    Gronsfeld {
        /// The digits, as text, since a number would lose its leading zeros.
        key: String,
    },
    /// See [`Trithemius`].
    Trithemius {},
    /// See [`Porta`].
    Porta {
        /// The keyword.
        key: String,
    },
    /// See [`Autokey`].
    Autokey {
        /// The keyword.
        key: String,
        /// The source of the key after the keyword.
        #[serde(default)]
        feedback: Feedback,
    },
    /// See [`RunningKey`].
    RunningKey {
        /// The text, which is encoded like a message.
        key: String,
    },
    /// See [`Enigma`].
    Enigma(EnigmaConfig),
    /// See [`RailFence`].
    RailFence {
        /// The number of rails.
        rails: usize,
    },
    /// See [`ColumnarTransposition`].
    ColumnarTransposition {
        /// The keyword above the columns.
        key: String,
    },
}

/// The tutorial's cipher.
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
    /// Makes the cipher for the messages of an alphabet.
    ///
    /// # Errors
    ///
    /// When the cipher does not have such a key or is not defined for the alphabet.
    pub fn init(&self, alphabet: &Alphabet) -> Result<Box<dyn Cipher>, DataError> {
        let n_symbols = alphabet.len();
        Ok(match self {
            Self::Caesar { key } => Box::new(Caesar::new(n_symbols, *key)?),
            Self::Rot13 {} => Box::new(Caesar::rot13(alphabet)?),
            Self::Rot47 {} => Box::new(Caesar::rot47(alphabet)?),
            Self::Atbash {} => Box::new(Atbash::new(alphabet)),
            Self::Affine { a, b } => Box::new(Affine::new(n_symbols, *a, *b)?),
            Self::Substitution { key } => Box::new(Substitution::new(alphabet, key)?),
            Self::Vigenere { key } => Box::new(Vigenere::new(alphabet, key)?),
            Self::Beaufort { key } => Box::new(Beaufort::new(alphabet, key)?),
            Self::VariantBeaufort { key } => Box::new(VariantBeaufort::new(alphabet, key)?),
            Self::Gronsfeld { key } => Box::new(Gronsfeld::new(alphabet, key)?),
            Self::Trithemius {} => Box::new(Trithemius::new(alphabet)),
            Self::Porta { key } => Box::new(Porta::new(alphabet, key)?),
            Self::Autokey { key, feedback } => Box::new(Autokey::new(alphabet, key, *feedback)?),
            Self::RunningKey { key } => Box::new(RunningKey::new(alphabet, key)?),
            Self::Enigma(config) => Box::new(Enigma::new(alphabet, config)?),
            Self::RailFence { rails } => Box::new(RailFence::new(*rails)?),
            Self::ColumnarTransposition { key } => {
                Box::new(ColumnarTransposition::new(alphabet, key)?)
            }
        })
    }
}

//! The ciphers, one file each.
//!
//! A cipher sees nothing but the ids of its alphabet's symbols. Symbols of a text that the alphabet's
//! policy keeps aside ([`Outside::Keep`](crate::Outside::Keep)) are not encrypted and do not move
//! a key on. Characters that it folds into a symbol ([`Outside::Fold`](crate::Outside::Fold)) are
//! symbols as any other, and do. Nothing is remembered from one message to the next: a key that
//! moves on begins anew with each.
//!
//! In the equations n is the number of symbols, p the place of a plaintext's symbol in the
//! alphabet, c the one of the ciphertext's, and k the one of the key's, all counted from 0.

#![allow(clippy::indexing_slicing)] // a key is checked when its cipher is made

mod affine;
mod atbash;
mod autokey;
mod beaufort;
mod caesar;
mod columnar_transposition;
mod enigma;
mod gronsfeld;
mod key;
mod key_stream;
mod porta;
mod rail_fence;
mod running_key;
mod substitution;
#[cfg(test)]
mod testing;
mod transposition;
mod trithemius;
mod variant_beaufort;
mod vigenere;

pub use affine::Affine;
pub use atbash::Atbash;
pub use autokey::{Autokey, Feedback};
pub use beaufort::Beaufort;
pub use caesar::Caesar;
pub use columnar_transposition::ColumnarTransposition;
pub use enigma::{Enigma, EnigmaConfig, EnigmaModel, ReflectorName, RotorName};
pub use gronsfeld::Gronsfeld;
pub use porta::Porta;
pub use rail_fence::RailFence;
pub use running_key::RunningKey;
pub use substitution::Substitution;
pub use trithemius::Trithemius;
pub use variant_beaufort::VariantBeaufort;
pub use vigenere::Vigenere;

use serde::{Deserialize, Serialize};

use crate::{Alphabet, DataError, SymbolId};

/// A cipher that turns each message into one of the same length.
///
/// Two laws hold for every message: `decrypt(encrypt(message)) == message`, and both keep the
/// length. Ids must be of the alphabet that the cipher was made for.
pub trait Cipher: Send + Sync + std::fmt::Debug {
    /// Plaintext to ciphertext.
    fn encrypt(&self, message: &[SymbolId]) -> Vec<SymbolId>;

    /// Ciphertext to plaintext.
    fn decrypt(&self, message: &[SymbolId]) -> Vec<SymbolId>;

    /// After how many symbols the key begins again, if what a symbol becomes depends on nothing but
    /// itself and its place modulo that number. 1 if it does not depend on the place at all.
    fn period(&self) -> Option<usize> {
        None
    }
}

/// A cipher and its key, as they are written in a config.
///
/// Keys that are text are written with the symbols of the alphabet.
// The ciphers without a key have braces so that serde refuses a field that they do not have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "kebab-case", deny_unknown_fields)]
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
        /// The factor, without a divisor in common with the alphabet's length.
        a: usize,
        /// What is added.
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
        /// The digits, as text: a number would lose its leading zeros.
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
        /// What follows the keyword.
        #[serde(default)]
        feedback: Feedback,
    },
    /// See [`RunningKey`].
    RunningKey {
        /// The text, which goes through the alphabet as a message does.
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
    /// Makes the cipher for the messages of an alphabet.
    ///
    /// # Errors
    ///
    /// When the key is not one of the cipher's, or the cipher is not defined over the alphabet.
    pub fn init(&self, alphabet: &Alphabet) -> Result<Box<dyn Cipher>, DataError> {
        let n_symbols = alphabet.len();
        Ok(match self {
            Self::Caesar { key } => Box::new(Caesar::new(n_symbols, *key)?),
            Self::Rot13 {} => Box::new(Caesar::rot13(alphabet)?),
            Self::Rot47 {} => Box::new(Caesar::rot47(alphabet)?),
            Self::Atbash {} => Box::new(Atbash::new(n_symbols)),
            Self::Affine { a, b } => Box::new(Affine::new(n_symbols, *a, *b)?),
            Self::Substitution { key } => Box::new(Substitution::new(alphabet, key)?),
            Self::Vigenere { key } => Box::new(Vigenere::new(alphabet, key)?),
            Self::Beaufort { key } => Box::new(Beaufort::new(alphabet, key)?),
            Self::VariantBeaufort { key } => Box::new(VariantBeaufort::new(alphabet, key)?),
            Self::Gronsfeld { key } => Box::new(Gronsfeld::new(alphabet, key)?),
            Self::Trithemius {} => Box::new(Trithemius::new(n_symbols)),
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

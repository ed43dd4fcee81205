use super::Parts;
use crate::{Alphabet, Cipher, DataError, SymbolId};

/// Writes a message backwards: all of it, each word, or its words in the opposite order. It has no key
/// and is its own inverse.
#[derive(Debug, Clone, Copy)]
pub struct Reversal {
    of: Parts,
    space: Option<SymbolId>,
}

impl Reversal {
    /// The reversal of these parts.
    ///
    /// # Errors
    ///
    /// [`DataError::CipherAlphabet`] when words are to be told apart and the alphabet has no space.
    pub fn new(alphabet: &Alphabet, of: Parts) -> Result<Self, DataError> {
        let space = of.space("reversal", alphabet)?;
        Ok(Self { of, space })
    }
}

impl Cipher for Reversal {
    fn encrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        self.of.moved(message, self.space, |place, n| n - 1 - place)
    }

    /// Words that moved have moved back where their lengths differ, too: the gaps stay in order.
    fn decrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        self.encrypt(message)
    }
}

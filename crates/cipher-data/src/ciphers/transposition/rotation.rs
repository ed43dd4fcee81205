use super::Parts;
use crate::{Alphabet, Cipher, DataError, SymbolId};

/// Moves the symbols of a message, of each word, or the words, a number of places to the left and from
/// the front to the end.
///
/// A negative number moves them to the right.
#[derive(Debug, Clone, Copy)]
pub struct Rotation {
    places: i64,
    of: Parts,
    space: Option<SymbolId>,
}

impl Rotation {
    /// The rotation of these parts by a number of places.
    ///
    /// # Errors
    ///
    /// [`DataError::CipherAlphabet`] when words are to be told apart and the alphabet has no space.
    pub fn new(alphabet: &Alphabet, places: i64, of: Parts) -> Result<Self, DataError> {
        let space = of.space("rotation", alphabet)?;
        Ok(Self { places, of, space })
    }

    fn rotated(&self, message: &[SymbolId], places: i64) -> Vec<SymbolId> {
        self.of.moved(message, self.space, |place, n| {
            let n = n as i64;
            ((place as i64 + places.rem_euclid(n)) % n) as usize
        })
    }
}

impl Cipher for Rotation {
    fn encrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        self.rotated(message, self.places)
    }

    fn decrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        self.rotated(message, self.places.saturating_neg())
    }
}

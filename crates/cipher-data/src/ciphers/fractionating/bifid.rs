use super::Blocks;
use crate::ciphers::mixed_alphabet::{MixedAlphabet, places};
use crate::ciphers::square::Square;
use crate::{Alphabet, Cipher, DataError, SymbolId};

/// Writes each symbol as its row and column in a square, and reads a block's rows and then its columns
/// in pairs, as symbols again (Félix Delastelle, 1901).
///
/// There are n! squares; those that number rows and columns otherwise, both in the same way, are the
/// same key.
#[derive(Debug, Clone)]
pub struct Bifid(Blocks);

impl Bifid {
    /// The cipher with a square, and the number of symbols in a block: 0 for the whole message.
    ///
    /// # Errors
    ///
    /// [`DataError::CipherAlphabet`] when the alphabet does not fill a square; [`DataError::Key`] when
    /// the square lacks a symbol.
    pub fn new(alphabet: &Alphabet, key: &MixedAlphabet, period: usize) -> Result<Self, DataError> {
        let square = Square::new("bifid", "key", alphabet, key)?;
        let symbols = key.init("bifid", "key", alphabet)?;
        Ok(Self(Blocks {
            period,
            side: square.side(),
            n_coordinates: 2,
            places: places(&symbols),
            symbols,
        }))
    }
}

impl Cipher for Bifid {
    fn encrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        self.0.encrypt(message)
    }

    fn decrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        self.0.decrypt(message)
    }
}

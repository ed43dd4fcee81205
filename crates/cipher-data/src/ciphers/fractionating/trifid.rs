use super::Blocks;
use crate::ciphers::mixed_alphabet::{MixedAlphabet, places};
use crate::{Alphabet, Cipher, DataError, SymbolId};

const CIPHER: &str = "trifid";

/// [`Bifid`](crate::Bifid) with a cube in place of the square: each symbol has a layer, a row and a
/// column (Félix Delastelle, 1902). The alphabet has 27 symbols, or those of another cube.
#[derive(Debug, Clone)]
pub struct Trifid(Blocks);

impl Trifid {
    /// The cipher with a cube, layer by layer and row by row, and the number of symbols in a block: 0
    /// for the whole message.
    ///
    /// # Errors
    ///
    /// [`DataError::CipherAlphabet`] when the alphabet does not fill a cube; [`DataError::Key`] when the
    /// cube lacks a symbol.
    pub fn new(alphabet: &Alphabet, key: &MixedAlphabet, period: usize) -> Result<Self, DataError> {
        let n_symbols = alphabet.len();
        let side = (2..=40).find(|side| side * side * side == n_symbols);
        let side = side.ok_or(DataError::CipherAlphabet {
            cipher: CIPHER,
            needed: "an alphabet that fills a cube, such as 26 letters and one sign",
            n_symbols,
        })?;
        let symbols = key.init(CIPHER, "key", alphabet)?;
        Ok(Self(Blocks {
            period,
            side,
            n_coordinates: 3,
            places: places(&symbols),
            symbols,
        }))
    }
}

impl Cipher for Trifid {
    fn encrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        self.0.encrypt(message)
    }

    fn decrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        self.0.decrypt(message)
    }
}

use super::{put_back, read_out};
use crate::ciphers::key;
use crate::{Alphabet, Cipher, DataError, SymbolId};

/// A [columnar transposition](crate::ColumnarTransposition) in which the columns below equal symbols
/// of the keyword are read together, row by row from left to right (Émile Myszkowski, 1902).
///
/// With a keyword that repeats no symbol it is the columnar transposition.
#[derive(Debug, Clone)]
pub struct Myszkowski {
    keyword: Vec<SymbolId>,
}

impl Myszkowski {
    /// The transposition with a keyword.
    ///
    /// # Errors
    ///
    /// [`DataError::Key`] when `key` is empty or has a symbol that is not in the alphabet.
    pub fn new(alphabet: &Alphabet, key: &str) -> Result<Self, DataError> {
        let keyword = key::keyword("myszkowski", alphabet, key)?;
        Ok(Self { keyword })
    }

    fn part(&self, place: usize) -> usize {
        self.keyword[place % self.keyword.len()].into()
    }
}

impl Cipher for Myszkowski {
    fn encrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        read_out(message, |place| self.part(place))
    }

    fn decrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        put_back(message, |place| self.part(place))
    }
}

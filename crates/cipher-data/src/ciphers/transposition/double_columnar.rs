use super::ColumnarTransposition;
use crate::{Alphabet, Cipher, DataError, SymbolId};

/// Two [columnar transpositions](crate::ColumnarTransposition), one after the other.
#[derive(Debug, Clone)]
pub struct DoubleColumnar {
    first: ColumnarTransposition,
    second: ColumnarTransposition,
}

impl DoubleColumnar {
    /// The transposition with the keywords of its two steps.
    ///
    /// # Errors
    ///
    /// [`DataError::Key`] when a keyword is empty or has a symbol that is not in the alphabet.
    pub fn new(alphabet: &Alphabet, first: &str, second: &str) -> Result<Self, DataError> {
        let columnar =
            |field, key| ColumnarTransposition::of("double-columnar", field, alphabet, key);
        Ok(Self {
            first: columnar("first", first)?,
            second: columnar("second", second)?,
        })
    }
}

impl Cipher for DoubleColumnar {
    fn encrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        self.second.encrypt(&self.first.encrypt(message))
    }

    fn decrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        self.first.decrypt(&self.second.decrypt(message))
    }
}

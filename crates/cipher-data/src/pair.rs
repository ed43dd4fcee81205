use crate::{DataError, SymbolId};

/// A ciphertext and its plaintext, of equal length, and the key if the network is told it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    key: Vec<SymbolId>,
    ciphertext: Vec<SymbolId>,
    plaintext: Vec<SymbolId>,
}

impl Pair {
    /// A pair of two sides.
    ///
    /// # Errors
    ///
    /// [`DataError::UnequalLengths`]: a network that predicts one plaintext symbol for each
    /// ciphertext symbol cannot learn from such a pair.
    pub fn new(ciphertext: Vec<SymbolId>, plaintext: Vec<SymbolId>) -> Result<Self, DataError> {
        if ciphertext.len() != plaintext.len() {
            return Err(DataError::UnequalLengths {
                ciphertext: ciphertext.len(),
                plaintext: plaintext.len(),
            });
        }
        Ok(Self {
            key: Vec::new(),
            ciphertext,
            plaintext,
        })
    }

    /// The pair with the key that the network is told.
    pub fn with_key(self, key: Vec<SymbolId>) -> Self {
        Self { key, ..self }
    }

    /// The key, over an alphabet of its own; empty if the network is told none.
    pub fn key(&self) -> &[SymbolId] {
        &self.key
    }

    /// The ciphertext, which the network reads.
    pub fn ciphertext(&self) -> &[SymbolId] {
        &self.ciphertext
    }

    /// The plaintext, which the network should answer.
    pub fn plaintext(&self) -> &[SymbolId] {
        &self.plaintext
    }

    /// The ciphertext and the plaintext.
    pub fn into_sides(self) -> [Vec<SymbolId>; 2] {
        [self.ciphertext, self.plaintext]
    }

    /// The number of symbols on each side.
    pub fn len(&self) -> usize {
        self.ciphertext.len()
    }

    /// Whether the sides are empty.
    pub fn is_empty(&self) -> bool {
        self.ciphertext.is_empty()
    }
}

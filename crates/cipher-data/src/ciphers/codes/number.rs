use crate::{Alphabet, Cipher, SymbolId};

/// Writes each symbol as its place in the alphabet: `A` is 1, `B` is 2, if the first number is 1.
#[derive(Debug, Clone)]
pub struct Number {
    numbers: Vec<String>,
}

impl Number {
    /// The code whose first symbol has the number `first`.
    pub fn new(alphabet: &Alphabet, first: i64) -> Self {
        let numbers =
            (0..alphabet.len() as i64).map(|place| first.saturating_add(place).to_string());
        Self {
            numbers: numbers.collect(),
        }
    }
}

impl Cipher for Number {
    fn encrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        message.to_vec()
    }

    fn decrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        message.to_vec()
    }

    fn ciphertext_symbols(&self) -> Option<Vec<String>> {
        Some(self.numbers.clone())
    }

    fn period(&self) -> Option<usize> {
        Some(1)
    }
}

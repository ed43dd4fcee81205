use super::key_stream::modulo;
use crate::ciphers::key;
use crate::{Alphabet, Cipher, DataError, SymbolId};

/// A keyword that moves on along the alphabet each time it is repeated: `c = (p + k + s r) mod n`
/// in the repetition r, counted from 0, with the step s.
///
/// A step of 0 is [`Vigenere`](crate::Vigenere), and the keyword `A` with a step of 1 is
/// [`Trithemius`](crate::Trithemius). There are n^(m + 1) keys of m symbols and a step.
#[derive(Debug, Clone)]
pub struct ProgressiveKey {
    n_symbols: usize,
    key: Vec<SymbolId>,
    step: usize,
}

impl ProgressiveKey {
    /// The cipher with a keyword and a step, which is reduced modulo the alphabet's length.
    ///
    /// # Errors
    ///
    /// [`DataError::Key`] when `key` is empty or has a symbol that is not in the alphabet.
    pub fn new(alphabet: &Alphabet, key: &str, step: i64) -> Result<Self, DataError> {
        let n_symbols = alphabet.len();
        Ok(Self {
            n_symbols,
            key: key::keyword("progressive-key", alphabet, key)?,
            step: step.rem_euclid(n_symbols as i64) as usize,
        })
    }

    fn apply(&self, message: &[SymbolId], rule: impl Fn(i32, i32) -> i32) -> Vec<SymbolId> {
        let symbol = |(place, &symbol): (usize, &SymbolId)| {
            let repetition = place / self.key.len() % self.n_symbols;
            let key = usize::from(self.key[place % self.key.len()]) + self.step * repetition;
            modulo(
                rule(symbol.into(), (key % self.n_symbols) as i32),
                self.n_symbols,
            )
        };
        message.iter().enumerate().map(symbol).collect()
    }
}

impl Cipher for ProgressiveKey {
    fn encrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        self.apply(message, |plain, key| plain + key)
    }

    fn decrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        self.apply(message, |encrypted, key| encrypted - key)
    }

    /// After n repetitions the keyword is where it began.
    fn period(&self) -> Option<usize> {
        Some(self.key.len() * self.n_symbols)
    }
}

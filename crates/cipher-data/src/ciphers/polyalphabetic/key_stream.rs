use crate::ciphers::key;
use crate::{Alphabet, DataError, SymbolId};

/// A key with a symbol for each place of a message. Where the message is longer, the key repeats.
#[derive(Debug, Clone)]
pub struct KeyStream {
    n_symbols: usize,
    key: Vec<SymbolId>,
}

impl KeyStream {
    /// The stream of `key`, which is not empty, for messages over `n_symbols`.
    pub fn new(n_symbols: usize, key: Vec<SymbolId>) -> Self {
        Self { n_symbols, key }
    }

    /// The stream of a keyword written with the symbols of the alphabet.
    pub fn keyword(
        cipher: &'static str,
        alphabet: &Alphabet,
        key: &str,
    ) -> Result<Self, DataError> {
        let key = key::keyword(cipher, alphabet, key)?;
        Ok(Self::new(alphabet.len(), key))
    }

    /// The number of symbols after which the key repeats.
    pub fn period(&self) -> usize {
        self.key.len()
    }

    /// Applies `rule` to each symbol and the key's symbol at its place, modulo the alphabet.
    pub fn apply(&self, message: &[SymbolId], rule: impl Fn(i32, i32) -> i32) -> Vec<SymbolId> {
        let key = self.key.iter().cycle();
        let apply = |(&symbol, &key): (&SymbolId, &SymbolId)| {
            modulo(rule(symbol.into(), key.into()), self.n_symbols)
        };
        message.iter().zip(key).map(apply).collect()
    }
}

/// The id for a sum or difference of ids, modulo the number of symbols.
pub fn modulo(value: i32, n_symbols: usize) -> SymbolId {
    value.rem_euclid(n_symbols as i32) as SymbolId
}

use crate::ciphers::key;
use crate::{Alphabet, DataError, SymbolId};

/// The symbols that fill up groups of symbols.
#[derive(Debug, Clone, Copy)]
pub struct Padding {
    symbol: SymbolId,
    /// What stands beside the padding symbol itself, where equal symbols must not meet.
    other: SymbolId,
}

impl Padding {
    /// Padding with a symbol: by default `X`, or the alphabet's last symbol where it has none.
    pub fn new(
        cipher: &'static str,
        alphabet: &Alphabet,
        symbol: Option<&str>,
    ) -> Result<Self, DataError> {
        let last = (alphabet.len() - 1) as SymbolId;
        let symbol = match symbol {
            None => alphabet.id("X").or(alphabet.id("x")).unwrap_or(last),
            Some(text) => key::one_symbol(cipher, "padding", alphabet, text)?,
        };
        let q = alphabet.id("Q").or(alphabet.id("q"));
        let others = [q, Some(0), Some(1)].into_iter().flatten();
        let other = others.into_iter().find(|other| *other != symbol);
        Ok(Self {
            symbol,
            other: other.unwrap_or(0),
        })
    }

    /// The message, filled up to a multiple of `length`.
    pub fn to_multiple(self, message: &[SymbolId], length: usize) -> Vec<SymbolId> {
        let mut padded = message.to_vec();
        padded.resize(message.len().next_multiple_of(length), self.symbol);
        padded
    }

    /// The message in pairs of different symbols.
    pub fn between_equals(self, message: &[SymbolId]) -> Vec<SymbolId> {
        let mut padded = Vec::with_capacity(message.len() + 1);
        for &symbol in message {
            if padded.len() % 2 == 1 && padded.last() == Some(&symbol) {
                padded.push(self.beside(symbol));
            }
            padded.push(symbol);
        }
        if let (1, Some(&last)) = (padded.len() % 2, padded.last()) {
            padded.push(self.beside(last));
        }
        padded
    }

    fn beside(self, symbol: SymbolId) -> SymbolId {
        if symbol == self.symbol {
            self.other
        } else {
            self.symbol
        }
    }
}

use crate::{Pair, SymbolId};

/// Training symbols that rules are fitted on; messages after them are not looked at.
///
/// With a table of the tutorial's 27 symbols for each of 64 positions, they show every cell 75
/// times on average. More symbols would not change a rule and take more time.
pub(super) const MAX_SYMBOLS: usize = 1 << 17;

/// The pairs that rules are fitted on.
#[derive(Debug)]
pub(super) struct Training<'a> {
    pairs: Vec<&'a Pair>,
    n_symbols: usize,
}

impl<'a> Training<'a> {
    /// The first whole messages until they have [`MAX_SYMBOLS`].
    pub(super) fn new(pairs: impl IntoIterator<Item = &'a Pair>) -> Self {
        let mut training = Self {
            pairs: Vec::new(),
            n_symbols: 0,
        };
        for pair in pairs {
            if training.n_symbols >= MAX_SYMBOLS {
                break;
            }
            training.n_symbols += pair.len();
            training.pairs.push(pair);
        }
        training
    }

    /// The pairs, in the order they came.
    pub(super) fn pairs(&self) -> impl Iterator<Item = &'a Pair> {
        self.pairs.iter().copied()
    }

    /// Every symbol as (position in its message, ciphertext, plaintext).
    pub(super) fn symbols(&self) -> impl Iterator<Item = (usize, SymbolId, SymbolId)> {
        self.pairs().flat_map(|pair| {
            let both = pair.ciphertext().iter().zip(pair.plaintext()).enumerate();
            both.map(|(position, (&ciphertext, &plaintext))| (position, ciphertext, plaintext))
        })
    }

    /// The number of [`Self::symbols`].
    pub(super) fn n_symbols(&self) -> usize {
        self.n_symbols
    }

    /// The length of the longest message.
    pub(super) fn longest(&self) -> usize {
        self.pairs().map(Pair::len).max().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_after_the_maximum_of_symbols_are_not_looked_at() {
        let pair = Pair::new(vec![0; 100], vec![0; 100]).unwrap();
        let training = Training::new(std::iter::repeat(&pair)); // endless
        let n_messages = MAX_SYMBOLS.div_ceil(100);
        assert_eq!(training.pairs().count(), n_messages);
        assert_eq!(training.n_symbols(), 100 * n_messages);
        assert_eq!(training.symbols().count(), 100 * n_messages);
    }
}

use std::collections::HashMap;

use crate::SymbolId;

/// Sequences of symbols, each with a number. The empty sequence has number 0.
#[derive(Debug, Clone, Default)]
pub(super) struct Trie {
    /// The number of each sequence, by that of the sequence without its last symbol, and that symbol.
    longer: HashMap<(u32, SymbolId), u32>,
}

impl Trie {
    pub(super) const EMPTY: u32 = 0;

    /// How many sequences there are, the empty one among them.
    pub(super) fn len(&self) -> usize {
        self.longer.len() + 1
    }

    /// The number of a sequence with one more symbol, if there is one.
    pub(super) fn step(&self, sequence: u32, symbol: SymbolId) -> Option<u32> {
        self.longer.get(&(sequence, symbol)).copied()
    }

    /// Adds every sequence of at most `longest` symbols that stands in a text.
    pub(super) fn add_all_of(&mut self, text: &[SymbolId], longest: usize) {
        for start in 0..text.len() {
            let mut sequence = Self::EMPTY;
            for &symbol in text[start..].iter().take(longest) {
                let next = self.longer.len() as u32 + 1;
                sequence = *self.longer.entry((sequence, symbol)).or_insert(next);
            }
        }
    }

    /// Calls `visit` with (length, number) for each sequence of 1 to `longest` symbols that starts the
    /// text and is known.
    pub(super) fn starts_of(
        &self,
        text: &[SymbolId],
        longest: usize,
        mut visit: impl FnMut(usize, u32),
    ) {
        let mut sequence = Self::EMPTY;
        for (length, &symbol) in (1..).zip(text.iter().take(longest)) {
            match self.step(sequence, symbol) {
                Some(longer) => sequence = longer,
                None => return,
            }
            visit(length, sequence);
        }
    }
}

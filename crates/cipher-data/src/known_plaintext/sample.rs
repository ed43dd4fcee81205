use crate::{Alphabet, SymbolId};

/// Symbols that keys are searched with. A key that these leave open, more would hardly decide.
const MAX_SYMBOLS: usize = 4000;

/// Pairs as ids, read in one way.
#[derive(Debug)]
pub(super) struct Sample {
    pub plaintext: Alphabet,
    pub ciphertext: Alphabet,
    pub messages: Vec<Message>,
}

/// One pair.
#[derive(Debug, Clone)]
pub(super) struct Message {
    pub ciphertext: Vec<SymbolId>,
    pub plaintext: Vec<SymbolId>,
    /// Places that hold what is no symbol, in order.
    pub kept: Vec<usize>,
}

impl Sample {
    /// The first messages until they have enough symbols.
    pub fn new(plaintext: Alphabet, ciphertext: Alphabet, messages: Vec<Message>) -> Self {
        let mut n_symbols = 0;
        let is_needed = |message: &Message| {
            let is_needed = n_symbols < MAX_SYMBOLS;
            n_symbols += message.ciphertext.len();
            is_needed
        };
        Self {
            plaintext,
            ciphertext,
            messages: messages.into_iter().take_while(is_needed).collect(),
        }
    }

    /// The number of symbols of the plaintext's alphabet.
    pub fn n_symbols(&self) -> usize {
        self.plaintext.len()
    }

    /// Whether the two sides of every pair have the same length.
    pub fn is_equally_long(&self) -> bool {
        let mut messages = self.messages.iter();
        messages.all(|message| message.ciphertext.len() == message.plaintext.len())
    }

    /// Every symbol as (place in its message, ciphertext, plaintext).
    pub fn symbols(&self) -> impl Iterator<Item = (usize, SymbolId, SymbolId)> {
        self.messages.iter().flat_map(|message| {
            let both = message
                .ciphertext
                .iter()
                .zip(&message.plaintext)
                .enumerate();
            let symbols = both.map(|(place, (&c, &p))| (place, c, p));
            symbols.filter(|(place, ..)| message.kept.binary_search(place).is_err())
        })
    }

    /// The length of the longest message.
    pub fn longest(&self) -> usize {
        let lengths = self.messages.iter().map(|message| message.ciphertext.len());
        lengths.max().unwrap_or(0)
    }

    /// Whether both sides have the same symbols in every message, or in all but a tenth.
    pub fn is_transposed(&self) -> bool {
        let sorted = |side: &[SymbolId]| {
            let mut side = side.to_vec();
            side.sort_unstable();
            side
        };
        let same = |message: &&Message| sorted(&message.ciphertext) == sorted(&message.plaintext);
        let n_same = self.messages.iter().filter(same).count();
        10 * n_same >= 9 * self.messages.len()
    }
}

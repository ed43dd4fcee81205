//! Which place of the ciphertext a plaintext symbol follows from.
//!
//! A network that reads a message from its beginning cannot know a plaintext symbol that follows
//! from a later ciphertext symbol, as under a transposition. [`Dependence::of`] sees from the pairs
//! whether there are any, before a network is trained.
//!
//! The measure is Goodman and Kruskal's lambda: the share of errors that are avoided by who knows
//! the symbol at one place of the ciphertext, compared with always answering the most frequent
//! symbol. A correlation alone says nothing here: in a natural language, and under an autokey
//! cipher, every symbol is correlated with its neighbours on both sides. So a later symbol counts
//! only if it explains most of what there is to explain, and much more than any symbol up to the
//! same place.

#![allow(clippy::indexing_slicing)] // places below the length of the message

mod lambda;
mod places;
mod result;
mod same_symbol;

pub use result::{CiphertextPlace, Dependence, LaterPlace};

use crate::PairTable;

/// Pairs that are looked at.
const MAX_PAIRS: usize = 1024;

impl Dependence {
    /// Looks at 1,024 of the pairs, evenly chosen, or all if there are fewer. About 250 are enough
    /// to see a transposition.
    pub fn of(table: &PairTable) -> Self {
        let step = table.len().div_ceil(MAX_PAIRS).max(1);
        let indices = (0..table.len()).step_by(step);
        let message = |index| (table.ciphertext(index), table.plaintext(index));
        let messages: Vec<_> = indices.map(message).collect();
        // All three look at the same symbols, so that what they find cannot be added up. Of those
        // that find equally many, the last is taken, which is the easiest to read.
        let found = [
            same_symbol::of_each_length(&messages),
            places::mirrored(&messages),
            places::from_start(&messages),
        ];
        let most = found.into_iter().max_by_key(|found| found.n_later);
        Self {
            n_symbols: messages.iter().map(|(_, plaintext)| plaintext.len()).sum(),
            ..most.unwrap_or_default()
        }
    }
}

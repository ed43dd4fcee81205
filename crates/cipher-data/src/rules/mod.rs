//! Tables from ciphertext to plaintext that are fitted on the training pairs: what can be done without
//! knowing any cipher, and without a network.
//!
//! A network that decrypts 99 % of its test messages has learned something only if no table does as
//! well. [`find_rules`] fits the best table of each kind, and [`explain`] counts what it gets right on
//! the same messages. The keys of ciphers are found by [`find_keys`](crate::find_keys).
//!
//! Fitting is counting: each training symbol falls into one cell and shows one answer there, and the
//! cell keeps the answer it shows most often.

#![allow(clippy::indexing_slicing)] // cells and places are those of the pairs at hand

mod code_book;
mod copying;
mod decrypt;
mod explained;
mod legible;
mod period;
mod rule;
mod tables;
mod training;
mod transposition;

pub use code_book::{CodeBook, CodeEntry};
pub use explained::{explain, known_answers};
pub use rule::Rule;

use crate::{Alphabet, Pair};
use rule::Kind;
use tables::Tables;
use training::Training;
use transposition::Transposition;

/// The best table of each kind, from the simplest kind to the one with the most freedom, fitted on
/// the training pairs alone. They are read until they have 131,072 symbols.
///
/// Without a training symbol nothing is found. Copying and transpositions need both alphabets to have
/// the same symbols in one order. A table for each position is left out where it would be one table.
pub fn find_rules<'a>(
    training: impl IntoIterator<Item = &'a Pair>,
    ciphertext: &Alphabet,
    plaintext: &Alphabet,
) -> Vec<Rule> {
    let training = Training::new(training);
    if training.n_symbols() == 0 {
        return Vec::new();
    }
    let mut found = Vec::new();
    if ciphertext.symbols() == plaintext.symbols() {
        found.push(Kind::Copying);
        found.extend(Transposition::find(&training).map(Kind::Transposition));
    }
    found.extend(Tables::single(&training).map(Kind::Tables));
    found.extend(Tables::by_position(&training).map(Kind::Tables));
    found.into_iter().map(Rule::from).collect()
}

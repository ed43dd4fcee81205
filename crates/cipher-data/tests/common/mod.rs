//! Alphabets for tests.

#![allow(dead_code)] // each test uses some of it

pub mod english;

use cipher_data::{Alphabet, Outside};

/// An alphabet of `n_symbols` consecutive characters.
pub fn alphabet_of(n_symbols: usize) -> Alphabet {
    let symbols: String = ('一'..).take(n_symbols).collect();
    Alphabet::new(&symbols, Outside::Reject).unwrap()
}

/// The alphabet of the characters from the first to the last, in the order of Unicode.
pub fn alphabet_from(first: char, last: char) -> Alphabet {
    let symbols: String = (first..=last).collect();
    Alphabet::new(&symbols, Outside::Reject).unwrap()
}

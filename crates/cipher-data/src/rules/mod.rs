//! Simple rules from ciphertext to plaintext: a known-plaintext attack on the training pairs,
//! without a network.
//!
//! A network that decrypts 99 % of its test messages has learned something only if nothing simpler
//! does as well. [`find_rules`] fits the best rule of each simple kind, and [`explain`] counts what
//! it gets right on the same messages. If a rule explains them all, no network is needed:
//! [`Rule::describe`] gives the key.
//!
//! Every rule is a key or a table of a few *cells*, such as "the shift at every third position".
//! Fitting is counting: each training symbol falls into one cell and shows one answer there, and
//! the cell keeps the answer it shows most often.

#![allow(clippy::indexing_slicing)] // cells and places are those of the pairs at hand

mod affine;
mod arithmetic;
mod autokey;
mod code_book;
mod copying;
mod decrypt;
mod explained;
mod growing_shift;
mod key;
mod legible;
mod letters;
mod modulus;
mod on_letters;
mod period;
mod periodic_key;
mod rule;
mod shift;
mod tables;
mod training;
mod transposition;

pub use code_book::{CodeBook, CodeEntry};
pub use explained::{explain, known_answers};
pub use rule::Rule;

use crate::{Alphabet, Pair};
use arithmetic::Arithmetic;
use letters::Letters;
use modulus::Modulus;
use on_letters::OnLetters;
use rule::Kind;
use tables::Tables;
use training::Training;
use transposition::Transposition;

/// The best rule of each kind, from the simplest kind to the one with the most freedom, fitted on
/// the training pairs alone. They are read until they have 131,072 symbols.
///
/// A kind is left out where the pairs cannot show it or where a simpler kind says the same:
///
/// - without a training symbol nothing is found;
/// - shifts and keys need both alphabets to have the same symbols in one order, and so do
///   transpositions;
/// - shifts and keys are also tried on the letters alone, if both sides have them at the same
///   places and agree in all other symbols: this is how a cipher treats text with cases, spaces and
///   punctuation;
/// - a key or a table that does not change with the position is only found as a shift or as one
///   table.
pub fn find_rules<'a>(
    training: impl IntoIterator<Item = &'a Pair>,
    ciphertext: &Alphabet,
    plaintext: &Alphabet,
) -> Vec<Rule> {
    let training = Training::new(training);
    if training.n_symbols() == 0 {
        return Vec::new();
    }
    let same_alphabet = ciphertext.symbols() == plaintext.symbols();
    let mut found = Vec::new();
    if same_alphabet {
        found.push(Kind::Copying);
        let arithmetic = Arithmetic::find(&training, Modulus::new(plaintext));
        found.extend(arithmetic.into_iter().map(Kind::Arithmetic));
    }
    let on_letters = rules_on_letters(&training, ciphertext, plaintext);
    found.extend(on_letters.into_iter().map(Kind::OnLetters));
    // The least free of the tables has as many cells as the alphabet has symbols.
    if same_alphabet {
        found.extend(Transposition::find(&training).map(Kind::Transposition));
    }
    found.extend(Tables::single(&training).map(Kind::Tables));
    found.extend(Tables::by_position(&training).map(Kind::Tables));
    found.into_iter().map(Rule::from).collect()
}

/// The arithmetic rules for the letters alone. First those whose key advances with each letter, then
/// those whose key advances with each symbol, as in programs that take the key at the position in
/// the text.
fn rules_on_letters(
    training: &Training,
    ciphertext: &Alphabet,
    plaintext: &Alphabet,
) -> Vec<OnLetters> {
    let Some(letters) = Letters::of(ciphertext, plaintext) else {
        return Vec::new();
    };
    let agreeing = letters.agreeing(training);
    let modulus = Modulus::new(letters.alphabet());
    let alone: Vec<Pair> = agreeing.iter().map(|pair| letters.alone(pair)).collect();
    let alone = Training::new(&alone);
    if alone.n_symbols() == 0 {
        return Vec::new();
    }
    let on_letters = |rules: Vec<Arithmetic>, every_symbol_advances| {
        let letters = letters.clone();
        rules
            .into_iter()
            .map(move |rule| OnLetters::new(letters.clone(), rule, every_symbol_advances))
    };
    let mut found: Vec<_> = on_letters(Arithmetic::find(&alone, modulus), false).collect();
    // Without other symbols, both ways are the same.
    if agreeing.iter().map(|pair| pair.len()).sum::<usize>() > alone.n_symbols() {
        let in_place: Vec<Pair> = agreeing.iter().map(|pair| letters.in_place(pair)).collect();
        let in_place = Training::new(&in_place).skipping(Letters::NO_LETTER);
        found.extend(on_letters(Arithmetic::find_keys(&in_place, modulus), true));
    }
    found
}

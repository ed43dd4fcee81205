//! Simple rules from ciphertext to plaintext, fitted on training pairs without a network.
//!
//! A network that decrypts 99 % of its held-out messages has learned something only if nothing
//! simpler does as well. [`find_rules`] fits the best rule of each simple kind, and [`explain`]
//! counts what it gets right on the same held-out messages. Where a rule explains them all, no
//! network is needed: [`Rule::describe`] tells the key.
//!
//! Every rule is a key or a table of a few *cells*, such as "the shift at every third position".
//! Fitting is counting: each training symbol falls into one cell and shows one answer there, and
//! the cell keeps the answer it shows most often.

#![allow(clippy::indexing_slicing)] // cells and places are those of the pairs at hand

mod affine;
mod autokey;
mod copying;
mod explained;
mod growing_shift;
mod legible;
mod modulus;
mod period;
mod periodic_key;
mod shift;
mod tables;
mod tally;
mod training;
mod transposition;

pub use explained::explain;

use std::fmt::Debug;

use crate::{Alphabet, Pair, SymbolId};
use affine::Affine;
use autokey::{Autokey, Feedback};
use copying::Copying;
use growing_shift::GrowingShift;
use modulus::Modulus;
use period::LONGEST_PERIOD;
use periodic_key::{PeriodicKey, Square};
use shift::Shift;
use tables::Tables;
use training::Training;
use transposition::Transposition;

/// A way from ciphertext to plaintext that a person could follow with pencil and paper.
pub trait Rule: Send + Sync + Debug {
    /// What kind of rule it is.
    fn name(&self) -> &'static str;

    /// The key as text or number where there is one, otherwise the table, in lines that a person
    /// can read. The alphabets must be those that the rule was found for.
    fn describe(&self, ciphertext: &Alphabet, plaintext: &Alphabet) -> String;

    /// The plaintext that the rule gives, as long as the ciphertext.
    fn answer(&self, ciphertext: &[SymbolId]) -> Vec<SymbolId>;
}

/// The best rule of each kind, from the simplest kind to the one with the most freedom, fitted on
/// the training pairs alone: on the first messages that have 131,072 symbols together.
///
/// A kind is left out where the pairs cannot show it or where a simpler kind says the same:
///
/// - without a training symbol nothing is found;
/// - shifts, keys and moved symbols need both alphabets to have the same symbols in one order;
/// - a key or a table that does not change with the position is only found as a shift or as one
///   table.
pub fn find_rules<'a>(
    training: impl IntoIterator<Item = &'a Pair>,
    ciphertext: &Alphabet,
    plaintext: &Alphabet,
) -> Vec<Box<dyn Rule>> {
    let training = Training::new(training);
    if training.n_symbols() == 0 {
        return Vec::new();
    }
    let modulus = (ciphertext.symbols() == plaintext.symbols()).then(|| Modulus::new(plaintext));
    let arithmetic = modulus.map(|modulus| arithmetic_rules(&training, modulus));
    arithmetic
        .into_iter()
        .flatten()
        .chain([
            boxed(Tables::single(&training)),
            boxed(Tables::by_position(&training)),
        ])
        .flatten()
        .collect()
}

/// The rules that add and subtract symbols, or that move them, and so need one alphabet. All come
/// before the tables: the least free of those has as many cells as the alphabet has symbols.
fn arithmetic_rules(training: &Training, modulus: Modulus) -> [Option<Box<dyn Rule>>; 9] {
    [
        boxed(Some(Copying)),
        boxed(Shift::find(training, modulus)),
        boxed(Affine::find(training, modulus)),
        boxed(GrowingShift::find(training, modulus)),
        boxed(PeriodicKey::find(training, modulus, Square::Vigenere)),
        boxed(PeriodicKey::find(training, modulus, Square::Beaufort)),
        boxed(Autokey::find(training, modulus, Feedback::Plaintext)),
        boxed(Autokey::find(training, modulus, Feedback::Ciphertext)),
        boxed(Transposition::find(training)),
    ]
}

fn boxed<R: Rule + 'static>(rule: Option<R>) -> Option<Box<dyn Rule>> {
    rule.map(|rule| Box::new(rule) as Box<dyn Rule>)
}

use super::modulus::Modulus;
use super::tally::Tally;
use super::training::Training;
use crate::{Alphabet, Rule, SymbolId};

/// Caesar's cipher: `p = c - key`.
#[derive(Debug)]
pub(super) struct Shift {
    modulus: Modulus,
    key: SymbolId,
}

impl Shift {
    /// The most frequent distance between the two sides.
    pub(super) fn find(training: &Training, modulus: Modulus) -> Option<Self> {
        let symbols = training.symbols();
        let distances = symbols.map(|(_, c, p)| modulus.subtract(c, p));
        let key = Tally::most_frequent(distances)?;
        Some(Self { modulus, key })
    }
}

impl Rule for Shift {
    fn name(&self) -> &'static str {
        "shift"
    }

    fn describe(&self, _: &Alphabet, _: &Alphabet) -> String {
        format!("key {}", self.key)
    }

    fn answer(&self, ciphertext: &[SymbolId]) -> Vec<SymbolId> {
        let shift = |&c: &SymbolId| self.modulus.subtract(c, self.key);
        ciphertext.iter().map(shift).collect()
    }
}

use serde::{Deserialize, Serialize};

use super::decrypt::Decrypt;
use super::modulus::Modulus;
use super::training::Training;
use crate::tally::Tally;
use crate::{Alphabet, SymbolId};

/// Caesar's cipher: `p = c - key`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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

impl Decrypt for Shift {
    fn name(&self) -> String {
        "shift".into()
    }

    fn describe(&self, _: &Alphabet, _: &Alphabet) -> String {
        format!("key {}", self.key)
    }

    fn answer(&self, ciphertext: &[SymbolId]) -> Vec<SymbolId> {
        let shift = |&c: &SymbolId| self.modulus.subtract(c, self.key);
        ciphertext.iter().map(shift).collect()
    }
}

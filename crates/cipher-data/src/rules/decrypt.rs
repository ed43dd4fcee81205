use super::rule::Kind;
use super::training::Training;
use crate::{Alphabet, SymbolId};

/// What every kind of rule can do; see [`Rule`](crate::Rule).
pub(super) trait Decrypt {
    fn name(&self) -> String;
    fn describe(&self, ciphertext: &Alphabet, plaintext: &Alphabet) -> String;
    fn answer(&self, ciphertext: &[SymbolId]) -> Vec<SymbolId>;

    /// Whether each answer follows from what the rule was fitted on.
    fn knows(&self, ciphertext: &[SymbolId]) -> Vec<bool> {
        vec![true; ciphertext.len()]
    }

    /// The same rule with what more pairs show; `None` where they add nothing to a key.
    fn refitted(&self, _pairs: &Training) -> Option<Kind> {
        None
    }
}

use crate::{Alphabet, SymbolId};

/// What every kind of rule can do; see [`Rule`](crate::Rule).
pub(super) trait Decrypt {
    fn name(&self) -> String;
    fn describe(&self, ciphertext: &Alphabet, plaintext: &Alphabet) -> String;
    fn answer(&self, ciphertext: &[SymbolId]) -> Vec<SymbolId>;
}

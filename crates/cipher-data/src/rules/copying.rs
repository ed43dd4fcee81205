use crate::{Alphabet, Rule, SymbolId};

/// The plaintext is the ciphertext.
#[derive(Debug)]
pub(super) struct Copying;

impl Rule for Copying {
    fn name(&self) -> &'static str {
        "copying"
    }

    fn describe(&self, _: &Alphabet, _: &Alphabet) -> String {
        "every symbol stands for itself".into()
    }

    fn answer(&self, ciphertext: &[SymbolId]) -> Vec<SymbolId> {
        ciphertext.to_vec()
    }
}

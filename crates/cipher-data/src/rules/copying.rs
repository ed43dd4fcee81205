use super::decrypt::Decrypt;
use crate::{Alphabet, SymbolId};

/// The plaintext is the ciphertext.
#[derive(Debug)]
pub(super) struct Copying;

impl Decrypt for Copying {
    fn name(&self) -> String {
        "copying".into()
    }

    fn describe(&self, _: &Alphabet, _: &Alphabet) -> String {
        "every symbol stands for itself".into()
    }

    fn answer(&self, ciphertext: &[SymbolId]) -> Vec<SymbolId> {
        ciphertext.to_vec()
    }
}

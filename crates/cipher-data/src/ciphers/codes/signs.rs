use crate::{Cipher, SymbolId};

/// Writes each symbol as a sign of its own that is fixed for all time: [`Self::bacon`],
/// [`Self::morse`], [`Self::a1z26`].
#[derive(Debug, Clone)]
pub struct Signs(pub(super) Vec<String>);

impl Cipher for Signs {
    fn encrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        message.to_vec()
    }

    fn decrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        message.to_vec()
    }

    fn ciphertext_symbols(&self) -> Option<Vec<String>> {
        Some(self.0.clone())
    }

    fn period(&self) -> Option<usize> {
        Some(1)
    }
}

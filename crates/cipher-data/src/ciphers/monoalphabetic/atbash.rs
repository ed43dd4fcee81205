use crate::{Alphabet, Cipher, SymbolId};

/// Reverses the alphabet, so that the first symbol becomes the last: `c = n - 1 - p`.
///
/// It has no key, and it is its own inverse.
#[derive(Debug, Clone, Copy)]
pub struct Atbash {
    last: SymbolId,
}

impl Atbash {
    /// The reversal of an alphabet.
    pub fn new(alphabet: &Alphabet) -> Self {
        Self {
            last: (alphabet.len() - 1) as SymbolId,
        }
    }
}

impl Cipher for Atbash {
    fn encrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        message.iter().map(|id| self.last - id).collect()
    }

    fn decrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        self.encrypt(message)
    }

    fn period(&self) -> Option<usize> {
        Some(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ciphers::testing::{assert_encrypts, letters};

    #[test]
    fn the_example_of_wikibooks_comes_out() {
        // Wikibooks, Cryptography/Atbash cipher.
        let atbash = Atbash::new(&letters());
        assert_encrypts(&atbash, &letters(), "MEETMEATONE", "NVVGNVZGLMV");
    }
}

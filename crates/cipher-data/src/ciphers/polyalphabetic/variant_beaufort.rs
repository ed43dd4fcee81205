use super::key_stream::KeyStream;
use crate::{Alphabet, Cipher, DataError, SymbolId};

/// Subtracts a keyword from the message: `c = (p - k) mod n`.
///
/// It is [`Vigenere`](crate::Vigenere) with its two directions exchanged: the keyword is repeated
/// along the message, and there are n^m keywords of length m.
#[derive(Debug, Clone)]
pub struct VariantBeaufort {
    key: KeyStream,
}

impl VariantBeaufort {
    /// The cipher with a keyword.
    ///
    /// # Errors
    ///
    /// [`DataError::Key`] when `key` is empty or has a symbol that is not in the alphabet.
    pub fn new(alphabet: &Alphabet, key: &str) -> Result<Self, DataError> {
        let key = KeyStream::keyword("variant-beaufort", alphabet, key)?;
        Ok(Self { key })
    }
}

impl Cipher for VariantBeaufort {
    fn encrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        self.key.apply(message, |plain, key| plain - key)
    }

    fn decrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        self.key.apply(message, |encrypted, key| encrypted + key)
    }

    fn period(&self) -> Option<usize> {
        Some(self.key.period())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ciphers::testing::{assert_encrypts, letters};

    #[test]
    fn the_example_of_dcode_comes_out() {
        // dcode.fr, Variant Beaufort Cipher.
        let variant = VariantBeaufort::new(&letters(), "KEY").unwrap();
        assert_encrypts(&variant, &letters(), "DCODE", "TYQTA");
    }

    #[test]
    fn it_encrypts_as_vigenere_decrypts() {
        // Wikipedia, Vigenère cipher, the other way around.
        let variant = VariantBeaufort::new(&letters(), "LEMON").unwrap();
        assert_encrypts(&variant, &letters(), "LXFOPVEFRNHR", "ATTACKATDAWN");
    }
}

use super::key_stream::KeyStream;
use crate::{Alphabet, Cipher, DataError, SymbolId};

/// Adds a keyword to the message: `c = (p + k) mod n`.
///
/// Below each symbol stands one of the keyword, which is repeated as often as the message needs.
/// So the symbols under one letter of the keyword are a Caesar cipher, and a keyword of length m
/// is one of n^m.
#[derive(Debug, Clone)]
pub struct Vigenere {
    key: KeyStream,
}

impl Vigenere {
    /// The cipher of a keyword.
    ///
    /// # Errors
    ///
    /// [`DataError::Key`] when `key` is empty or has a symbol that is not in the alphabet.
    pub fn new(alphabet: &Alphabet, key: &str) -> Result<Self, DataError> {
        let key = KeyStream::keyword("vigenere", alphabet, key)?;
        Ok(Self { key })
    }
}

impl Cipher for Vigenere {
    fn encrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        self.key.apply(message, |plain, key| plain + key)
    }

    fn decrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        self.key.apply(message, |encrypted, key| encrypted - key)
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
    fn the_example_of_wikipedia_comes_out() {
        // Wikipedia, Vigenère cipher.
        let vigenere = Vigenere::new(&letters(), "LEMON").unwrap();
        assert_encrypts(&vigenere, &letters(), "ATTACKATDAWN", "LXFOPVEFRNHR");
    }

    #[test]
    fn the_example_of_practical_cryptography_comes_out() {
        // practicalcryptography.com, Vigenère, Gronsfeld and Autokey Cipher.
        let vigenere = Vigenere::new(&letters(), "FORTIFICATION").unwrap();
        assert_encrypts(
            &vigenere,
            &letters(),
            "DEFENDTHEEASTWALLOFTHECASTLE",
            "ISWXVIBJEXIGGBOCEWKBJEVIGGQS",
        );
    }
}

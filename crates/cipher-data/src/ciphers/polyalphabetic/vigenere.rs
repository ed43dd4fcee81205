use super::key_stream::KeyStream;
use crate::ciphers::byte_key::ByteKey;
use crate::{Alphabet, Cipher, DataError, SymbolId};

/// Adds a keyword to the message: `c = (p + k) mod n`.
///
/// The keyword is repeated along the message, and each symbol is shifted by the keyword's symbol in
/// its place. The places of one symbol of the keyword are a Caesar cipher. There are n^m keywords of
/// length m.
#[derive(Debug, Clone)]
pub struct Vigenere {
    key: KeyStream,
}

impl Vigenere {
    /// The cipher with a keyword.
    ///
    /// # Errors
    ///
    /// [`DataError::Key`] when `key` is empty or has a symbol that is not in the alphabet.
    pub fn new(alphabet: &Alphabet, key: &str) -> Result<Self, DataError> {
        let key = KeyStream::keyword("vigenere", alphabet, key)?;
        Ok(Self { key })
    }

    /// The cipher with a key of bytes, of which message symbol 0 takes symbol `offset`: addition of bytes.
    ///
    /// # Errors
    ///
    /// [`DataError::Key`] when the key is empty or has something else than symbols of the alphabet.
    pub fn of_bytes(alphabet: &Alphabet, key: &ByteKey, offset: usize) -> Result<Self, DataError> {
        let key = key.init("add", alphabet, offset)?;
        Ok(Self {
            key: KeyStream::new(alphabet.len(), key),
        })
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
    use crate::Outside;
    use crate::ciphers::testing::{assert_encrypts, letters};

    #[test]
    fn the_example_of_wikipedia_comes_out() {
        // Wikipedia, Vigenère cipher.
        let vigenere = Vigenere::new(&letters(), "LEMON").unwrap();
        assert_encrypts(&vigenere, &letters(), "ATTACKATDAWN", "LXFOPVEFRNHR");
    }

    #[test]
    fn the_example_of_wikipedia_keeps_case_and_spaces_where_the_alphabet_keeps_them() {
        let alphabet = Alphabet::new("ABCDEFGHIJKLMNOPQRSTUVWXYZ", Outside::Keep).unwrap();
        let vigenere = Vigenere::new(&alphabet, "LEMON").unwrap();
        let message = alphabet.encode("Attack at Dawn").unwrap();
        let ciphertext = alphabet.restore(&message, &vigenere.encrypt(&message.ids));
        assert_eq!(ciphertext, "Lxfopv ef Rnhr");
        let ciphertext = alphabet.encode(&ciphertext).unwrap();
        let plaintext = vigenere.decrypt(&ciphertext.ids);
        assert_eq!(alphabet.restore(&ciphertext, &plaintext), "Attack at Dawn");
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

use super::key_stream::KeyStream;
use crate::{Alphabet, Cipher, DataError, SymbolId};

/// Subtracts the message from a keyword: `c = (k - p) mod n`.
///
/// The keyword is repeated along the message. There are n^m keywords of length m. The cipher is its
/// own inverse.
#[derive(Debug, Clone)]
pub struct Beaufort {
    key: KeyStream,
}

impl Beaufort {
    /// The cipher with a keyword.
    ///
    /// # Errors
    ///
    /// [`DataError::Key`] when `key` is empty or has a symbol that is not in the alphabet.
    pub fn new(alphabet: &Alphabet, key: &str) -> Result<Self, DataError> {
        let key = KeyStream::keyword("beaufort", alphabet, key)?;
        Ok(Self { key })
    }
}

impl Cipher for Beaufort {
    fn encrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        self.key.apply(message, |plain, key| key - plain)
    }

    fn decrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        self.key.apply(message, |encrypted, key| key - encrypted)
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
    fn the_example_of_practical_cryptography_comes_out() {
        // practicalcryptography.com, Beaufort Cipher.
        let beaufort = Beaufort::new(&letters(), "FORTIFICATION").unwrap();
        assert_encrypts(
            &beaufort,
            &letters(),
            "DEFENDTHEEASTWALLOFTHECASTLE",
            "CKMPVCPVWPIWUJOGIUAPVWRIWUUK",
        );
    }

    #[test]
    fn the_example_of_cryptodox_comes_out() {
        // cryptodox.com, Beaufort cipher.
        let beaufort = Beaufort::new(&letters(), "QUICK").unwrap();
        assert_encrypts(&beaufort, &letters(), "ATTACKATDAWN", "QBPCIGUPZKUH");
    }
}

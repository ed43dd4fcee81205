use super::key_stream::KeyStream;
use crate::ciphers::key::{digits, refuse};
use crate::{Alphabet, Cipher, DataError, SymbolId};

const CIPHER: &str = "gronsfeld";

/// Adds a number to the message, digit by digit: `c = (p + k) mod n` with k from 0 to 9.
///
/// It is [`Vigenere`](crate::Vigenere) with ten shifts. The digits are repeated along the message.
/// There are 10^m keys of m digits.
#[derive(Debug, Clone)]
pub struct Gronsfeld {
    key: KeyStream,
}

impl Gronsfeld {
    /// The cipher with a key of digits.
    ///
    /// # Errors
    ///
    /// [`DataError::CipherAlphabet`] when the alphabet has fewer than 10 symbols, since two digits
    /// would then be the same shift; [`DataError::Key`] when `key` is empty or not made of digits.
    pub fn new(alphabet: &Alphabet, key: &str) -> Result<Self, DataError> {
        let n_symbols = alphabet.len();
        if n_symbols < 10 {
            return Err(DataError::CipherAlphabet {
                cipher: CIPHER,
                needed: "an alphabet of at least 10 symbols, one for each digit",
                n_symbols,
            });
        }
        match digits(key) {
            Some(digits) if !digits.is_empty() => Ok(Self {
                key: KeyStream::new(n_symbols, digits),
            }),
            _ => {
                let reason = format!("{key:?} is not a number; write it with digits, as \"31415\"");
                Err(refuse(CIPHER, "key", reason))
            }
        }
    }
}

impl Cipher for Gronsfeld {
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
    fn the_example_of_dcode_comes_out() {
        // dcode.fr, Gronsfeld Cipher.
        let gronsfeld = Gronsfeld::new(&letters(), "1234").unwrap();
        assert_encrypts(&gronsfeld, &letters(), "GRONSFELD", "HTRRTHHPE");
    }
}

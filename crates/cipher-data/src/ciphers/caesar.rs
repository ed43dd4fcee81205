use crate::{Cipher, DataError, SymbolId};

/// Moves every symbol the same number of places along the alphabet, around its end:
/// `c = (p + key) mod n`.
///
/// The alphabet is the tutorial's, or any other: with `-` as its 27th symbol, key 13 is not its
/// own inverse as ROT13 is over 26 letters.
#[derive(Debug, Clone, Copy)]
pub struct Caesar {
    n_symbols: usize,
    key: usize,
}

impl Caesar {
    /// The shift by `key` over `n_symbols`.
    ///
    /// # Errors
    ///
    /// [`DataError::KeyOutOfRange`] when `key` is not below `n_symbols`.
    pub fn new(n_symbols: usize, key: usize) -> Result<Self, DataError> {
        if key >= n_symbols {
            return Err(DataError::KeyOutOfRange {
                cipher: "caesar",
                key,
                n_symbols,
            });
        }
        Ok(Self { n_symbols, key })
    }

    fn shift(&self, message: &[SymbolId], places: usize) -> Vec<SymbolId> {
        let shift = |&id: &SymbolId| ((usize::from(id) + places) % self.n_symbols) as SymbolId;
        message.iter().map(shift).collect()
    }
}

impl Cipher for Caesar {
    fn encrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        self.shift(message, self.key)
    }

    fn decrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        self.shift(message, self.n_symbols - self.key)
    }
}

/// The vectors are those of the tutorial *Getting started with LSTMs using PyTorch* (2018).
#[cfg(test)]
mod tests {
    use super::*;
    use crate::Alphabet;

    fn tutorial() -> (Alphabet, Caesar) {
        let alphabet = Alphabet::letters_and_dash();
        let caesar = Caesar::new(alphabet.len(), 13).unwrap();
        (alphabet, caesar)
    }

    #[test]
    fn the_whole_alphabet_at_key_13_is_the_tutorials() {
        let (alphabet, caesar) = tutorial();
        let message = alphabet.encode("ABCDEFGHIJKLMNOPQRSTUVWXYZ-").unwrap();
        let ciphertext = alphabet.decode(&caesar.encrypt(&message.ids));
        assert_eq!(ciphertext, "NOPQRSTUVWXYZ-ABCDEFGHIJKLM");
    }

    #[test]
    fn the_tutorials_ids_and_its_secret_come_out() {
        let (alphabet, caesar) = tutorial();
        assert_eq!(caesar.encrypt(&[7, 17, 8, 14]), [20, 3, 21, 0]);
        let secret = alphabet.encode("FUVEMVEMNMERPDRF").unwrap();
        assert_eq!(
            alphabet.decode(&caesar.decrypt(&secret.ids)),
            "THIS-IS-A-SECRET"
        );
    }

    #[test]
    fn a_key_beyond_the_alphabet_is_refused() {
        assert!(Caesar::new(27, 26).is_ok());
        let error = Caesar::new(27, 27).unwrap_err();
        assert!(error.to_string().contains("from 0 to 26"), "{error}");
    }
}

use crate::{Alphabet, Cipher, DataError, SymbolId};

/// Shifts every symbol by the same number of places along the alphabet, and around its end:
/// `c = (p + key) mod n`.
///
/// Over the tutorial's 27 symbols key 13 is not its own inverse, as ROT13 is over 26 letters. There
/// are n keys, of which 0 changes nothing.
#[derive(Debug, Clone, Copy)]
pub struct Caesar {
    n_symbols: usize,
    key: usize,
}

impl Caesar {
    /// The shift by `key` over `n_symbols`. A negative key shifts backwards, and a large one around the
    /// alphabet's end.
    ///
    /// # Panics
    ///
    /// When `n_symbols` is 0.
    pub fn new(n_symbols: usize, key: i64) -> Self {
        Self {
            n_symbols,
            key: key.rem_euclid(n_symbols as i64) as usize,
        }
    }

    /// ROT13: the key is half the alphabet, so encrypting twice gives the message again.
    ///
    /// # Errors
    ///
    /// [`DataError::CipherAlphabet`] when the alphabet does not have 26 symbols.
    pub fn rot13(alphabet: &Alphabet) -> Result<Self, DataError> {
        match alphabet.len() {
            26 => Ok(Self::new(26, 13)),
            n_symbols => Err(DataError::CipherAlphabet {
                cipher: "rot13",
                needed: "an alphabet of 26 symbols",
                n_symbols,
            }),
        }
    }

    /// ROT47: ROT13 over all printable characters of ASCII except the space.
    ///
    /// # Errors
    ///
    /// [`DataError::CipherAlphabet`] when the alphabet is not `!` to `~` in the order of ASCII.
    pub fn rot47(alphabet: &Alphabet) -> Result<Self, DataError> {
        let n_symbols = alphabet.len();
        if alphabet.symbols().concat().chars().ne('!'..='~') {
            return Err(DataError::CipherAlphabet {
                cipher: "rot47",
                needed: "the 94 characters from '!' to '~' in the order of ASCII",
                n_symbols,
            });
        }
        Ok(Self::new(n_symbols, 47))
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

    fn period(&self) -> Option<usize> {
        Some(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Outside;

    /// The cipher of the tutorial *Getting started with LSTMs using PyTorch* (2018), which the
    /// vectors for key 13 over 27 symbols come from.
    fn tutorial() -> (Alphabet, Caesar) {
        let alphabet = Alphabet::letters_and_dash();
        let caesar = Caesar::new(alphabet.len(), 13);
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

    fn encrypt_text(rot: &Caesar, alphabet: &Alphabet, text: &str) -> String {
        let encoded = alphabet.encode(text).unwrap();
        alphabet.restore(&encoded, &rot.encrypt(&encoded.ids))
    }

    #[test]
    fn rot13_hides_the_punch_line_of_wikipedia_in_its_own_case() {
        // Wikipedia, ROT13; the second is the usual pangram.
        let alphabet = Alphabet::new("ABCDEFGHIJKLMNOPQRSTUVWXYZ", Outside::Keep).unwrap();
        let rot13 = Caesar::rot13(&alphabet).unwrap();
        for (plain, encrypted) in [
            ("To get to the other side!", "Gb trg gb gur bgure fvqr!"),
            ("The Quick Brown Fox", "Gur Dhvpx Oebja Sbk"),
        ] {
            assert_eq!(encrypt_text(&rot13, &alphabet, plain), encrypted);
            assert_eq!(encrypt_text(&rot13, &alphabet, encrypted), plain);
        }
    }

    #[test]
    fn rot47_moves_the_quick_brown_fox_of_wikipedia() {
        // Wikipedia, ROT13, section Variants.
        let printable: String = ('!'..='~').collect();
        let alphabet = Alphabet::new(&printable, Outside::Keep).unwrap();
        let rot47 = Caesar::rot47(&alphabet).unwrap();
        let plain = "The Quick Brown Fox Jumps Over The Lazy Dog.";
        let encrypted = "%96 \"F:4< qC@H? u@I yF>AD ~G6C %96 {2KJ s@8]";
        assert_eq!(encrypt_text(&rot47, &alphabet, plain), encrypted);
        assert_eq!(encrypt_text(&rot47, &alphabet, encrypted), plain);
    }

    #[test]
    fn a_negative_key_shifts_backwards_and_a_large_one_around_the_end() {
        let letters = crate::ciphers::testing::letters();
        let message = letters.encode("CAESAR").unwrap().ids;
        let shifted = |key| Caesar::new(26, key).encrypt(&message);
        assert_eq!(shifted(-3), shifted(23));
        assert_eq!(shifted(29), shifted(3));
        assert_eq!(shifted(i64::MIN), shifted((i64::MIN + 26 * 26) % 26));
    }
}

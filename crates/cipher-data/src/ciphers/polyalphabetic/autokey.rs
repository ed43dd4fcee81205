use serde::{Deserialize, Serialize};

use super::key_stream::modulo;
use crate::ciphers::key;
use crate::{Alphabet, Cipher, DataError, SymbolId};

/// The source of the key after the keyword of an [`Autokey`] cipher.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Feedback {
    /// The plaintext: each decrypted symbol is the key of a later one.
    #[default]
    Plaintext,
    /// The ciphertext, which everybody sees: all but the first symbols can be decrypted without the
    /// keyword.
    Ciphertext,
}

/// Adds a key that consists of a keyword and, after it, the plaintext or the ciphertext:
/// `c = (p + k) mod n`. At the first m places k is the keyword's symbol, and at later ones the
/// plaintext's or the ciphertext's symbol m places before.
///
/// The key does not repeat. There are n^m keywords of length m.
#[derive(Debug, Clone)]
pub struct Autokey {
    n_symbols: usize,
    keyword: Vec<SymbolId>,
    feedback: Feedback,
}

impl Autokey {
    /// The cipher with a keyword and a source of the key after it.
    ///
    /// # Errors
    ///
    /// [`DataError::Key`] when `key` is empty or has a symbol that is not in the alphabet.
    pub fn new(alphabet: &Alphabet, key: &str, feedback: Feedback) -> Result<Self, DataError> {
        Ok(Self {
            n_symbols: alphabet.len(),
            keyword: key::keyword("autokey", alphabet, key)?,
            feedback,
        })
    }

    /// Applies `rule` to each symbol and its key. After the keyword, the key is the input or the
    /// output of m places before.
    fn apply(
        &self,
        message: &[SymbolId],
        input_is_key: bool,
        rule: impl Fn(i32, i32) -> i32,
    ) -> Vec<SymbolId> {
        let mut output = Vec::with_capacity(message.len());
        for (place, &symbol) in message.iter().enumerate() {
            let key = match place.checked_sub(self.keyword.len()) {
                None => self.keyword[place],
                Some(earlier) if input_is_key => message[earlier],
                Some(earlier) => output[earlier],
            };
            output.push(modulo(rule(symbol.into(), key.into()), self.n_symbols));
        }
        output
    }
}

impl Cipher for Autokey {
    fn encrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        let input_is_key = self.feedback == Feedback::Plaintext;
        self.apply(message, input_is_key, |plain, key| plain + key)
    }

    fn decrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        let input_is_key = self.feedback == Feedback::Ciphertext;
        self.apply(message, input_is_key, |encrypted, key| encrypted - key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ciphers::testing::{assert_encrypts, letters};

    #[test]
    fn the_examples_of_wikipedia_come_out() {
        // Wikipedia, Autokey cipher.
        let autokey = |key| Autokey::new(&letters(), key, Feedback::Plaintext).unwrap();
        let queenly = autokey("QUEENLY");
        assert_encrypts(&queenly, &letters(), "ATTACKATDAWN", "QNXEPVYTWTWP");
        let kilt = autokey("KILT");
        let (plain, encrypted) = ("MEETATTHEFOUNTAIN", "WMPMMXXAEYHBRYOCA");
        assert_encrypts(&kilt, &letters(), plain, encrypted);
    }

    /// From an exercise of a lecture on cryptology that is quoted on the web without its author:
    /// plaintext, key and ciphertext in three lines.
    #[test]
    fn the_exercise_on_feedback_of_the_ciphertext_comes_out() {
        let autokey = Autokey::new(&letters(), "XY", Feedback::Ciphertext).unwrap();
        assert_encrypts(&autokey, &letters(), "PLAINTEXT", "MJMRZKDHW");
    }

    #[test]
    fn feedback_of_the_ciphertext_by_hand() {
        // Places of A-Z:  plaintext  A  T  T  A  C  K  =   0 19 19  0  2 10
        //                 key        K  E  Y  K  X  R  =  10  4 24 10 23 17
        //                 sum mod 26 K  X  R  K  Z  B  =  10 23 17 10 25  1
        let autokey = Autokey::new(&letters(), "KEY", Feedback::Ciphertext).unwrap();
        assert_encrypts(&autokey, &letters(), "ATTACK", "KXRKZB");
    }
}

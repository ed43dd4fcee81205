use super::key_stream::KeyStream;
use crate::ciphers::key;
use crate::{Alphabet, Cipher, DataError, SymbolId};

const CIPHER: &str = "running-key";

/// Adds a text to the message, such as the page of a book: `c = (p + k) mod n`.
///
/// The text is encoded like a message, so it can be written as it is printed. Every message begins
/// at the text's first symbol. Messages must not be longer than the text, which would repeat as a
/// keyword does.
#[derive(Debug, Clone)]
pub struct RunningKey {
    text: KeyStream,
}

impl RunningKey {
    /// The cipher with a text as its key.
    ///
    /// # Errors
    ///
    /// [`DataError::Key`] when `text` has no symbol of the alphabet;
    /// [`DataError::OutsideAlphabet`] when it has another character, under
    /// [`Outside::Reject`](crate::Outside::Reject) only.
    pub fn new(alphabet: &Alphabet, text: &str) -> Result<Self, DataError> {
        let text = alphabet.encode(text)?.ids;
        if text.is_empty() {
            let reason = "it has no symbol of the alphabet; give a text as long as the messages";
            return Err(key::refuse(CIPHER, "key", reason));
        }
        Ok(Self {
            text: KeyStream::new(alphabet.len(), text),
        })
    }
}

impl Cipher for RunningKey {
    fn encrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        self.text.apply(message, |plain, key| plain + key)
    }

    fn max_length(&self) -> Option<usize> {
        Some(self.text.period())
    }

    fn decrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        self.text.apply(message, |encrypted, key| encrypted - key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Outside;
    use crate::ciphers::testing::assert_encrypts;

    #[test]
    fn the_example_of_wikipedia_comes_out() {
        // Wikipedia, Running key cipher: a line of "The C Programming Language" (1978).
        let alphabet = Alphabet::new("ABCDEFGHIJKLMNOPQRSTUVWXYZ", Outside::Keep).unwrap();
        let line = "ERRORS CAN OCCUR IN SEVERAL PLACES. A LABEL HAS...";
        let running_key = RunningKey::new(&alphabet, line).unwrap();
        assert_encrypts(
            &running_key,
            &alphabet,
            "FLEEATONCEWEAREDISCOVERED",
            "JCVSRLQNPSYGUIMQAWXSMECTO",
        );
    }
}

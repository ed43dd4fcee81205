use super::key_stream::KeyStream;
use crate::ciphers::byte_key::ByteKey;
use crate::{Alphabet, Cipher, DataError, SymbolId};

/// Adds a repeated key to the bytes of a message: `c = (p + k) mod n`, which is
/// [`Vigenere`](crate::Vigenere) with a key of bytes.
#[derive(Debug, Clone)]
pub struct Add {
    key: KeyStream,
}

impl Add {
    /// The cipher with a key, of which message symbol 0 takes symbol `offset`.
    ///
    /// # Errors
    ///
    /// [`DataError::Key`] when the key is empty or has something else than symbols of the alphabet.
    pub fn new(alphabet: &Alphabet, key: &ByteKey, offset: usize) -> Result<Self, DataError> {
        let key = key.init("add", alphabet, offset)?;
        Ok(Self {
            key: KeyStream::new(alphabet.len(), key),
        })
    }
}

impl Cipher for Add {
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

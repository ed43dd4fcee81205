use crate::ciphers::byte_key::ByteKey;
use crate::{Alphabet, Cipher, DataError, SymbolId};

const CIPHER: &str = "xor";

/// Exclusive or with a repeated key: `c = p XOR k`. It is its own inverse.
///
/// The alphabet has 256 symbols, the bytes, or another power of two. There are n^m keys of m symbols.
#[derive(Debug, Clone)]
pub struct Xor {
    key: Vec<SymbolId>,
}

impl Xor {
    /// The cipher with a key, of which message symbol 0 takes symbol `offset`.
    ///
    /// # Errors
    ///
    /// [`DataError::CipherAlphabet`] when the number of symbols is not a power of two;
    /// [`DataError::Key`] when the key is empty or has something else than symbols.
    pub fn new(alphabet: &Alphabet, key: &ByteKey, offset: usize) -> Result<Self, DataError> {
        let n_symbols = alphabet.len();
        if !n_symbols.is_power_of_two() {
            return Err(DataError::CipherAlphabet {
                cipher: CIPHER,
                needed: "the 256 bytes as its alphabet, or another power of two",
                n_symbols,
            });
        }
        Ok(Self {
            key: key.init(CIPHER, alphabet, offset)?,
        })
    }
}

impl Cipher for Xor {
    fn encrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        let both = message.iter().zip(self.key.iter().cycle());
        both.map(|(symbol, key)| symbol ^ key).collect()
    }

    fn decrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        self.encrypt(message)
    }

    fn period(&self) -> Option<usize> {
        Some(self.key.len())
    }
}

use crate::SymbolId;

/// A cipher that turns each message into one of the same number of symbols.
///
/// Where every message can be encrypted as it is, two laws hold: `decrypt(encrypt(message)) ==
/// message`, and both directions keep the length. A cipher of digraphs encrypts [`Self::padded`]
/// instead, and the laws hold for that. The ids must be of the alphabet that the cipher was made for.
pub trait Cipher: Send + Sync + std::fmt::Debug {
    /// Plaintext to ciphertext.
    fn encrypt(&self, message: &[SymbolId]) -> Vec<SymbolId>;

    /// Ciphertext to plaintext. What no plaintext encrypts to becomes [`NO_SYMBOL`].
    fn decrypt(&self, message: &[SymbolId]) -> Vec<SymbolId>;

    /// The message with the symbols that the cipher has to put in before it can encrypt it. What
    /// was padded already stays as it is.
    fn padded(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        message.to_vec()
    }

    /// The symbols of the ciphertext in the order of their ids, where they are not those of the
    /// plaintext.
    fn ciphertext_symbols(&self) -> Option<Vec<String>> {
        None
    }

    /// The length of the longest message, in symbols, if the key is long enough for no other.
    fn max_length(&self) -> Option<usize> {
        None
    }

    /// The number of symbols after which the key repeats, if what a symbol becomes depends only on
    /// the symbol and on its place modulo that number. 1 if it does not depend on the place.
    fn period(&self) -> Option<usize> {
        None
    }
}

/// In the place of a symbol that cannot be decrypted. No alphabet has this id.
pub const NO_SYMBOL: SymbolId = SymbolId::MAX;

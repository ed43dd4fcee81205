use crate::SymbolId;

/// A cipher that turns each message into one of the same length.
///
/// Two laws hold for every message: `decrypt(encrypt(message)) == message`, and both directions
/// keep the length. The ids must be of the alphabet that the cipher was made for.
pub trait Cipher: Send + Sync + std::fmt::Debug {
    /// Plaintext to ciphertext.
    fn encrypt(&self, message: &[SymbolId]) -> Vec<SymbolId>;

    /// Ciphertext to plaintext.
    fn decrypt(&self, message: &[SymbolId]) -> Vec<SymbolId>;

    /// The number of symbols after which the key repeats, if what a symbol becomes depends only on
    /// the symbol and on its place modulo that number. 1 if it does not depend on the place.
    fn period(&self) -> Option<usize> {
        None
    }
}

//! Decrypting with a trained model: from text to text.

mod decryption;
mod decryptor;
mod many;
mod reader;
mod recovery;
mod tensors;

use cipher_data::SymbolId;

pub use decryption::{Candidate, Decryption};
pub use decryptor::{Decryptor, MessageParts};

/// An answer to a symbol of a ciphertext.
#[derive(Debug, Clone, Copy, Default)]
struct Answer {
    symbol: SymbolId,
    /// From 0 to 1.
    probability: f32,
}

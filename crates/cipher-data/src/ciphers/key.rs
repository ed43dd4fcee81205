//! What the keys of several ciphers have in common: text over the alphabet.

use crate::{Alphabet, DataError, SymbolId};

/// A refusal of a key's field.
pub fn refuse(cipher: &'static str, field: &'static str, reason: impl Into<String>) -> DataError {
    DataError::Key {
        cipher,
        field,
        reason: reason.into(),
    }
}

/// The ids of a text that has symbols of the alphabet only. A key is not folded as a message is:
/// a mistyped key would become another key without a word.
pub fn symbols(
    cipher: &'static str,
    field: &'static str,
    alphabet: &Alphabet,
    text: &str,
) -> Result<Vec<SymbolId>, DataError> {
    let id = |symbol: char| {
        alphabet.id(symbol).ok_or_else(|| {
            let reason =
                format!("{symbol:?} is not in the alphabet; write it with the alphabet's symbols");
            refuse(cipher, field, reason)
        })
    };
    text.chars().map(id).collect()
}

/// The ids of a keyword: one symbol at least.
pub fn keyword(
    cipher: &'static str,
    alphabet: &Alphabet,
    key: &str,
) -> Result<Vec<SymbolId>, DataError> {
    if key.is_empty() {
        let reason = "it is empty; give it at least one symbol";
        return Err(refuse(cipher, "key", reason));
    }
    symbols(cipher, "key", alphabet, key)
}

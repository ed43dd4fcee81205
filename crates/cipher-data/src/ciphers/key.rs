//! Keys that are text over the alphabet, which several ciphers have.

use crate::{Alphabet, DataError, SymbolId};

/// A refusal of a key's field.
pub fn refuse(cipher: &'static str, field: &'static str, reason: impl Into<String>) -> DataError {
    DataError::Key {
        cipher,
        field,
        reason: reason.into(),
    }
}

/// The ids of a text that has symbols of the alphabet only. A key is not folded as a message is,
/// since a mistyped key would silently become another key.
pub fn symbols(
    cipher: &'static str,
    field: &'static str,
    alphabet: &Alphabet,
    text: &str,
) -> Result<Vec<SymbolId>, DataError> {
    let id = |symbol: &str| {
        alphabet.id(symbol).ok_or_else(|| {
            let in_case = in_other_case(alphabet, text).map(|text| format!(", such as {text:?}"));
            let reason = format!(
                "{symbol:?} is not in the alphabet; write it with the alphabet's symbols{}",
                in_case.unwrap_or_default()
            );
            refuse(cipher, field, reason)
        })
    };
    alphabet.unit().symbols(text).map(id).collect()
}

/// The id of a text that is one symbol of the alphabet.
pub fn one_symbol(
    cipher: &'static str,
    field: &'static str,
    alphabet: &Alphabet,
    text: &str,
) -> Result<SymbolId, DataError> {
    match symbols(cipher, field, alphabet, text)?[..] {
        [symbol] => Ok(symbol),
        _ => {
            let reason = format!("{text:?} is not one symbol of the alphabet");
            Err(refuse(cipher, field, reason))
        }
    }
}

/// The text in the case that the alphabet has, if it has all its letters.
fn in_other_case(alphabet: &Alphabet, text: &str) -> Option<String> {
    let mut cases = [text.to_uppercase(), text.to_lowercase()].into_iter();
    cases.find(|text| {
        alphabet
            .unit()
            .symbols(text)
            .all(|one| alphabet.id(one).is_some())
    })
}

/// The ids of the keyword in the field `key`, which has at least one symbol.
pub fn keyword(
    cipher: &'static str,
    alphabet: &Alphabet,
    key: &str,
) -> Result<Vec<SymbolId>, DataError> {
    keyword_of(cipher, "key", alphabet, key)
}

/// The ids of a keyword in a field.
pub fn keyword_of(
    cipher: &'static str,
    field: &'static str,
    alphabet: &Alphabet,
    key: &str,
) -> Result<Vec<SymbolId>, DataError> {
    if key.is_empty() {
        let reason = "it is empty; give it at least one symbol";
        return Err(refuse(cipher, field, reason));
    }
    symbols(cipher, field, alphabet, key)
}

/// The values of a text of digits; nothing if it has anything else.
pub fn digits(text: &str) -> Option<Vec<SymbolId>> {
    let digit = |character: char| character.to_digit(10).map(|digit| digit as SymbolId);
    text.chars().map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Outside;

    #[test]
    fn a_keyword_is_cut_into_symbols_as_the_messages_are() {
        let symbols = ["e", "e\u{301}", "\u{301}", "🇩🇪"];
        let graphemes = Alphabet::of_graphemes(symbols, Outside::Fold).unwrap();
        let key = "🇩🇪e\u{301}e";
        assert_eq!(keyword("vigenere", &graphemes, key), Ok(vec![3, 1, 0]));
        let characters = Alphabet::new("e\u{301}🇩🇪", Outside::Fold).unwrap();
        let ids = keyword("vigenere", &characters, key);
        assert_eq!(ids, Ok(vec![2, 3, 0, 1, 0]));
    }

    #[test]
    fn a_grapheme_that_the_alphabet_lacks_is_refused_though_it_has_the_parts() {
        let halves = Alphabet::of_graphemes(["🇩", "🇪"], Outside::Fold).unwrap();
        let refusal = keyword("vigenere", &halves, "🇩🇪").unwrap_err().to_string();
        assert!(
            refusal.contains("\"🇩🇪\" is not in the alphabet"),
            "{refusal}"
        );
    }
}

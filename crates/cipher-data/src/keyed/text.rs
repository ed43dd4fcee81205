//! Keys as people write them.

use crate::ciphers::refuse;
use crate::{Alphabet, DataError, SymbolId, SymbolUnit};

/// Signs that people write between the numbers of a key.
pub const SEPARATORS: [char; 9] = [',', ';', '-', '.', '/', '|', ':', '_', '+'];
/// Those of them that may belong to a number.
const SIGNS: [char; 2] = ['-', '+'];
/// Symbols that a refusal lists at most.
const MAX_LISTED: usize = 64;
/// Characters of a key that a refusal shows at most.
const MAX_SHOWN: usize = 40;

/// The symbols of a key that `who` is told, such as "the network", over the alphabet of its keys.
///
/// What the alphabet's reading leaves out counts for nothing, and neither does white space where the alphabet has none.
/// A letter is taken in the other case where the alphabet has letters in one case only, or its reading folds case.
/// Numbers that are symbols as a whole may have zeros or a `+` before them, any of the usual signs between them,
/// and none between digits.
///
/// # Errors
///
/// [`DataError::Key`] when the key is empty or has a symbol that is not in the alphabet.
pub fn key_ids(who: &'static str, keys: &Alphabet, text: &str) -> Result<Vec<SymbolId>, DataError> {
    let reading = keys.reading();
    let has_spaces = keys.symbols().iter().any(|one| is_blank(one));
    let text = if has_spaces { text } else { text.trim() };
    let key = reading.prepare(text);
    let mut ids = Vec::new();
    for symbol in reading.symbols_of(&key) {
        if !has_spaces && is_blank(symbol) {
            continue;
        }
        let found = match reading.symbols {
            SymbolUnit::Token(_) => ids_of_token(keys, symbol),
            _ => id_of(keys, symbol).map(|id| vec![id]),
        };
        ids.extend(found.ok_or_else(|| unknown(who, keys, symbol))?);
    }
    if ids.is_empty() {
        let reason = match key.trim().is_empty() {
            true => "it is empty; give it at least one symbol".into(),
            false => format!("{:?} has no symbol of a key; {}", shown(text), listed(keys)),
        };
        return Err(refuse(who, "key", reason));
    }
    Ok(ids)
}

fn is_blank(symbol: &str) -> bool {
    symbol.trim().is_empty()
}

/// The id of a symbol, or of the letter in the other case.
fn id_of(keys: &Alphabet, symbol: &str) -> Option<SymbolId> {
    keys.id(symbol).or_else(|| {
        let is_folded = keys.reading().fold_case || !has_case_of(keys, symbol);
        let (id, _) = keys.id_in_other_case(symbol).filter(|_| is_folded)?;
        Some(id)
    })
}

/// Whether an alphabet has letters in the case of this one.
fn has_case_of(keys: &Alphabet, letter: &str) -> bool {
    let is_lower = letter.contains(char::is_lowercase);
    let mut symbols = keys.symbols().iter();
    symbols.any(|symbol| match is_lower {
        true => symbol.contains(char::is_lowercase),
        false => symbol.contains(char::is_uppercase),
    })
}

/// The symbols of a token that the alphabet may have in other words.
fn ids_of_token(keys: &Alphabet, token: &str) -> Option<Vec<SymbolId>> {
    let number = |text: &str| text.parse::<i64>().ok();
    let whole = |token: &str| {
        id_of(keys, token).or_else(|| {
            let wanted = number(token)?;
            let mut symbols = keys.symbols().iter();
            let place = symbols.position(|symbol| number(symbol) == Some(wanted));
            place.map(|place| place as SymbolId)
        })
    };
    if let Some(id) = whole(token) {
        return Some(vec![id]);
    }
    if !token.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let has_signs = keys.symbols().iter().any(|symbol| is_signed(symbol));
    let are_digits = keys.symbols().iter().all(|one| one.len() == 1);
    match parts(token, has_signs)?[..] {
        [one] if one.starts_with(SIGNS) => None,
        [one] if are_digits => one
            .split("")
            .filter(|one| !one.is_empty())
            .map(whole)
            .collect(),
        [one] => whole(one).map(|id| vec![id]),
        ref parts => parts.iter().map(|one| whole(one)).collect(),
    }
}

/// The parts of a token between the usual signs; `None` where a sign may belong to a number. Where keys have numbers
/// with signs, `-` and `+` separate none.
pub fn parts(token: &str, has_signs: bool) -> Option<Vec<&str>> {
    let separators = |c: char| SEPARATORS.contains(&c) && !SIGNS.contains(&c);
    let mut parts = Vec::new();
    for part in token.split(separators).filter(|one| !one.is_empty()) {
        if has_signs || part.starts_with(SIGNS) && is_number(part) {
            parts.push(part);
            continue;
        }
        let between = part.split(SIGNS);
        parts.extend(between);
    }
    parts.iter().all(|one| !one.is_empty()).then_some(parts)
}

fn is_number(text: &str) -> bool {
    text.parse::<i64>().is_ok()
}

/// Whether a number has a sign, such as `-3`.
fn is_signed(text: &str) -> bool {
    text.starts_with(SIGNS) && is_number(text)
}

fn unknown(who: &'static str, keys: &Alphabet, symbol: &str) -> DataError {
    let reason = format!(
        "{:?} is not a symbol of keys; {}",
        shown(symbol),
        listed(keys)
    );
    refuse(who, "key", reason)
}

/// The beginning of a text, which may be anything.
fn shown(text: &str) -> String {
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.into(),
    }
}

fn listed(keys: &Alphabet) -> String {
    let separator = match keys.unit() {
        SymbolUnit::Character => "",
        _ => " ",
    };
    let symbols = keys.symbols();
    let first = symbols.get(..MAX_LISTED).unwrap_or(symbols).join(separator);
    let more = match symbols.len().saturating_sub(MAX_LISTED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("write it with these: {first}{more}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Outside, Reading};

    fn of_characters(symbols: &str) -> Alphabet {
        Alphabet::new(symbols, Outside::Reject).unwrap()
    }

    fn of_tokens(symbols: &[&str]) -> Alphabet {
        let symbols = symbols.iter().map(ToString::to_string).collect();
        let symbols_are = SymbolUnit::Token(None);
        let reading = Reading {
            symbols: symbols_are,
            ..Reading::default()
        };
        Alphabet::of_symbols(reading, symbols, Outside::Reject).unwrap()
    }

    fn ids(keys: &Alphabet, text: &str) -> Result<Vec<SymbolId>, String> {
        key_ids("the network", keys, text).map_err(|error| error.to_string())
    }

    #[test]
    fn a_key_is_read_in_any_case_and_with_spaces_where_the_alphabet_has_neither() {
        let letters = of_characters("ABCDE");
        for key in ["BAD", "bad", "Bad", " b a d ", "BA\nD"] {
            assert_eq!(ids(&letters, key), Ok(vec![1, 0, 3]), "{key:?}");
        }
        let spaces = of_characters("AB ");
        assert_eq!(ids(&spaces, " b"), Ok(vec![2, 1]));
        let cases = of_characters("ABb");
        assert_eq!(ids(&cases, "bB"), Ok(vec![2, 1]));
        assert!(ids(&cases, "a").is_err());
    }

    #[test]
    fn the_symbol_that_is_wrong_is_named_and_not_another() {
        let letters = of_characters("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
        for (key, wrong) in [("Schlüssel", "\"ü\""), ("lem0n", "\"0\""), ("B-C", "\"-\"")] {
            let error = ids(&letters, key).unwrap_err();
            assert!(
                error.contains(&format!("{wrong} is not a symbol of keys")),
                "{error}"
            );
        }
        assert!(ids(&letters, " ").unwrap_err().contains("it is empty"));
        let long = "!".repeat(100_000);
        assert!(ids(&of_tokens(&["1", "2"]), &long).unwrap_err().len() < 300);
    }

    #[test]
    fn a_number_is_the_same_with_zeros_a_plus_or_other_signs_between() {
        let shifts = of_tokens(&["1", "3", "25"]);
        for key in ["3", "03", "+3", " 3 "] {
            assert_eq!(ids(&shifts, key), Ok(vec![1]), "{key:?}");
        }
        for key in ["3 25 1", "3,25,1", "3, 25, 1", "3-25-1", "03.25.01"] {
            assert_eq!(ids(&shifts, key), Ok(vec![1, 2, 0]), "{key:?}");
        }
        // 31 could be 3 and 1, and -3 is not 3.
        for key in ["31", "-3", "3-", "3,-1", "3--1", "4", "3,4"] {
            assert!(ids(&shifts, key).is_err(), "{key:?}");
        }
        let signed = of_tokens(&["-2", "2", "3"]);
        for key in ["3 -2", "3,-2", "3;-02", "+3/-2"] {
            assert_eq!(ids(&signed, key), Ok(vec![2, 0]), "{key:?}");
        }
        for key in ["3-2", "3--2", "3-", "3,-3", "-"] {
            assert!(ids(&signed, key).is_err(), "{key:?}");
        }
        let digits = of_tokens(&["0", "1", "3"]);
        assert_eq!(ids(&digits, "3130"), Ok(vec![2, 1, 2, 0]));
    }
}

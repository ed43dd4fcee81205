//! How the keys of a file are read, where each message has its own.

use std::collections::{BTreeSet, HashMap};

use super::{PairTable, PairTexts};
use crate::keyed::SEPARATORS;
use crate::reading::{Normalize, Only, Others};
use crate::{Alphabet, DataError, Outside, Reading, SymbolId, SymbolUnit};

/// The alphabet of the keys of a file; `None` if it has not several. It has the symbols that occur, in the order
/// of their code points: of any other a network knows nothing. `pairs` are the texts as ids, of which the
/// ciphertexts are over `ciphertext`.
///
/// A symbol of a key is
///
/// - a token, where most keys consist of tokens with a digit, such as `5 14 17` and `P4 R4`
/// - the whole key, where most keys have a digit, such as `-3` and `ROT13`, and in most messages each symbol stands
///   for one other, as under a shift
/// - else a character. Where the ciphertexts are of letters and digits only, so are the keys, and nothing else of
///   them counts: neither the space in `LEMON TREE` nor quotes. Upper and lower case are the same, unless
///   the ciphertexts' alphabet tells them apart.
///
/// # Errors
///
/// When the keys have one symbol only or more than [`Alphabet::MAX_LEN`].
pub fn find_key_alphabet(
    texts: &PairTexts,
    pairs: &PairTable,
    ciphertext: &Alphabet,
) -> Result<Option<Alphabet>, DataError> {
    if !texts.is_keyed() || texts.are_numbered() && !have_substitutions_of_their_own(pairs) {
        return Ok(None);
    }
    let keys: Vec<&str> = (0..texts.len())
        .filter_map(|index| texts.key(index))
        .collect();
    let reading = reading(&keys, pairs, ciphertext);
    let mut seen = BTreeSet::new();
    for key in keys {
        let key = match ciphertext.id(" ") {
            Some(_) => key,
            None => key.trim(),
        };
        let key = reading.prepare(key);
        seen.extend(reading.symbols_of(&key).map(String::from));
    }
    let has = |is: fn(char) -> bool| seen.iter().any(|symbol| symbol.chars().any(is));
    if reading.fold_case && has(char::is_lowercase) && has(char::is_uppercase) {
        seen = seen.into_iter().map(capital).collect();
    }
    let seen: Vec<String> = seen.into_iter().collect();
    if let [symbol] = &seen[..] {
        let (side, symbol) = ("key", symbol.clone());
        return Err(DataError::OneSymbol { side, symbol });
    }
    Alphabet::of_symbols(reading, seen, Outside::Reject).map(Some)
}

fn reading(keys: &[&str], pairs: &PairTable, ciphertext: &Alphabet) -> Reading {
    let of_tokens = |separator| Reading {
        symbols: SymbolUnit::Token(separator),
        ..Reading::default()
    };
    if let Some(separator) = separator(keys) {
        return of_tokens(separator);
    }
    let has_digit = |key: &&str| key.contains(|c: char| c.is_ascii_digit());
    let is_substitution = |index: &usize| is_substitution(pairs, &mut HashMap::new(), *index);
    if most(keys.iter().copied(), has_digit) && most(0..pairs.len(), is_substitution) {
        return of_tokens(None);
    }
    let is_of_words = |symbols: &str| symbols.chars().any(char::is_alphanumeric);
    let mut symbols = ciphertext.symbols().iter();
    let are_words =
        symbols.all(|symbol| is_of_words(symbol)) && most(keys.iter(), |key| is_of_words(key));
    Reading {
        only: if are_words {
            Only::Alphanumeric
        } else {
            Only::All
        },
        others: Others::Drop,
        fold_case: !has_both_cases(ciphertext),
        normalize: Normalize::Nfc,
        ..Reading::default()
    }
}

/// Whether nine in ten are such: one key in a file may be anything.
fn most<T>(all: impl Iterator<Item = T> + Clone, is_such: impl Fn(&T) -> bool) -> bool {
    10 * all.clone().filter(is_such).count() >= 9 * all.count()
}

/// What separates the tokens of keys beside white space, if keys are of such: some key has several, and
/// each has a digit.
fn separator(keys: &[&str]) -> Option<Option<char>> {
    let signs = SEPARATORS.into_iter().map(Some).chain([None]);
    let mut separators = signs.filter(|separator| {
        let tokens = |key| {
            SymbolUnit::Token(*separator)
                .symbols(key)
                .collect::<Vec<_>>()
        };
        let is_used = |sign: char| match sign {
            '-' | '+' => {
                keys.iter().all(|key| !is_signed(key)) && keys.iter().any(|key| key.contains(sign))
            }
            _ => keys.iter().any(|key| key.contains(sign)),
        };
        separator.is_none_or(is_used)
            && most(keys.iter(), |key| {
                tokens(key).iter().all(|token| is_short(token))
            })
            && keys.iter().any(|key| tokens(key).len() > 1)
    });
    separators.next()
}

/// Whether a token has a digit and, if it has nothing else, is no longer than a shift: those of a date are not.
fn is_short(token: &str) -> bool {
    let n_digits = token.chars().filter(char::is_ascii_digit).count();
    (1..4).contains(&n_digits)
}

/// Whether a number of a key has a sign, such as `-3`.
fn is_signed(key: &str) -> bool {
    let mut tokens = key.split(|c: char| c.is_whitespace() || c == ',');
    tokens.any(|token| token.starts_with(['-', '+']))
}

/// Whether each message is of a simple substitution, and not all of the same.
fn have_substitutions_of_their_own(pairs: &PairTable) -> bool {
    let all = || 0..pairs.len();
    let mut shared = HashMap::new();
    most(all(), |index| {
        is_substitution(pairs, &mut HashMap::new(), *index)
    }) && !all().all(|index| is_substitution(pairs, &mut shared, index))
}

/// Whether each symbol of a message stands for one other, as under a shift.
fn is_substitution(
    pairs: &PairTable,
    stands_for: &mut HashMap<SymbolId, SymbolId>,
    index: usize,
) -> bool {
    let mut sides = pairs.ciphertext(index).iter().zip(pairs.plaintext(index));
    sides.all(|(&one, &other)| *stands_for.entry(one).or_insert(other) == other)
}

/// The capital of a small letter, if it is one letter whose small one is the same again.
fn capital(symbol: String) -> String {
    let upper = symbol.to_uppercase();
    let is_one = upper.chars().count() == symbol.chars().count();
    if is_one && upper.to_lowercase() == symbol {
        upper
    } else {
        symbol
    }
}

fn has_both_cases(alphabet: &Alphabet) -> bool {
    let symbols = alphabet.symbols().iter();
    let mut capitals = symbols.filter(|symbol| symbol.to_lowercase() != **symbol);
    capitals.any(|symbol| alphabet.id(&symbol.to_lowercase()).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FileHints, Readings, find_alphabets, key_ids, read_pairs};

    /// The alphabet of the keys of a table whose lines are ciphertext, plaintext and key.
    fn found(lines: &[[&str; 3]]) -> Alphabet {
        let lines = lines.iter().map(|line| line.join("\t") + "\n");
        let file = String::from("ciphertext\tplaintext\tkey\n") + &lines.collect::<String>();
        let texts = read_pairs(file.as_bytes(), &FileHints::default(), 9).unwrap();
        assert_eq!(texts.problems(), []);
        let sides = find_alphabets(&texts, &Readings::default()).unwrap();
        let table = PairTable::new(&texts, &sides.ciphertext, &sides.plaintext).unwrap();
        let keys = find_key_alphabet(&texts, &table, &sides.ciphertext);
        keys.unwrap().unwrap()
    }

    fn ids(keys: &Alphabet, key: &str) -> String {
        keys.decode(&key_ids("the network", keys, key).unwrap())
    }

    #[test]
    fn what_is_no_letter_counts_for_nothing_in_the_key_of_letters() {
        let keys = found(&[["XMCK", "ABCD", "lemon tree"], ["QABC", "ABCD", "“Lemon”."]]);
        assert_eq!(ids(&keys, "LE MON-tree!"), "LEMONTREE");
        assert_eq!(keys.symbols(), ["E", "L", "M", "N", "O", "R", "T"]);
        // One code point and two are the same letter.
        let accents = found(&[["XMCK", "ABCD", "\u{c4}B"], ["QABC", "ABCD", "A\u{308}A"]]);
        assert_eq!(accents.symbols(), ["A", "B", "\u{c4}"]);
    }

    #[test]
    fn spaces_around_a_key_count_where_the_ciphertexts_have_them() {
        let spaces = found(&[["X CK", "ABCD", "AB "], ["QABC", "ABCD", " B"]]);
        assert_eq!(ids(&spaces, "AB "), "AB ");
        let none = found(&[["X-CK", "ABCD", "AB "], ["QABC", "ABCD", " B"]]);
        assert_eq!(none.symbols(), ["A", "B"]);
        assert_eq!(ids(&none, " AB "), "AB");
    }

    #[test]
    fn signs_and_cases_count_where_the_ciphertexts_have_them() {
        let dashes = found(&[["X-CK", "ABCD", "A-B"], ["QABC", "ABCD", "AB"]]);
        assert_eq!(ids(&dashes, "A-B"), "A-B");
        let cases = found(&[["Xx", "AB", "aA"], ["Qq", "AB", "Ba"]]);
        assert_eq!(ids(&cases, "aA"), "aA");
        assert!(key_ids("the network", &cases, "b").is_err());
    }

    #[test]
    fn numbers_are_symbols_as_a_whole_where_they_are_shifts_or_separated() {
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        let shifts = found(&[
            [&(alphabet[1..].to_owned() + "A"), alphabet, "1"],
            ["MMNN", "AABB", "12"],
        ]);
        assert_eq!(shifts.symbols(), ["1", "12"]);
        for [one, other] in [["-1", "1"], ["01", "27"], ["ROT1", "ROT12"]] {
            let keys = found(&[["BBCC", "AABB", one], ["MMNN", "AABB", other]]);
            assert_eq!(keys.symbols(), [one, other]);
        }
        // One ciphertext letter for two letters: each digit is a shift, as with Gronsfeld.
        let digits = found(&[[alphabet, alphabet, "0"], ["CC", "BA", "12"]]);
        assert_eq!(digits.symbols(), ["0", "1", "2"]);
        for key in [
            "5 14 17",
            "5,14,17",
            "5, 14, 17",
            "5-14-17",
            "5_14_17",
            "[5, 14, 17]",
        ] {
            let keys = found(&[["BCDE", "ABCD", key], ["MNOP", "ABCD", "7"]]);
            assert_eq!(keys.symbols(), ["14", "17", "5", "7"], "{key}");
        }
        let signed = found(&[["BCDB", "ABCD", "-5 14"], ["MNOM", "ABCD", "7"]]);
        assert_eq!(signed.symbols(), ["-5", "14", "7"]);
        let dates = found(&[
            ["BCDB", "ABCD", "1936-07-30"],
            ["MNOM", "ABCD", "1941-12-07"],
        ]);
        assert_eq!(dates.symbols().concat(), "012346 79".replace(' ', ""));
        let mut odd = vec![["BCDE", "ABCD", "5 14 17"]; 10];
        odd.push(["MNOP", "ABCD", "unknown"]);
        assert_eq!(found(&odd).symbols(), ["14", "17", "5", "unknown"]);
        let signs = found(&[["BCDE", "ABCD", "P4 R4"], ["MNOP", "ABCD", "A7"]]);
        assert_eq!(signs.symbols(), ["A7", "P4", "R4"]);
    }
}

//! How the keys of a file are read, where each message has its own.

use std::collections::{BTreeSet, HashMap};

use super::explained::explained;
use super::{PairTable, PairTexts};
use crate::keyed::{SEPARATORS, parts};
use crate::reading::{Normalize, Only, Others};
use crate::{Alphabet, DataError, Outside, Reading, SymbolId, SymbolUnit};

/// The share of the plaintexts that keys explain at least, if they are the keys of such pairs.
const MIN_EXPLAINED: f64 = 0.9;

/// The alphabet of the keys of a file; `None` if it has not several. It has the symbols that occur, in the order
/// of their code points: of any other a network knows nothing. `pairs` are the texts as ids, of which the
/// ciphertexts are over `ciphertext`.
///
/// A symbol of a key is
///
/// - a token, where most keys consist of tokens with a digit, such as `5 14 17` and `P4 R4`
/// - the whole key, where most keys have a digit, such as `-3` and `ROT13`, and in most messages each symbol stands
///   for one other, as under a shift
/// - else a character. Where the ciphertexts are of letters and digits only, or the letters and digits of the keys
///   explain them, nothing else of a key counts: neither the space in `LEMON TREE` nor quotes. Upper and lower case
///   are the same, unless the ciphertexts' alphabet tells them apart.
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
        seen.extend(symbols(&reading, ciphertext, key));
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

/// The symbols of a key as the file has it.
fn symbols(reading: &Reading, ciphertext: &Alphabet, key: &str) -> Vec<String> {
    let key = match ciphertext.id(" ") {
        Some(_) => key,
        None => key.trim(),
    };
    let key = reading.prepare(key);
    let symbols = reading.symbols_of(&key);
    if !matches!(reading.symbols, SymbolUnit::Token(_)) {
        return symbols.map(String::from).collect();
    }
    // The same number is written in several ways.
    let number = |text: &str| text.parse::<i64>().map(|number| number.to_string());
    let in_parts = |token: &str| -> Option<Vec<String>> {
        let parts = parts(token, false)?;
        parts.iter().map(|one| number(one).ok()).collect()
    };
    let whole = |token: &str| vec![number(token).unwrap_or_else(|_| token.into())];
    symbols
        .flat_map(|token| in_parts(token).unwrap_or_else(|| whole(token)))
        .collect()
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
    let of_characters = |only| Reading {
        only,
        others: Others::Drop,
        fold_case: !has_both_cases(ciphertext),
        normalize: Normalize::Nfc,
        ..Reading::default()
    };
    let [all, words] = [Only::All, Only::Alphanumeric].map(of_characters);
    if !most(keys.iter(), |key| is_of_words(key)) {
        return all;
    }
    let mut symbols = ciphertext.symbols().iter();
    if symbols.all(|symbol| is_of_words(symbol)) {
        return words;
    }
    // Spaces and signs of messages may be those of keys as well, or not.
    let explained = |reading| by_keys(keys, reading, pairs, ciphertext);
    let by_words = explained(&words);
    match by_words >= MIN_EXPLAINED && by_words >= explained(&all) {
        true => words,
        false => all,
    }
}

/// The share of plaintext symbols that follow from the ciphertext symbol and the key's symbol beside it.
fn by_keys(keys: &[&str], reading: &Reading, pairs: &PairTable, ciphertext: &Alphabet) -> f64 {
    let n_pairs = pairs.len().min(keys.len());
    explained((0..n_pairs).flat_map(|index| {
        let key = keys.get(index).copied().unwrap_or_default();
        let key = symbols(reading, ciphertext, key).into_iter();
        let key: Vec<String> = match reading.fold_case {
            true => key.map(|symbol| symbol.to_lowercase()).collect(),
            false => key.collect(),
        };
        let sides = pairs.ciphertext(index).iter().zip(pairs.plaintext(index));
        let sides = sides.enumerate().filter_map(move |(place, (one, other))| {
            let due = place.checked_rem(key.len())?;
            Some(((key.get(due)?.clone(), *one), *other))
        });
        sides.collect::<Vec<_>>()
    }))
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
    separators.next().or_else(|| {
        let n_numbers = |key: &&str| -> Option<usize> {
            let tokens = key.split_whitespace().map(|token| parts(token, false));
            let parts = tokens.collect::<Option<Vec<_>>>()?.concat();
            let is_number = |part: &&str| part.len() < 4 && part.parse::<u8>().is_ok();
            parts.iter().all(is_number).then_some(parts.len())
        };
        let is_list = |key: &&str| n_numbers(key).is_some();
        let has_several = |key: &&str| n_numbers(key).is_some_and(|n| n > 1);
        // Each line may have another sign between the numbers.
        (most(keys.iter().copied(), is_list) && keys.iter().any(has_several)).then_some(None)
    })
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
    fn a_space_in_a_key_counts_where_it_explains_the_pairs() {
        // Vigenere over the letters and a space; or over the letters, where the key advances at spaces.
        let over = |symbols: &str, key: &str, text: &str| -> String {
            let place = |one: char| symbols.find(one);
            let key: Vec<usize> = key.chars().filter_map(place).collect();
            let symbols_in_place: Vec<char> = symbols.chars().collect();
            let encrypted = text.chars().enumerate().map(|(at, one)| match place(one) {
                Some(id) => symbols_in_place[(id + key[at % key.len()]) % symbols_in_place.len()],
                None => one,
            });
            encrypted.collect()
        };
        let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        let with_space = "ABCDEFGHIJKLMNOPQRSTUVWXYZ ";
        let texts = ["ATTACK AT DAWN", "HOLD THE OLD BRIDGE", "SEND BOATS NOW"];
        for (symbols, expected) in [(letters, "LEMONTREE"), (with_space, "LEMON TREE")] {
            let lines: Vec<[String; 3]> = (0..60)
                .map(|n| {
                    let key = ["LEMON TREE", "OX", "RIVER "][n % 3];
                    let text = texts[n % 2].repeat(1 + n % 4) + texts[2];
                    [over(symbols, key, &text), text, key.into()]
                })
                .collect();
            let lines: Vec<[&str; 3]> = lines
                .iter()
                .map(|[one, other, key]| [&**one, &**other, &**key])
                .collect();
            let keys = found(&lines);
            assert_eq!(ids(&keys, "LEMON TREE"), expected);
        }
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
        for [one, other] in [["-1", "1"], ["1", "27"], ["ROT1", "ROT12"]] {
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
        let mixed = found(&[
            ["BCDE", "ABCD", "13/12"],
            ["MNOP", "ABCD", "1 3 12"],
            ["MNOP", "ABCE", "12,3-1"],
        ]);
        assert_eq!(mixed.symbols(), ["1", "12", "13", "3"]);
        assert_eq!(ids(&mixed, "13-1"), "13 1");
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

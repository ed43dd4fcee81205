use std::iter;

use super::PairTexts;
use crate::{Alphabet, DataError, Outside};

const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
const DIGITS: &str = "0123456789";
const PUNCTUATION: [&str; 4] = ["!\"#$%&'()*+,-./", ":;<=>?@", "[\\]^_`", "{|}~"];

/// The alphabets that people write messages in, from the smallest to the largest.
fn well_known() -> [String; 12] {
    let [p, q, r, s] = PUNCTUATION;
    let printable = format!("{p}{DIGITS}{q}{UPPER}{r}{LOWER}{s}");
    [
        DIGITS.into(),
        format!("{DIGITS}ABCDEF"),
        format!("{DIGITS}abcdef"),
        UPPER.into(),
        LOWER.into(),
        // In these three what stands for a gap comes last, so that the letters count from 0.
        format!("{UPPER}-"),
        format!("{UPPER} "),
        format!("{LOWER} "),
        format!("{UPPER}{LOWER}"),
        // Base64, in its own order.
        format!("{UPPER}{LOWER}{DIGITS}+/"),
        printable.clone(),
        format!(" {printable}"),
    ]
}

/// The alphabets of the ciphertexts and the plaintexts, which refuse any other symbol.
///
/// A side's alphabet is the symbols that occur in it, in the order of their code points. If they
/// are at least two thirds of a well-known alphabet and none is outside it, that one is taken, the
/// smallest first: a file without a `Q` is still one of the letters `A`-`Z`. The well-known ones
/// are the digits, hexadecimal digits of either case, capital and small letters with and without a
/// space (the capitals also with `-`), both cases together, Base64, and printable ASCII with and
/// without the space.
///
/// If one side's alphabet has all symbols of the other's, it is taken for both: rules that
/// calculate with ids, such as a shift, can only be found if a symbol has the same id on both
/// sides.
///
/// # Errors
///
/// When there are no pairs, when a side is made of one symbol, and when it has more than
/// [`Alphabet::MAX_LEN`].
pub fn find_alphabets(texts: &PairTexts) -> Result<(Alphabet, Alphabet), DataError> {
    if texts.is_empty() {
        return Err(DataError::NoPairs);
    }
    let [seen_in_ciphertexts, seen_in_plaintexts] = Seen::of_sides(texts);
    let ciphertext = seen_in_ciphertexts.alphabet("ciphertext")?;
    let plaintext = seen_in_plaintexts.alphabet("plaintext")?;
    Ok(if contains(&ciphertext, &plaintext) {
        (ciphertext.clone(), ciphertext)
    } else if contains(&plaintext, &ciphertext) {
        (plaintext.clone(), plaintext)
    } else {
        (ciphertext, plaintext)
    })
}

/// The symbols of the ciphertexts' alphabet that no ciphertext has, and the same for the
/// plaintexts. A network cannot learn what it never sees.
///
/// An alphabet may be larger than its side needs because it is shared with the other side. So
/// a symbol that only the other side uses is not named, unless it belongs to the alphabet that
/// [`find_alphabets`] finds for this side alone.
pub fn unseen(texts: &PairTexts, ciphertext: &Alphabet, plaintext: &Alphabet) -> [Vec<char>; 2] {
    let [in_ciphertexts, in_plaintexts] = Seen::of_sides(texts);
    [
        in_ciphertexts.missing(ciphertext, &in_plaintexts),
        in_plaintexts.missing(plaintext, &in_ciphertexts),
    ]
}

fn contains(larger: &Alphabet, smaller: &Alphabet) -> bool {
    let mut symbols = smaller.symbols().iter();
    symbols.all(|&symbol| larger.id(symbol).is_some())
}

/// The symbols of one side.
struct Seen {
    /// For each code point whether it occurs: a megabyte, and no search for each character.
    occurs: Vec<bool>,
}

impl Seen {
    /// The symbols of the ciphertexts and those of the plaintexts.
    fn of_sides(texts: &PairTexts) -> [Self; 2] {
        let indices = 0..texts.len();
        [
            Self::of(indices.clone().map(|index| texts.ciphertext(index))),
            Self::of(indices.map(|index| texts.plaintext(index))),
        ]
    }

    fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut occurs = vec![false; char::MAX as usize + 1];
        for symbol in texts.flat_map(str::chars) {
            occurs[symbol as usize] = true;
        }
        Self { occurs }
    }

    fn has(&self, symbol: char) -> bool {
        self.occurs[symbol as usize]
    }

    /// In the order of their code points.
    fn symbols(&self) -> String {
        let every_character = '\0'..=char::MAX;
        every_character.filter(|&symbol| self.has(symbol)).collect()
    }

    /// The symbols of the alphabet that this side would have alone.
    fn expected(&self) -> String {
        let seen = self.symbols();
        let n_seen = seen.chars().count();
        let fits = |known: &String| {
            3 * n_seen >= 2 * known.len() && seen.chars().all(|symbol| known.contains(symbol))
        };
        well_known().into_iter().find(fits).unwrap_or(seen)
    }

    fn alphabet(&self, side: &'static str) -> Result<Alphabet, DataError> {
        let symbols = self.expected();
        let mut characters = symbols.chars();
        if let (Some(symbol), None) = (characters.next(), characters.next()) {
            return Err(DataError::OneSymbol { side, symbol });
        }
        Alphabet::new(&symbols, Outside::Reject)
    }

    /// The symbols of an alphabet that should occur on this side and do not.
    fn missing(&self, alphabet: &Alphabet, other_side: &Self) -> Vec<char> {
        let expected = Self::of(iter::once(&self.expected()[..]));
        let symbols = alphabet.symbols().iter().copied();
        let missing = symbols.filter(|&symbol| {
            !self.has(symbol) && (expected.has(symbol) || !other_side.has(symbol))
        });
        missing.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(ciphertext: &str, plaintext: &str) -> PairTexts {
        let mut texts = PairTexts::default();
        texts.push(ciphertext, plaintext, 1);
        texts
    }

    /// The symbols of the alphabets of a file with one such pair.
    fn found(ciphertext: &str, plaintext: &str) -> [String; 2] {
        let (ciphertext, plaintext) = find_alphabets(&texts(ciphertext, plaintext)).unwrap();
        [ciphertext, plaintext].map(|alphabet| alphabet.to_config().symbols)
    }

    #[test]
    fn the_well_known_alphabets_are_sound_and_go_from_small_to_large() {
        let lengths = well_known().map(|symbols| {
            let alphabet = Alphabet::new(&symbols, Outside::Reject).unwrap();
            alphabet.len()
        });
        assert_eq!(lengths, [10, 16, 16, 26, 26, 27, 27, 27, 52, 64, 94, 95]);
    }

    #[test]
    fn each_well_known_alphabet_is_found_from_its_own_symbols() {
        for symbols in well_known() {
            let backwards: String = symbols.chars().rev().collect();
            assert_eq!(found(&backwards, &symbols), [&symbols[..]; 2]);
        }
    }

    #[test]
    fn two_thirds_of_a_well_known_alphabet_are_enough_and_less_is_not() {
        let letters = |n| UPPER.chars().rev().take(n).collect::<String>();
        assert_eq!(found(&letters(18), "ab"), [UPPER, "ab"]);
        assert_eq!(found(&letters(17), "ab"), [&UPPER[9..], "ab"]);
    }

    #[test]
    fn symbols_of_no_well_known_alphabet_come_in_the_order_of_code_points() {
        assert_eq!(found("βγα", "👩é!"), ["αβγ", "!é👩"]);
    }

    #[test]
    fn a_side_takes_the_alphabet_of_the_other_if_that_has_all_its_symbols() {
        let with_dash = format!("{UPPER}-");
        assert_eq!(found(UPPER, &with_dash), [&with_dash[..]; 2]);
        assert_eq!(found("xyz", "zzx"), ["xyz", "xyz"]);
        assert_eq!(found("xyz", "wxz"), ["xyz", "wxz"]);
    }

    #[test]
    fn a_symbol_that_only_the_other_side_uses_is_not_missed() {
        let texts = texts(&UPPER[1..], &format!("{}-", &UPPER[2..]));
        let (ciphertext, plaintext) = find_alphabets(&texts).unwrap();
        let unseen = unseen(&texts, &ciphertext, &plaintext);
        assert_eq!(unseen, [vec!['A'], vec!['A', 'B']]);
    }

    #[test]
    fn a_symbol_of_a_chosen_alphabet_that_neither_side_uses_is_missed_in_both() {
        let chosen = Alphabet::new("abcd", Outside::Reject).unwrap();
        let unseen = unseen(&texts("abc", "bba"), &chosen, &chosen);
        assert_eq!(unseen, [['d'], ['d']]);
    }

    #[test]
    fn nothing_is_found_in_a_file_of_no_pairs_or_of_one_symbol() {
        let no_pairs = find_alphabets(&PairTexts::default());
        assert_eq!(no_pairs, Err(DataError::NoPairs));
        let one_symbol = |side, symbol| Err(DataError::OneSymbol { side, symbol });
        let ciphertexts = find_alphabets(&texts("XXX", "abc"));
        assert_eq!(ciphertexts, one_symbol("ciphertext", 'X'));
        let plaintexts = find_alphabets(&texts("XYZ", "aaa"));
        assert_eq!(plaintexts, one_symbol("plaintext", 'a'));
    }

    #[test]
    fn more_symbols_than_ids_are_refused() {
        let every_symbol: String = ('\0'..=char::MAX).take(Alphabet::MAX_LEN + 1).collect();
        let error = find_alphabets(&texts(&every_symbol, "ab")).unwrap_err();
        assert_eq!(error, DataError::AlphabetLength(Alphabet::MAX_LEN + 1));
    }
}

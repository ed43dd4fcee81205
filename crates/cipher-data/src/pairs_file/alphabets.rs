use std::collections::BTreeSet;

use super::PairTexts;
use crate::{Alphabet, DataError, Outside, SymbolUnit};

const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
const DIGITS: &str = "0123456789";
const PUNCTUATION: [&str; 4] = ["!\"#$%&'()*+,-./", ":;<=>?@", "[\\]^_`", "{|}~"];

/// Common alphabets, from the smallest to the largest.
fn well_known() -> [String; 12] {
    let [p, q, r, s] = PUNCTUATION;
    let printable = format!("{p}{DIGITS}{q}{UPPER}{r}{LOWER}{s}");
    [
        DIGITS.into(),
        format!("{DIGITS}ABCDEF"),
        format!("{DIGITS}abcdef"),
        UPPER.into(),
        LOWER.into(),
        // In these three the word separator comes last, so that the letters count from 0.
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
/// A side's alphabet has the symbols that occur in it, in the order of their code points. If they
/// are at least two thirds of a well-known alphabet, and all in it, the smallest such alphabet is
/// taken instead: a file without a `Q` is still one over the letters `A`-`Z`. The well-known
/// alphabets are the digits, hexadecimal digits of either case, capital and small letters with and
/// without a space (the capitals also with `-`), both cases together, Base64, and printable ASCII
/// with and without the space.
///
/// If one side's alphabet has all symbols of the other's, both sides take it. Rules that calculate
/// with ids, such as a shift, can only be found if a symbol has the same id on both sides.
///
/// # Errors
///
/// When there are no pairs, or when a side has one symbol only or more than
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

/// The symbols of the ciphertexts' alphabet that occur in no ciphertext, and those of the
/// plaintexts' alphabet that occur in no plaintext. A network cannot learn what it never sees.
///
/// An alphabet may be larger than its side needs because it is shared with the other side. A symbol
/// that only the other side uses is therefore not listed, unless it belongs to the alphabet that
/// [`find_alphabets`] finds for this side alone.
pub fn unseen(texts: &PairTexts, ciphertext: &Alphabet, plaintext: &Alphabet) -> [Vec<String>; 2] {
    let [in_ciphertexts, in_plaintexts] = Seen::of_sides(texts);
    [
        in_ciphertexts.missing(ciphertext, &in_plaintexts),
        in_plaintexts.missing(plaintext, &in_ciphertexts),
    ]
}

fn contains(larger: &Alphabet, smaller: &Alphabet) -> bool {
    let mut symbols = smaller.symbols().iter();
    symbols.all(|symbol| larger.id(symbol).is_some())
}

/// The symbols of one side.
struct Seen<'a> {
    unit: SymbolUnit,
    /// Whether each code point occurs as a symbol. This takes a megabyte and saves a search for each
    /// character.
    characters: Vec<bool>,
    /// The symbols that consist of several characters.
    clusters: BTreeSet<&'a str>,
}

#[allow(clippy::indexing_slicing)] // the table has a place for every character
impl<'a> Seen<'a> {
    /// The symbols of the ciphertexts and those of the plaintexts.
    fn of_sides(texts: &'a PairTexts) -> [Self; 2] {
        let indices = 0..texts.len();
        [
            Self::of(
                texts.unit(),
                indices.clone().map(|index| texts.ciphertext(index)),
            ),
            Self::of(texts.unit(), indices.map(|index| texts.plaintext(index))),
        ]
    }

    fn of(unit: SymbolUnit, texts: impl Iterator<Item = &'a str>) -> Self {
        let mut characters = vec![false; char::MAX as usize + 1];
        let mut clusters = BTreeSet::new();
        for symbol in texts.flat_map(|text| unit.symbols(text)) {
            match code_point(symbol) {
                Some(code_point) => characters[code_point] = true,
                None => {
                    clusters.insert(symbol);
                }
            }
        }
        Self {
            unit,
            characters,
            clusters,
        }
    }

    fn has(&self, symbol: &str) -> bool {
        match code_point(symbol) {
            Some(code_point) => self.characters[code_point],
            None => self.clusters.contains(symbol),
        }
    }

    /// The symbols in the order of their code points.
    fn symbols(&self) -> Vec<String> {
        let characters = ('\0'..=char::MAX).filter(|&symbol| self.characters[symbol as usize]);
        let clusters = self.clusters.iter().map(|&symbol| symbol.into());
        let mut symbols: Vec<String> = characters.map(String::from).chain(clusters).collect();
        symbols.sort_unstable();
        symbols
    }

    /// The symbols of the alphabet that this side alone would get.
    fn expected(&self) -> Vec<String> {
        let seen = self.symbols();
        let fits = |known: &String| {
            3 * seen.len() >= 2 * known.len()
                && seen.iter().all(|symbol| known.contains(symbol.as_str()))
        };
        match well_known().iter().find(|known| fits(known)) {
            Some(known) => known.chars().map(String::from).collect(),
            None => seen,
        }
    }

    fn alphabet(&self, side: &'static str) -> Result<Alphabet, DataError> {
        let symbols = self.expected();
        if let [symbol] = &symbols[..] {
            let symbol = symbol.clone();
            return Err(DataError::OneSymbol { side, symbol });
        }
        Alphabet::of_symbols(self.unit, symbols, Outside::Reject)
    }

    /// The symbols of an alphabet that should occur on this side but do not.
    fn missing(&self, alphabet: &Alphabet, other_side: &Self) -> Vec<String> {
        let expected: BTreeSet<String> = self.expected().into_iter().collect();
        let missing = alphabet.symbols().iter().filter(|symbol| {
            !self.has(symbol) && (expected.contains(*symbol) || !other_side.has(symbol))
        });
        missing.cloned().collect()
    }
}

/// The code point of a symbol that consists of one character.
fn code_point(symbol: &str) -> Option<usize> {
    let mut characters = symbol.chars();
    let first = characters.next()?;
    characters.next().is_none().then_some(first as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(ciphertext: &str, plaintext: &str) -> PairTexts {
        let mut texts = PairTexts::default();
        texts.push(ciphertext, plaintext, 1);
        texts
    }

    fn graphemes(ciphertext: &str, plaintext: &str) -> PairTexts {
        let mut texts = PairTexts::new(SymbolUnit::Grapheme);
        texts.push(ciphertext, plaintext, 1);
        texts
    }

    /// The symbols of the alphabets of a file with one such pair.
    fn found(ciphertext: &str, plaintext: &str) -> [String; 2] {
        let (ciphertext, plaintext) = find_alphabets(&texts(ciphertext, plaintext)).unwrap();
        [ciphertext, plaintext].map(|alphabet| alphabet.symbols().concat())
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
    fn graphemes_come_in_the_order_of_code_points_among_single_characters() {
        // Two flags that consist of the same two halves.
        let texts = graphemes("\u{1f1e9}\u{1f1ea}fe\u{301}", "\u{1f1ea}\u{1f1e9}ef");
        let (ciphertext, plaintext) = find_alphabets(&texts).unwrap();
        assert_eq!(ciphertext.unit(), SymbolUnit::Grapheme);
        assert_eq!(
            ciphertext.symbols(),
            ["e\u{301}", "f", "\u{1f1e9}\u{1f1ea}"]
        );
        assert_eq!(plaintext.symbols(), ["e", "f", "\u{1f1ea}\u{1f1e9}"]);
    }

    #[test]
    fn graphemes_that_are_letters_make_the_same_well_known_alphabet() {
        let texts = graphemes(&UPPER[2..], "ab\u{301}");
        let (ciphertext, plaintext) = find_alphabets(&texts).unwrap();
        assert_eq!(ciphertext.symbols().concat(), UPPER);
        assert_eq!(ciphertext.unit(), SymbolUnit::Grapheme);
        assert_eq!(plaintext.symbols(), ["a", "b\u{301}"]);
        let unseen = unseen(&texts, &ciphertext, &plaintext);
        assert_eq!(unseen, [vec!["A", "B"], vec![]]);
    }

    #[test]
    fn a_symbol_that_only_the_other_side_uses_is_not_missed() {
        let texts = texts(&UPPER[1..], &format!("{}-", &UPPER[2..]));
        let (ciphertext, plaintext) = find_alphabets(&texts).unwrap();
        let unseen = unseen(&texts, &ciphertext, &plaintext);
        assert_eq!(unseen, [vec!["A"], vec!["A", "B"]]);
    }

    #[test]
    fn a_symbol_of_a_chosen_alphabet_that_neither_side_uses_is_missed_in_both() {
        let chosen = Alphabet::new("abcd", Outside::Reject).unwrap();
        let unseen = unseen(&texts("abc", "bba"), &chosen, &chosen);
        assert_eq!(unseen, [["d"], ["d"]]);
    }

    #[test]
    fn a_file_of_no_pairs_or_of_one_symbol_has_no_alphabets() {
        let no_pairs = find_alphabets(&PairTexts::default());
        assert_eq!(no_pairs, Err(DataError::NoPairs));
        let one_symbol = |side, symbol: &str| {
            let symbol = symbol.into();
            Err(DataError::OneSymbol { side, symbol })
        };
        let ciphertexts = find_alphabets(&texts("XXX", "abc"));
        assert_eq!(ciphertexts, one_symbol("ciphertext", "X"));
        let plaintexts = find_alphabets(&texts("XYZ", "aaa"));
        assert_eq!(plaintexts, one_symbol("plaintext", "a"));
    }

    #[test]
    fn more_symbols_than_ids_are_refused() {
        let every_symbol: String = ('\0'..=char::MAX).take(Alphabet::MAX_LEN + 1).collect();
        let error = find_alphabets(&texts(&every_symbol, "ab")).unwrap_err();
        assert_eq!(error, DataError::AlphabetLength(Alphabet::MAX_LEN + 1));
    }
}

use std::collections::BTreeSet;

use super::{PairTexts, Readings};
use crate::alphabet::CaseRules;
use crate::{Alphabet, Case, DataError, Only, Outside, Reading, SymbolUnit};

/// Plaintexts that tell which case is common.
const MAX_SAMPLE: usize = 1000;
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

/// The alphabets of a file's two sides.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Alphabets {
    /// The alphabet of the ciphertexts.
    pub ciphertext: Alphabet,
    /// The alphabet of the plaintexts.
    pub plaintext: Alphabet,
    /// The symbols of the ciphertexts' alphabet that occur in no ciphertext, and those of the
    /// plaintexts' alphabet that occur in no plaintext. A network cannot learn what it never sees.
    ///
    /// An alphabet may be larger than its side needs because it is shared with the other side. A
    /// symbol that only the other side uses is not listed, unless it belongs to the alphabet that
    /// would be found for this side alone.
    pub unseen: [Vec<String>; 2],
}

/// The alphabets of the ciphertexts and the plaintexts under these readings, for which any other
/// symbol is unknown ([`Outside::Mark`]).
///
/// A side's alphabet has the symbols that occur in it, in the order of their code points. If they
/// are at least two thirds of a well-known alphabet, and all in it, the smallest such alphabet is
/// taken instead: a file without a `Q` is still one over the letters `A`-`Z`. The well-known
/// alphabets are the digits, hexadecimal digits of either case, capital and small letters with and
/// without a space (the capitals also with `-`), both cases together, Base64, and printable ASCII
/// with and without the space.
///
/// Where a reading folds case, the alphabet has capital letters, or small ones where the ciphertexts are
/// codes that lost the case and most letters of the plaintexts are small. An alphabet of bytes has them all.
///
/// If one side's alphabet has all symbols of the other's, both sides take it, unless it has symbols that the other
/// side leaves out. Rules that calculate with ids, such as a shift, can only be found if a symbol has the same id on
/// both sides.
///
/// # Errors
///
/// When there are no pairs, or when a side has one symbol only or more than
/// [`Alphabet::MAX_LEN`].
pub fn find_alphabets(texts: &PairTexts, readings: &Readings) -> Result<Alphabets, DataError> {
    if texts.is_empty() {
        return Err(DataError::NoPairs);
    }
    let [seen_in_ciphertexts, mut seen_in_plaintexts] = Seen::of_sides(texts, readings);
    let is_lost = readings.plaintext.fold_case && !readings.ciphertext.fold_case;
    if is_lost && !seen_in_ciphertexts.has_letters() && is_mostly_small(texts) {
        seen_in_plaintexts.fold_case(Case::Lower);
    }
    let ciphertext = seen_in_ciphertexts.alphabet("ciphertext")?;
    let plaintext = seen_in_plaintexts.alphabet("plaintext")?;
    let shared = |of: &Alphabet, side: &Alphabet| {
        let symbols = of.symbols().to_vec();
        let mut reading = side.reading().clone();
        reading
            .stand_ins
            .retain(|symbol, _| !symbols.contains(symbol));
        Alphabet::of_symbols(reading, symbols, Outside::Mark)
    };
    let (ciphertext, plaintext) = if can_share(&ciphertext, &plaintext) {
        (ciphertext.clone(), shared(&ciphertext, &plaintext)?)
    } else if can_share(&plaintext, &ciphertext) {
        (shared(&plaintext, &ciphertext)?, plaintext)
    } else {
        (ciphertext, plaintext)
    };
    Ok(Alphabets {
        unseen: [
            seen_in_ciphertexts.missing(&ciphertext, &seen_in_plaintexts),
            seen_in_plaintexts.missing(&plaintext, &seen_in_ciphertexts),
        ],
        ciphertext,
        plaintext,
    })
}

/// Whether an alphabet has all symbols of a smaller one, and none that the smaller one's side leaves out.
fn can_share(larger: &Alphabet, smaller: &Alphabet) -> bool {
    let only = smaller.reading().only;
    larger.unit() == smaller.unit()
        && smaller
            .symbols()
            .iter()
            .all(|symbol| larger.id(symbol).is_some())
        && larger.symbols().iter().all(|symbol| only.has(symbol))
}

/// The symbols of one side.
struct Seen<'a> {
    reading: &'a Reading,
    /// Whether each code point occurs as a symbol. This takes a megabyte and saves a search for each
    /// character.
    characters: Vec<bool>,
    /// The symbols that consist of several characters.
    clusters: BTreeSet<String>,
}

#[allow(clippy::indexing_slicing)] // the table has a place for every character
impl<'a> Seen<'a> {
    /// The symbols of the ciphertexts and those of the plaintexts.
    fn of_sides(texts: &PairTexts, readings: &'a Readings) -> [Self; 2] {
        let indices = 0..texts.len();
        let ciphertexts = indices.clone().map(|index| texts.ciphertext(index));
        let plaintexts = indices.map(|index| texts.plaintext(index));
        [
            Self::of(&readings.ciphertext, ciphertexts),
            Self::of(&readings.plaintext, plaintexts),
        ]
    }

    fn of<'text>(reading: &'a Reading, texts: impl Iterator<Item = &'text str>) -> Self {
        let mut characters = vec![false; char::MAX as usize + 1];
        let mut clusters = BTreeSet::new();
        let has_all_characters = reading.symbols == SymbolUnit::Character
            && reading.only == Only::All
            && reading.codes.is_empty();
        for text in texts {
            if has_all_characters {
                for character in reading.prepare(text).chars() {
                    characters[character as usize] = true;
                }
                continue;
            }
            for symbol in reading.symbols_of(&reading.prepare(text)) {
                match code_point(symbol) {
                    Some(code_point) => characters[code_point] = true,
                    None if clusters.contains(symbol) => {}
                    None => {
                        clusters.insert(symbol.to_string());
                    }
                }
            }
        }
        let mut seen = Self {
            reading,
            characters,
            clusters,
        };
        seen.forget_stand_ins();
        if reading.fold_case {
            seen.fold_case(Case::Upper);
        }
        seen
    }

    /// A symbol that another one stands for is not in the alphabet.
    fn forget_stand_ins(&mut self) {
        for (symbol, stands_in) in &self.reading.stand_ins {
            if self.has(symbol) {
                match code_point(symbol) {
                    Some(code_point) => self.characters[code_point] = false,
                    None => _ = self.clusters.remove(symbol),
                }
                self.add(stands_in);
            }
        }
    }

    fn add(&mut self, symbol: &str) {
        match code_point(symbol) {
            Some(code_point) => self.characters[code_point] = true,
            None => _ = self.clusters.insert(symbol.into()),
        }
    }

    /// Puts letters of one case in the place of the others, where a letter has one.
    fn fold_case(&mut self, case: Case) {
        let seen = self.symbols();
        let rules = CaseRules::of(seen.iter().map(String::as_str));
        self.characters.fill(false);
        self.clusters.clear();
        for symbol in seen {
            let folded = rules.in_case(&symbol, case);
            let is_one = self.reading.symbols.symbols(&folded).count() == 1;
            self.add(if is_one { &folded } else { &symbol });
        }
    }

    fn has_letters(&self) -> bool {
        let symbols = self.symbols();
        symbols
            .iter()
            .any(|symbol| symbol.contains(char::is_alphabetic))
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
        let clusters = self.clusters.iter().cloned();
        let mut symbols: Vec<String> = characters.map(String::from).chain(clusters).collect();
        symbols.sort_unstable();
        symbols
    }

    /// The symbols of the alphabet that this side alone would get.
    fn expected(&self) -> Vec<String> {
        let seen = self.symbols();
        if let SymbolUnit::HexByte | SymbolUnit::Base64Byte = self.reading.symbols {
            return (0..=u8::MAX).map(|byte| format!("{byte:02x}")).collect();
        }
        let stand_ins = &self.reading.stand_ins;
        let fits = |known: &String| {
            3 * seen.len() >= 2 * known.len()
                && seen.iter().all(|symbol| known.contains(symbol.as_str()))
        };
        match well_known().iter().find(|known| fits(known)) {
            Some(known) => {
                let symbols = known.chars().map(String::from);
                // Another symbol stands for these.
                symbols
                    .filter(|symbol| !stand_ins.contains_key(symbol))
                    .collect()
            }
            None => seen,
        }
    }

    fn alphabet(&self, side: &'static str) -> Result<Alphabet, DataError> {
        let symbols = self.expected();
        if let [symbol] = &symbols[..] {
            let symbol = symbol.clone();
            return Err(DataError::OneSymbol { side, symbol });
        }
        let mut reading = self.reading.clone();
        // A stand-in may be meant for the other side alone.
        reading
            .stand_ins
            .retain(|_, stands_in| symbols.contains(stands_in));
        Alphabet::of_symbols(reading, symbols, Outside::Mark)
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

/// Whether most letters of the plaintexts are small.
fn is_mostly_small(texts: &PairTexts) -> bool {
    let plaintexts = (0..texts.len().min(MAX_SAMPLE)).map(|index| texts.plaintext(index));
    let (mut small, mut capital) = (0, 0);
    for character in plaintexts.flat_map(str::chars) {
        small += usize::from(character.is_lowercase());
        capital += usize::from(character.is_uppercase());
    }
    small > capital
}

/// The code point of a symbol that consists of one character.
fn code_point(symbol: &str) -> Option<usize> {
    let mut characters = symbol.chars();
    let first = characters.next()?;
    characters.next().is_none().then_some(first as usize)
}

#[cfg(test)]
mod tests;

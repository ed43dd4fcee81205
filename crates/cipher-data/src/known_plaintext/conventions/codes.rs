//! The ciphertext has signs of its own.

use std::collections::BTreeSet;

use super::alphabets::{
    DIGITS_FIRST, LATIN, WITH_DIGITS, bacons, dropping, keeping, without_j, without_k,
};
use super::{Convention, Family, MIN_SHARE, Sides, share_letters};
use crate::ciphers::{has_morse, morse_symbols};
use crate::known_plaintext::TextPair;
use crate::pairs_file::candidates;
use crate::{
    Adfgvx, Alphabet, AlphabetConfig, Nihilist, Only, Outside, Reading, ReadingHints, SymbolUnit,
    SymbolsConfig,
};

/// Signs of the ciphertext's own: numbers, groups, dots and dashes.
pub fn of(pairs: &[TextPair<'_>], sides: &Sides) -> Vec<Convention> {
    let ciphertexts: Vec<&str> = pairs.iter().map(|pair| pair.ciphertext).collect();
    let readings = candidates(None, &ReadingHints::default(), &ciphertexts, true);
    let mut units: Vec<SymbolUnit> = readings
        .into_iter()
        .map(|reading| reading.symbols)
        .collect();
    units.dedup();
    units.push(SymbolUnit::TokenPair);
    units.retain(|unit| *unit != SymbolUnit::Base64Byte);
    let plaintexts = plaintexts_of_codes(sides);
    let mut found = Vec::new();
    for unit in units {
        let reading = Reading {
            symbols: unit,
            fold_case: true,
            ..Reading::default()
        };
        let of_sound_pairs = seen_in_sound_pairs(pairs, &reading, sides);
        for (family, alphabet) in plaintexts.iter().chain(&of_sound_pairs) {
            let Ok(plaintext) = alphabet.init() else {
                continue;
            };
            let signs = match family {
                Family::Sums => Some(Nihilist::sums(plaintext.len().isqrt())),
                Family::Adfgvx if unit == SymbolUnit::Group(2) => {
                    Some(Adfgvx::signs(plaintext.len().isqrt()))
                }
                Family::Adfgvx => None,
                _ => signs(pairs, &reading, &plaintext),
            };
            let Some(signs) = signs else {
                continue;
            };
            found.push(Convention {
                ciphertext: Some(reading.clone()),
                signs: Some(signs),
                ..Convention::new(*family, alphabet.clone())
            });
        }
    }
    found
}

/// The alphabets of plaintexts that have codes.
fn plaintexts_of_codes(sides: &Sides) -> Vec<(Family, AlphabetConfig)> {
    let [_, plain] = sides;
    let latin = plain.iter().all(|c| !c.is_alphabetic() || c.is_ascii());
    let has_digits = plain.iter().any(char::is_ascii_digit);
    let has_morse = |c: &char| has_morse(&c.to_ascii_uppercase().to_string());
    let mut found = Vec::new();
    if latin {
        found.extend([
            (Family::KnownCodes, dropping(LATIN, Only::Letters)),
            (Family::KnownCodes, bacons()),
        ]);
        // Where ciphertexts show the gaps between words.
        let mut between = keeping(LATIN, Outside::Keep);
        between.reading.fold_case = true;
        found.push((Family::KnownCodes, between));
        if plain.iter().any(has_morse) {
            let all: String = morse_symbols().collect();
            let mut morse = keeping(&all, Outside::Reject);
            morse.reading.fold_case = true;
            found.push((Family::KnownCodes, morse));
        }
        found.extend([
            (Family::Codes, without_j()),
            (Family::Sums, without_j()),
            (Family::Adfgvx, without_j()),
            (Family::Codes, without_k()),
        ]);
        if has_digits {
            let digits = [WITH_DIGITS, DIGITS_FIRST];
            let digits = digits.map(|symbols| dropping(symbols, Only::Alphanumeric));
            found.extend(digits.map(|alphabet| (Family::Codes, alphabet)));
        }
        found.push((Family::Adfgvx, dropping(WITH_DIGITS, Only::Alphanumeric)));
    }
    if is_small(plain) {
        for (_, alphabet) in &mut found {
            in_small_letters(alphabet);
        }
    }
    found.extend(seen_symbols(plain));
    // Where both sides have the same letters, the cipher is a substitution.
    if !share_letters(sides) {
        found.extend(letters_between_others(plain));
    }
    found
}

/// The letters that plaintexts have, of either case; white space and punctuation stay where they are.
fn letters_between_others(plain: &BTreeSet<char>) -> Option<(Family, AlphabetConfig)> {
    let letters = letters_in_one_case(plain);
    let mut between = keeping(&letters, Outside::Keep);
    between.reading.fold_case = true;
    let has_others = plain.iter().any(|c| !c.is_alphabetic());
    (has_others && !letters.is_empty()).then_some((Family::Codes, between))
}

/// Whether most letters are small: then answers are, as nobody can tell which are not.
fn is_small(plain: &BTreeSet<char>) -> bool {
    let n_small = plain.iter().filter(|c| c.is_lowercase()).count();
    n_small > plain.iter().filter(|c| c.is_uppercase()).count()
}

/// The alphabet with small letters, unless it is Morse code's.
fn in_small_letters(config: &mut AlphabetConfig) {
    let small = |symbols: &mut String| *symbols = symbols.to_lowercase();
    match &mut config.symbols {
        SymbolsConfig::Text(symbols) if !symbols.contains('/') => small(symbols),
        _ => return,
    }
    config.reading.stand_ins.values_mut().for_each(small);
}

/// The letters in the case that most of them have.
fn letters_in_one_case(plain: &BTreeSet<char>) -> String {
    let is_small = is_small(plain);
    let folded = |c: char| {
        let folded = match is_small {
            true => c.to_lowercase().to_string(),
            false => c.to_uppercase().to_string(),
        };
        let mut folded = folded.chars();
        match (folded.next(), folded.next()) {
            (Some(one), None) => one,
            _ => c,
        }
    };
    plain
        .iter()
        .filter(|c| c.is_alphabetic())
        .map(|c| folded(*c))
        .collect::<BTreeSet<char>>()
        .into_iter()
        .collect()
}

/// What plaintexts have, as letters without the rest and as all symbols.
fn seen_symbols(plain: &BTreeSet<char>) -> Vec<(Family, AlphabetConfig)> {
    let letters = letters_in_one_case(plain);
    let all: String = plain.iter().collect();
    let mut found = Vec::new();
    if letters.chars().count() > 1 {
        found.push((Family::Codes, dropping(&letters, Only::Letters)));
    }
    if all.chars().count() > 1 {
        found.push((Family::Codes, keeping(&all, Outside::Reject)));
    }
    found
}

/// As [`seen_symbols`], without what only damaged pairs have: no sign is known for it.
fn seen_in_sound_pairs(
    pairs: &[TextPair<'_>],
    reading: &Reading,
    [_, plain]: &Sides,
) -> Vec<(Family, AlphabetConfig)> {
    let mut found = Vec::new();
    for (_, config) in seen_symbols(plain) {
        let Ok(alphabet) = config.init() else {
            continue;
        };
        let sound = pairs
            .iter()
            .filter(|pair| signs_of(pair, reading, &alphabet).is_some());
        let seen: BTreeSet<char> = sound.flat_map(|pair| pair.plaintext.chars()).collect();
        if seen.len() < plain.len() {
            found.extend(seen_symbols(&seen));
        }
    }
    found
}

/// The signs of the ciphertexts in their order, if there are as many in nearly every text as the plaintext
/// has symbols.
fn signs(pairs: &[TextPair<'_>], reading: &Reading, plaintext: &Alphabet) -> Option<Vec<String>> {
    let sound: Vec<Vec<String>> = pairs
        .iter()
        .filter_map(|pair| signs_of(pair, reading, plaintext))
        .collect();
    let is_equal = sound.len() as f64 >= MIN_SHARE * pairs.len() as f64;
    let mut signs: BTreeSet<String> = sound.into_iter().flatten().collect();
    signs.remove(&char::REPLACEMENT_CHARACTER.to_string());
    (is_equal && signs.len() > 1).then(|| signs.into_iter().collect())
}

/// The signs of a ciphertext, if it has a whole one for each symbol of the plaintext.
fn signs_of(pair: &TextPair<'_>, reading: &Reading, plaintext: &Alphabet) -> Option<Vec<String>> {
    let prepared = reading.prepare(pair.ciphertext);
    let plain = plaintext.encode(pair.plaintext).ok()?;
    let stays = |sign: &str| plain.passed_through.iter().any(|(_, other)| other == sign);
    let signs = reading.cut(&prepared).filter(|sign| !stays(sign));
    let signs: Vec<String> = signs.map(String::from).collect();
    let is_sound = reading.symbols.is_whole(&prepared) && plain.ids.len() == signs.len();
    is_sound.then_some(signs)
}

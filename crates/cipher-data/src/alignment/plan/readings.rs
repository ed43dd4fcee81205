//! The readings that are tried for pairs whose sides have different lengths.

use std::collections::BTreeSet;

use crate::pairs_file::{PairTexts, ReadingHints, candidates};
use crate::reading::{Only, Others, Reading, SymbolUnit};

/// One side of the pairs.
pub(super) fn side<'a>(
    sample: &'a PairTexts,
    text: impl Fn(&'a PairTexts, usize) -> &'a str,
) -> Vec<&'a str> {
    (0..sample.len()).map(|index| text(sample, index)).collect()
}

/// The readings of ciphertexts, those with the longest symbols first. The case of a letter may tell
/// codes apart, and spaces may be codes or only make a text easier to read.
pub(super) fn ciphertext_readings(sample: &PairTexts, hints: &ReadingHints) -> Vec<Reading> {
    let hints = ReadingHints {
        only: None,
        others: Some(Others::Drop),
        fold_case: hints.fold_case.or(Some(false)),
        ..hints.clone()
    };
    let texts = side(sample, PairTexts::ciphertext);
    let mut readings = candidates(hints.ciphertext_symbols, &hints, &texts, true);
    readings.retain(|reading| matches!(reading.only, Only::All | Only::NoSpaces));
    readings.sort_by_cached_key(|reading| match reading.symbols {
        // What separates tokens is no part of them: there are fewer different ones.
        SymbolUnit::Token(_) | SymbolUnit::SpacedToken(_) => (0, n_different(reading, &texts)),
        SymbolUnit::Character | SymbolUnit::Grapheme => (2, n_symbols(reading, &texts)),
        _ => (1, 0),
    });
    distinct(readings, &texts)
}

/// The readings of plaintexts, from those that read the most to those that read the least.
pub(super) fn plaintext_readings(sample: &PairTexts, hints: &ReadingHints) -> Vec<Reading> {
    let hints = ReadingHints {
        others: Some(Others::Drop),
        ..hints.clone()
    };
    let unit = hints.plaintext_symbols.unwrap_or_default();
    let texts = side(sample, PairTexts::plaintext);
    let mut readings = candidates(Some(unit), &hints, &texts, false);
    if hints.only.is_none() {
        let letters: Vec<Reading> = readings
            .iter()
            .filter(|reading| reading.only == Only::Letters)
            .cloned()
            .collect();
        let words = letters.into_iter().map(|reading| Reading {
            only: Only::Words,
            ..reading
        });
        readings.extend(words);
    }
    let n_read = |reading: &Reading| n_symbols(reading, &texts);
    readings.sort_by_key(|reading| (usize::MAX - n_read(reading), reading.fold_case));
    distinct(readings, &texts)
}

/// The readings, without those that read texts as one before them.
fn distinct(readings: Vec<Reading>, texts: &[&str]) -> Vec<Reading> {
    let mut distinct: Vec<(Reading, usize)> = Vec::new();
    for reading in readings {
        let n = n_symbols(&reading, texts);
        let is_like = |(other, n_other): &(Reading, usize)| {
            *n_other == n
                && other.symbols == reading.symbols
                && other.fold_case == reading.fold_case
        };
        if !distinct.iter().any(is_like) {
            distinct.push((reading, n));
        }
    }
    distinct.into_iter().map(|(reading, _)| reading).collect()
}

fn n_different(reading: &Reading, texts: &[&str]) -> usize {
    let texts: Vec<_> = texts.iter().map(|text| reading.prepare(text)).collect();
    let symbols = texts.iter().flat_map(|text| reading.symbols_of(text));
    symbols.collect::<BTreeSet<_>>().len()
}

/// The number of symbols of the messages.
pub(super) fn n_symbols(reading: &Reading, texts: &[&str]) -> usize {
    let n_symbols = texts
        .iter()
        .map(|text| reading.n_symbols(&reading.prepare(text)));
    n_symbols.sum()
}

use std::collections::BTreeSet;

use super::both::Both;
use crate::reading::{Only, SymbolUnit};
use crate::{PairTexts, Reading};

/// Fewer different words than this do not show what they are made of.
const MIN_WORDS: usize = 30;
/// The share of the variance of the lengths of encrypted words that the lengths of the words explain from which
/// on each letter has a code.
const MIN_EXPLAINED: f64 = 0.85;
/// Ciphertext characters for each further letter of a word, at least. Word games that add an ending to a
/// word and move its letters, as Pig Latin does, have one: an alignment cannot follow them.
const MIN_SLOPE: f64 = 1.3;

/// Where the best readings take words for symbols, though longer words have longer ciphertexts, so
/// that letters have codes of their own: the place of the readings that have all characters.
pub(super) fn letters_in_words(
    both: &[Both<'_>],
    indices: &[usize],
    texts: &PairTexts,
) -> Option<usize> {
    let [words, of_plaintext] = both.first()?.units();
    let are_words = matches!(words, SymbolUnit::Token(_) | SymbolUnit::SpacedToken(_));
    if !are_words || of_plaintext != words {
        return None;
    }
    let is_of_characters = |side: &Reading| {
        side.symbols == SymbolUnit::Character && side.only == Only::All && !side.fold_case
    };
    let place = both.iter().position(|other| {
        [other.ciphertext, other.plaintext]
            .iter()
            .all(|side| is_of_characters(&side.reading))
    })?;
    let lengths: Vec<[f64; 2]> = indices
        .iter()
        .map(|&index| [texts.plaintext(index), texts.ciphertext(index)])
        .map(|sides| sides.map(|text| words.symbols(text).collect::<Vec<_>>()))
        .filter(|[plaintext, ciphertext]| plaintext.len() == ciphertext.len())
        .flat_map(|[plaintext, ciphertext]| plaintext.into_iter().zip(ciphertext))
        // Digits and punctuation may stand for themselves.
        .filter(|(word, _)| word.chars().all(char::is_alphabetic))
        .collect::<BTreeSet<_>>()
        .into_iter()
        .map(|(word, code)| [word, code].map(|text| text.chars().count() as f64))
        .collect();
    let is_enough = lengths.len() >= MIN_WORDS;
    let (slope, explained) = line(&lengths);
    (is_enough && slope >= MIN_SLOPE && explained >= MIN_EXPLAINED).then_some(place)
}

/// The slope of the least-squares line through points, and the share of the variance that it explains. Both
/// are 0 where a coordinate does not vary.
fn line(points: &[[f64; 2]]) -> (f64, f64) {
    let n = points.len().max(1) as f64;
    let mean_x = points.iter().map(|[x, _]| x).sum::<f64>() / n;
    let mean_y = points.iter().map(|[_, y]| y).sum::<f64>() / n;
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for &[x, y] in points {
        let [x, y] = [x - mean_x, y - mean_y];
        xx += x * x;
        xy += x * y;
        yy += y * y;
    }
    if xx == 0.0 || yy == 0.0 {
        return (0.0, 0.0);
    }
    (xy / xx, xy * xy / (xx * yy))
}

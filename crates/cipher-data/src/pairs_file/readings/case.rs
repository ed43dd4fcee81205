use std::collections::HashMap;

use super::both::Both;
use super::measured::same_case;
use super::{Readings, SymbolUnit};
use crate::PairTexts;

/// The share of plaintext symbols from which on a table is the cipher.
const MIN_TABLE: f64 = 0.95;
/// How much more of them a table must get right without their case for the codes not to tell it.
const MIN_GAIN: f64 = 0.002;

/// Where the best reading folds the case of the plaintexts alone, though nothing says that the
/// ciphertexts lost it: the place of the reading that keeps it.
///
/// Letters in one case have lost it. Codes such as numbers have if they stand for letters in either
/// case, which a table of them shows.
pub(super) fn case_in_codes(
    both: &[Both<'_>],
    indices: &[usize],
    texts: &PairTexts,
) -> Option<usize> {
    let best = both.first()?.readings();
    if best.ciphertext.fold_case || !best.plaintext.fold_case {
        return None;
    }
    let unit = best.ciphertext.symbols;
    let is_of_characters = matches!(unit, SymbolUnit::Character | SymbolUnit::Grapheme);
    let has_letters = |&index: &usize| texts.ciphertext(index).contains(char::is_alphabetic);
    if is_of_characters && indices.iter().any(has_letters) {
        return None;
    }
    let mut kept = best.clone();
    kept.plaintext.fold_case = false;
    let place = both.iter().position(|other| other.readings() == kept)?;
    let [with_case, without] = [&kept, &best].map(|readings| told(readings, indices, texts));
    let is_lost = without >= MIN_TABLE && without > with_case + MIN_GAIN;
    (!is_lost).then_some(place)
}

/// The share of plaintext symbols that a table of the ciphertext symbols gets right, in their case if
/// the reading keeps it.
fn told(readings: &Readings, indices: &[usize], texts: &PairTexts) -> f64 {
    let Readings {
        ciphertext,
        plaintext,
    } = readings;
    let mut counts: HashMap<String, HashMap<String, usize>> = HashMap::new();
    for &index in indices {
        let symbols = ciphertext.prepare(texts.ciphertext(index));
        let answers = plaintext.prepare(texts.plaintext(index));
        let answers = plaintext.symbols_of(&answers);
        for (symbol, answer) in ciphertext.symbols_of(&symbols).zip(answers) {
            let answer = same_case(plaintext, answer);
            *counts
                .entry(symbol.into())
                .or_default()
                .entry(answer)
                .or_default() += 1;
        }
    }
    let n_symbols: usize = counts.values().flat_map(HashMap::values).sum();
    let right = counts.values().filter_map(|answers| answers.values().max());
    right.sum::<usize>() as f64 / n_symbols.max(1) as f64
}

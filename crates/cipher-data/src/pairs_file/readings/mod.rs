//! How the two sides of a file of pairs are read, found from the pairs themselves.
//!
//! Each side can be read in several units. Of those that make most pairs equally long, the ones are
//! taken that cut the texts the finest: equal lengths are then the least likely to be chance, and a
//! transcription with a letter too many is still one of letters, though its words are equally many.
//! Within these units, what makes the most pairs equally long is left out or passed through; of what
//! is as good, that which loses nothing, with the smallest alphabets.

mod advance;
mod both;
mod candidates;
mod case;
mod groups;
mod headline;
mod measured;
mod unequal;
mod words;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::PairTexts;
use crate::Alphabet;
use crate::reading::{Normalize, Only, Others, Reading, SymbolUnit};
use advance::key_in_all_symbols;
use both::Both;
pub(crate) use candidates::candidates;
use case::case_in_codes;
use groups::Groups;
use measured::Measured;
pub use unequal::UnequalPair;
use words::letters_in_words;

/// Pairs that the readings are compared on, at most: they tell shares to a third of a percent.
const MAX_SAMPLE: usize = 1000;
/// Readings whose shares of equally long pairs differ by less are equally good: transcriptions have
/// errors.
const MARGIN: f64 = 0.01;
/// Readings that cut this share of the symbols of others are as fine.
const AS_FINE: f64 = 0.9;

/// How the ciphertexts and the plaintexts of pairs are read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Readings {
    /// How a ciphertext is read.
    pub ciphertext: Reading,
    /// How a plaintext is read.
    pub plaintext: Reading,
}

impl Readings {
    /// How texts over these alphabets are read.
    pub fn of_alphabets(ciphertext: &Alphabet, plaintext: &Alphabet) -> Self {
        Self {
            ciphertext: ciphertext.reading().clone(),
            plaintext: plaintext.reading().clone(),
        }
    }
}

/// What is known of the readings. The rest is found.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case", default)]
pub struct ReadingHints {
    /// What one symbol of a ciphertext is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ciphertext_symbols: Option<SymbolUnit>,
    /// What one symbol of a plaintext is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plaintext_symbols: Option<SymbolUnit>,
    /// Which symbols messages are of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only: Option<Only>,
    /// What happens to the other symbols.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub others: Option<Others>,
    /// Whether a letter is the same in both cases.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fold_case: Option<bool>,
    /// Symbols, and those that stand for them.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub stand_ins: BTreeMap<String, String>,
    /// The Unicode normalization form of the texts.
    pub normalize: Normalize,
}

/// The readings that were found, and how sure they are.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FoundReadings {
    /// The readings to use.
    pub readings: Readings,
    /// The pairs that were looked at.
    pub n_pairs: usize,
    /// Those of them that are equally long.
    pub n_equal: usize,
    /// The next best readings that differ in more than what is left out.
    pub runner_up: Option<RunnerUp>,
}

/// The next best readings.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RunnerUp {
    /// The readings.
    pub readings: Readings,
    /// The pairs that are equally long under them.
    pub n_equal: usize,
    /// Whether they are as good, so that only the user can tell which are right.
    pub is_as_good: bool,
}

impl FoundReadings {
    /// Finds the readings of pairs.
    pub fn of(texts: &PairTexts, hints: &ReadingHints) -> Self {
        let indices: Vec<usize> = texts.sample(MAX_SAMPLE).collect();
        let ciphertexts: Vec<&str> = indices.iter().map(|&i| texts.ciphertext(i)).collect();
        let plaintexts: Vec<&str> = indices.iter().map(|&i| texts.plaintext(i)).collect();
        let measure = |symbols, sample: &[&str], is_ciphertext| -> Vec<Measured> {
            let candidates = candidates(symbols, hints, sample, is_ciphertext).into_iter();
            candidates
                .map(|reading| Measured::of(reading, sample))
                .collect()
        };
        let ciphertexts = measure(hints.ciphertext_symbols, &ciphertexts, true);
        let plaintexts = measure(hints.plaintext_symbols, &plaintexts, false);
        let mut both: Vec<Both<'_>> = ciphertexts
            .iter()
            .flat_map(|ciphertext| {
                plaintexts
                    .iter()
                    .filter_map(move |plaintext| Both::of(ciphertext, plaintext, hints))
            })
            .collect();
        let n_pairs = indices.len();
        let groups = Groups::of(&both, n_pairs);
        // A stable sort: the simpler readings come first, also where nothing is equally long.
        if groups.most_equal > 0 {
            both.sort_by_key(|both| groups.rank(both));
        }
        for better in [case_in_codes, key_in_all_symbols, letters_in_words] {
            if let Some(place) = better(&both, &indices, texts) {
                both.swap(0, place);
            }
        }
        let Some(best) = both.first() else {
            return Self {
                readings: Readings::default(),
                n_pairs,
                n_equal: 0,
                runner_up: None,
            };
        };
        let runner_up = both.iter().find(|other| !other.is_like(best));
        Self {
            n_pairs,
            n_equal: best.n_equal,
            runner_up: runner_up.map(|other| RunnerUp {
                readings: other.readings(),
                n_equal: other.n_equal,
                is_as_good: other.n_equal + groups.margin >= best.n_equal
                    && other.n_cut() as f64 >= AS_FINE * best.n_cut() as f64,
            }),
            readings: best.readings(),
        }
    }
}

impl fmt::Display for Readings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            ciphertext,
            plaintext,
        } = self;
        if ciphertext == plaintext {
            write!(f, "both sides are {ciphertext}")
        } else {
            write!(
                f,
                "ciphertexts are {ciphertext}; plaintexts are {plaintext}"
            )
        }
    }
}

impl fmt::Display for FoundReadings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            readings,
            n_pairs,
            n_equal,
            ..
        } = self;
        write!(f, "{readings} (equally long: {n_equal} of {n_pairs} pairs)")
    }
}

#[cfg(test)]
mod tests;

mod readings;

use std::sync::Arc;

use super::{AlignedPairs, AlignerConfig};
use crate::pairs_file::{PairTexts, ReadingHints, Readings, find_alphabets};
use crate::reading::{Reading, SymbolUnit};
use crate::{DataError, PairTable, Score};
use readings::{ciphertext_readings, n_symbols, plaintext_readings, side};

/// Pairs that plans are compared on, at most, and characters of their ciphertexts.
const MAX_PAIRS: usize = 100;
const MAX_CHARACTERS: usize = 8_000;
/// Characters of one ciphertext, at most.
const MAX_LENGTH: usize = 1_500;
/// One pair of this number is decrypted with what the others show.
const HELD_OUT_ONE_IN: usize = 5;
/// Plans whose shares of right characters differ by less are equally good ..
const MARGIN: f64 = 0.005;
/// .. and by less than this, divided by the square root of the number of characters, which is about a
/// standard error.
const ERROR: f64 = 0.5;
/// Units of the ciphertexts whose shares differ by less than this are equally good: longer codes of a
/// finer unit can always tell a little more ..
const UNIT_MARGIN: f64 = 0.03;
/// .. and this number of them are looked at more closely.
const MAX_UNITS: usize = 3;
/// The longest code that is tried.
const MAX_CODE: usize = 4;
/// The longest chunk where codes stand for words.
const WORD: u8 = 12;

/// How pairs whose sides have different lengths are read and aligned.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AlignmentPlan {
    /// How the two sides are read.
    pub readings: Readings,
    /// How long codes and chunks may be.
    pub config: AlignerConfig,
}

/// A plan, and what its code book gets right.
type Tried = (AlignmentPlan, Score);

impl AlignmentPlan {
    /// Tries the units that the ciphertexts could be in, and lengths of codes and chunks. The plan is
    /// taken whose code book gets the most characters right of pairs that it was not made from; of
    /// those that are about as good, the one that reads most of the plaintexts, and then the one with
    /// the longest symbols and the shortest codes and chunks.
    ///
    /// Of the plaintexts as much is read as the ciphertexts tell: only letters of one case where
    /// they say nothing of spaces, punctuation and case.
    pub fn find(texts: &PairTexts, hints: &ReadingHints) -> Self {
        let sample = sample(texts);
        let plaintexts = plaintext_readings(&sample, hints);
        let narrowest = plaintexts.last().cloned().unwrap_or_default();
        let tried = ciphertext_readings(&sample, hints).into_iter();
        let tried: Vec<Tried> = tried
            .filter_map(|ciphertext| {
                let readings = Readings {
                    ciphertext,
                    plaintext: narrowest.clone(),
                };
                let configs = configs(&sample, &readings).into_iter();
                let tried = configs.map(|config| Self::new(&readings, config).tried(&sample));
                about_the_best(tried.collect(), MARGIN).into_iter().next()
            })
            .collect();
        let units = about_the_best(tried, UNIT_MARGIN);
        let widest = units.into_iter().take(MAX_UNITS).map(|(plan, score)| {
            let wider = plaintexts.iter().find_map(|plaintext| {
                let wider = plan.with_plaintext(plaintext);
                if *plaintext == narrowest {
                    return Some(wider);
                }
                let (wider, of_wider) = wider.tried(&sample);
                let lost = score.character_accuracy() - of_wider.character_accuracy();
                (lost <= MARGIN).then_some(wider)
            });
            wider.unwrap_or(plan)
        });
        let texts = side(&sample, PairTexts::plaintext);
        let mut widest: Vec<Self> = widest.collect();
        let n_read = |plan: &Self| n_symbols(&plan.readings.plaintext, &texts);
        let most = widest.iter().map(n_read).max();
        widest.retain(|plan| Some(n_read(plan)) == most);
        widest.into_iter().next().unwrap_or_default()
    }

    fn with_plaintext(&self, plaintext: &Reading) -> Self {
        let mut plan = self.clone();
        plan.readings.plaintext = plaintext.clone();
        plan
    }

    fn new(readings: &Readings, config: AlignerConfig) -> Self {
        Self {
            readings: readings.clone(),
            config,
        }
    }

    fn tried(self, sample: &PairTexts) -> Tried {
        // Readings with an error cannot be used.
        let nothing = Score {
            n_symbols: 1,
            wrong_symbols: 1,
            ..Score::default()
        };
        let score = self.score(sample).unwrap_or(nothing);
        (self, score)
    }

    /// What a code book of most pairs gets right of the others.
    fn score(&self, sample: &PairTexts) -> Result<Score, DataError> {
        let alphabets = find_alphabets(sample, &self.readings)?;
        let plaintext = alphabets.plaintext;
        let table = PairTable::of_unequal(sample, &alphabets.ciphertext, &plaintext)?;
        let table = Arc::new(table);
        let is_held_out = |index: &usize| table.len() > 1 && index.is_multiple_of(HELD_OUT_ONE_IN);
        let (held_out, training): (Vec<usize>, Vec<usize>) =
            (0..table.len()).partition(is_held_out);
        let aligned = AlignedPairs::fit(table.clone(), plaintext.clone(), &training, self.config);
        let chunks = aligned.chunk_alphabet(&training)?;
        let book = aligned.code_book(training.iter().copied(), &chunks);
        let mut score = Score::default();
        for index in if held_out.is_empty() {
            training
        } else {
            held_out
        } {
            let answer = book.decrypt(table.ciphertext(index), &chunks);
            let right = plaintext.decode(table.plaintext(index));
            score += Score::of_edits(&answer, &right);
        }
        Ok(score)
    }
}

impl Default for AlignmentPlan {
    fn default() -> Self {
        let config = AlignerConfig {
            max_code: 1,
            max_chunk: 2,
        };
        Self::new(&Readings::default(), config)
    }
}

/// The plans that are about as good as any, in their order.
fn about_the_best(tried: Vec<Tried>, margin: f64) -> Vec<Tried> {
    let best = tried
        .iter()
        .max_by(|(_, a), (_, b)| a.character_accuracy().total_cmp(&b.character_accuracy()));
    let Some((_, best)) = best.cloned() else {
        return Vec::new();
    };
    let margin = margin + ERROR / (best.n_symbols.max(1) as f64).sqrt();
    let is_as_good =
        |score: &Score| score.character_accuracy() + margin >= best.character_accuracy();
    tried
        .into_iter()
        .filter(|(_, score)| is_as_good(score))
        .collect()
}

/// Some pairs, of long ones only the beginning: as much of one side as of the other.
fn sample(texts: &PairTexts) -> PairTexts {
    let mut sample = PairTexts::default();
    let mut n_characters = 0;
    for index in texts.sample(MAX_PAIRS) {
        let [ciphertext, plaintext] = [texts.ciphertext(index), texts.plaintext(index)];
        let share = MAX_LENGTH as f64 / ciphertext.len().max(1) as f64;
        let start = |text: &str| text[..begin(text, share)].to_string();
        sample.push(&start(ciphertext), &start(plaintext), texts.line(index));
        n_characters += ciphertext.len().min(MAX_LENGTH);
        if n_characters >= MAX_CHARACTERS {
            break;
        }
    }
    sample
}

/// Where the first share of a text ends, in bytes.
fn begin(text: &str, share: f64) -> usize {
    let end = (share * text.len() as f64) as usize;
    text.floor_char_boundary(end.min(text.len()))
}

/// The lengths of codes and chunks to try.
fn configs(sample: &PairTexts, readings: &Readings) -> Vec<AlignerConfig> {
    let n = |reading, texts: Vec<&str>| n_symbols(reading, &texts).max(1) as f64;
    let ratio = n(&readings.ciphertext, side(sample, PairTexts::ciphertext))
        / n(&readings.plaintext, side(sample, PairTexts::plaintext));
    let is_of_characters = matches!(
        readings.ciphertext.symbols,
        SymbolUnit::Character | SymbolUnit::Grapheme
    );
    // Tokens and groups are codes, with many nulls or not; two of them for a letter may be one.
    let [few, many] = if is_of_characters {
        [1.15, 1.0]
    } else {
        [1.6, 1.6]
    };
    let shortest = if ratio < few {
        1
    } else {
        ((ratio - 0.15).ceil() as usize).min(MAX_CODE)
    };
    let longest = if ratio > many {
        (shortest + 1).min(MAX_CODE)
    } else {
        shortest
    };
    let mut configs = Vec::new();
    for max_code in shortest..=longest {
        // A chunk that is a little longer than such codes need: long chunks take more time, and of
        // several characters together some are words by chance.
        let needed = (max_code as f64 / ratio).ceil() + 1.0;
        configs.push(AlignerConfig {
            max_code: max_code as u8,
            max_chunk: if max_code == 1 {
                WORD
            } else {
                needed.min(f64::from(WORD)) as u8
            },
        });
    }
    if shortest > 1 {
        configs.push(AlignerConfig {
            max_code: shortest as u8,
            max_chunk: WORD,
        });
    }
    configs
}

#[cfg(test)]
mod tests;

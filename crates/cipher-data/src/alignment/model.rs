use std::collections::BTreeMap;

use rayon::prelude::*;

use super::Sides;
use super::aligner::AlignerConfig;
use super::band::Band;
use super::lattice::{Lattice, Scratch};
use super::support::support;
use super::table::Table;
use super::trie::Trie;
use crate::SymbolId;

/// Parts that pairs are counted in. Their counts are added in order, so that the sums are the same on
/// any number of cores.
const N_PARTS: usize = 16;
/// The factor on the probability of a step for each symbol of its code after the first. Without it, two
/// codes and one that is made of both would explain the pairs equally well.
const LONGER_CODE: f64 = 0.5;
/// The factor for each symbol that a chunk has more than one, and for one that has none. Without it, a
/// letter that only stands before another could as well be nothing, and the other code both letters.
const OTHER_CHUNK: f64 = 0.5;
/// Entries of the table with fewer expected occurrences than this are dropped.
const MIN_COUNT: f64 = 1e-3;
/// After training, a chunk is an error where a code stands for it less often than this ..
const MIN_SHARE: f64 = 0.1;
/// .. or once, and for others more often than this.
const MIN_SHARE_OF_ONE: f64 = 0.3;
/// The share of what is merely near a code when longer chunks are allowed.
const NEAR: f64 = 0.1;
/// The share of steps that the table does not explain, to begin with ..
const START_SPELLED: f64 = 0.05;
/// .. and at least, so that each pair can be aligned.
const MIN_SPELLED: f64 = 1e-6;

/// A joint-sequence model: the probability of a step is that of its code and chunk in the table or,
/// for a small share of the steps, that of the code times those of the chunk's symbols (a *spelled*
/// step: an error, or a code that was never seen). Where pairs leave it open, a code of one symbol for
/// one symbol is the likeliest.
#[derive(Debug, Clone)]
pub(super) struct Model {
    pub(super) max_code: usize,
    pub(super) max_chunk: usize,
    codes: Trie,
    pub(super) chunks: Trie,
    pub(super) table: Table,
    pub(super) shares: Shares,
    /// The share of spelled steps.
    pub(super) spelled: f64,
}

/// What spelled steps are drawn from.
#[derive(Debug, Clone)]
pub(super) struct Shares {
    /// The share of each code.
    pub(super) codes: Vec<f64>,
    /// The share of a code that was never seen.
    pub(super) unseen_code: f64,
    /// For codes of 1, 2 .. symbols, the share of chunks of 0, 1 .. symbols.
    pub(super) lengths: Vec<Vec<f64>>,
    /// The share of each plaintext symbol.
    pub(super) symbols: Vec<f64>,
}

impl Model {
    /// A model that knows no more than how far codes and chunks are from each other.
    pub(super) fn start(pairs: &[Sides<'_>], config: AlignerConfig) -> Self {
        let [max_code, max_chunk] = [config.max_code, config.max_chunk].map(usize::from);
        let [mut codes, mut chunks] = [(); 2].map(|()| Trie::default());
        for (ciphertext, plaintext) in pairs {
            codes.add_all_of(ciphertext, max_code);
            chunks.add_all_of(plaintext, max_chunk);
        }
        let shares = Shares::of(pairs, &codes, [max_code, max_chunk]);
        let table = support(pairs, (&codes, max_code), (&chunks, max_chunk), &shares);
        Self {
            max_code,
            max_chunk,
            table: Table::of(table),
            codes,
            chunks,
            shares,
            spelled: START_SPELLED,
        }
    }

    /// Lets codes stand for longer chunks too, beside what is known of them.
    ///
    /// Long chunks from the start would be a trap: where words are often repeated, nearly any code can
    /// be said to stand for a word that is near it.
    pub(super) fn lengthen(&mut self, pairs: &[Sides<'_>], max_chunk: usize) {
        for (_, plaintext) in pairs {
            self.chunks.add_all_of(plaintext, max_chunk);
        }
        self.max_chunk = max_chunk;
        self.shares = Shares::of(pairs, &self.codes, [self.max_code, max_chunk]);
        let codes = (&self.codes, self.max_code);
        let near = support(pairs, codes, (&self.chunks, max_chunk), &self.shares);
        let rows = (0..).zip(near).map(|(code, near)| {
            let mut row: BTreeMap<u32, f64> = BTreeMap::new();
            for (chunk, probability) in self.table.row(code) {
                *row.entry(chunk).or_default() += (1.0 - NEAR) * probability;
            }
            for (chunk, weight) in near {
                *row.entry(chunk).or_default() += NEAR * weight;
            }
            row.into_iter().collect()
        });
        self.table = Table::of(rows.collect::<Vec<_>>());
        self.spelled = START_SPELLED;
    }

    /// The number of a code, if it was ever seen.
    pub(super) fn code(&self, symbols: &[SymbolId]) -> Option<u32> {
        let mut symbols = symbols.iter();
        symbols.try_fold(Trie::EMPTY, |code, &symbol| self.codes.step(code, symbol))
    }

    /// The factor on the probability of steps with a code of `taken` symbols and a chunk of `length`.
    pub(super) fn length_factor(taken: usize, length: usize) -> f64 {
        LONGER_CODE.powi(taken as i32 - 1) * OTHER_CHUNK.powi((length as i32 - 1).abs())
    }

    /// One round of expectation-maximization. Returns the log-likelihood of the pairs before it, in
    /// nats, and narrows their bands to what is likely. Pairs that cannot be aligned do not count.
    pub(super) fn improve(&mut self, pairs: &[Sides<'_>], bands: &mut [Band]) -> f64 {
        self.round(pairs, bands, |count, _| count > MIN_COUNT)
    }

    /// A last round, after which the table has no entries that are errors of the pairs.
    pub(super) fn finish(&mut self, pairs: &[Sides<'_>], bands: &mut [Band]) {
        self.round(pairs, bands, |count, of_code| {
            let least = if count < 1.5 {
                MIN_SHARE_OF_ONE
            } else {
                MIN_SHARE
            };
            count > MIN_COUNT && count >= least * of_code
        });
    }

    fn round(
        &mut self,
        pairs: &[Sides<'_>],
        bands: &mut [Band],
        is_kept: impl Fn(f64, f64) -> bool,
    ) -> f64 {
        let per_part = pairs.len().div_ceil(N_PARTS).max(1);
        let parts = pairs
            .par_chunks(per_part)
            .zip(bands.par_chunks_mut(per_part));
        let parts: Vec<Counts> = parts
            .map(|(pairs, bands)| self.count(pairs, bands))
            .collect();
        let mut counts = Counts::new(self);
        for part in parts {
            counts.add(part);
        }
        let in_table: f64 = counts.entries.iter().sum();
        self.table = self.table.reestimated(&counts.entries, is_kept);
        self.spelled = (counts.spelled / (counts.spelled + in_table)).max(MIN_SPELLED);
        counts.log_likelihood
    }

    fn count(&self, pairs: &[Sides<'_>], bands: &mut [Band]) -> Counts {
        let mut scratch = Scratch::new(self);
        let mut counts = Counts::new(self);
        for (pair, band) in pairs.iter().zip(bands) {
            let lattice = Lattice::new(self, *pair, band);
            let passes = lattice.passes(&mut scratch, |code, expected, spelled| {
                counts.spelled += spelled;
                for entry in code.map_or(0..0, |code| self.table.entries(code)) {
                    let chunk = self.table.chunk(entry) as usize;
                    counts.entries[entry] += expected[chunk];
                }
            });
            if let Some(passes) = passes {
                counts.log_likelihood += passes.log_likelihood;
                *band = lattice.narrowed(&passes);
            }
        }
        counts
    }
}

/// Expected numbers.
struct Counts {
    /// Of each entry of the table.
    entries: Vec<f64>,
    /// Of spelled steps.
    spelled: f64,
    log_likelihood: f64,
}

impl Counts {
    fn new(model: &Model) -> Self {
        Self {
            entries: vec![0.0; model.table.len()],
            spelled: 0.0,
            log_likelihood: 0.0,
        }
    }

    fn add(&mut self, other: Self) {
        let entries = self.entries.iter_mut().zip(other.entries);
        entries.for_each(|(sum, count)| *sum += count);
        self.spelled += other.spelled;
        self.log_likelihood += other.log_likelihood;
    }
}

impl Shares {
    fn of(pairs: &[Sides<'_>], codes: &Trie, [max_code, max_chunk]: [usize; 2]) -> Self {
        let mut of_codes = vec![0.0; codes.len()];
        let mut symbols = Vec::new();
        let [mut n_ciphertext, mut n_plaintext] = [0; 2];
        for (ciphertext, plaintext) in pairs {
            n_ciphertext += ciphertext.len();
            n_plaintext += plaintext.len();
            for i in 0..ciphertext.len() {
                codes.starts_of(&ciphertext[i..], max_code, |_, code| {
                    of_codes[code as usize] += 1.0
                });
            }
            for &symbol in *plaintext {
                let symbol = usize::from(symbol);
                symbols.resize(symbols.len().max(symbol + 2), 1.0); // one more, for any other
                symbols[symbol] += 1.0;
            }
        }
        let ratio = n_plaintext as f64 / f64::from(n_ciphertext.max(1) as u32);
        let of_lengths = |n_taken: usize| {
            let expected = ratio * n_taken as f64;
            let lengths = 0..=max_chunk;
            let mut shares: Vec<f64> = lengths
                .map(|length| (-(length as f64 - expected).abs()).exp())
                .collect();
            normalize(&mut shares);
            shares
        };
        let n_codes = normalize(&mut of_codes);
        normalize(&mut symbols);
        Self {
            codes: of_codes,
            unseen_code: 0.5 / n_codes.max(1.0),
            lengths: (1..=max_code).map(of_lengths).collect(),
            symbols,
        }
    }

    /// The share of a code.
    pub(super) fn code(&self, code: Option<u32>) -> f64 {
        code.map_or(self.unseen_code, |code| self.codes[code as usize])
    }

    /// The share of a plaintext symbol.
    pub(super) fn symbol(&self, symbol: SymbolId) -> f64 {
        let other = self.symbols.last().copied().unwrap_or(1.0);
        self.symbols
            .get(usize::from(symbol))
            .copied()
            .unwrap_or(other)
    }
}

/// Divides numbers by their sum, and returns it.
fn normalize(numbers: &mut [f64]) -> f64 {
    let sum: f64 = numbers.iter().sum();
    let divisor = sum.max(f64::MIN_POSITIVE);
    numbers.iter_mut().for_each(|number| *number /= divisor);
    sum
}

//! Logits, their maximum and its probability, for one chunk of places at a time, so that its logits
//! stay in the cache.

#![allow(clippy::indexing_slicing)] // lengths follow from the shapes

use rayon::prelude::*;

use crate::cpu::matrix::{Into, View, multiply};
use crate::cpu::rows::{exponentials, largest};
use crate::cpu::{LANES, Vectorized, resize_groups, vectorized};

/// The places in a chunk.
const PLACES: usize = 256;

/// The probability of the most likely symbol at each place, and its id.
///
/// - output: `[places, d_output]`
/// - weights: `[d_output, n_symbols]`
/// - bias: `[n_symbols]`
pub fn most_likely(output: &[f32], weights: &[f32], bias: &[f32]) -> (Vec<f32>, Vec<i64>) {
    let n_symbols = bias.len();
    let d_output = weights.len() / n_symbols;
    let n_padded = n_symbols.next_multiple_of(LANES);
    let weights = resize_groups(weights, n_symbols, n_padded);
    let bias = resize_groups(bias, n_symbols, n_padded);

    let n_places = output.len() / d_output;
    let mut probabilities = vec![0.0; n_places];
    let mut symbols = vec![0; n_places];
    let chunks = output
        .par_chunks(PLACES * d_output)
        .zip(probabilities.par_chunks_mut(PLACES))
        .zip(symbols.par_chunks_mut(PLACES));
    chunks.for_each(|((output, probabilities), symbols)| {
        let n = symbols.len();
        let mut logits = bias.repeat(n); // [n, n_padded]
        let output = View::rows(output, n, d_output, d_output);
        let weights = View::rows(&weights, d_output, n_padded, n_padded);
        multiply(&mut logits, n_padded, Into::Add, output, weights);
        vectorized(Maxima {
            logits: &mut logits,
            n_padded,
            n_symbols,
            probabilities,
            symbols,
        });
    });
    (probabilities, symbols)
}

struct Maxima<'a> {
    /// `[places, n_padded]`
    logits: &'a mut [f32],
    n_padded: usize,
    n_symbols: usize,
    probabilities: &'a mut [f32],
    symbols: &'a mut [i64],
}

impl Vectorized for Maxima<'_> {
    #[inline(always)]
    fn run<const FUSED: bool>(self) {
        let answers = self.probabilities.iter_mut().zip(self.symbols);
        let places = self.logits.chunks_exact_mut(self.n_padded);
        for (logits, (probability, symbol)) in places.zip(answers) {
            logits[self.n_symbols..].fill(f32::NEG_INFINITY);
            let max = largest(logits);
            *symbol = logits
                .iter()
                .position(|&logit| logit == max)
                .map_or(0, |id| id as i64);
            *probability = 1.0 / exponentials::<FUSED>(logits, max);
        }
    }
}

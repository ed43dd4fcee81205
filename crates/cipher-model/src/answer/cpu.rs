//! Logits, their maximum and its probability in one pass: the logits of a place are never in memory.

#![allow(clippy::indexing_slicing)] // lengths follow from the shapes

use std::ops::Range;

use pulp::Simd;

use crate::cpu::activation::exp;
use crate::cpu::matrix::View;
use crate::cpu::product::{MAX_ROWS, Panels, RowProduct, Sums, multiply_rows};
use crate::cpu::rows::{exponentials, first_equal, largest};
use crate::cpu::share::share;

/// The places that a thread takes at a time.
const PLACES: usize = 256;

/// The most likely symbol at a place.
#[derive(Debug, Clone, Copy, Default)]
pub struct Best {
    /// Its id.
    pub symbol: u32,
    logit: f32,
    /// The sum over all symbols of `e^(logit - its own)`.
    sum: f32,
}

impl Best {
    /// Its probability, from 0 to 1.
    pub fn probability(&self) -> f32 {
        1.0 / self.sum
    }
}

/// A linear layer whose weights are packed, for the most likely symbols.
#[derive(Debug, Clone)]
pub struct AnswerLayer {
    weights: Panels,
    /// Padded with negative infinity: no symbol of the padding is ever the most likely.
    bias: Vec<f32>,
}

impl AnswerLayer {
    /// - weights: `[d_output, n_symbols]`
    /// - bias: `[n_symbols]`
    pub fn new(weights: &[f32], bias: &[f32]) -> Self {
        let n_symbols = bias.len();
        let d_output = weights.len() / n_symbols;
        let weights = Panels::new(View::rows(weights, d_output, n_symbols, n_symbols));
        let mut bias = bias.to_vec();
        bias.resize(weights.columns(), f32::NEG_INFINITY);
        Self { weights, bias }
    }

    /// The answers to rows of the LSTM's output, `row_stride` apart.
    pub fn answer(&self, output: &[f32], row_stride: usize, answers: &mut [Best]) {
        let n_rows = answers.len();
        let mut search = Search {
            bias: &self.bias,
            answers,
        };
        multiply_rows(output, row_stride, n_rows, &self.weights, &mut search);
    }

    /// The answers to all places of `output`, `[places, d_output]`, on all threads.
    pub fn answer_all(&self, output: &[f32], d_output: usize) -> Vec<Best> {
        let mut answers = vec![Best::default(); output.len() / d_output];
        let n_operations = 2 * output.len() * self.bias.len();
        let chunks = answers.chunks_mut(PLACES);
        let chunks = chunks.zip(output.chunks(PLACES * d_output));
        share(chunks.collect(), n_operations, |(answers, output)| {
            self.answer(output, d_output, answers);
        });
        answers
    }
}

struct Search<'a> {
    bias: &'a [f32],
    answers: &'a mut [Best],
}

impl RowProduct for Search<'_> {
    #[inline(always)]
    fn start(&self, _row: usize) -> &[f32] {
        self.bias
    }

    #[inline(always)]
    fn take<S: Simd>(&mut self, simd: S, row: usize, columns: Range<usize>, logits: &mut Sums) {
        let mut found = [Best::default(); MAX_ROWS];
        let found = &mut found[..logits.len()];
        for (best, logits) in found.iter_mut().zip(&*logits) {
            best.logit = largest(simd, &logits[..columns.len()]);
        }
        for (best, logits) in found.iter_mut().zip(logits) {
            let logits = &mut logits[..columns.len()];
            let place = first_equal(simd, logits, best.logit);
            best.symbol = (columns.start + place.unwrap_or(0)) as u32;
            best.sum = exponentials(simd, logits, best.logit);
        }
        for (best, of_panel) in self.answers[row..].iter_mut().zip(&*found) {
            *best = match columns.start {
                0 => *of_panel,
                // Of two equal ones, the first is the answer.
                _ if of_panel.logit > best.logit => of_panel.with_smaller::<S>(best),
                _ => best.with_smaller::<S>(of_panel),
            };
        }
    }
}

impl Best {
    /// The answer among the symbols of both, where the other's logit is not larger.
    #[inline(always)]
    fn with_smaller<S: Simd>(self, other: &Self) -> Self {
        let factor = exp::<S>(other.logit - self.logit);
        Self {
            sum: self.sum + factor * other.sum,
            ..self
        }
    }
}

//! Logits, cross-entropy, wrong answers and all gradients, for one chunk of the messages at a time,
//! so that its logits stay in the cache.

#![allow(clippy::indexing_slicing)] // lengths follow from the shapes

use std::borrow::Cow;
use std::ops::Range;

use pulp::{Simd, WithSimd};

use crate::cpu::matrix::{Into, View, multiply};
use crate::cpu::product::{Panels, Store, multiply_rows};
use crate::cpu::rows::{exponentials, first_equal, largest};
use crate::cpu::share::share;
use crate::cpu::{Floats, LANES, add, buffers, resize_groups, row_chunks, transpose, vectorized};

/// The largest number of messages in a chunk.
const MESSAGES_PER_CHUNK: usize = 16;

/// The LSTM's output, the linear layer and the right answers.
#[derive(Debug, Clone)]
pub struct Batch {
    /// `[batch, time, d_output]`
    pub output: Floats,
    /// `[d_output, n_symbols]`
    pub weights: Floats,
    /// `[n_symbols]`
    pub bias: Floats,
    /// `[batch, time]`, padded with `n_symbols`.
    pub plaintext: Vec<u32>,
    pub time: usize,
}

/// Sums over the symbols that are not padding.
#[derive(Debug, Default)]
pub struct Found {
    pub mean_loss: f64,
    pub wrong_symbols: usize,
    pub wrong_messages: usize,
    /// Gradients of the mean loss, if asked for.
    pub gradients: Option<Gradients>,
}

/// The gradients of the mean loss, in the layouts of [`Batch`].
#[derive(Debug, Clone)]
pub struct Gradients {
    pub output: Vec<f32>,
    pub weights: Vec<f32>,
    pub bias: Vec<f32>,
}

/// The mean loss of a batch, its wrong answers and, if asked for, the gradients.
pub fn linear_cross_entropy(batch: &Batch, with_gradients: bool) -> Found {
    let n_symbols = batch.bias.len();
    let d_output = batch.weights.len() / n_symbols;
    let time = batch.time.max(1);
    let n_messages = batch.plaintext.len() / time;
    let n_real = batch
        .plaintext
        .iter()
        .filter(|&&id| id < n_symbols as u32)
        .count();
    let n_padded = n_symbols.next_multiple_of(LANES);
    let weights = View::rows(&batch.weights, d_output, n_symbols, n_symbols);
    let task = Task {
        d_output,
        n_padded,
        weights: Panels::new(weights),
        transposed: with_gradients.then(|| Panels::new(weights.transposed())),
        bias: resize_groups(&batch.bias, n_symbols, n_padded),
        batch,
        scale: 1.0 / n_real.max(1) as f32,
    };

    let n_values = if with_gradients {
        batch.output.len()
    } else {
        0
    };
    let mut grad_output = vec![0.0; n_values];
    let mut rest = grad_output.as_mut_slice();
    let mut work = Vec::new();
    for messages in row_chunks(n_messages, MESSAGES_PER_CHUNK, 1) {
        let rows = messages.start * time..messages.end * time;
        let n_values = if with_gradients {
            rows.len() * d_output
        } else {
            0
        };
        let (grad_output, later) = rest.split_at_mut(n_values);
        rest = later;
        work.push((rows, grad_output));
    }
    // Two or six operations for each weight and place, and about fifty for an exponential.
    let n_operations = batch.plaintext.len() * n_padded * (6 * d_output + 50);
    let chunks = share(work, n_operations, |(rows, grad_output)| {
        task.run(rows, grad_output)
    });

    let mut found = Found::default();
    let mut grad_weights = vec![0.0; n_symbols * d_output];
    let mut grad_bias = vec![0.0; n_padded];
    for chunk in &chunks {
        found.mean_loss += chunk.loss / n_real.max(1) as f64;
        found.wrong_symbols += chunk.wrong_symbols;
        found.wrong_messages += chunk.wrong_messages;
        add(&mut grad_weights, &chunk.grad_weights);
        add(&mut grad_bias, &chunk.grad_bias);
    }
    found.gradients = with_gradients.then(|| Gradients {
        output: grad_output,
        weights: transpose(&grad_weights, n_symbols, d_output, n_symbols),
        bias: resize_groups(&grad_bias, n_padded, n_symbols).into_owned(),
    });
    found
}

struct Task<'a> {
    batch: &'a Batch,
    /// `[d_output, n_padded]`
    weights: Panels,
    /// `[n_symbols, d_output]`, padded, if gradients are asked for.
    transposed: Option<Panels>,
    /// `[n_padded]`
    bias: Cow<'a, [f32]>,
    d_output: usize,
    /// `n_symbols`, padded to whole vectors.
    n_padded: usize,
    /// The weight of one symbol's loss in the mean.
    scale: f32,
}

/// Sums over a chunk, in the order of its rows.
#[derive(Default)]
struct Chunk {
    loss: f64,
    wrong_symbols: usize,
    wrong_messages: usize,
    /// Transposed, `[n_symbols, d_output]`: the faster product.
    grad_weights: Vec<f32>,
    /// `[n_padded]`
    grad_bias: Vec<f32>,
}

impl Task<'_> {
    fn run(&self, rows: Range<usize>, grad_output: &mut [f32]) -> Chunk {
        let (batch, n_padded) = (self.batch, self.n_padded);
        let (n, d, n_symbols) = (rows.len(), self.d_output, batch.bias.len());
        let mut chunk = Chunk::default();
        if n == 0 {
            return chunk;
        }
        let output = &batch.output[rows.start * d..rows.end * d];
        let mut logits = buffers::take(n * n_padded); // [n, n_padded]
        let mut store = Store {
            start: &self.bias,
            sums: &mut logits,
            n_columns: n_padded,
        };
        multiply_rows(output, d, n, &self.weights, &mut store);

        vectorized(CrossEntropy {
            logits: &mut logits,
            n_padded,
            n_symbols,
            plaintext: &batch.plaintext[rows],
            time: batch.time,
            scale: self.scale,
            chunk: &mut chunk,
        });
        if let Some(transposed) = &self.transposed {
            let mut store = Store {
                start: &vec![0.0; transposed.columns()],
                sums: grad_output,
                n_columns: d,
            };
            multiply_rows(&logits, n_padded, n, transposed, &mut store);
            chunk.grad_weights = vec![0.0; n_symbols * d];
            let grad_logits = View::rows(&logits, n, n_symbols, n_padded).transposed();
            let output = View::rows(output, n, d, d);
            multiply(
                &mut chunk.grad_weights,
                d,
                Into::Replace,
                grad_logits,
                output,
            );
            chunk.grad_bias = vec![0.0; n_padded];
            for row in logits.chunks_exact(n_padded) {
                add(&mut chunk.grad_bias, row);
            }
        }
        buffers::give(logits);
        chunk
    }
}

/// The logarithm is taken of products of sums up to this: one for many symbols. A sum is at most the
/// number of symbols, so a product stays far below the largest number.
const LARGE: f64 = 1e200;

/// Overwrites logits by the gradients of the mean loss, and adds up losses and wrong answers.
struct CrossEntropy<'a> {
    /// `[rows, n_padded]`
    logits: &'a mut [f32],
    n_padded: usize,
    n_symbols: usize,
    /// One symbol for each row.
    plaintext: &'a [u32],
    time: usize,
    scale: f32,
    chunk: &'a mut Chunk,
}

impl WithSimd for CrossEntropy<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let messages = self.plaintext.chunks_exact(self.time);
        for (message, logits) in
            messages.zip(self.logits.chunks_exact_mut(self.time * self.n_padded))
        {
            let mut n_wrong = 0;
            let mut sums = 1.0;
            for (&symbol, logits) in message.iter().zip(logits.chunks_exact_mut(self.n_padded)) {
                let symbol = symbol as usize;
                if symbol >= self.n_symbols {
                    logits.fill(0.0); // padding has no gradient
                    continue;
                }
                logits[self.n_symbols..].fill(f32::NEG_INFINITY);
                let max = largest(simd, logits);
                let expected = logits[symbol];
                // As argmax does, the first of equals is the answer.
                let is_right = first_equal(simd, logits, max) == Some(symbol);
                n_wrong += usize::from(!is_right);

                let sum = exponentials(simd, logits, max);
                sums *= f64::from(sum);
                self.chunk.loss -= f64::from(expected - max);
                if sums > LARGE {
                    self.chunk.loss += std::mem::replace(&mut sums, 1.0).ln();
                }
                let factor = self.scale / sum;
                for value in logits.iter_mut() {
                    *value *= factor;
                }
                logits[symbol] -= self.scale;
            }
            self.chunk.loss += sums.ln();
            self.chunk.wrong_symbols += n_wrong;
            self.chunk.wrong_messages += usize::from(n_wrong > 0);
        }
    }
}

//! Logits, cross-entropy, wrong answers and all gradients, for one chunk of the messages at a time,
//! so that its logits stay in the cache.

#![allow(clippy::indexing_slicing)] // lengths follow from the shapes

use rayon::prelude::*;

use crate::cpu::matrix::{Into, View, multiply};
use crate::cpu::rows::{count_equal, exponentials, largest};
use crate::cpu::{LANES, Vectorized, add, resize_groups, row_chunks, transpose, vectorized};

/// The largest number of messages in a chunk.
const MESSAGES_PER_CHUNK: usize = 16;

/// The LSTM's output, the linear layer and the right answers.
#[derive(Debug, Clone)]
pub struct Batch {
    /// `[batch, time, d_output]`
    pub output: Vec<f32>,
    /// `[d_output, n_symbols]`
    pub weights: Vec<f32>,
    /// `[n_symbols]`
    pub bias: Vec<f32>,
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
    let task = Task {
        d_output,
        n_padded,
        weights: &resize_groups(&batch.weights, n_symbols, n_padded),
        batch,
        with_gradients,
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
    for messages in row_chunks(n_messages, MESSAGES_PER_CHUNK) {
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
    let chunks: Vec<Chunk> = work
        .into_par_iter()
        .map(|(rows, grad_output)| task.run(rows, grad_output))
        .collect();

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
    weights: &'a [f32],
    d_output: usize,
    /// `n_symbols`, padded to whole vectors.
    n_padded: usize,
    with_gradients: bool,
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
    fn run(&self, rows: std::ops::Range<usize>, grad_output: &mut [f32]) -> Chunk {
        let Self {
            batch, n_padded, ..
        } = *self;
        let (n, d, n_symbols) = (rows.len(), self.d_output, batch.bias.len());
        let mut chunk = Chunk::default();
        if n == 0 {
            return chunk;
        }
        let output = View::rows(&batch.output[rows.start * d..rows.end * d], n, d, d);
        let weights = View::rows(self.weights, d, n_padded, n_padded);
        let bias = resize_groups(&batch.bias, n_symbols, n_padded);
        let mut logits = bias.repeat(n); // [n, n_padded]
        multiply(&mut logits, n_padded, Into::Add, output, weights);

        vectorized(CrossEntropy {
            logits: &mut logits,
            n_padded,
            n_symbols,
            plaintext: &batch.plaintext[rows],
            time: batch.time,
            scale: self.scale,
            chunk: &mut chunk,
        });
        if self.with_gradients {
            let grad_logits = View::rows(&logits, n, n_symbols, n_padded);
            let weights = View::rows(self.weights, d, n_symbols, n_padded);
            multiply(
                grad_output,
                d,
                Into::Replace,
                grad_logits,
                weights.transposed(),
            );
            chunk.grad_weights = vec![0.0; n_symbols * d];
            multiply(
                &mut chunk.grad_weights,
                d,
                Into::Replace,
                grad_logits.transposed(),
                output,
            );
            chunk.grad_bias = vec![0.0; n_padded];
            for row in logits.chunks_exact(n_padded) {
                add(&mut chunk.grad_bias, row);
            }
        }
        chunk
    }
}

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

impl Vectorized for CrossEntropy<'_> {
    #[inline(always)]
    fn run<const FUSED: bool>(self) {
        let messages = self.plaintext.chunks_exact(self.time);
        for (message, logits) in
            messages.zip(self.logits.chunks_exact_mut(self.time * self.n_padded))
        {
            let mut n_wrong = 0;
            for (&symbol, logits) in message.iter().zip(logits.chunks_exact_mut(self.n_padded)) {
                let symbol = symbol as usize;
                if symbol >= self.n_symbols {
                    logits.fill(0.0); // padding has no gradient
                    continue;
                }
                logits[self.n_symbols..].fill(f32::NEG_INFINITY);
                let max = largest(logits);
                // As argmax does, the first of equals is the answer.
                let expected = logits[symbol];
                let is_right = expected == max
                    && (count_equal(logits, max) == 1
                        || logits[..symbol].iter().all(|&logit| logit < max));
                n_wrong += usize::from(!is_right);

                let sum = exponentials::<FUSED>(logits, max);
                self.chunk.loss += f64::from(sum.ln() - (expected - max));
                let factor = self.scale / sum;
                for value in logits.iter_mut() {
                    *value *= factor;
                }
                logits[symbol] -= self.scale;
            }
            self.chunk.wrong_symbols += n_wrong;
            self.chunk.wrong_messages += usize::from(n_wrong > 0);
        }
    }
}

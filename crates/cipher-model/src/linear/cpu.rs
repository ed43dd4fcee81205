//! The products of a linear layer, for one chunk of rows at a time.

#![allow(clippy::indexing_slicing)] // lengths follow from the shapes

use crate::cpu::matrix::{Into, View, multiply};
use crate::cpu::share::share;
use crate::cpu::{Floats, add};

/// The rows that a thread takes at a time. Sums do not depend on the number of threads.
const ROWS: usize = 512;

/// Input `[rows, d_input]`, weights `[d_input, d_output]` and bias `[d_output]`.
#[derive(Debug, Clone)]
pub struct Layer {
    pub input: Floats,
    pub weights: Floats,
    pub bias: Floats,
}

/// The gradients of a [`Layer`], in its layouts.
pub struct Gradients {
    pub input: Vec<f32>,
    pub weights: Vec<f32>,
    pub bias: Vec<f32>,
}

impl Layer {
    fn d_input(&self) -> usize {
        self.weights.len() / self.bias.len()
    }

    /// `[rows, d_output]`
    pub fn forward(&self) -> Vec<f32> {
        let (d_input, d_output) = (self.d_input(), self.bias.len());
        let mut output = self.bias.repeat(self.input.len() / d_input);
        let n_operations = 2 * self.input.len() * d_output;
        let chunks = output.chunks_mut(ROWS * d_output);
        let chunks = chunks.zip(self.input.chunks(ROWS * d_input));
        share(chunks.collect(), n_operations, |(output, input)| {
            let input = View::rows(input, input.len() / d_input, d_input, d_input);
            let weights = View::rows(&self.weights, d_input, d_output, d_output);
            multiply(output, d_output, Into::Add, input, weights);
        });
        output
    }

    /// The gradients that follow from that of the output, `[rows, d_output]`.
    pub fn backward(&self, grad_output: &[f32]) -> Gradients {
        let (d_input, d_output) = (self.d_input(), self.bias.len());
        let mut grad_input = vec![0.0; self.input.len()];
        let n_operations = 4 * self.input.len() * d_output;
        let chunks = grad_input
            .chunks_mut(ROWS * d_input)
            .zip(self.input.chunks(ROWS * d_input))
            .zip(grad_output.chunks(ROWS * d_output));
        let sums = share(
            chunks.collect(),
            n_operations,
            |((grad_input, input), grad)| {
                let rows = input.len() / d_input;
                let input = View::rows(input, rows, d_input, d_input);
                let grad_rows = View::rows(grad, rows, d_output, d_output);
                let weights = View::rows(&self.weights, d_input, d_output, d_output);
                multiply(
                    grad_input,
                    d_input,
                    Into::Replace,
                    grad_rows,
                    weights.transposed(),
                );
                let mut weights = vec![0.0; self.weights.len()];
                multiply(
                    &mut weights,
                    d_output,
                    Into::Replace,
                    input.transposed(),
                    grad_rows,
                );
                let mut bias = vec![0.0; d_output];
                for row in grad.chunks_exact(d_output) {
                    add(&mut bias, row);
                }
                [weights, bias]
            },
        );
        let mut sums = sums.into_iter();
        let [mut weights, mut bias] = sums
            .next()
            .unwrap_or_else(|| [vec![0.0; self.weights.len()], vec![0.0; d_output]]);
        for [of_weights, of_bias] in sums {
            add(&mut weights, &of_weights);
            add(&mut bias, &of_bias);
        }
        Gradients {
            input: grad_input,
            weights,
            bias,
        }
    }
}

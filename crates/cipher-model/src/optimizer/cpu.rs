//! The passes over weights and gradients, in vectors.

#![allow(clippy::indexing_slicing)] // slices are as long as their chunk

use pulp::{Simd, WithSimd};

use crate::cpu::share::share;
use crate::cpu::{LANES, vectorized};

/// The numbers that a thread takes at a time. The sums do not depend on the number of threads.
const CHUNK: usize = 1 << 14;

/// The numbers of one step of AdamW.
#[derive(Debug, Clone, Copy)]
pub struct Rates {
    pub learning_rate: f32,
    /// The share of each weight that is left after weight decay.
    pub kept: f32,
    pub beta_1: f32,
    pub beta_2: f32,
    /// `1 - beta_1^time`: moments start from 0 and are too small at first.
    pub correction_1: f32,
    /// `1 - beta_2^time`
    pub correction_2: f32,
    pub epsilon: f32,
}

/// Changes weights and moments by one step of AdamW.
pub fn adamw(
    weights: &mut [f32],
    moment_1: &mut [f32],
    moment_2: &mut [f32],
    grad: &[f32],
    rates: Rates,
) {
    let n_operations = 10 * weights.len();
    let chunks = weights
        .chunks_mut(CHUNK)
        .zip(moment_1.chunks_mut(CHUNK))
        .zip(moment_2.chunks_mut(CHUNK))
        .zip(grad.chunks(CHUNK));
    share(
        chunks.collect(),
        n_operations,
        |(((weights, moment_1), moment_2), grad)| {
            vectorized(Step {
                weights,
                moment_1,
                moment_2,
                grad,
                rates,
            });
        },
    );
}

struct Step<'a> {
    weights: &'a mut [f32],
    moment_1: &'a mut [f32],
    moment_2: &'a mut [f32],
    grad: &'a [f32],
    rates: Rates,
}

impl WithSimd for Step<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _simd: S) {
        let rates = self.rates;
        let moments = self.moment_1.iter_mut().zip(self.moment_2);
        let values = self.weights.iter_mut().zip(moments).zip(self.grad);
        for ((weight, (moment_1, moment_2)), &grad) in values {
            *moment_1 = *moment_1 * rates.beta_1 + grad * (1.0 - rates.beta_1);
            *moment_2 = *moment_2 * rates.beta_2 + grad * grad * (1.0 - rates.beta_2);
            let mean = *moment_1 / rates.correction_1;
            let deviation = (*moment_2 / rates.correction_2).sqrt() + rates.epsilon;
            *weight = *weight * rates.kept - mean / deviation * rates.learning_rate;
        }
    }
}

/// The sum of the squares of all values.
pub fn sum_of_squares(values: &[f32]) -> f32 {
    let sums = share(values.chunks(CHUNK).collect(), values.len(), |values| {
        let mut sum = 0.0;
        vectorized(SumOfSquares {
            values,
            sum: &mut sum,
        });
        sum
    });
    sums.iter().sum()
}

struct SumOfSquares<'a> {
    values: &'a [f32],
    sum: &'a mut f32,
}

impl WithSimd for SumOfSquares<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _simd: S) {
        let (vectors, rest) = self.values.as_chunks::<LANES>();
        let mut lanes = [0.0; LANES];
        for vector in vectors {
            for lane in 0..LANES {
                lanes[lane] += vector[lane] * vector[lane];
            }
        }
        for (lane, value) in rest.iter().enumerate() {
            lanes[lane] += value * value;
        }
        *self.sum = lanes.iter().sum();
    }
}

/// Multiplies all values by a number.
pub fn scale(values: &mut [f32], factor: f32) {
    let n_operations = values.len();
    share(values.chunks_mut(CHUNK).collect(), n_operations, |values| {
        vectorized(Scale { values, factor });
    });
}

struct Scale<'a> {
    values: &'a mut [f32],
    factor: f32,
}

impl WithSimd for Scale<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _simd: S) {
        for value in self.values {
            *value *= self.factor;
        }
    }
}

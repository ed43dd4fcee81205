//! The passes over weights and gradients, in vectors.

#![allow(clippy::indexing_slicing)] // slices are as long as their chunk

use rayon::prelude::*;

use crate::cpu::{LANES, Vectorized, vectorized};

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
    let chunks = weights
        .par_chunks_mut(CHUNK)
        .zip(moment_1.par_chunks_mut(CHUNK))
        .zip(moment_2.par_chunks_mut(CHUNK))
        .zip(grad.par_chunks(CHUNK));
    chunks.for_each(|(((weights, moment_1), moment_2), grad)| {
        vectorized(Step {
            weights,
            moment_1,
            moment_2,
            grad,
            rates,
        });
    });
}

struct Step<'a> {
    weights: &'a mut [f32],
    moment_1: &'a mut [f32],
    moment_2: &'a mut [f32],
    grad: &'a [f32],
    rates: Rates,
}

impl Vectorized for Step<'_> {
    #[inline(always)]
    fn run<const FUSED: bool>(self) {
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
    let chunks = values.par_chunks(CHUNK).map(|values| {
        let mut sum = 0.0;
        vectorized(SumOfSquares {
            values,
            sum: &mut sum,
        });
        sum
    });
    let sums: Vec<f32> = chunks.collect();
    sums.iter().sum()
}

struct SumOfSquares<'a> {
    values: &'a [f32],
    sum: &'a mut f32,
}

impl Vectorized for SumOfSquares<'_> {
    #[inline(always)]
    fn run<const FUSED: bool>(self) {
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
    values
        .par_chunks_mut(CHUNK)
        .for_each(|values| vectorized(Scale { values, factor }));
}

struct Scale<'a> {
    values: &'a mut [f32],
    factor: f32,
}

impl Vectorized for Scale<'_> {
    #[inline(always)]
    fn run<const FUSED: bool>(self) {
        for value in self.values {
            *value *= self.factor;
        }
    }
}

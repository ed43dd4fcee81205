//! Sums and maxima over a row of whole vectors, always in the same order.

#![allow(clippy::indexing_slicing)] // the number of lanes is known

use super::LANES;
use super::activation::exp;

/// The largest value; NaN is passed over.
#[inline(always)]
pub fn largest(values: &[f32]) -> f32 {
    let mut lanes = [f32::NEG_INFINITY; LANES];
    for vector in values.as_chunks::<LANES>().0 {
        for lane in 0..LANES {
            lanes[lane] = if vector[lane] > lanes[lane] {
                vector[lane]
            } else {
                lanes[lane]
            };
        }
    }
    fold(lanes, |a, b| if a > b { a } else { b })
}

/// How many values equal the one given.
#[inline(always)]
pub fn count_equal(values: &[f32], value: f32) -> u32 {
    let mut lanes = [0; LANES];
    for vector in values.as_chunks::<LANES>().0 {
        for lane in 0..LANES {
            lanes[lane] += u32::from(vector[lane] == value);
        }
    }
    fold(lanes, |a, b| a + b)
}

/// Replaces each value by `e^(value - max)` and gives their sum.
#[inline(always)]
pub fn exponentials<const FUSED: bool>(values: &mut [f32], max: f32) -> f32 {
    let mut sums = [0.0; LANES];
    for vector in values.as_chunks_mut::<LANES>().0 {
        for lane in 0..LANES {
            vector[lane] = exp::<FUSED>(vector[lane] - max);
            sums[lane] += vector[lane];
        }
    }
    fold(sums, |a, b| a + b)
}

/// Folds the upper half onto the lower until one is left.
#[inline(always)]
fn fold<T: Copy>(mut lanes: [T; LANES], join: impl Fn(T, T) -> T) -> T {
    for half in [8, 4, 2, 1] {
        for lane in 0..half {
            lanes[lane] = join(lanes[lane], lanes[lane + half]);
        }
    }
    lanes[0]
}

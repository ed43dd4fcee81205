//! Sums and maxima over a row of whole vectors, always in the same order.

#![allow(clippy::indexing_slicing)] // the number of lanes is known

use pulp::Simd;

use super::LANES;
use super::activation::exp;

/// The largest value; NaN is passed over.
#[inline(always)]
pub fn largest<S: Simd>(simd: S, values: &[f32]) -> f32 {
    let start = simd.splat_f32s(f32::NEG_INFINITY);
    // NaN in the first argument gives the second.
    let vectors = S::as_simd_f32s(values).0.iter();
    let lanes = vectors.fold(start, |max, vector| simd.max_f32s(*vector, max));
    simd.reduce_max_f32s(lanes)
}

/// The place of the first value that equals the one given.
#[inline(always)]
pub fn first_equal<S: Simd>(simd: S, values: &[f32], value: f32) -> Option<usize> {
    // Numbers for places: pulp's own search in a mask begins at the wrong end on AVX-512.
    let nowhere = simd.splat_f32s(f32::INFINITY);
    let value = simd.splat_f32s(value);
    let lanes: [f32; LANES] = std::array::from_fn(|lane| lane as f32);
    let mut first = nowhere;
    if let Some(&lanes) = S::as_simd_f32s(&lanes).0.first() {
        for (index, vector) in S::as_simd_f32s(values).0.iter().enumerate() {
            let offset = simd.splat_f32s((index * S::F32_LANES) as f32);
            let is_equal = simd.equal_f32s(*vector, value);
            let place = simd.select_f32s(is_equal, simd.add_f32s(lanes, offset), nowhere);
            first = simd.min_f32s(first, place);
        }
    }
    let first = simd.reduce_min_f32s(first);
    first.is_finite().then_some(first as usize)
}

/// Replaces each value by `e^(value - max)` and gives their sum.
#[inline(always)]
pub fn exponentials<S: Simd>(simd: S, values: &mut [f32], max: f32) -> f32 {
    let mut sums = [0.0; LANES];
    for vector in values.as_chunks_mut::<LANES>().0 {
        for lane in 0..LANES {
            vector[lane] = exp::<S>(vector[lane] - max);
            sums[lane] += vector[lane];
        }
    }
    let start = simd.splat_f32s(0.0);
    let vectors = S::as_simd_f32s(&sums).0.iter();
    let lanes = vectors.fold(start, |sum, vector| simd.add_f32s(sum, *vector));
    simd.reduce_sum_f32s(lanes)
}

#[cfg(test)]
mod tests {
    use pulp::WithSimd;

    use super::*;
    use crate::cpu::vectorized;

    struct Row(Vec<f32>);

    impl WithSimd for Row {
        type Output = (f32, Option<usize>, f32);

        #[inline(always)]
        fn with_simd<S: Simd>(mut self, simd: S) -> Self::Output {
            let max = largest(simd, &self.0);
            let place = first_equal(simd, &self.0, max);
            (max, place, exponentials(simd, &mut self.0, max))
        }
    }

    #[test]
    fn a_row_has_its_maximum_the_first_place_of_it_and_its_sum() {
        for n_vectors in 1..5 {
            let len = n_vectors * LANES;
            for peak in 0..len {
                let value = |place: usize| if place < peak { -1.5 } else { 2.0 };
                let row: Vec<f32> = (0..len).map(value).collect();
                let (max, place, sum) = vectorized(Row(row));
                let expected = (len - peak) as f32 + peak as f32 * (-3.5_f32).exp();
                assert_eq!((max, place), (2.0, Some(peak)));
                assert!(
                    (sum - expected).abs() < 1e-4 * expected,
                    "{sum}, not {expected}"
                );
            }
        }
    }

    #[test]
    fn not_a_number_is_passed_over() {
        let mut row = vec![1.0; LANES];
        row[3] = f32::NAN;
        row[5] = 4.0;
        let (max, place, _) = vectorized(Row(row));
        assert_eq!((max, place), (4.0, Some(5)));
    }
}

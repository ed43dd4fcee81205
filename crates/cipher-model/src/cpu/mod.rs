//! What the hand-written operations of the CPU backends share: loops of whole vectors, matrix
//! products, and tensors as slices.

// Upstream deprecates its ndarray backend in favour of flex, which has no such long record yet.
#![allow(deprecated)]
#![allow(clippy::indexing_slicing)] // lengths follow from the shapes

pub mod activation;
pub mod buffers;
pub mod matrix;

use std::borrow::Cow;
use std::ops::Range;

use burn::backend::tensor::{Device, FloatTensor, IntTensor};
use burn::backend::{Backend, DispatchDevice, read_sync};
use burn::tensor::TensorData;
use pulp::{Arch, Simd, WithSimd};

/// Numbers in the widest vector register, AVX-512's.
pub const LANES: usize = 16;

/// Burn's backends whose tensors are in the host's memory.
pub trait CpuBackend: Backend {
    /// The values of a tensor, row by row; not copied if nobody else has it.
    fn floats(tensor: FloatTensor<Self>) -> Vec<f32> {
        into_floats::<Self>(tensor)
    }

    /// The values of a tensor of ids.
    fn ids(tensor: IntTensor<Self>) -> Vec<u32> {
        into_ids::<Self>(tensor)
    }

    /// A tensor of such values.
    fn tensor(values: Vec<f32>, shape: Vec<usize>, device: &Device<Self>) -> FloatTensor<Self> {
        Self::float_from_data(TensorData::new(values, shape), device)
    }
}

#[cfg(feature = "flex")]
impl CpuBackend for burn::backend::Flex {}

#[cfg(feature = "ndarray")]
impl CpuBackend for burn::backend::NdArray {
    fn floats(tensor: FloatTensor<Self>) -> Vec<f32> {
        // Burn copies a tensor that somebody else has too value by value.
        if let burn_ndarray::NdArrayTensor::F32(values) = &tensor
            && !values.is_unique()
            && let Some(values) = values.view().as_slice()
        {
            return values.to_vec();
        }
        into_floats::<Self>(tensor)
    }

    fn ids(tensor: IntTensor<Self>) -> Vec<u32> {
        if let burn_ndarray::NdArrayTensor::I64(ids) = &tensor
            && let Some(ids) = ids.view().as_slice()
        {
            return ids.iter().map(|&id| id as u32).collect();
        }
        into_ids::<Self>(tensor)
    }
}

#[allow(clippy::expect_used)] // host memory can be read at once
fn into_ids<B: Backend>(tensor: IntTensor<B>) -> Vec<u32> {
    let data = read_sync(B::int_into_data(tensor)).expect("a tensor in host memory");
    data.iter::<u32>().collect()
}

#[allow(clippy::expect_used)] // host memory can be read at once
fn into_floats<B: Backend>(tensor: FloatTensor<B>) -> Vec<f32> {
    let data = read_sync(B::float_into_data(tensor)).expect("a tensor in host memory");
    data.convert::<f32>()
        .try_into_vec()
        .expect("f32 after its conversion")
}

/// Whether a device is that of a [`CpuBackend`], with automatic differentiation or without.
pub fn is_cpu(device: &burn::tensor::Device) -> bool {
    match device.clone().inner().as_dispatch() {
        #[cfg(feature = "ndarray")]
        DispatchDevice::NdArray(_) => true,
        #[cfg(feature = "flex")]
        DispatchDevice::Flex(_) => true,
        #[allow(unreachable_patterns)] // with no other backend compiled in
        _ => false,
    }
}

/// Rows of a batch that a thread works on together. The cut depends on the sizes alone, never on
/// the number of threads, so that every sum has the same order on any.
pub fn shares(batch: usize, most: usize) -> impl Iterator<Item = Range<usize>> + Clone {
    let n_shares = batch.div_ceil(most).max(1);
    // Even shares, so that threads end together.
    (0..n_shares).map(move |share| share * batch / n_shares..(share + 1) * batch / n_shares)
}

/// A loop that is compiled once for each kind of vector instructions.
pub trait Vectorized {
    /// `FUSED`: the machine multiplies and adds in one instruction, see [`activation`]. To be
    /// marked `#[inline(always)]`, with all that it calls.
    fn run<const FUSED: bool>(self);
}

/// Runs a loop with the widest vectors that this machine has.
pub fn vectorized(run: impl Vectorized) {
    struct Dispatched<T>(T);

    impl<T: Vectorized> WithSimd for Dispatched<T> {
        type Output = ();

        #[inline(always)]
        fn with_simd<S: Simd>(self, _simd: S) {
            match S::IS_SCALAR {
                true => self.0.run::<false>(),
                false => self.0.run::<true>(),
            }
        }
    }

    Arch::new().dispatch(Dispatched(run));
}

/// The values in whole vectors: loops over arrays of a known size become vector instructions.
#[inline(always)]
pub fn vectors(values: &mut [f32]) -> impl Iterator<Item = &mut [f32; LANES]> {
    values.as_chunks_mut().0.iter_mut()
}

/// `[rows, groups * from]` to `[rows, groups * to]`: each group of columns is cut off or filled up
/// with 0.
pub fn resize_groups(values: &[f32], from: usize, to: usize) -> Cow<'_, [f32]> {
    if from == to {
        return values.into();
    }
    let kept = from.min(to);
    let mut resized = vec![0.0; values.len() / from.max(1) * to];
    for (new, old) in resized.chunks_exact_mut(to).zip(values.chunks_exact(from)) {
        new[..kept].copy_from_slice(&old[..kept]);
    }
    resized.into()
}

/// `[rows, columns]` to `[columns, row_stride]`, filled up with 0.
pub fn transpose(matrix: &[f32], rows: usize, columns: usize, row_stride: usize) -> Vec<f32> {
    let mut transposed = vec![0.0; columns * row_stride];
    for (row, values) in matrix.chunks_exact(columns).take(rows).enumerate() {
        for (column, &value) in values.iter().enumerate() {
            transposed[column * row_stride + row] = value;
        }
    }
    transposed
}

#[cfg(test)]
mod tests {
    use super::shares;

    #[test]
    fn every_row_is_in_one_share() {
        for batch in 0..300 {
            let rows: Vec<usize> = shares(batch, 32).flatten().collect();
            assert_eq!(rows, (0..batch).collect::<Vec<_>>());
        }
    }
}

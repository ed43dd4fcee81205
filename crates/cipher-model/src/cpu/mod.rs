//! What the hand-written operations of the CPU backends share: loops of whole vectors, matrix
//! products, and tensors as slices.

// Upstream deprecates its ndarray backend in favour of flex, which has no such long record yet.
#![allow(deprecated)]
#![allow(clippy::indexing_slicing)] // lengths follow from the shapes

pub mod activation;
pub mod buffers;
mod floats;
pub mod matrix;
pub mod product;
pub mod rows;
pub mod share;

use std::borrow::Cow;
use std::ops::Range;

use burn::backend::tensor::{Device, FloatTensor, IntTensor};
use burn::backend::{Backend, read_sync};
use burn::tensor::TensorData;
#[cfg(feature = "ndarray")]
use burn_ndarray::NdArrayTensor;
use pulp::{Arch, WithSimd};

pub use floats::Floats;

/// Numbers in the widest vector register, AVX-512's.
pub const LANES: usize = 16;

/// Burn's backends whose tensors are in the host's memory.
pub trait CpuBackend: Backend {
    /// The values of a tensor, row by row.
    fn floats(tensor: FloatTensor<Self>) -> Floats {
        into_floats::<Self>(tensor).into()
    }

    /// The values of a tensor of ids.
    fn ids(tensor: IntTensor<Self>) -> Vec<u32> {
        into_ids::<Self>(tensor)
    }

    /// A tensor of values, row by row.
    fn tensor(values: Vec<f32>, shape: Vec<usize>, device: &Device<Self>) -> FloatTensor<Self> {
        Self::float_from_data(TensorData::new(values, shape), device)
    }
}

#[cfg(feature = "flex")]
impl CpuBackend for burn::backend::Flex {}

// Burn's own conversions look at each number, without vector instructions.
#[cfg(feature = "ndarray")]
impl CpuBackend for burn::backend::NdArray {
    fn floats(tensor: FloatTensor<Self>) -> Floats {
        match tensor {
            NdArrayTensor::F32(values) => values.into_shared().into(),
            other => into_floats::<Self>(other).into(),
        }
    }

    fn ids(tensor: IntTensor<Self>) -> Vec<u32> {
        if let NdArrayTensor::I64(ids) = &tensor
            && let Some(ids) = ids.view().as_slice()
        {
            return ids.iter().map(|&id| id as u32).collect();
        }
        into_ids::<Self>(tensor)
    }

    #[allow(clippy::expect_used)] // callers give as many values as the shape has
    fn tensor(values: Vec<f32>, shape: Vec<usize>, _device: &Device<Self>) -> FloatTensor<Self> {
        let values =
            ndarray::ArrayD::from_shape_vec(shape, values).expect("one value for each place");
        NdArrayTensor::F32(values.into_shared().into())
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

/// Splits the rows of a batch into chunks of about `size` rows, one for each thread to work on, in
/// whole tiles of rows. The chunks do not depend on the number of threads, so every sum has the same
/// order on any number.
pub fn row_chunks(
    batch: usize,
    size: usize,
    tile: usize,
) -> impl Iterator<Item = Range<usize>> + Clone {
    let n_tiles = batch.div_ceil(tile);
    let n_chunks = batch.div_ceil(size).max(1);
    // Chunks of about the same size, so that threads finish together.
    let end = move |chunk: usize| (chunk * n_tiles / n_chunks * tile).min(batch);
    (0..n_chunks).map(move |chunk| end(chunk)..end(chunk + 1))
}

/// Runs a loop with the widest vectors that this machine has. The loop and all that it calls need
/// `#[inline(always)]`, so that they are compiled for these vectors.
pub fn vectorized<T: WithSimd>(run: T) -> T::Output {
    Arch::new().dispatch(run)
}

/// `[rows, groups * from]` to `[rows, groups * to]`: each group of columns is truncated or padded
/// with 0.
pub fn resize_groups(values: &[f32], from: usize, to: usize) -> Cow<'_, [f32]> {
    if from == to {
        return values.into();
    }
    let n_copied = from.min(to);
    let mut resized = vec![0.0; values.len() / from.max(1) * to];
    for (new, old) in resized.chunks_exact_mut(to).zip(values.chunks_exact(from)) {
        new[..n_copied].copy_from_slice(&old[..n_copied]);
    }
    resized.into()
}

/// Adds values to sums, place by place.
pub fn add(sums: &mut [f32], values: &[f32]) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += value;
    }
}

/// `[rows, columns]` to `[columns, row_stride]`, padded with 0.
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
    use super::row_chunks;

    #[test]
    fn every_row_is_in_one_chunk() {
        for batch in 0..300 {
            for tile in [1, 6] {
                let rows: Vec<usize> = row_chunks(batch, 32, tile).flatten().collect();
                assert_eq!(rows, (0..batch).collect::<Vec<_>>());
            }
        }
    }
}

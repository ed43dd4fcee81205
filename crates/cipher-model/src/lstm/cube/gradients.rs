//! The gradients that follow from those of all gates together.

use burn::backend::cubecl::dtype_to_storage_type;
use burn::backend::ops::FloatTensorOps;
use burn::tensor::Shape;
use burn_cubecl::CubeBackend;
use burn_cubecl::cubecl;
use burn_cubecl::cubecl::calculate_cube_count_elemwise;
use burn_cubecl::cubecl::ir::ElemType;
use burn_cubecl::cubecl::prelude::*;
use burn_cubecl::tensor::CubeTensor;

use super::{Kept, Sequence, argument};

/// Parts that a long sum is cut into, at most, so that there is work for the whole GPU.
const MOST_PARTS: usize = 64;
/// Hidden sizes from which the product for the recurrent weights has enough numbers of its own.
const WIDE: usize = 512;

/// Of the recurrent weights: the sum over all rows and steps of (hidden state before)' (gradient of
/// the gates), `[d_hidden, 4 * d_hidden]`.
pub fn hidden_weights(sequence: &Sequence, kept: Kept, d_gates: CubeTensor) -> CubeTensor {
    let &Sequence {
        batch,
        time,
        d_hidden,
        ..
    } = sequence;
    let n_parts = match d_hidden < WIDE {
        true => (1..=16).rev().find(|n| batch.is_multiple_of(*n)),
        false => None,
    }
    .unwrap_or(1);
    let steps = batch / n_parts * time;
    let before = reshape(kept.before, [n_parts, steps, d_hidden]);
    let before = CubeBackend::float_swap_dims(before, 1, 2); // [n_parts, d_hidden, steps]
    let d_gates = reshape(d_gates, [n_parts, steps, 4 * d_hidden]);
    let parts = CubeBackend::float_matmul(before, d_gates); // [n_parts, d_hidden, 4 * d_hidden]
    let sum = match n_parts {
        1 => parts,
        _ => CubeBackend::float_sum_dim(parts, 0), // [1, d_hidden, 4 * d_hidden]
    };
    reshape(sum, [d_hidden, 4 * d_hidden])
}

fn reshape<const D: usize>(tensor: CubeTensor, shape: [usize; D]) -> CubeTensor {
    CubeBackend::float_reshape(tensor, Shape::new(shape))
}

/// Of a table that the steps read by id: for each of its rows, the sum of the gates' gradients over
/// the places that read it, `[n_rows, 4 * d_hidden]`.
///
/// The places are cut into parts. A unit adds up one column of one part, into a table of the part's
/// own, so that no two units write to the same number; the sum over the parts follows.
pub fn table(
    sequence: &Sequence,
    ids: &CubeTensor,
    n_rows: usize,
    d_gates: &CubeTensor,
) -> CubeTensor {
    let n_places = sequence.batch * sequence.time;
    let n_columns = 4 * sequence.d_hidden;
    // Tables larger than what they are the sum of would cost more than they save.
    let n_parts = (n_places / n_rows.max(1)).clamp(1, MOST_PARTS);
    let parts = sequence.empty([n_parts, n_rows, n_columns]);
    let client = sequence.client();
    let dim = CubeDim::new(client, n_parts * n_columns);
    table_kernel::launch(
        client,
        calculate_cube_count_elemwise(client, n_parts * n_columns, dim),
        dim,
        argument(ids),
        argument(d_gates),
        argument(&parts),
        n_parts,
        n_places,
        n_rows,
        n_columns,
        dtype_to_storage_type(ids.dtype),
    );
    let sum = match n_parts {
        1 => parts,
        _ => CubeBackend::float_sum_dim(parts, 0), // [1, n_rows, 4 * d_hidden]
    };
    reshape(sum, [n_rows, n_columns])
}

/// The shapes:
///
/// - ids: `[n_places]`, each below `n_rows`
/// - d_gates: `[n_places, n_columns]`
/// - parts: `[n_parts, n_rows, n_columns]`
#[cube(launch)]
#[allow(clippy::too_many_arguments)]
fn table_kernel<I: Int>(
    ids: &[I],
    d_gates: &[f32],
    parts: &mut [f32],
    n_parts: usize,
    n_places: usize,
    n_rows: usize,
    n_columns: usize,
    #[define(I)] _id_type: ElemType,
) {
    if ABSOLUTE_POS >= n_parts * n_columns {
        terminate!();
    }
    let part = ABSOLUTE_POS / n_columns;
    let column = ABSOLUTE_POS % n_columns;
    let table = part * n_rows * n_columns + column;
    for row in 0..n_rows {
        parts[table + row * n_columns] = 0.0f32;
    }
    let per_part = n_places.div_ceil(n_parts);
    let begin = part * per_part;
    let end = (begin + per_part).min(n_places);
    for place in begin..end {
        let at = table + usize::cast_from(ids[place]) * n_columns;
        let sum = parts[at] + d_gates[place * n_columns + column];
        parts[at] = sum;
    }
}

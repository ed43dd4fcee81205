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

use super::{LstmCall, Saved, argument};

/// The largest number of parts that a long sum is split into, so that the whole GPU has work.
const MAX_PARTS: usize = 64;
/// The hidden size from which the product for the recurrent weights occupies the GPU unsplit.
const WIDE: usize = 512;

/// The gradient of the recurrent weights, `[d_hidden, 4 * d_hidden]`: the sum over all rows and steps
/// of (hidden state before)' (gradient of the gates).
pub fn hidden_weights(call: &LstmCall, saved: Saved, grad_gates: CubeTensor) -> CubeTensor {
    let &LstmCall {
        batch,
        time,
        d_hidden,
        ..
    } = call;
    let n_parts = if d_hidden < WIDE {
        (1..=16).rev().find(|n| batch.is_multiple_of(*n))
    } else {
        None
    }
    .unwrap_or(1);
    let steps = batch / n_parts * time;
    let before = reshape(saved.before, [n_parts, steps, d_hidden]);
    let before = CubeBackend::float_swap_dims(before, 1, 2); // [n_parts, d_hidden, steps]
    let grad_gates = reshape(grad_gates, [n_parts, steps, 4 * d_hidden]);
    let parts = CubeBackend::float_matmul(before, grad_gates); // [n_parts, d_hidden, 4 * d_hidden]
    let sum = match n_parts {
        1 => parts,
        _ => CubeBackend::float_sum_dim(parts, 0), // [1, d_hidden, 4 * d_hidden]
    };
    reshape(sum, [d_hidden, 4 * d_hidden])
}

fn reshape<const D: usize>(tensor: CubeTensor, shape: [usize; D]) -> CubeTensor {
    CubeBackend::float_reshape(tensor, Shape::new(shape))
}

/// The gradient of the table of gate inputs, `[n_rows, 4 * d_hidden]`: for each of its rows, the sum
/// of the gates' gradients over the places that read it.
///
/// The places are split into parts. A unit adds up one column of one part, into that part's own
/// table, so that no two units write to the same number; then the parts are summed.
pub fn table(
    call: &LstmCall,
    ids: &CubeTensor,
    n_rows: usize,
    grad_gates: &CubeTensor,
) -> CubeTensor {
    let n_places = call.batch * call.time;
    let n_columns = 4 * call.d_hidden;
    // Tables larger than what they are the sum of would cost more than they save.
    let n_parts = (n_places / n_rows.max(1)).clamp(1, MAX_PARTS);
    let parts = call.empty([n_parts, n_rows, n_columns]);
    let client = call.client();
    let dim = CubeDim::new(client, n_parts * n_columns);
    table_kernel::launch(
        client,
        calculate_cube_count_elemwise(client, n_parts * n_columns, dim),
        dim,
        argument(ids),
        argument(grad_gates),
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
/// - grad_gates: `[n_places, n_columns]`
/// - parts: `[n_parts, n_rows, n_columns]`
#[cube(launch)]
#[allow(clippy::too_many_arguments)]
fn table_kernel<I: Int>(
    ids: &[I],
    grad_gates: &[f32],
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
        let sum = parts[at] + grad_gates[place * n_columns + column];
        parts[at] = sum;
    }
}

//! One matrix product per step, for large hidden sizes: Burn's product for `h U`, which uses tensor
//! cores where there are any, and one kernel for the equations.

use burn::backend::cubecl::dtype_to_storage_type;
use burn::tensor::DType;
use burn_cubecl::cubecl;
use burn_cubecl::cubecl::calculate_cube_count_elemwise;
use burn_cubecl::cubecl::ir::ElemType;
use burn_cubecl::cubecl::prelude::*;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::kernel::matmul::{MatmulStrategy, matmul};
use burn_cubecl::ops::permute;
use burn_cubecl::tensor::CubeTensor;

use super::cell::{Step, place_of, step, step_gradients};
use super::{Backward, Forward, LstmCall, Saved, argument};

pub fn forward(call: &LstmCall, save: bool) -> Forward {
    let &LstmCall {
        batch,
        time,
        d_hidden,
        ..
    } = call;
    let (count, dim) = units(call);
    let (output, saved) = call.outputs(save);
    let (input, ids) = call.input();
    // The states between two steps, [batch, d_hidden].
    let [hidden, cell] =
        [&call.initial_hidden, &call.initial_cell].map(|states| into_contiguous(states.copy()));
    let products = call.empty([batch, 4 * d_hidden]);
    for t in 0..time {
        product(&hidden, &call.hidden_weights, &products);
        forward_kernel::launch(
            call.client(),
            count.clone(),
            dim,
            argument(input),
            argument(ids),
            argument(&products),
            argument(&hidden),
            argument(&cell),
            argument(&call.lengths),
            argument(&output),
            argument(&saved.gates),
            argument(&saved.cells),
            argument(&saved.before),
            t,
            batch,
            time,
            d_hidden,
            call.reads_ids(),
            call.reversed,
            call.with_states,
            save,
            dtype_to_storage_type(ids.dtype),
        );
    }
    if call.with_states {
        final_states_kernel::launch(
            call.client(),
            count,
            dim,
            argument(&hidden),
            argument(&cell),
            argument(&output),
            batch,
            time,
            d_hidden,
        );
    }
    Forward {
        output,
        saved: save.then_some(saved),
    }
}

pub fn backward(call: &LstmCall, saved: &Saved, grad_output: CubeTensor) -> Backward {
    let &LstmCall {
        batch,
        time,
        d_hidden,
        ..
    } = call;
    let (count, dim) = units(call);
    let transposed = permute(call.hidden_weights.clone(), &[1, 0]); // [4 * d_hidden, d_hidden]
    let grad_gates = call.empty([batch, time, 4 * d_hidden]);
    let grad_step = call.empty([batch, 4 * d_hidden]); // of the gates of one step
    // Of the states between two steps, [batch, d_hidden].
    let grad_hidden = call.empty([batch, d_hidden]);
    let grad_cell = call.empty([batch, d_hidden]);
    for t in (0..time).rev() {
        backward_kernel::launch(
            call.client(),
            count.clone(),
            dim,
            argument(&grad_output),
            argument(&saved.gates),
            argument(&saved.cells),
            argument(&call.initial_cell),
            argument(&call.lengths),
            argument(&grad_hidden),
            argument(&grad_cell),
            argument(&grad_step),
            argument(&grad_gates),
            t,
            batch,
            time,
            d_hidden,
            call.reversed,
            call.with_states,
        );
        product(&grad_step, &transposed, &grad_hidden);
    }
    if call.has_empty_row {
        empty_rows_kernel::launch(
            call.client(),
            count,
            dim,
            argument(&grad_output),
            argument(&call.lengths),
            argument(&grad_hidden),
            argument(&grad_cell),
            batch,
            time,
            d_hidden,
            call.with_states,
        );
    }
    Backward {
        gates: grad_gates,
        initial_hidden: grad_hidden,
        initial_cell: grad_cell,
    }
}

/// The launch size: a GPU unit for each hidden unit of each row of the batch.
fn units(call: &LstmCall) -> (CubeCount, CubeDim) {
    let n_units = call.batch * call.d_hidden;
    let dim = CubeDim::new(call.client(), n_units);
    let count = calculate_cube_count_elemwise(call.client(), n_units, dim);
    (count, dim)
}

/// Writes `left right` into the output.
#[allow(clippy::expect_used)] // shapes that fit
fn product(left: &CubeTensor, right: &CubeTensor, output: &CubeTensor) {
    let strategy = MatmulStrategy::default();
    let (left, right, output) = (left.clone(), right.clone(), output.clone());
    matmul(left, right, Some(output), strategy, DType::F32).expect("a product of matrices");
}

/// One step forward, from its `h U`. The shapes:
///
/// - input: `[batch, time, 4 * d_hidden]`; or with ids `[batch, time]`, `[n_rows, 4 * d_hidden]`
/// - products: `[batch, 4 * d_hidden]`
/// - hidden, cell: `[batch, d_hidden]`, from the step before to this one; lengths: `[batch]`
/// - output: `[batch, time (+ 2), d_hidden]`
/// - gates, cells, before: see [`Saved`]
#[cube(launch)]
#[allow(clippy::too_many_arguments)]
fn forward_kernel<I: Int>(
    input: &[f32],
    ids: &[I],
    products: &[f32],
    hidden: &mut [f32],
    cell: &mut [f32],
    lengths: &[i32],
    output: &mut [f32],
    gates: &mut [f32],
    cells: &mut [f32],
    before: &mut [f32],
    t: usize,
    batch: usize,
    time: usize,
    #[comptime] d_hidden: usize,
    #[comptime] reads_ids: bool,
    #[comptime] reversed: bool,
    #[comptime] with_states: bool,
    #[comptime] save: bool,
    #[define(I)] _id_type: ElemType,
) {
    let state = ABSOLUTE_POS; // in [batch, d_hidden]
    if state >= batch * d_hidden {
        terminate!();
    }
    let n_gates = comptime!(4 * d_hidden);
    let row = state / d_hidden;
    let unit = state % d_hidden;
    let length = lengths[row] as usize;
    let out_row = row * (time + comptime!(2 * with_states as usize));
    if t < length {
        let place = place_of(t, length, reversed);
        let at = row * time + place;

        // x W + b, from the input, + h U.
        let mut from = at * n_gates + unit;
        if comptime!(reads_ids) {
            from = usize::cast_from(ids[at]) * n_gates + unit;
        }
        let product = row * n_gates + unit;
        let i = input[from] + products[product];
        let f = input[from + d_hidden] + products[product + d_hidden];
        let g = input[from + 2 * d_hidden] + products[product + 2 * d_hidden];
        let o = input[from + 3 * d_hidden] + products[product + 3 * d_hidden];

        let after = step(i, f, g, o, cell[state]);
        if comptime!(save) {
            let gate = at * n_gates + unit;
            gates[gate] = after.i;
            gates[gate + d_hidden] = after.f;
            gates[gate + 2 * d_hidden] = after.g;
            gates[gate + 3 * d_hidden] = after.o;
            cells[at * d_hidden + unit] = after.cell;
            before[at * d_hidden + unit] = hidden[state];
        }
        cell[state] = after.cell;
        hidden[state] = after.hidden;
        output[(out_row + place) * d_hidden + unit] = after.hidden;
    } else {
        // After the end: the output is 0, the states stay.
        output[(out_row + t) * d_hidden + unit] = 0.0f32;
        if comptime!(save) {
            before[(row * time + t) * d_hidden + unit] = 0.0f32;
        }
    }
}

/// The states after the last step, `[batch, d_hidden]` each, as two more steps of the output.
#[cube(launch)]
fn final_states_kernel(
    hidden: &[f32],
    cell: &[f32],
    output: &mut [f32],
    batch: usize,
    time: usize,
    #[comptime] d_hidden: usize,
) {
    let state = ABSOLUTE_POS;
    if state < batch * d_hidden {
        let row = state / d_hidden;
        let at = (row * (time + 2) + time) * d_hidden + state % d_hidden;
        output[at] = hidden[state];
        output[at + d_hidden] = cell[state];
    }
}

/// One step back. The shapes:
///
/// - grad_output: `[batch, time (+ 2), d_hidden]`
/// - gates, cells: see [`Saved`]
/// - initial_cell: `[batch, d_hidden]`; lengths: `[batch]`
/// - grad_hidden, grad_cell: `[batch, d_hidden]`, of the states after this step; not yet written
///   for rows that have no later step
/// - grad_step: `[batch, 4 * d_hidden]`; grad_gates: `[batch, time, 4 * d_hidden]`
#[cube(launch)]
#[allow(clippy::too_many_arguments)]
fn backward_kernel(
    grad_output: &[f32],
    gates: &[f32],
    cells: &[f32],
    initial_cell: &[f32],
    lengths: &[i32],
    grad_hidden: &[f32],
    grad_cell: &mut [f32],
    grad_step: &mut [f32],
    grad_gates: &mut [f32],
    t: usize,
    batch: usize,
    time: usize,
    #[comptime] d_hidden: usize,
    #[comptime] reversed: bool,
    #[comptime] with_states: bool,
) {
    let state = ABSOLUTE_POS; // in [batch, d_hidden]
    if state >= batch * d_hidden {
        terminate!();
    }
    let n_gates = comptime!(4 * d_hidden);
    let row = state / d_hidden;
    let unit = state % d_hidden;
    let length = lengths[row] as usize;
    let out_row = row * (time + comptime!(2 * with_states as usize));

    let mut i = 0.0f32; // the gradients, 0 after the end
    let mut f = 0.0f32;
    let mut g = 0.0f32;
    let mut o = 0.0f32;
    let mut at = row * time + t;
    if t < length {
        let place = place_of(t, length, reversed);
        at = row * time + place;

        let mut dh = 0.0f32;
        let mut dc = 0.0f32;
        if t + 1 < length {
            dh = grad_hidden[state];
            dc = grad_cell[state];
        } else if comptime!(with_states) {
            dh = grad_output[(out_row + time) * d_hidden + unit];
            dc = grad_output[(out_row + time + 1) * d_hidden + unit];
        }
        dh += grad_output[(out_row + place) * d_hidden + unit];

        let gate = at * n_gates + unit;
        let after = Step {
            i: gates[gate],
            f: gates[gate + d_hidden],
            g: gates[gate + 2 * d_hidden],
            o: gates[gate + 3 * d_hidden],
            cell: cells[at * d_hidden + unit],
            hidden: 0.0f32, // not needed
        };
        let mut cell_before = initial_cell[state];
        if t > 0 {
            let at_before = row * time + place_of(t - 1, length, reversed);
            cell_before = cells[at_before * d_hidden + unit];
        }
        let found = step_gradients(&after, cell_before, dh, dc);
        i = found.i;
        f = found.f;
        g = found.g;
        o = found.o;
        grad_cell[state] = found.cell;
    }
    let gate = at * n_gates + unit;
    grad_gates[gate] = i;
    grad_gates[gate + d_hidden] = f;
    grad_gates[gate + 2 * d_hidden] = g;
    grad_gates[gate + 3 * d_hidden] = o;
    let gate = row * n_gates + unit;
    grad_step[gate] = i;
    grad_step[gate + d_hidden] = f;
    grad_step[gate + 2 * d_hidden] = g;
    grad_step[gate + 3 * d_hidden] = o;
}

/// Rows without a step: the gradients of their states pass through.
#[cube(launch)]
#[allow(clippy::too_many_arguments)]
fn empty_rows_kernel(
    grad_output: &[f32],
    lengths: &[i32],
    grad_hidden: &mut [f32],
    grad_cell: &mut [f32],
    batch: usize,
    time: usize,
    #[comptime] d_hidden: usize,
    #[comptime] with_states: bool,
) {
    let state = ABSOLUTE_POS;
    if state >= batch * d_hidden {
        terminate!();
    }
    let row = state / d_hidden;
    if lengths[row] == 0i32 {
        let mut dh = 0.0f32;
        let mut dc = 0.0f32;
        if comptime!(with_states) {
            let at = (row * (time + 2) + time) * d_hidden + state % d_hidden;
            dh = grad_output[at];
            dc = grad_output[at + d_hidden];
        }
        grad_hidden[state] = dh;
        grad_cell[state] = dc;
    }
}

//! A matrix product a step, for large hidden sizes: Burn's product for `h U`, which uses tensor
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
use super::{Backward, Forward, Kept, Sequence, argument};

pub fn forward(sequence: &Sequence, keep: bool) -> Forward {
    let &Sequence {
        batch,
        time,
        d_hidden,
        ..
    } = sequence;
    let (count, dim) = units(sequence);
    let (output, kept) = sequence.outputs(keep);
    let (input, ids) = sequence.input();
    // The states between two steps, [batch, d_hidden].
    let [hidden, cell] =
        [&sequence.begin_hidden, &sequence.begin_cell].map(|states| into_contiguous(states.copy()));
    let products = sequence.empty([batch, 4 * d_hidden]);
    for t in 0..time {
        product(&hidden, &sequence.hidden_weights, &products);
        forward_kernel::launch(
            sequence.client(),
            count.clone(),
            dim,
            argument(input),
            argument(ids),
            argument(&products),
            argument(&hidden),
            argument(&cell),
            argument(&sequence.lengths),
            argument(&output),
            argument(&kept.gates),
            argument(&kept.cells),
            argument(&kept.before),
            t,
            batch,
            time,
            d_hidden,
            sequence.reads_ids(),
            sequence.reversed,
            sequence.with_states,
            keep,
            dtype_to_storage_type(ids.dtype),
        );
    }
    if sequence.with_states {
        states_kernel::launch(
            sequence.client(),
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
        kept: keep.then_some(kept),
    }
}

pub fn backward(sequence: &Sequence, kept: &Kept, d_output: CubeTensor) -> Backward {
    let &Sequence {
        batch,
        time,
        d_hidden,
        ..
    } = sequence;
    let (count, dim) = units(sequence);
    let transposed = permute(sequence.hidden_weights.clone(), &[1, 0]); // [4 * d_hidden, d_hidden]
    let d_gates = sequence.empty([batch, time, 4 * d_hidden]);
    let d_step = sequence.empty([batch, 4 * d_hidden]); // of the gates of one step
    // Of the states between two steps, [batch, d_hidden].
    let d_hidden_state = sequence.empty([batch, d_hidden]);
    let d_cell_state = sequence.empty([batch, d_hidden]);
    for t in (0..time).rev() {
        backward_kernel::launch(
            sequence.client(),
            count.clone(),
            dim,
            argument(&d_output),
            argument(&kept.gates),
            argument(&kept.cells),
            argument(&sequence.begin_cell),
            argument(&sequence.lengths),
            argument(&d_hidden_state),
            argument(&d_cell_state),
            argument(&d_step),
            argument(&d_gates),
            t,
            batch,
            time,
            d_hidden,
            sequence.reversed,
            sequence.with_states,
        );
        product(&d_step, &transposed, &d_hidden_state);
    }
    if sequence.has_empty_row {
        empty_rows_kernel::launch(
            sequence.client(),
            count,
            dim,
            argument(&d_output),
            argument(&sequence.lengths),
            argument(&d_hidden_state),
            argument(&d_cell_state),
            batch,
            time,
            d_hidden,
            sequence.with_states,
        );
    }
    Backward {
        gates: d_gates,
        begin_hidden: d_hidden_state,
        begin_cell: d_cell_state,
    }
}

/// A unit for each hidden unit of each row of the batch.
fn units(sequence: &Sequence) -> (CubeCount, CubeDim) {
    let n_units = sequence.batch * sequence.d_hidden;
    let dim = CubeDim::new(sequence.client(), n_units);
    let count = calculate_cube_count_elemwise(sequence.client(), n_units, dim);
    (count, dim)
}

/// Writes `left right` into the output.
#[allow(clippy::expect_used)] // shapes that fit
fn product(left: &CubeTensor, right: &CubeTensor, output: &CubeTensor) {
    let strategy = MatmulStrategy::default();
    let (left, right, output) = (left.clone(), right.clone(), output.clone());
    matmul(left, right, Some(output), strategy, DType::F32).expect("a product of matrices");
}

/// One step forward, given `h U` of it. The shapes:
///
/// - input: `[batch, time, 4 * d_hidden]`; or with ids `[batch, time]`, `[n_rows, 4 * d_hidden]`
/// - products: `[batch, 4 * d_hidden]`
/// - hidden, cell: `[batch, d_hidden]`, from the step before to this one; lengths: `[batch]`
/// - output: `[batch, time (+ 2), d_hidden]`
/// - gates, cells, before: see [`Kept`]
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
    #[comptime] keep: bool,
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
        if comptime!(keep) {
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
        // Behind the end: nothing is shown, the states stay.
        output[(out_row + t) * d_hidden + unit] = 0.0f32;
        if comptime!(keep) {
            before[(row * time + t) * d_hidden + unit] = 0.0f32;
        }
    }
}

/// The states after the last step, `[batch, d_hidden]` each, as two more steps of the output.
#[cube(launch)]
fn states_kernel(
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
/// - d_output: `[batch, time (+ 2), d_hidden]`
/// - gates, cells: see [`Kept`]
/// - begin_cell: `[batch, d_hidden]`; lengths: `[batch]`
/// - d_hidden_state, d_cell_state: `[batch, d_hidden]`, of the states after this step; not written
///   yet for rows that have no later one
/// - d_step: `[batch, 4 * d_hidden]`; d_gates: `[batch, time, 4 * d_hidden]`
#[cube(launch)]
#[allow(clippy::too_many_arguments)]
fn backward_kernel(
    d_output: &[f32],
    gates: &[f32],
    cells: &[f32],
    begin_cell: &[f32],
    lengths: &[i32],
    d_hidden_state: &[f32],
    d_cell_state: &mut [f32],
    d_step: &mut [f32],
    d_gates: &mut [f32],
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

    let mut i = 0.0f32; // the gradients, 0 behind the end
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
            dh = d_hidden_state[state];
            dc = d_cell_state[state];
        } else if comptime!(with_states) {
            dh = d_output[(out_row + time) * d_hidden + unit];
            dc = d_output[(out_row + time + 1) * d_hidden + unit];
        }
        dh += d_output[(out_row + place) * d_hidden + unit];

        let gate = at * n_gates + unit;
        let after = Step {
            i: gates[gate],
            f: gates[gate + d_hidden],
            g: gates[gate + 2 * d_hidden],
            o: gates[gate + 3 * d_hidden],
            cell: cells[at * d_hidden + unit],
            hidden: 0.0f32, // not asked for
        };
        let mut cell_before = begin_cell[state];
        if t > 0 {
            let at_before = row * time + place_of(t - 1, length, reversed);
            cell_before = cells[at_before * d_hidden + unit];
        }
        let found = step_gradients(&after, cell_before, dh, dc);
        i = found.i;
        f = found.f;
        g = found.g;
        o = found.o;
        d_cell_state[state] = found.cell;
    }
    let gate = at * n_gates + unit;
    d_gates[gate] = i;
    d_gates[gate + d_hidden] = f;
    d_gates[gate + 2 * d_hidden] = g;
    d_gates[gate + 3 * d_hidden] = o;
    let gate = row * n_gates + unit;
    d_step[gate] = i;
    d_step[gate + d_hidden] = f;
    d_step[gate + 2 * d_hidden] = g;
    d_step[gate + 3 * d_hidden] = o;
}

/// Rows without a step: the gradients of their states pass through.
#[cube(launch)]
#[allow(clippy::too_many_arguments)]
fn empty_rows_kernel(
    d_output: &[f32],
    lengths: &[i32],
    d_hidden_state: &mut [f32],
    d_cell_state: &mut [f32],
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
            dh = d_output[at];
            dc = d_output[at + d_hidden];
        }
        d_hidden_state[state] = dh;
        d_cell_state[state] = dc;
    }
}

//! A whole sequence in one launch, for small hidden sizes.
//!
//! A cube takes a few rows of the batch through all time steps, with a unit (a thread) for each
//! hidden unit of each row. Rows are independent, so no cube waits for another. Inside a cube, one
//! barrier per step is enough, as the states before and after a step are in different places.
//!
//! The memory that the units of a cube share holds the rows' hidden states, and the rows of the
//! recurrent weights that fit. The other rows are read from the device's memory at each step, mostly
//! from its cache. A cell state stays in the registers of its unit.

use burn::backend::cubecl::dtype_to_storage_type;
use burn_cubecl::cubecl;
use burn_cubecl::cubecl::ir::ElemType;
use burn_cubecl::cubecl::prelude::*;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::ops::permute;
use burn_cubecl::tensor::CubeTensor;

use super::cell::{Step, place_of, step, step_gradients};
use super::layout::Layout;
use super::{Backward, Forward, LstmCall, Saved, argument};

pub fn forward(call: &LstmCall, save: bool) -> Forward {
    let layout = Layout::of(call);
    let (count, dim) = layout.cubes(call.batch);
    let (output, saved) = call.outputs(save);
    let (input, ids) = call.input();
    forward_kernel::launch(
        call.client(),
        count,
        dim,
        argument(input),
        argument(ids),
        argument(&call.hidden_weights),
        argument(&call.initial_hidden),
        argument(&call.initial_cell),
        argument(&call.lengths),
        argument(&output),
        argument(&saved.gates),
        argument(&saved.cells),
        argument(&saved.before),
        call.batch,
        call.time,
        layout,
        call.reads_ids(),
        call.reversed,
        call.with_states,
        save,
        dtype_to_storage_type(ids.dtype),
    );
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
    let layout = Layout::of(call);
    let (count, dim) = layout.cubes(batch);
    let transposed = into_contiguous(permute(call.hidden_weights.clone(), &[1, 0]));
    let found = Backward {
        gates: call.empty([batch, time, 4 * d_hidden]),
        initial_hidden: call.empty([batch, d_hidden]),
        initial_cell: call.empty([batch, d_hidden]),
    };
    backward_kernel::launch(
        call.client(),
        count,
        dim,
        argument(&grad_output),
        argument(&saved.gates),
        argument(&saved.cells),
        argument(&transposed),
        argument(&call.initial_cell),
        argument(&call.lengths),
        argument(&found.gates),
        argument(&found.initial_hidden),
        argument(&found.initial_cell),
        batch,
        time,
        layout,
        call.reversed,
        call.with_states,
    );
    found
}

/// Forward through time. The shapes:
///
/// - input: `[batch, time, 4 * d_hidden]`; or with ids `[batch, time]`, `[n_rows, 4 * d_hidden]`
/// - hidden_weights: `[d_hidden, 4 * d_hidden]`
/// - initial_hidden, initial_cell: `[batch, d_hidden]`; lengths: `[batch]`
/// - output: `[batch, time (+ 2), d_hidden]`
/// - gates, cells, before: see [`Saved`]
#[cube(launch)]
#[allow(clippy::too_many_arguments)]
fn forward_kernel<I: Int>(
    input: &[f32],
    ids: &[I],
    hidden_weights: &[f32],
    initial_hidden: &[f32],
    initial_cell: &[f32],
    lengths: &[i32],
    output: &mut [f32],
    gates: &mut [f32],
    cells: &mut [f32],
    before: &mut [f32],
    batch: usize,
    time: usize,
    #[comptime] layout: Layout,
    #[comptime] reads_ids: bool,
    #[comptime] reversed: bool,
    #[comptime] with_states: bool,
    #[comptime] save: bool,
    #[define(I)] _id_type: ElemType,
) {
    let d_hidden = comptime!(layout.d_hidden);
    let n_gates = comptime!(4 * layout.d_hidden);
    let on_chip = comptime!(layout.on_chip);
    let n_states = comptime!(layout.rows * layout.d_hidden);

    let unit = UNIT_POS_X as usize; // of the hidden state
    let local_row = UNIT_POS_Y as usize; // of the cube
    let row = CUBE_POS * comptime!(layout.rows) + local_row; // of the batch
    let is_row = row < batch; // the last cube may have rows to spare
    let state = local_row * d_hidden + unit;

    // The first rows of the recurrent weights: [on_chip, 4 * d_hidden].
    let mut weights = Shared::<[f32]>::new_slice(comptime!(layout.on_chip * 4 * layout.d_hidden));
    for at in range_stepped(UNIT_POS as usize, on_chip * n_gates, n_states) {
        weights[at] = hidden_weights[at];
    }

    // Before a step and after it, in turns: [2, rows, d_hidden].
    let mut states = Shared::<[f32]>::new_slice(comptime!(2 * layout.rows * layout.d_hidden));
    let mut length = 0usize;
    let mut hidden = 0.0f32; // this unit's
    let mut cell = 0.0f32;
    if is_row {
        length = lengths[row] as usize;
        hidden = initial_hidden[row * d_hidden + unit];
        cell = initial_cell[row * d_hidden + unit];
    }
    states[state] = hidden;
    sync_cube();

    let out_row = row * (time + comptime!(2 * with_states as usize));
    for t in 0..time {
        let old_states = (t % 2) * n_states + local_row * d_hidden;
        let new_state = ((t + 1) % 2) * n_states + state;
        if t < length {
            let place = place_of(t, length, reversed);
            let at = row * time + place;

            // x W + b, from the input.
            let mut from = at * n_gates + unit;
            if comptime!(reads_ids) {
                from = usize::cast_from(ids[at]) * n_gates + unit;
            }
            let mut i = input[from];
            let mut f = input[from + d_hidden];
            let mut g = input[from + 2 * d_hidden];
            let mut o = input[from + 3 * d_hidden];

            // + h U: this unit's column of each gate.
            for k in 0..on_chip {
                let h = states[old_states + k];
                let u = k * n_gates + unit;
                i += h * weights[u];
                f += h * weights[u + d_hidden];
                g += h * weights[u + 2 * d_hidden];
                o += h * weights[u + 3 * d_hidden];
            }
            for k in on_chip..d_hidden {
                let h = states[old_states + k];
                let u = k * n_gates + unit;
                i += h * hidden_weights[u];
                f += h * hidden_weights[u + d_hidden];
                g += h * hidden_weights[u + 2 * d_hidden];
                o += h * hidden_weights[u + 3 * d_hidden];
            }

            let after = step(i, f, g, o, cell);
            if comptime!(save) {
                let gate = at * n_gates + unit;
                gates[gate] = after.i;
                gates[gate + d_hidden] = after.f;
                gates[gate + 2 * d_hidden] = after.g;
                gates[gate + 3 * d_hidden] = after.o;
                cells[at * d_hidden + unit] = after.cell;
                before[at * d_hidden + unit] = hidden;
            }
            cell = after.cell;
            hidden = after.hidden;
            states[new_state] = hidden;
            output[(out_row + place) * d_hidden + unit] = hidden;
        } else if is_row {
            // After the end: the output is 0, the states stay.
            output[(out_row + t) * d_hidden + unit] = 0.0f32;
            if comptime!(save) {
                before[(row * time + t) * d_hidden + unit] = 0.0f32;
            }
        }
        // For all units of the cube alike: it must be, for them to meet.
        sync_cube();
    }

    if is_row && comptime!(with_states) {
        output[(out_row + time) * d_hidden + unit] = hidden;
        output[(out_row + time + 1) * d_hidden + unit] = cell;
    }
}

/// Back through time. The shapes:
///
/// - grad_output: `[batch, time (+ 2), d_hidden]`
/// - gates, cells: see [`Saved`]
/// - transposed: `[4 * d_hidden, d_hidden]`, the recurrent weights
/// - initial_cell: `[batch, d_hidden]`; lengths: `[batch]`
/// - grad_gates: `[batch, time, 4 * d_hidden]`
/// - grad_initial_hidden, grad_initial_cell: `[batch, d_hidden]`
#[cube(launch)]
#[allow(clippy::too_many_arguments)]
fn backward_kernel(
    grad_output: &[f32],
    gates: &[f32],
    cells: &[f32],
    transposed: &[f32],
    initial_cell: &[f32],
    lengths: &[i32],
    grad_gates: &mut [f32],
    grad_initial_hidden: &mut [f32],
    grad_initial_cell: &mut [f32],
    batch: usize,
    time: usize,
    #[comptime] layout: Layout,
    #[comptime] reversed: bool,
    #[comptime] with_states: bool,
) {
    let d_hidden = comptime!(layout.d_hidden);
    let n_gates = comptime!(4 * layout.d_hidden);
    let on_chip = comptime!(layout.on_chip_transposed);
    let n_units = comptime!(layout.rows * layout.d_hidden);

    let unit = UNIT_POS_X as usize; // of the hidden state
    let local_row = UNIT_POS_Y as usize; // of the cube
    let row = CUBE_POS * comptime!(layout.rows) + local_row; // of the batch
    let is_row = row < batch;

    // The first rows of the transposed weights: [on_chip, d_hidden].
    let mut weights =
        Shared::<[f32]>::new_slice(comptime!(layout.on_chip_transposed * layout.d_hidden));
    for at in range_stepped(UNIT_POS as usize, on_chip * d_hidden, n_units) {
        weights[at] = transposed[at];
    }

    // Gradients of the gates, of one step and the next in turns: [2, rows, 4 * d_hidden].
    let mut shared = Shared::<[f32]>::new_slice(comptime!(2 * layout.rows * 4 * layout.d_hidden));
    let out_row = row * (time + comptime!(2 * with_states as usize));
    let mut length = 0usize;
    let mut dh = 0.0f32; // of this unit's states, after the step that comes next
    let mut dc = 0.0f32;
    if is_row {
        length = lengths[row] as usize;
        if comptime!(with_states) {
            dh = grad_output[(out_row + time) * d_hidden + unit];
            dc = grad_output[(out_row + time + 1) * d_hidden + unit];
        }
    }
    sync_cube();

    for back in 0..time {
        let t = time - 1 - back;
        let of_step = (t % 2) * (n_units * 4) + local_row * n_gates;
        if t < length {
            let place = place_of(t, length, reversed);
            let at = row * time + place;
            let gate = at * n_gates + unit;
            let after = Step {
                i: gates[gate],
                f: gates[gate + d_hidden],
                g: gates[gate + 2 * d_hidden],
                o: gates[gate + 3 * d_hidden],
                cell: cells[at * d_hidden + unit],
                hidden: 0.0f32, // not needed
            };
            let mut cell_before = initial_cell[row * d_hidden + unit];
            if t > 0 {
                let at_before = row * time + place_of(t - 1, length, reversed);
                cell_before = cells[at_before * d_hidden + unit];
            }
            dh += grad_output[(out_row + place) * d_hidden + unit];
            let found = step_gradients(&after, cell_before, dh, dc);
            dc = found.cell;

            grad_gates[gate] = found.i;
            grad_gates[gate + d_hidden] = found.f;
            grad_gates[gate + 2 * d_hidden] = found.g;
            grad_gates[gate + 3 * d_hidden] = found.o;
            shared[of_step + unit] = found.i;
            shared[of_step + d_hidden + unit] = found.f;
            shared[of_step + 2 * d_hidden + unit] = found.g;
            shared[of_step + 3 * d_hidden + unit] = found.o;
        } else if is_row {
            let gate = (row * time + t) * n_gates + unit;
            grad_gates[gate] = 0.0f32;
            grad_gates[gate + d_hidden] = 0.0f32;
            grad_gates[gate + 2 * d_hidden] = 0.0f32;
            grad_gates[gate + 3 * d_hidden] = 0.0f32;
        }
        sync_cube();

        // dh_before = dgates U': this unit's column. The gradient of a row that has ended waits.
        if t < length {
            dh = 0.0f32;
            for n in 0..on_chip {
                dh += shared[of_step + n] * weights[n * d_hidden + unit];
            }
            for n in on_chip..n_gates {
                dh += shared[of_step + n] * transposed[n * d_hidden + unit];
            }
        }
    }

    if is_row {
        grad_initial_hidden[row * d_hidden + unit] = dh;
        grad_initial_cell[row * d_hidden + unit] = dc;
    }
}

//! The CPU's kernels as an [`LstmBackend`].

use std::sync::Arc;

use burn::backend::TensorMetadata;
use burn::backend::tensor::{Device, FloatTensor};

use super::{Forward, GateValues, LstmCall, OutputGrad, Saved, backward, forward};
use crate::cpu::CpuBackend;
use crate::lstm::gates::GateInputs;
use crate::lstm::op::{LstmBackend, Options};

/// A call and what its forward pass saved, for the backward pass.
#[derive(Debug, Clone)]
pub struct SavedCall {
    call: LstmCall,
    saved: Vec<Saved>,
    with_states: bool,
}

impl<B: CpuBackend> LstmBackend for B {
    // Shared, as a clone would copy all of it.
    type Saved = Arc<SavedCall>;

    fn forward(
        gates: GateInputs<Self>,
        hidden_weights: FloatTensor<Self>,
        initial_hidden: FloatTensor<Self>,
        initial_cell: FloatTensor<Self>,
        options: Options,
        save: bool,
    ) -> (FloatTensor<Self>, Option<Self::Saved>) {
        let device = hidden_weights.device();
        let with_states = options.with_states;
        let [_, time] = gates.dims();
        let call = LstmCall {
            d_hidden: hidden_weights.shape()[0],
            gates: gate_values(gates),
            hidden_weights: B::floats(hidden_weights),
            initial_hidden: B::floats(initial_hidden),
            initial_cell: B::floats(initial_cell),
            lengths: options.lengths,
            time,
            reversed: options.reversed,
        };
        let mut found = forward(&call, save);
        let saved = std::mem::take(&mut found.saved);
        let output = output::<B>(&call, found, with_states, &device);
        let saved = save.then(|| {
            Arc::new(SavedCall {
                call,
                saved,
                with_states,
            })
        });
        (output, saved)
    }

    fn backward(saved: Self::Saved, grad_output: FloatTensor<Self>) -> [FloatTensor<Self>; 4] {
        let device = grad_output.device();
        let grad_output = B::floats(grad_output);
        let SavedCall {
            call,
            saved,
            with_states,
        } = Arc::unwrap_or_clone(saved);
        let found = if with_states {
            let [output, hidden, cell] = split_states(&grad_output, call.time, call.d_hidden);
            let grad = OutputGrad {
                output: &output,
                final_states: Some((&hidden, &cell)),
            };
            backward(&call, saved, grad)
        } else {
            let grad = OutputGrad {
                output: &grad_output,
                final_states: None,
            };
            backward(&call, saved, grad)
        };
        let (batch, d_hidden) = (call.lengths.len(), call.d_hidden);
        let gates_shape = match &call.gates.ids {
            None => vec![batch, call.time, 4 * d_hidden],
            Some(_) => vec![call.gates.values.len() / (4 * d_hidden), 4 * d_hidden],
        };
        [
            (found.gates, gates_shape),
            (found.hidden_weights, vec![d_hidden, 4 * d_hidden]),
            (found.initial_hidden, vec![batch, d_hidden]),
            (found.initial_cell, vec![batch, d_hidden]),
        ]
        .map(|(values, shape)| B::tensor(values, shape, &device))
    }
}

fn gate_values<B: CpuBackend>(gates: GateInputs<B>) -> GateValues {
    match gates {
        GateInputs::Steps(steps) => GateValues {
            values: B::floats(steps),
            ids: None,
        },
        GateInputs::Rows { table, ids } => GateValues {
            values: B::floats(table),
            ids: Some(B::ids(ids)),
        },
    }
}

/// `[batch, time, d_hidden]`, or with the final states as two more steps.
fn output<B: CpuBackend>(
    call: &LstmCall,
    found: Forward,
    with_states: bool,
    device: &Device<B>,
) -> FloatTensor<B> {
    let (batch, time, d_hidden) = (call.lengths.len(), call.time, call.d_hidden);
    if !with_states {
        return B::tensor(found.output, vec![batch, time, d_hidden], device);
    }
    let mut all = Vec::with_capacity(batch * (time + 2) * d_hidden);
    for row in 0..batch {
        all.extend_from_slice(&found.output[row * time * d_hidden..][..time * d_hidden]);
        all.extend_from_slice(&found.hidden[row * d_hidden..][..d_hidden]);
        all.extend_from_slice(&found.cell[row * d_hidden..][..d_hidden]);
    }
    B::tensor(all, vec![batch, time + 2, d_hidden], device)
}

/// The inverse of joining output and states.
fn split_states(values: &[f32], time: usize, d_hidden: usize) -> [Vec<f32>; 3] {
    let [mut output, mut hidden, mut cell] = [const { Vec::new() }; 3];
    for row in values.chunks_exact((time + 2) * d_hidden) {
        let (steps, states) = row.split_at(time * d_hidden);
        output.extend_from_slice(steps);
        hidden.extend_from_slice(&states[..d_hidden]);
        cell.extend_from_slice(&states[d_hidden..]);
    }
    [output, hidden, cell]
}

use std::ops::Range;

use super::blocks::{from_blocks, to_blocks};
use super::forward::Saved;
use super::step_gradients::GateGradients;
use super::{GateValues, LstmCall, N_GATES};
use crate::cpu::matrix::{Into, View, multiply};
use crate::cpu::product::{Panels, Store, multiply_rows};
use crate::cpu::share::share;
use crate::cpu::{add, buffers, resize_groups, vectorized};

/// The gradients of a call's tensors.
pub struct Gradients {
    /// Gradient of the gate inputs, same layout as [`GateValues::values`].
    pub gates: Vec<f32>,
    /// Gradient of the recurrent weights, `[d_hidden, 4 * d_hidden]`.
    pub hidden_weights: Vec<f32>,
    /// Gradient of the initial hidden states, `[batch, d_hidden]`.
    pub initial_hidden: Vec<f32>,
    /// Gradient of the initial cell states, same layout as `initial_hidden`.
    pub initial_cell: Vec<f32>,
}

/// The gradients of what a call returned.
pub struct OutputGrad<'a> {
    /// Gradient of the output, `[batch, time, d_hidden]`.
    pub output: &'a [f32],
    /// Gradients of the hidden and cell states after the last step, `[batch, d_hidden]` each, if
    /// the call returned them.
    pub final_states: Option<(&'a [f32], &'a [f32])>,
}

/// Backpropagation through time. It consumes what the forward pass saved: the gates are overwritten
/// by their gradients.
pub fn backward(call: &LstmCall, saved: Vec<Saved>, grad: OutputGrad) -> Gradients {
    let d_padded = call.d_padded();
    let weights = to_blocks(&call.hidden_weights, call.d_hidden);
    let weights = View::rows(
        &weights,
        call.d_hidden,
        N_GATES * d_padded,
        N_GATES * d_padded,
    );
    let transposed = Panels::new(weights.transposed());

    let mut chunks = share(saved, call.n_operations(), |saved| {
        Chunk::new(call, saved, &grad).run(&transposed)
    });

    let states =
        |states: Vec<&[f32]>| resize_groups(&states.concat(), d_padded, call.d_hidden).into_owned();
    let gradients = Gradients {
        gates: gates_gradient(call, &chunks),
        hidden_weights: weights_gradient(call, &mut chunks),
        initial_hidden: states(chunks.iter().map(|chunk| &chunk.grad_hidden[..]).collect()),
        initial_cell: states(chunks.iter().map(|chunk| &chunk.grad_cell[..]).collect()),
    };
    for chunk in chunks {
        chunk.saved.give_back();
        buffers::give(chunk.grad_weights);
    }
    gradients
}

/// Sums the chunks, always in the same order.
fn gates_gradient(call: &LstmCall, chunks: &[Chunk]) -> Vec<f32> {
    let GateValues { values, ids } = &call.gates;
    match ids {
        // A row belongs to one chunk.
        None => {
            let parts: Vec<_> = chunks
                .iter()
                .map(|chunk| chunk.grad_gates.as_slice())
                .collect();
            parts.concat()
        }
        Some(_) => {
            let mut sum = vec![0.0; values.len() / call.d_hidden * call.d_padded()];
            for chunk in chunks {
                add(&mut sum, &chunk.grad_gates);
            }
            from_blocks(&sum, call.d_hidden)
        }
    }
}

/// Sums the chunks into the first of them, always in the same order.
fn weights_gradient(call: &LstmCall, chunks: &mut [Chunk]) -> Vec<f32> {
    let Some((first, others)) = chunks.split_first_mut() else {
        return vec![0.0; call.hidden_weights.len()];
    };
    for chunk in others {
        add(&mut first.grad_weights, &chunk.grad_weights);
    }
    from_blocks(&first.grad_weights, call.d_hidden)
}

/// The steps whose part in the gradient of the recurrent weights is one product: enough for a long one,
/// and few enough that their gates are still in the second cache.
const STEPS_PER_PRODUCT: usize = 8;

/// The rows of a batch that one thread works on.
struct Chunk<'a> {
    call: &'a LstmCall,
    grad: &'a OutputGrad<'a>,
    saved: Saved,
    /// Gradient of the gate inputs: `[rows, time, 4 * d_hidden]`, or that of the whole table,
    /// `[n_rows, 4 * d_padded]` in blocks.
    grad_gates: Vec<f32>,
    /// Gradient of the recurrent weights, `[d_hidden, 4 * d_padded]` in blocks: the sum over rows and
    /// steps of (hidden state before)' (gradient of the gates).
    grad_weights: Vec<f32>,
    /// Gradient of the hidden states after the step that is worked on next, `[rows, d_padded]`.
    grad_hidden: Vec<f32>,
    /// Gradient of the cell states, same layout as `grad_hidden`.
    grad_cell: Vec<f32>,
}

impl<'a> Chunk<'a> {
    fn new(call: &'a LstmCall, saved: Saved, grad: &'a OutputGrad<'a>) -> Self {
        let (d_hidden, d_padded) = (call.d_hidden, call.d_padded());
        let n_gates = match &call.gates.ids {
            None => saved.rows.len() * call.time * 4 * d_hidden,
            Some(_) => call.gates.values.len() / d_hidden * d_padded,
        };
        let Range { start, end } = saved.rows;
        let final_states = |states: Option<&[f32]>| match states {
            Some(states) => resize_groups(
                &states[start * d_hidden..end * d_hidden],
                d_hidden,
                d_padded,
            )
            .into_owned(),
            None => vec![0.0; saved.rows.len() * d_padded],
        };
        let mut grad_weights = buffers::take(d_hidden * N_GATES * d_padded);
        grad_weights.fill(0.0);
        Self {
            grad_gates: vec![0.0; n_gates],
            grad_weights,
            grad_hidden: final_states(grad.final_states.map(|(hidden, _)| hidden)),
            grad_cell: final_states(grad.final_states.map(|(_, cell)| cell)),
            call,
            grad,
            saved,
        }
    }

    fn run(mut self, transposed: &Panels) -> Self {
        // A shorter row has its last step later: until then it keeps the gradient of its final state.
        let grad_final = self.grad_hidden.clone();
        let mut next = self.grad_hidden.clone();
        let zeros = vec![0.0; self.call.d_padded()];
        let mut end = self.saved.steps;
        for step in (0..end).rev() {
            self.gate_gradients(step);
            self.states_before(step, (transposed, &zeros), &grad_final, &mut next);
            if end - step == STEPS_PER_PRODUCT || step == 0 {
                self.add_weight_gradients(step..end);
                end = step;
            }
        }
        self
    }

    /// Adds the part of some steps, whose gates have been overwritten, to the gradient of the weights.
    fn add_weight_gradients(&mut self, steps: Range<usize>) {
        let (d_padded, n_rows) = (self.call.d_padded(), self.saved.rows.len());
        let (n_gates, n) = (N_GATES * d_padded, steps.len() * n_rows);
        let before = &self.saved.hidden[steps.start * n_rows * d_padded..];
        let before = View::rows(before, n, self.call.d_hidden, d_padded);
        let gradient = &self.saved.gates[steps.start * n_rows * n_gates..];
        let gradient = View::rows(gradient, n, n_gates, n_gates);
        let sum = &mut self.grad_weights;
        multiply(sum, n_gates, Into::Add, before.transposed(), gradient);
    }

    /// Overwrites the gates of a step by the gradients of their pre-activations.
    fn gate_gradients(&mut self, step: usize) {
        let d_padded = self.call.d_padded();
        let n_rows = self.saved.rows.len();
        let gates = &mut self.saved.gates[step * n_rows * N_GATES * d_padded..]
            [..n_rows * N_GATES * d_padded];
        let cells = &self.saved.cell[step * n_rows * d_padded..];
        let (before, after) = cells.split_at(n_rows * d_padded);
        vectorized(GateGradients {
            call: self.call,
            step,
            rows: self.saved.rows.clone(),
            gates,
            before,
            after,
            grad_output: self.grad.output,
            grad_hidden: &mut self.grad_hidden,
            grad_cell: &mut self.grad_cell,
            grad_inputs: &mut self.grad_gates,
        });
    }

    /// The gradient of the hidden states before a step, from that of its gates. The zeros, `[d_padded]`,
    /// are what its sums start from.
    fn states_before(
        &mut self,
        step: usize,
        (transposed, zeros): (&Panels, &[f32]),
        grad_final: &[f32],
        next: &mut Vec<f32>,
    ) {
        let d_padded = self.call.d_padded();
        let n_rows = self.saved.rows.len();
        let n_gates = N_GATES * d_padded;
        let gates = &self.saved.gates[step * n_rows * n_gates..][..n_rows * n_gates];
        let mut product = Store {
            start: zeros,
            sums: next,
            n_columns: d_padded,
        };
        multiply_rows(gates, n_gates, n_rows, transposed, &mut product);
        for (index, row) in self.saved.rows.clone().enumerate() {
            if step >= self.call.lengths[row] {
                let states = index * d_padded..(index + 1) * d_padded;
                next[states.clone()].copy_from_slice(&grad_final[states]);
            }
        }
        std::mem::swap(&mut self.grad_hidden, next);
    }
}

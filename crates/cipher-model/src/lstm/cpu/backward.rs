use std::ops::Range;

use rayon::prelude::*;

use super::forward::Saved;
use super::{GateValues, LstmCall};
use crate::cpu::activation::tanh;
use crate::cpu::matrix::{Into, Panels, View, multiply, multiply_panels};
use crate::cpu::{LANES, Vectorized, resize_groups, vectorized, vectors};

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
    let weights = resize_groups(&call.hidden_weights, call.d_hidden, d_padded);
    let weights = View::rows(&weights, call.d_hidden, 4 * d_padded, 4 * d_padded);
    let transposed = Panels::new(weights.transposed());

    let chunks: Vec<Chunk> = saved
        .into_par_iter()
        .map(|saved| Chunk::new(call, saved, &grad).run(&transposed))
        .collect();

    let states =
        |states: Vec<&[f32]>| resize_groups(&states.concat(), d_padded, call.d_hidden).into_owned();
    let gradients = Gradients {
        gates: gates_gradient(call, &chunks),
        hidden_weights: weights_gradient(call, &chunks),
        initial_hidden: states(chunks.iter().map(|chunk| &chunk.grad_hidden[..]).collect()),
        initial_cell: states(chunks.iter().map(|chunk| &chunk.grad_cell[..]).collect()),
    };
    chunks.into_iter().for_each(|chunk| chunk.saved.give_back());
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
                for (sum, value) in sum.iter_mut().zip(&chunk.grad_gates) {
                    *sum += value;
                }
            }
            resize_groups(&sum, call.d_padded(), call.d_hidden).into_owned()
        }
    }
}

/// The sum over all rows and steps of (hidden state before)' (gradient of the gates). Each thread
/// computes a few rows of the result, with one product per chunk; the blocks do not depend on the
/// number of threads.
fn weights_gradient(call: &LstmCall, chunks: &[Chunk]) -> Vec<f32> {
    const BLOCKS: usize = 4;
    let (d_hidden, d_padded) = (call.d_hidden, call.d_padded());
    let n_rows = d_hidden.div_ceil(BLOCKS);
    let mut sum = vec![0.0; d_hidden * 4 * d_padded];
    let blocks = sum.par_chunks_mut(n_rows * 4 * d_padded).enumerate();
    blocks.for_each(|(block, sum)| {
        let n_columns = sum.len() / (4 * d_padded);
        for Chunk { saved, .. } in chunks {
            let n = saved.steps * saved.rows.len();
            if n == 0 {
                continue;
            }
            let before = View::rows(&saved.hidden[block * n_rows..], n, n_columns, d_padded);
            let gradient = View::rows(&saved.gates, n, 4 * d_padded, 4 * d_padded);
            multiply(sum, 4 * d_padded, Into::Add, before.transposed(), gradient);
        }
    });
    resize_groups(&sum, d_padded, d_hidden).into_owned()
}

/// The rows of a batch that one thread works on.
struct Chunk<'a> {
    call: &'a LstmCall,
    grad: &'a OutputGrad<'a>,
    saved: Saved,
    /// Gradient of the gate inputs: `[rows, time, 4 * d_hidden]`, or that of the whole table,
    /// `[n_rows, 4 * d_padded]`.
    grad_gates: Vec<f32>,
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
        Self {
            grad_gates: vec![0.0; n_gates],
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
        for step in (0..self.saved.steps).rev() {
            self.gate_gradients(step);
            self.add_to_gate_inputs(step);
            self.states_before(step, transposed, &grad_final, &mut next);
        }
        self
    }

    /// Overwrites the gates of a step by the gradients of their pre-activations.
    fn gate_gradients(&mut self, step: usize) {
        let d_padded = self.call.d_padded();
        let n_rows = self.saved.rows.len();
        let gates = &mut self.saved.gates[step * n_rows * 4 * d_padded..][..n_rows * 4 * d_padded];
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
        });
    }

    fn add_to_gate_inputs(&mut self, step: usize) {
        let d_padded = self.call.d_padded();
        let n_rows = self.saved.rows.len();
        vectorized(AddToGateInputs {
            call: self.call,
            step,
            rows: self.saved.rows.clone(),
            gates: &self.saved.gates[step * n_rows * 4 * d_padded..][..n_rows * 4 * d_padded],
            grad_gates: &mut self.grad_gates,
        });
    }

    /// The gradient of the hidden states before a step, from that of its gates.
    fn states_before(
        &mut self,
        step: usize,
        transposed: &Panels,
        grad_final: &[f32],
        next: &mut Vec<f32>,
    ) {
        let d_padded = self.call.d_padded();
        let n_rows = self.saved.rows.len();
        let gates = &self.saved.gates[step * n_rows * 4 * d_padded..];
        let gates = View::rows(gates, n_rows, 4 * d_padded, 4 * d_padded);
        multiply_panels(next, d_padded, Into::Replace, gates, transposed);
        for (index, row) in self.saved.rows.clone().enumerate() {
            if step >= self.call.lengths[row] {
                let states = index * d_padded..(index + 1) * d_padded;
                next[states.clone()].copy_from_slice(&grad_final[states]);
            }
        }
        std::mem::swap(&mut self.grad_hidden, next);
    }
}

/// Adds the gradients of a step's pre-activations to those of the gate inputs that it read.
struct AddToGateInputs<'a> {
    call: &'a LstmCall,
    step: usize,
    rows: Range<usize>,
    /// `[rows, 4 * d_padded]`
    gates: &'a [f32],
    /// See [`Chunk::grad_gates`].
    grad_gates: &'a mut [f32],
}

impl Vectorized for AddToGateInputs<'_> {
    #[inline(always)]
    fn run<const FUSED: bool>(self) {
        let LstmCall { time, d_hidden, .. } = *self.call;
        let d_padded = self.call.d_padded();
        for (index, gates) in self.gates.chunks_exact(4 * d_padded).enumerate() {
            let row = self.rows.start + index;
            if self.step >= self.call.lengths[row] {
                continue;
            }
            let place = self.call.place(row, self.step);
            match &self.call.gates.ids {
                None => {
                    let steps = &mut self.grad_gates[(index * time + place) * 4 * d_hidden..];
                    let steps = steps.chunks_exact_mut(d_hidden);
                    for (step, gate) in steps.zip(gates.chunks_exact(d_padded)) {
                        step.copy_from_slice(&gate[..d_hidden]);
                    }
                }
                Some(ids) => {
                    let id = ids[row * time + place] as usize;
                    let table = &mut self.grad_gates[id * 4 * d_padded..][..4 * d_padded];
                    for (sum, gate) in table.iter_mut().zip(gates) {
                        *sum += gate;
                    }
                }
            }
        }
    }
}

/// Overwrites the gates of a step by the gradients of their pre-activations. With `dh` and `dc` the
/// gradients of a row's states after the step:
///
/// ```text
/// dc = dc + dh * o * (1 - tanh(c)^2)
/// di = dc * g  * i (1 - i)        df = dc * c_before * f (1 - f)
/// dg = dc * i  * (1 - g^2)        do = dh * tanh(c) * o (1 - o)
/// dc_before = dc * f
/// ```
struct GateGradients<'a> {
    call: &'a LstmCall,
    step: usize,
    rows: Range<usize>,
    /// `[rows, 4 * d_padded]`
    gates: &'a mut [f32],
    /// The cell states before and after the step, `[rows, d_padded]`.
    before: &'a [f32],
    after: &'a [f32],
    /// Gradient of the output, `[batch, time, d_hidden]`.
    grad_output: &'a [f32],
    /// `[rows, d_padded]`
    grad_hidden: &'a mut [f32],
    /// `[rows, d_padded]`
    grad_cell: &'a mut [f32],
}

impl Vectorized for GateGradients<'_> {
    #[inline(always)]
    fn run<const FUSED: bool>(self) {
        let LstmCall { time, d_hidden, .. } = *self.call;
        let d_padded = self.call.d_padded();
        for (index, row) in self.rows.enumerate() {
            if self.step >= self.call.lengths[row] {
                continue; // its gates are 0, and so are their gradients
            }
            let place = row * time + self.call.place(row, self.step);
            let grad_output = &self.grad_output[place * d_hidden..][..d_hidden];
            let states = index * d_padded..(index + 1) * d_padded;
            let grad_hidden = &mut self.grad_hidden[states.clone()];
            for (sum, value) in grad_hidden.iter_mut().zip(grad_output) {
                *sum += value;
            }
            gate_gradients_of_row::<FUSED>(
                &mut self.gates[index * 4 * d_padded..][..4 * d_padded],
                &self.before[states.clone()],
                &self.after[states.clone()],
                grad_hidden,
                &mut self.grad_cell[states],
            );
        }
    }
}

#[inline(always)]
fn gate_gradients_of_row<const FUSED: bool>(
    gates: &mut [f32],
    before: &[f32],
    after: &[f32],
    grad_hidden: &[f32],
    grad_cell: &mut [f32],
) {
    let n = grad_hidden.len();
    let (i, rest) = gates.split_at_mut(n);
    let (f, rest) = rest.split_at_mut(n);
    let (g, o) = rest.split_at_mut(n);
    let gates = vectors(i).zip(vectors(f)).zip(vectors(g)).zip(vectors(o));
    let cells = before
        .as_chunks::<LANES>()
        .0
        .iter()
        .zip(after.as_chunks::<LANES>().0);
    let grads = grad_hidden
        .as_chunks::<LANES>()
        .0
        .iter()
        .zip(vectors(grad_cell));
    for (((((i, f), g), o), (before, after)), (grad_hidden, grad_cell)) in
        gates.zip(cells).zip(grads)
    {
        for lane in 0..LANES {
            let (i_, f_, g_, o_) = (i[lane], f[lane], g[lane], o[lane]);
            let tanh_c = tanh::<FUSED>(after[lane]);
            let dh = grad_hidden[lane];
            let dc = grad_cell[lane] + dh * o_ * (1.0 - tanh_c * tanh_c);
            i[lane] = dc * g_ * (i_ * (1.0 - i_));
            f[lane] = dc * before[lane] * (f_ * (1.0 - f_));
            g[lane] = dc * i_ * (1.0 - g_ * g_);
            o[lane] = dh * tanh_c * (o_ * (1.0 - o_));
            grad_cell[lane] = dc * f_;
        }
    }
}

//! The loops over the gates of one step back in time.

use std::ops::Range;

use super::LstmCall;
use crate::cpu::activation::tanh;
use crate::cpu::{LANES, Vectorized, vectors};

/// Adds the gradients of a step's pre-activations to those of the gate inputs that it read.
pub struct AddToGateInputs<'a> {
    pub call: &'a LstmCall,
    pub step: usize,
    pub rows: Range<usize>,
    /// `[rows, 4 * d_padded]`
    pub gates: &'a [f32],
    /// Gradient of the gate inputs: `[rows, time, 4 * d_hidden]`, or `[n_rows, 4 * d_padded]` of the
    /// table.
    pub grad_gates: &'a mut [f32],
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
pub struct GateGradients<'a> {
    pub call: &'a LstmCall,
    pub step: usize,
    pub rows: Range<usize>,
    /// `[rows, 4 * d_padded]`
    pub gates: &'a mut [f32],
    /// The cell states before and after the step, `[rows, d_padded]`.
    pub before: &'a [f32],
    pub after: &'a [f32],
    /// Gradient of the output, `[batch, time, d_hidden]`.
    pub grad_output: &'a [f32],
    /// `[rows, d_padded]`
    pub grad_hidden: &'a mut [f32],
    /// `[rows, d_padded]`
    pub grad_cell: &'a mut [f32],
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

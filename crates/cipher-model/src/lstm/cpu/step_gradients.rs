//! The loop over the gates of one step back in time.

use std::ops::Range;

use pulp::{Simd, WithSimd};

use super::blocks::row_from_blocks;
use super::{LstmCall, N_GATES};
use crate::cpu::LANES;
use crate::cpu::activation::{tanh, without_tiny};
use crate::cpu::product::PANEL;

/// Overwrites the gates of a step by the gradients of their pre-activations, and adds these to the
/// gradients of the gate inputs that the step read. With `dh` and `dc` the gradients of a row's states
/// after the step:
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
    /// `[rows, 4 * d_padded]` in [blocks](super::blocks).
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
    /// Gradient of the gate inputs: `[rows, time, 4 * d_hidden]`, or that of the table in blocks,
    /// `[n_rows, 4 * d_padded]`.
    pub grad_inputs: &'a mut [f32],
}

impl WithSimd for GateGradients<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _simd: S) {
        let LstmCall { time, d_hidden, .. } = *self.call;
        let d_padded = self.call.d_padded();
        for (index, row) in self.rows.enumerate() {
            if self.step >= self.call.lengths[row] {
                continue; // its gates are 0, and so are their gradients
            }
            let place = self.call.place(row, self.step);
            let grad_output = &self.grad_output[(row * time + place) * d_hidden..][..d_hidden];
            let states = index * d_padded..(index + 1) * d_padded;
            let grad_hidden = &mut self.grad_hidden[states.clone()];
            for (sum, value) in grad_hidden.iter_mut().zip(grad_output) {
                *sum += value;
            }
            let gates = &mut self.gates[index * N_GATES * d_padded..][..N_GATES * d_padded];
            gate_gradients_of_row::<S>(
                gates,
                &self.before[states.clone()],
                &self.after[states.clone()],
                grad_hidden,
                &mut self.grad_cell[states],
            );
            match &self.call.gates.ids {
                None => {
                    let inputs =
                        &mut self.grad_inputs[(index * time + place) * N_GATES * d_hidden..];
                    row_from_blocks(gates, &mut inputs[..N_GATES * d_hidden]);
                }
                Some(ids) => {
                    let id = ids[row * time + place] as usize;
                    let table = &mut self.grad_inputs[id * N_GATES * d_padded..];
                    for (sum, gate) in table.iter_mut().zip(gates) {
                        *sum += *gate;
                    }
                }
            }
        }
    }
}

#[inline(always)]
fn gate_gradients_of_row<S: Simd>(
    gates: &mut [f32],
    before: &[f32],
    after: &[f32],
    grad_hidden: &[f32],
    grad_cell: &mut [f32],
) {
    let gates = gates.as_chunks_mut::<PANEL>().0.iter_mut();
    let (before, after) = (before.as_chunks::<LANES>().0, after.as_chunks::<LANES>().0);
    let grads = grad_hidden.as_chunks::<LANES>().0.iter();
    let grads = grads.zip(grad_cell.as_chunks_mut::<LANES>().0);
    for (((gates, before), after), (grad_hidden, grad_cell)) in
        gates.zip(before).zip(after).zip(grads)
    {
        let [i, f, g, o] = gates.as_chunks_mut::<LANES>().0 else {
            return;
        };
        for lane in 0..LANES {
            let (i_, f_, g_, o_) = (i[lane], f[lane], g[lane], o[lane]);
            let tanh_c = tanh::<S>(after[lane]);
            let dh = grad_hidden[lane];
            let dc = grad_cell[lane] + dh * o_ * (1.0 - tanh_c * tanh_c);
            i[lane] = without_tiny(dc * g_ * (i_ * (1.0 - i_)));
            f[lane] = without_tiny(dc * before[lane] * (f_ * (1.0 - f_)));
            g[lane] = without_tiny(dc * i_ * (1.0 - g_ * g_));
            o[lane] = without_tiny(dh * tanh_c * (o_ * (1.0 - o_)));
            grad_cell[lane] = without_tiny(dc * f_);
        }
    }
}

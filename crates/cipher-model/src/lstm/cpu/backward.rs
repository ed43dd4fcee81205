use std::ops::Range;

use rayon::prelude::*;

use super::forward::Kept;
use super::{Input, Sequence};
use crate::cpu::activation::tanh;
use crate::cpu::matrix::{Into, Panels, View, multiply, multiply_panels};
use crate::cpu::{LANES, Vectorized, resize_groups, vectorized, vectors};

/// The gradients of everything a sequence was made of.
pub struct Gradients {
    /// Of the steps or of the table, whichever the input was.
    pub input: Vec<f32>,
    /// `[d_hidden, 4 * d_hidden]`
    pub hidden_weights: Vec<f32>,
    /// `[batch, d_hidden]`
    pub begin_hidden: Vec<f32>,
    /// `[batch, d_hidden]`
    pub begin_cell: Vec<f32>,
}

/// The gradients that come from outside.
pub struct Outer<'a> {
    /// `[batch, time, d_hidden]`
    pub output: &'a [f32],
    /// `[batch, d_hidden]` of the states after the last step, or nothing.
    pub end: Option<(&'a [f32], &'a [f32])>,
}

/// Runs back through time over what the forward pass kept, and uses it up: the gates turn into
/// their gradients.
pub fn backward(sequence: &Sequence, kept: Vec<Kept>, outer: Outer) -> Gradients {
    let d_padded = sequence.d_padded();
    let weights = resize_groups(&sequence.hidden_weights, sequence.d_hidden, d_padded);
    let weights = View::rows(&weights, sequence.d_hidden, 4 * d_padded, 4 * d_padded);
    let transposed = Panels::new(weights.transposed());

    let shares: Vec<Share> = kept
        .into_par_iter()
        .map(|kept| Share::new(sequence, kept, &outer).run(&transposed))
        .collect();

    let states = |states: Vec<&[f32]>| {
        resize_groups(&states.concat(), d_padded, sequence.d_hidden).into_owned()
    };
    let gradients = Gradients {
        input: input_gradient(sequence, &shares),
        hidden_weights: weights_gradient(sequence, &shares),
        begin_hidden: states(shares.iter().map(|share| &share.hidden[..]).collect()),
        begin_cell: states(shares.iter().map(|share| &share.cell[..]).collect()),
    };
    shares.into_iter().for_each(|share| share.kept.give_back());
    gradients
}

/// Sums the shares, always in the same order.
fn input_gradient(sequence: &Sequence, shares: &[Share]) -> Vec<f32> {
    match &sequence.input {
        // A row belongs to one share.
        Input::Steps(_) => {
            let parts: Vec<_> = shares.iter().map(|share| share.input.as_slice()).collect();
            parts.concat()
        }
        Input::Rows { table, .. } => {
            let mut sum = vec![0.0; table.len() / sequence.d_hidden * sequence.d_padded()];
            for share in shares {
                for (sum, value) in sum.iter_mut().zip(&share.input) {
                    *sum += value;
                }
            }
            resize_groups(&sum, sequence.d_padded(), sequence.d_hidden).into_owned()
        }
    }
}

/// The sum over all rows and steps of (hidden state before)' (gradient of the gates): a few rows of
/// the result at a time, always the same ones, and for these one product a share.
fn weights_gradient(sequence: &Sequence, shares: &[Share]) -> Vec<f32> {
    const BLOCKS: usize = 4;
    let (d_hidden, d_padded) = (sequence.d_hidden, sequence.d_padded());
    let n_rows = d_hidden.div_ceil(BLOCKS);
    let mut sum = vec![0.0; d_hidden * 4 * d_padded];
    let blocks = sum.par_chunks_mut(n_rows * 4 * d_padded).enumerate();
    blocks.for_each(|(block, sum)| {
        let n_columns = sum.len() / (4 * d_padded);
        for Share { kept, .. } in shares {
            let n = kept.steps * kept.rows.len();
            if n == 0 {
                continue;
            }
            let before = View::rows(&kept.hidden[block * n_rows..], n, n_columns, d_padded);
            let gradient = View::rows(&kept.gates, n, 4 * d_padded, 4 * d_padded);
            multiply(sum, 4 * d_padded, Into::Add, before.transposed(), gradient);
        }
    });
    resize_groups(&sum, d_padded, d_hidden).into_owned()
}

struct Share<'a> {
    sequence: &'a Sequence,
    outer: &'a Outer<'a>,
    kept: Kept,
    /// `[rows, time, 4 * d_hidden]` of its steps, or `[n_rows, 4 * d_padded]` of the table.
    input: Vec<f32>,
    /// Of the states before the step that comes next, `[rows, d_padded]`.
    hidden: Vec<f32>,
    cell: Vec<f32>,
}

impl<'a> Share<'a> {
    fn new(sequence: &'a Sequence, kept: Kept, outer: &'a Outer<'a>) -> Self {
        let (d_hidden, d_padded) = (sequence.d_hidden, sequence.d_padded());
        let n_input = match &sequence.input {
            Input::Steps(_) => kept.rows.len() * sequence.time * 4 * d_hidden,
            Input::Rows { table, .. } => table.len() / d_hidden * d_padded,
        };
        let Range { start, end } = kept.rows;
        let end_states = |states: Option<&[f32]>| match states {
            Some(states) => resize_groups(
                &states[start * d_hidden..end * d_hidden],
                d_hidden,
                d_padded,
            )
            .into_owned(),
            None => vec![0.0; kept.rows.len() * d_padded],
        };
        Self {
            input: vec![0.0; n_input],
            hidden: end_states(outer.end.map(|(hidden, _)| hidden)),
            cell: end_states(outer.end.map(|(_, cell)| cell)),
            sequence,
            outer,
            kept,
        }
    }

    fn run(mut self, transposed: &Panels) -> Self {
        // Rows of unequal length: the gradient of a row's last states waits until its last step.
        let waiting = self.hidden.clone();
        let mut next = self.hidden.clone();
        for step in (0..self.kept.steps).rev() {
            self.gate_gradients(step);
            self.add_to_input(step);
            self.states_before(step, transposed, &waiting, &mut next);
        }
        self
    }

    /// Turns the gates of a step into the gradients of what their activations were given.
    fn gate_gradients(&mut self, step: usize) {
        let d_padded = self.sequence.d_padded();
        let n_rows = self.kept.rows.len();
        let gates = &mut self.kept.gates[step * n_rows * 4 * d_padded..][..n_rows * 4 * d_padded];
        let cells = &self.kept.cell[step * n_rows * d_padded..];
        let (before, after) = cells.split_at(n_rows * d_padded);
        vectorized(GateGradients {
            sequence: self.sequence,
            step,
            rows: self.kept.rows.clone(),
            gates,
            before,
            after,
            outer: self.outer.output,
            d_hidden: &mut self.hidden,
            d_cell: &mut self.cell,
        });
    }

    fn add_to_input(&mut self, step: usize) {
        let d_padded = self.sequence.d_padded();
        let n_rows = self.kept.rows.len();
        vectorized(AddToInput {
            sequence: self.sequence,
            step,
            rows: self.kept.rows.clone(),
            gates: &self.kept.gates[step * n_rows * 4 * d_padded..][..n_rows * 4 * d_padded],
            input: &mut self.input,
        });
    }

    /// The gradient of the hidden states before a step, from that of its gates.
    fn states_before(
        &mut self,
        step: usize,
        transposed: &Panels,
        waiting: &[f32],
        next: &mut Vec<f32>,
    ) {
        let d_padded = self.sequence.d_padded();
        let n_rows = self.kept.rows.len();
        let gates = &self.kept.gates[step * n_rows * 4 * d_padded..];
        let gates = View::rows(gates, n_rows, 4 * d_padded, 4 * d_padded);
        multiply_panels(next, d_padded, Into::Replace, gates, transposed);
        for (index, row) in self.kept.rows.clone().enumerate() {
            if step >= self.sequence.lengths[row] {
                let states = index * d_padded..(index + 1) * d_padded;
                next[states.clone()].copy_from_slice(&waiting[states]);
            }
        }
        std::mem::swap(&mut self.hidden, next);
    }
}

/// Adds the gradients of a step's gates to those of what the step read.
struct AddToInput<'a> {
    sequence: &'a Sequence,
    step: usize,
    rows: Range<usize>,
    /// `[rows, 4 * d_padded]`
    gates: &'a [f32],
    /// See [`Share::input`].
    input: &'a mut [f32],
}

impl Vectorized for AddToInput<'_> {
    #[inline(always)]
    fn run<const FUSED: bool>(self) {
        let Sequence { time, d_hidden, .. } = *self.sequence;
        let d_padded = self.sequence.d_padded();
        for (index, gates) in self.gates.chunks_exact(4 * d_padded).enumerate() {
            let row = self.rows.start + index;
            if self.step >= self.sequence.lengths[row] {
                continue;
            }
            let place = self.sequence.place(row, self.step);
            match &self.sequence.input {
                Input::Steps(_) => {
                    let steps = &mut self.input[(index * time + place) * 4 * d_hidden..];
                    let steps = steps.chunks_exact_mut(d_hidden);
                    for (step, gate) in steps.zip(gates.chunks_exact(d_padded)) {
                        step.copy_from_slice(&gate[..d_hidden]);
                    }
                }
                Input::Rows { ids, .. } => {
                    let id = ids[row * time + place] as usize;
                    let table = &mut self.input[id * 4 * d_padded..][..4 * d_padded];
                    for (sum, gate) in table.iter_mut().zip(gates) {
                        *sum += gate;
                    }
                }
            }
        }
    }
}

/// Turns the gates of a step into the gradients of what their activations were given. With `dh`
/// and `dc` the gradients of a row's states after the step:
///
/// ```text
/// dc = dc + dh * o * (1 - tanh(c)^2)
/// di = dc * g  * i (1 - i)        df = dc * c_before * f (1 - f)
/// dg = dc * i  * (1 - g^2)        do = dh * tanh::<FUSED>(c)  * o (1 - o)
/// dc_before = dc * f
/// ```
struct GateGradients<'a> {
    sequence: &'a Sequence,
    step: usize,
    rows: Range<usize>,
    /// `[rows, 4 * d_padded]`
    gates: &'a mut [f32],
    /// The cell states before and after the step, `[rows, d_padded]`.
    before: &'a [f32],
    after: &'a [f32],
    /// Gradient of the output, `[batch, time, d_hidden]`.
    outer: &'a [f32],
    /// `[rows, d_padded]`
    d_hidden: &'a mut [f32],
    /// `[rows, d_padded]`
    d_cell: &'a mut [f32],
}

impl Vectorized for GateGradients<'_> {
    #[inline(always)]
    fn run<const FUSED: bool>(self) {
        let Sequence { time, d_hidden, .. } = *self.sequence;
        let d_padded = self.sequence.d_padded();
        for (index, row) in self.rows.enumerate() {
            if self.step >= self.sequence.lengths[row] {
                continue; // its gates are 0, and so are their gradients
            }
            let place = row * time + self.sequence.place(row, self.step);
            let outer = &self.outer[place * d_hidden..][..d_hidden];
            let states = index * d_padded..(index + 1) * d_padded;
            let d_hidden = &mut self.d_hidden[states.clone()];
            for (sum, value) in d_hidden.iter_mut().zip(outer) {
                *sum += value;
            }
            gate_gradients_of_row::<FUSED>(
                &mut self.gates[index * 4 * d_padded..][..4 * d_padded],
                &self.before[states.clone()],
                &self.after[states.clone()],
                d_hidden,
                &mut self.d_cell[states],
            );
        }
    }
}

#[inline(always)]
fn gate_gradients_of_row<const FUSED: bool>(
    gates: &mut [f32],
    before: &[f32],
    after: &[f32],
    d_hidden: &[f32],
    d_cell: &mut [f32],
) {
    let n = d_hidden.len();
    let (i, rest) = gates.split_at_mut(n);
    let (f, rest) = rest.split_at_mut(n);
    let (g, o) = rest.split_at_mut(n);
    let gates = vectors(i).zip(vectors(f)).zip(vectors(g)).zip(vectors(o));
    let cells = before
        .as_chunks::<LANES>()
        .0
        .iter()
        .zip(after.as_chunks::<LANES>().0);
    let gradients = d_hidden.as_chunks::<LANES>().0.iter().zip(vectors(d_cell));
    for (((((i, f), g), o), (before, after)), (d_hidden, d_cell)) in gates.zip(cells).zip(gradients)
    {
        for lane in 0..LANES {
            let (i_, f_, g_, o_) = (i[lane], f[lane], g[lane], o[lane]);
            let shown = tanh::<FUSED>(after[lane]);
            let dh = d_hidden[lane];
            let dc = d_cell[lane] + dh * o_ * (1.0 - shown * shown);
            i[lane] = dc * g_ * (i_ * (1.0 - i_));
            f[lane] = dc * before[lane] * (f_ * (1.0 - f_));
            g[lane] = dc * i_ * (1.0 - g_ * g_);
            o[lane] = dh * shown * (o_ * (1.0 - o_));
            d_cell[lane] = dc * f_;
        }
    }
}

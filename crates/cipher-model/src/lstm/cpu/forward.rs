use std::borrow::Cow;
use std::ops::Range;

use rayon::prelude::*;

use super::{GateValues, LstmCall, rows_per_chunk};
use crate::cpu::activation::{sigmoid, tanh};
use crate::cpu::matrix::{Into, Panels, View, multiply_panels};
use crate::cpu::{LANES, Vectorized, buffers, resize_groups, row_chunks, vectorized, vectors};

/// The result of a forward pass.
pub struct Forward {
    /// `[batch, time, d_hidden]`, 0 after the end of a row.
    pub output: Vec<f32>,
    /// Hidden states after the last step of each row, `[batch, d_hidden]`.
    pub hidden: Vec<f32>,
    /// Cell states, same layout as `hidden`.
    pub cell: Vec<f32>,
    /// What the backward pass needs, by chunk; empty if nothing was to be saved.
    pub saved: Vec<Saved>,
}

/// A chunk's values at every step, in the order of the steps.
#[derive(Debug, Clone)]
pub struct Saved {
    /// The rows of the chunk.
    pub rows: Range<usize>,
    /// The number of steps of the longest row.
    pub steps: usize,
    /// The gates after their activations, `[steps, rows, 4 * d_padded]`.
    pub gates: Vec<f32>,
    /// Hidden states before each step and after the last, `[steps + 1, rows, d_padded]`.
    pub hidden: Vec<f32>,
    /// Cell states, same layout as `hidden`.
    pub cell: Vec<f32>,
}

/// Runs through time. `save` records what a backward pass needs.
pub fn forward(call: &LstmCall, save: bool) -> Forward {
    let &LstmCall { time, d_hidden, .. } = call;
    let (batch, d_padded) = (call.batch(), call.d_padded());
    let weights = resize_groups(&call.hidden_weights, d_hidden, d_padded);
    let weights = Panels::new(View::rows(&weights, d_hidden, 4 * d_padded, 4 * d_padded));
    let GateValues { values, ids } = &call.gates;
    let table = match ids {
        Some(_) => resize_groups(values, d_hidden, d_padded),
        None => Cow::default(),
    };

    let mut output = vec![0.0; batch * time * d_hidden];
    let mut rest = output.as_mut_slice();
    let mut work = Vec::new();
    for rows in row_chunks(batch, rows_per_chunk(d_padded)) {
        let (output, later) = rest.split_at_mut(rows.len() * time * d_hidden);
        rest = later;
        work.push((rows, output));
    }
    let chunks: Vec<Saved> = work
        .into_par_iter()
        .map(|(rows, output)| Chunk::new(call, rows, save, &table).run(&weights, output))
        .collect();

    let last = |pick: fn(&Saved) -> &Vec<f32>| {
        let chunks = chunks.iter().map(|chunk| {
            let values = pick(chunk);
            &values[values.len() - chunk.rows.len() * d_padded..]
        });
        resize_groups(&chunks.collect::<Vec<_>>().concat(), d_padded, d_hidden).into_owned()
    };
    let (hidden, cell) = (last(|chunk| &chunk.hidden), last(|chunk| &chunk.cell));
    let saved = if save {
        chunks
    } else {
        chunks.into_iter().for_each(Saved::give_back);
        Vec::new()
    };
    Forward {
        output,
        hidden,
        cell,
        saved,
    }
}

impl Saved {
    /// Returns the memory to the pool, for the next pass.
    pub fn give_back(self) {
        [self.gates, self.hidden, self.cell]
            .into_iter()
            .for_each(buffers::give);
    }
}

/// The rows of a batch that one thread works on.
struct Chunk<'a> {
    call: &'a LstmCall,
    /// The table of gate inputs, `[n_rows, 4 * d_padded]`, or empty if the input has none.
    table: &'a [f32],
    /// Whether [`Self::saved`] keeps every step, or the last only.
    save: bool,
    saved: Saved,
}

impl<'a> Chunk<'a> {
    fn new(call: &'a LstmCall, rows: Range<usize>, save: bool, table: &'a [f32]) -> Self {
        let (d_hidden, d_padded) = (call.d_hidden, call.d_padded());
        let steps = call.lengths[rows.clone()]
            .iter()
            .copied()
            .max()
            .unwrap_or(0);
        let n_kept = if save { steps } else { 1 };
        let initial = |states: &[f32]| {
            let states = &states[rows.start * d_hidden..rows.end * d_hidden];
            let mut initial = buffers::take((n_kept + 1) * rows.len() * d_padded);
            initial.extend_from_slice(&resize_groups(states, d_hidden, d_padded));
            initial
        };
        Self {
            saved: Saved {
                steps,
                gates: buffers::take(n_kept * rows.len() * 4 * d_padded),
                hidden: initial(&call.initial_hidden),
                cell: initial(&call.initial_cell),
                rows,
            },
            call,
            table,
            save,
        }
    }

    fn run(mut self, weights: &Panels, output: &mut [f32]) -> Saved {
        for step in 0..self.saved.steps {
            self.step(step, weights, output);
        }
        self.saved
    }

    fn step(&mut self, step: usize, weights: &Panels, output: &mut [f32]) {
        let (d_hidden, d_padded) = (self.call.d_hidden, self.call.d_padded());
        let n_rows = self.saved.rows.len();
        let n_states = n_rows * d_padded;

        if !self.save {
            self.saved.gates.clear();
        }
        let begin = self.saved.gates.len();
        self.push_gate_inputs(step);
        let gates = &mut self.saved.gates[begin..]; // [rows, 4 * d_padded]
        let before = &self.saved.hidden[self.saved.hidden.len() - n_states..]; // [rows, d_padded]
        let before = View::rows(before, n_rows, d_hidden, d_padded);
        multiply_panels(gates, 4 * d_padded, Into::Add, before, weights);

        if self.save {
            repeat_last(&mut self.saved.hidden, n_states);
            repeat_last(&mut self.saved.cell, n_states);
        }
        let states = self.saved.hidden.len() - n_states;
        let hidden = &mut self.saved.hidden[states..];
        let cell = &mut self.saved.cell[states..];
        let lengths = &self.call.lengths[self.saved.rows.clone()];
        vectorized(ApplyGates {
            step,
            lengths,
            gates,
            hidden,
            cell,
        });

        let time = self.call.time;
        for (index, row) in self.saved.rows.clone().enumerate() {
            if step < self.call.lengths[row] {
                let place = index * time + self.call.place(row, step);
                let hidden = &hidden[index * d_padded..][..d_hidden];
                output[place * d_hidden..][..d_hidden].copy_from_slice(hidden);
            }
        }
    }

    /// Appends the gate inputs of a step, `[rows, 4 * d_padded]`.
    fn push_gate_inputs(&mut self, step: usize) {
        let LstmCall {
            gates: GateValues {
                ref values,
                ref ids,
            },
            ref lengths,
            time,
            d_hidden,
            ..
        } = *self.call;
        let d_padded = self.call.d_padded();
        let gates = &mut self.saved.gates;
        for row in self.saved.rows.clone() {
            if step >= lengths[row] {
                gates.resize(gates.len() + 4 * d_padded, 0.0);
                continue;
            }
            let place = row * time + self.call.place(row, step);
            match ids {
                Some(ids) => {
                    let begin = ids[place] as usize * 4 * d_padded;
                    gates.extend_from_slice(&self.table[begin..begin + 4 * d_padded]);
                }
                None => {
                    for gate in
                        values[place * 4 * d_hidden..][..4 * d_hidden].chunks_exact(d_hidden)
                    {
                        gates.extend_from_slice(gate);
                        gates.resize(gates.len() + d_padded - d_hidden, 0.0);
                    }
                }
            }
        }
    }
}

fn repeat_last(values: &mut Vec<f32>, n: usize) {
    values.extend_from_within(values.len() - n..);
}

/// Activates the gates of each row that has not ended, and advances its states by one step.
struct ApplyGates<'a> {
    step: usize,
    lengths: &'a [usize],
    /// `[rows, 4 * d_padded]`
    gates: &'a mut [f32],
    /// `[rows, d_padded]`
    hidden: &'a mut [f32],
    /// `[rows, d_padded]`
    cell: &'a mut [f32],
}

impl Vectorized for ApplyGates<'_> {
    #[inline(always)]
    fn run<const FUSED: bool>(self) {
        let d_padded = self.hidden.len() / self.lengths.len().max(1);
        for (row, &length) in self.lengths.iter().enumerate() {
            let gates = &mut self.gates[row * 4 * d_padded..][..4 * d_padded];
            if self.step < length {
                let hidden = &mut self.hidden[row * d_padded..][..d_padded];
                let cell = &mut self.cell[row * d_padded..][..d_padded];
                apply_gates::<FUSED>(gates, hidden, cell);
            } else {
                gates.fill(0.0);
            }
        }
    }
}

#[inline(always)]
fn apply_gates<const FUSED: bool>(gates: &mut [f32], hidden: &mut [f32], cell: &mut [f32]) {
    let d_padded = hidden.len();
    let (i, rest) = gates.split_at_mut(d_padded);
    let (f, rest) = rest.split_at_mut(d_padded);
    let (g, o) = rest.split_at_mut(d_padded);
    let gates = vectors(i).zip(vectors(f)).zip(vectors(g)).zip(vectors(o));
    let states = vectors(hidden).zip(vectors(cell));
    for ((((i, f), g), o), (hidden, cell)) in gates.zip(states) {
        for lane in 0..LANES {
            i[lane] = sigmoid::<FUSED>(i[lane]);
            f[lane] = sigmoid::<FUSED>(f[lane]);
            g[lane] = tanh::<FUSED>(g[lane]);
            o[lane] = sigmoid::<FUSED>(o[lane]);
            cell[lane] = f[lane] * cell[lane] + i[lane] * g[lane];
            hidden[lane] = o[lane] * tanh::<FUSED>(cell[lane]);
        }
    }
}

use std::borrow::Cow;
use std::ops::Range;

use rayon::prelude::*;

use super::{Input, Sequence, rows_per_share};
use crate::cpu::activation::{sigmoid, tanh};
use crate::cpu::matrix::{Into, Panels, View, multiply_panels};
use crate::cpu::{LANES, Vectorized, buffers, resize_groups, shares, vectorized, vectors};

/// What a forward pass gives.
pub struct Forward {
    /// `[batch, time, d_hidden]`, 0 behind the end of a row.
    pub output: Vec<f32>,
    /// `[batch, d_hidden]`, after the last step of each row.
    pub hidden: Vec<f32>,
    /// `[batch, d_hidden]`
    pub cell: Vec<f32>,
    /// What the backward pass needs, a part for each share; empty if not asked for.
    pub kept: Vec<Kept>,
}

/// A share's values at every step, which follow each other.
#[derive(Debug, Clone)]
pub struct Kept {
    pub rows: Range<usize>,
    /// Steps until the longest row ends.
    pub steps: usize,
    /// The gates after their activations, `[steps, rows, 4 * d_padded]`.
    pub gates: Vec<f32>,
    /// Before each step and after the last, `[steps + 1, rows, d_padded]`.
    pub hidden: Vec<f32>,
    /// Likewise.
    pub cell: Vec<f32>,
}

/// Runs through time. `keep` is for a backward pass to come.
pub fn forward(sequence: &Sequence, keep: bool) -> Forward {
    let &Sequence { time, d_hidden, .. } = sequence;
    let (batch, d_padded) = (sequence.batch(), sequence.d_padded());
    let weights = resize_groups(&sequence.hidden_weights, d_hidden, d_padded);
    let weights = Panels::new(View::rows(&weights, d_hidden, 4 * d_padded, 4 * d_padded));
    let table = match &sequence.input {
        Input::Rows { table, .. } => resize_groups(table, d_hidden, d_padded),
        Input::Steps(_) => Cow::default(),
    };

    let mut output = vec![0.0; batch * time * d_hidden];
    let mut rest = output.as_mut_slice();
    let mut work = Vec::new();
    for rows in shares(batch, rows_per_share(d_padded)) {
        let (output, later) = rest.split_at_mut(rows.len() * time * d_hidden);
        rest = later;
        work.push((rows, output));
    }
    let shares: Vec<Kept> = work
        .into_par_iter()
        .map(|(rows, output)| Share::new(sequence, rows, keep, &table).run(&weights, output))
        .collect();

    let last = |pick: fn(&Kept) -> &Vec<f32>| {
        let shares = shares.iter().map(|share| {
            let values = pick(share);
            &values[values.len() - share.rows.len() * d_padded..]
        });
        resize_groups(&shares.collect::<Vec<_>>().concat(), d_padded, d_hidden).into_owned()
    };
    let (hidden, cell) = (last(|share| &share.hidden), last(|share| &share.cell));
    let kept = match keep {
        true => shares,
        false => {
            shares.into_iter().for_each(Kept::give_back);
            Vec::new()
        }
    };
    Forward {
        output,
        hidden,
        cell,
        kept,
    }
}

impl Kept {
    /// Leaves the memory to the next pass.
    pub fn give_back(self) {
        [self.gates, self.hidden, self.cell]
            .into_iter()
            .for_each(buffers::give);
    }
}

struct Share<'a> {
    sequence: &'a Sequence,
    /// That of the input, `[n_rows, 4 * d_padded]`, if it has one.
    table: &'a [f32],
    keep: bool,
    kept: Kept,
}

impl<'a> Share<'a> {
    fn new(sequence: &'a Sequence, rows: Range<usize>, keep: bool, table: &'a [f32]) -> Self {
        let (d_hidden, d_padded) = (sequence.d_hidden, sequence.d_padded());
        let steps = sequence.lengths[rows.clone()]
            .iter()
            .copied()
            .max()
            .unwrap_or(0);
        let n_kept = if keep { steps } else { 1 };
        let begin = |states: &[f32]| {
            let states = &states[rows.start * d_hidden..rows.end * d_hidden];
            let mut begin = buffers::take((n_kept + 1) * rows.len() * d_padded);
            begin.extend_from_slice(&resize_groups(states, d_hidden, d_padded));
            begin
        };
        Self {
            kept: Kept {
                steps,
                gates: buffers::take(n_kept * rows.len() * 4 * d_padded),
                hidden: begin(&sequence.begin_hidden),
                cell: begin(&sequence.begin_cell),
                rows,
            },
            sequence,
            table,
            keep,
        }
    }

    fn run(mut self, weights: &Panels, output: &mut [f32]) -> Kept {
        for step in 0..self.kept.steps {
            self.step(step, weights, output);
        }
        self.kept
    }

    fn step(&mut self, step: usize, weights: &Panels, output: &mut [f32]) {
        let (d_hidden, d_padded) = (self.sequence.d_hidden, self.sequence.d_padded());
        let n_rows = self.kept.rows.len();
        let n_states = n_rows * d_padded;

        if !self.keep {
            self.kept.gates.clear();
        }
        let begin = self.kept.gates.len();
        self.push_input(step);
        let gates = &mut self.kept.gates[begin..]; // [rows, 4 * d_padded]
        let before = &self.kept.hidden[self.kept.hidden.len() - n_states..]; // [rows, d_padded]
        let before = View::rows(before, n_rows, d_hidden, d_padded);
        multiply_panels(gates, 4 * d_padded, Into::Add, before, weights);

        if self.keep {
            repeat_last(&mut self.kept.hidden, n_states);
            repeat_last(&mut self.kept.cell, n_states);
        }
        let states = self.kept.hidden.len() - n_states;
        let hidden = &mut self.kept.hidden[states..];
        let cell = &mut self.kept.cell[states..];
        let lengths = &self.sequence.lengths[self.kept.rows.clone()];
        vectorized(ApplyGates {
            step,
            lengths,
            gates,
            hidden,
            cell,
        });

        let time = self.sequence.time;
        for (index, row) in self.kept.rows.clone().enumerate() {
            if step < self.sequence.lengths[row] {
                let place = index * time + self.sequence.place(row, step);
                let hidden = &hidden[index * d_padded..][..d_hidden];
                output[place * d_hidden..][..d_hidden].copy_from_slice(hidden);
            }
        }
    }

    /// Appends what the gates of a step take from the input, `[rows, 4 * d_padded]`.
    fn push_input(&mut self, step: usize) {
        let Sequence {
            ref input,
            ref lengths,
            time,
            d_hidden,
            ..
        } = *self.sequence;
        let d_padded = self.sequence.d_padded();
        let gates = &mut self.kept.gates;
        for row in self.kept.rows.clone() {
            if step >= lengths[row] {
                gates.resize(gates.len() + 4 * d_padded, 0.0);
                continue;
            }
            let place = row * time + self.sequence.place(row, step);
            match input {
                Input::Rows { ids, .. } => {
                    let begin = ids[place] as usize * 4 * d_padded;
                    gates.extend_from_slice(&self.table[begin..begin + 4 * d_padded]);
                }
                Input::Steps(steps) => {
                    for gate in steps[place * 4 * d_hidden..][..4 * d_hidden].chunks_exact(d_hidden)
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

/// Activates the gates of each row that has not ended, and moves its states a step on.
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

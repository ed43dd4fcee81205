use std::ops::Range;

use super::blocks::{row_to_blocks, to_blocks};
use super::step::Step;
use super::{GateValues, LstmCall, N_GATES, rows_per_chunk};
use crate::cpu::matrix::View;
use crate::cpu::product::{MAX_ROWS, Panels};
use crate::cpu::share::share;
use crate::cpu::{LANES, buffers, resize_groups, row_chunks};

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
    /// The size of a state, padded.
    d_padded: usize,
    /// Whether every step is kept, or the last states only.
    is_whole: bool,
    /// The gates after their activations, `[steps, rows, 4 * d_padded]` in [blocks](super::blocks).
    pub gates: Vec<f32>,
    /// Hidden states before each step and after the last, `[steps + 1, rows, d_padded]`.
    pub hidden: Vec<f32>,
    /// Cell states, same layout as `hidden`.
    pub cell: Vec<f32>,
}

/// Weights of the gates, `[d_input, 4 * d_hidden]`, packed in blocks. Those of the hidden states are
/// what [`Step`] reads.
pub fn pack(weights: &[f32], d_hidden: usize) -> Panels {
    let blocks = to_blocks(weights, d_hidden);
    let n_columns = N_GATES * d_hidden.next_multiple_of(LANES);
    let d_input = blocks.len() / n_columns;
    Panels::new(View::rows(&blocks, d_input, n_columns, n_columns))
}

/// Runs through time. `save` records what a backward pass needs.
pub fn forward(call: &LstmCall, save: bool) -> Forward {
    let &LstmCall { time, d_hidden, .. } = call;
    let (batch, d_padded) = (call.batch(), call.d_padded());
    let weights = pack(&call.hidden_weights, d_hidden);
    let GateValues { values, ids } = &call.gates;
    let table = match ids {
        Some(_) => to_blocks(values, d_hidden),
        None => Vec::new(),
    };

    let mut output = vec![0.0; batch * time * d_hidden];
    let mut rest = output.as_mut_slice();
    let mut work = Vec::new();
    for rows in row_chunks(batch, rows_per_chunk(batch, d_hidden), MAX_ROWS) {
        let (output, later) = rest.split_at_mut(rows.len() * time * d_hidden);
        rest = later;
        work.push((rows, output));
    }
    let chunks = share(work, call.n_operations(), |(rows, output)| {
        Chunk::new(call, rows, save, &table).run(&weights, output)
    });

    let last = |pick: fn(&Saved) -> &Vec<f32>| {
        let chunks = chunks.iter().map(|chunk| {
            let states = &pick(chunk)[chunk.state(chunk.steps)];
            resize_groups(states, d_padded, d_hidden)
        });
        chunks.collect::<Vec<_>>().concat()
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

    /// Where the states before a step are. If only the last are kept, two places take turns.
    fn state(&self, step: usize) -> Range<usize> {
        let n_states = self.rows.len() * self.d_padded;
        let place = if self.is_whole { step } else { step % 2 };
        place * n_states..(place + 1) * n_states
    }
}

/// The rows of a batch that one thread works on.
struct Chunk<'a> {
    call: &'a LstmCall,
    /// The table of gate inputs, `[n_rows, 4 * d_padded]` in blocks; empty if the input has none.
    table: &'a [f32],
    saved: Saved,
    /// The gate inputs of a step, `[rows, 4 * d_padded]` in blocks, if there is no table.
    inputs: Vec<f32>,
    /// What each row reads, see [`Step::read`].
    read: Vec<Option<usize>>,
}

impl<'a> Chunk<'a> {
    fn new(call: &'a LstmCall, rows: Range<usize>, save: bool, table: &'a [f32]) -> Self {
        let (d_hidden, d_padded) = (call.d_hidden, call.d_padded());
        let lengths = call.lengths[rows.clone()].iter().copied();
        let steps = lengths.max().unwrap_or(0);
        let (n_kept, n_states) = if save { (steps, steps + 1) } else { (0, 2) };
        let initial = |states: &[f32]| {
            let states = &states[rows.start * d_hidden..rows.end * d_hidden];
            let states = resize_groups(states, d_hidden, d_padded);
            let mut all = buffers::take(n_states * states.len());
            all[..states.len()].copy_from_slice(&states);
            all
        };
        let n_inputs = if table.is_empty() { rows.len() } else { 0 };
        Self {
            inputs: vec![0.0; n_inputs * N_GATES * d_padded],
            read: vec![None; rows.len()],
            saved: Saved {
                steps,
                d_padded,
                is_whole: save,
                gates: buffers::take(n_kept * rows.len() * N_GATES * d_padded),
                hidden: initial(&call.initial_hidden),
                cell: initial(&call.initial_cell),
                rows,
            },
            call,
            table,
        }
    }

    fn run(mut self, weights: &Panels, output: &mut [f32]) -> Saved {
        for step in 0..self.saved.steps {
            self.find_inputs(step);
            self.step(step, weights);
            self.write(step, output);
        }
        self.saved
    }

    #[allow(clippy::expect_used)] // the states before and after a step are in two places
    fn step(&mut self, step: usize, weights: &Panels) {
        let saved = &mut self.saved;
        let d_padded = saved.d_padded;
        let states = [saved.state(step), saved.state(step + 1)];
        let [hidden_before, hidden] = saved
            .hidden
            .get_disjoint_mut(states.clone())
            .expect("two places");
        let [cell_before, cell] = saved.cell.get_disjoint_mut(states).expect("two places");
        let n_gates = saved.rows.len() * N_GATES * d_padded;
        let gates = saved
            .is_whole
            .then(|| &mut saved.gates[step * n_gates..][..n_gates]);
        let has_table = !self.table.is_empty();
        let step = Step {
            inputs: if has_table { self.table } else { &self.inputs },
            read: &self.read,
            hidden_before,
            cell_before,
            hidden,
            cell,
            gates,
            d_padded,
        };
        step.run(weights);
    }

    /// Sets what each row reads at a step.
    fn find_inputs(&mut self, step: usize) {
        let LstmCall {
            gates: GateValues { values, ids },
            lengths,
            time,
            d_hidden,
            ..
        } = self.call;
        let n_inputs = N_GATES * self.saved.d_padded;
        for (index, row) in self.saved.rows.clone().enumerate() {
            if step >= lengths[row] {
                self.read[index] = None;
                continue;
            }
            let place = row * time + self.call.place(row, step);
            self.read[index] = match ids {
                Some(ids) => Some(ids[place] as usize),
                None => {
                    let inputs = &values[place * N_GATES * d_hidden..][..N_GATES * d_hidden];
                    row_to_blocks(inputs, &mut self.inputs[index * n_inputs..][..n_inputs]);
                    Some(index)
                }
            };
        }
    }

    /// Writes the hidden states after a step to their places in the output.
    fn write(&self, step: usize, output: &mut [f32]) {
        let LstmCall { time, d_hidden, .. } = *self.call;
        let hidden = &self.saved.hidden[self.saved.state(step + 1)];
        let states = hidden.chunks_exact(self.saved.d_padded);
        for (index, (row, state)) in self.saved.rows.clone().zip(states).enumerate() {
            if step < self.call.lengths[row] {
                let place = index * time + self.call.place(row, step);
                output[place * d_hidden..][..d_hidden].copy_from_slice(&state[..d_hidden]);
            }
        }
    }
}

#![allow(clippy::indexing_slicing)] // lengths follow from the model's sizes

use burn::tensor::Tensor;

use crate::cpu::product::{Panels, Store, multiply_rows};
use crate::cpu::{LANES, resize_groups};
use crate::linear;
use crate::lstm::LstmDirection;
use crate::lstm::cpu::blocks::to_blocks;
use crate::lstm::cpu::pack;
use crate::lstm::cpu::step::Step;

/// One direction of a layer, packed.
#[derive(Debug)]
pub struct Direction {
    inputs: Inputs,
    /// Recurrent weights.
    weights: Panels,
    /// The size of a state, padded to whole vectors.
    pub d_padded: usize,
}

/// Where gate inputs come from. Gates are in blocks.
#[derive(Debug)]
enum Inputs {
    /// One row for each symbol, `[n_ids, 4 * d_padded]`.
    Symbols(Vec<f32>),
    /// The states of the layer below.
    States {
        weights: Panels,
        /// `[4 * d_padded]`
        bias: Vec<f32>,
    },
}

/// What a direction reads.
pub enum Source<'a> {
    /// The vectors of symbols, `[n_ids, d_embedding]`.
    Symbols(&'a [f32]),
    /// The states of the layer below, in as many directions.
    States { n_directions: usize },
}

/// What the rows of a batch read at a step.
pub struct Read<'a> {
    /// Symbols, for the first layer.
    pub ids: &'a [Option<usize>],
    /// The numbers from 0, as many as there are ids.
    pub rows: &'a [Option<usize>],
    /// States of the layer below, for the others: `[rows, stride]`.
    pub below: &'a [f32],
    pub stride: usize,
}

/// The states of a direction before and after a step, which take turns.
#[derive(Debug, Clone)]
pub struct States {
    /// `[rows, d_padded]` each
    hidden: [Vec<f32>; 2],
    cell: [Vec<f32>; 2],
}

impl Direction {
    pub fn new(direction: &LstmDirection, source: Source) -> Self {
        let [d_hidden, _] = direction.hidden_weights.val().dims();
        let weights = values(direction.input_weights.val()); // [d_input, 4 * d_hidden]
        let bias = values(direction.bias.val());
        let inputs = match source {
            Source::Symbols(symbols) => {
                let product = linear::cpu::Layer {
                    input: symbols.to_vec().into(),
                    weights: weights.into(),
                    bias: bias.into(),
                };
                Inputs::Symbols(to_blocks(&product.forward(), d_hidden))
            }
            Source::States { n_directions } => Inputs::States {
                weights: pack(&of_states(weights, d_hidden, n_directions), d_hidden),
                bias: to_blocks(&bias, d_hidden),
            },
        };
        Self {
            inputs,
            weights: pack(&values(direction.hidden_weights.val()), d_hidden),
            d_padded: d_hidden.next_multiple_of(LANES),
        }
    }

    /// The states of some rows before the first step.
    pub fn start(&self, n_rows: usize) -> States {
        let zeros = || vec![0.0; n_rows * self.d_padded];
        States {
            hidden: [zeros(), zeros()],
            cell: [zeros(), zeros()],
        }
    }

    /// Advances the states of the first rows. `inputs` is memory for what they read.
    pub fn step(&self, read: &Read, states: &mut States, inputs: &mut Vec<f32>) {
        let (inputs, read) = match &self.inputs {
            Inputs::Symbols(table) => (&table[..], read.ids),
            Inputs::States { weights, bias } => {
                let n_rows = read.ids.len();
                inputs.resize(n_rows * bias.len(), 0.0);
                let mut store = Store {
                    start: bias,
                    sums: inputs,
                    n_columns: bias.len(),
                };
                multiply_rows(read.below, read.stride, n_rows, weights, &mut store);
                (&inputs[..], read.rows)
            }
        };
        let (hidden, cell) = states.turn();
        let step = Step {
            inputs,
            read,
            hidden_before: hidden.0,
            cell_before: cell.0,
            hidden: hidden.1,
            cell: cell.1,
            gates: None,
            d_padded: self.d_padded,
        };
        step.run(&self.weights);
    }
}

type Turn<'a> = (&'a [f32], &'a mut [f32]);

impl States {
    /// The hidden states after the last step, `[rows, d_padded]`.
    pub fn hidden(&self) -> &[f32] {
        &self.hidden[1]
    }

    /// The states before the next step and after it, hidden and cell.
    fn turn(&mut self) -> (Turn<'_>, Turn<'_>) {
        fn turn(states: &mut [Vec<f32>; 2]) -> Turn<'_> {
            states.swap(0, 1);
            let [before, after] = states;
            (before, after)
        }
        (turn(&mut self.hidden), turn(&mut self.cell))
    }
}

/// Weights `[n_directions * d_hidden, columns]` for states of two directions side by side, each
/// padded: units of the padding have weights of 0.
pub fn of_states(weights: Vec<f32>, d_hidden: usize, n_directions: usize) -> Vec<f32> {
    if n_directions == 1 {
        return weights; // a product leaves the end of each row out
    }
    let n_columns = weights.len() / (n_directions * d_hidden);
    let d_padded = d_hidden.next_multiple_of(LANES);
    resize_groups(&weights, d_hidden * n_columns, d_padded * n_columns).into_owned()
}

/// The values of a tensor in host memory.
pub fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().iter::<f32>().collect()
}

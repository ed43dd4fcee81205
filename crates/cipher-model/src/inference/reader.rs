//! Reads messages on a CPU: from ids to the most likely symbols in one pass, without tensors.
//!
//! The weights are packed once, and a step of all layers and its answers are computed while the states
//! are in the first cache.

#![allow(clippy::indexing_slicing)] // lengths follow from the model's sizes

use burn::tensor::Tensor;
use cipher_data::SymbolId;

use super::Answer;
use crate::CipherModel;
use crate::answer::{AnswerLayer, Best};
use crate::backend::is_cpu;
use crate::cpu::LANES;
use crate::cpu::product::{MAX_ROWS, Panels, Store, multiply_rows};
use crate::linear;
use crate::lstm::LstmDirection;
use crate::lstm::cpu::blocks::to_blocks;
use crate::lstm::cpu::step::Step;
use crate::lstm::cpu::{n_operations_of_step, pack};

/// A model that reads in one direction, packed for the CPU.
#[derive(Debug)]
pub struct Reader {
    layers: Vec<Layer>,
    answers: AnswerLayer,
}

#[derive(Debug)]
struct Layer {
    inputs: Inputs,
    /// Recurrent weights.
    weights: Panels,
    d_padded: usize,
}

/// Where a layer's gate inputs come from. Gates are in blocks.
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

/// The states of all layers after the last symbol that was read.
#[derive(Debug, Clone)]
pub struct ReaderState(Vec<States>);

/// The states of a layer before and after a step, which take turns.
#[derive(Debug, Clone)]
struct States {
    /// `[rows, d_padded]` each
    hidden: [Vec<f32>; 2],
    cell: [Vec<f32>; 2],
}

impl Reader {
    /// Packs a model. `None` if the model is on another device or reads in both directions.
    pub fn new(model: &CipherModel) -> Option<Self> {
        let embedding = model.input_vectors();
        if !is_cpu(&embedding.device()) {
            return None;
        }
        let mut layers = Vec::new();
        for (depth, layer) in model.lstm.layers.iter().enumerate() {
            if layer.backward.is_some() {
                return None;
            }
            let symbols = (depth == 0).then(|| values(embedding.clone()));
            layers.push(Layer::new(&layer.forward, symbols));
        }
        let (weights, bias) = model.linear();
        Some(Self {
            layers,
            answers: AnswerLayer::new(&values(weights), &values(bias)),
        })
    }

    /// About how many operations a symbol takes.
    pub fn n_operations(&self) -> usize {
        let layers = self.layers.iter();
        layers
            .map(|layer| n_operations_of_step(layer.d_padded))
            .sum()
    }

    /// How many of all messages a thread should read at once.
    pub fn rows_at_once(n_messages: usize, n_threads: usize) -> usize {
        const MOST: usize = 8 * MAX_ROWS; // more do not read the weights less often from the second cache
        const TURNS: usize = 4; // for each thread, so that all end at about the same time
        let rows = n_messages / (TURNS * n_threads.max(1));
        rows.next_multiple_of(MAX_ROWS).clamp(MAX_ROWS, MOST)
    }

    /// The state before the first symbol.
    pub fn start(&self, n_messages: usize) -> ReaderState {
        let states = self.layers.iter().map(|layer| {
            let zeros = || vec![0.0; n_messages * layer.d_padded];
            States {
                hidden: [zeros(), zeros()],
                cell: [zeros(), zeros()],
            }
        });
        ReaderState(states.collect())
    }

    /// The answers to each message's symbols, on one thread. The messages must come longest first;
    /// the state is that after the end of the longest.
    pub fn read(&self, messages: &[&[SymbolId]], state: &mut ReaderState) -> Vec<Vec<Answer>> {
        let mut answers: Vec<Vec<Answer>> = messages
            .iter()
            .map(|message| Vec::with_capacity(message.len()))
            .collect();
        let longest = messages.first().map_or(0, |message| message.len());
        let mut inputs = Vec::new();
        let mut ids = Vec::with_capacity(messages.len());
        let rows: Vec<_> = (0..messages.len()).map(Some).collect();
        let mut found = vec![Best::default(); messages.len()];
        for step in 0..longest {
            ids.clear();
            let symbols = messages.iter().map_while(|message| message.get(step));
            ids.extend(symbols.map(|&id| Some(usize::from(id))));
            let found = &mut found[..ids.len()];
            self.step(&ids, &rows[..ids.len()], state, &mut inputs);
            if let (Some(layer), Some(states)) = (self.layers.last(), state.0.last()) {
                let [_, hidden] = &states.hidden;
                self.answers.answer(hidden, layer.d_padded, found);
            }
            for (answers, found) in answers.iter_mut().zip(found) {
                answers.push(Answer {
                    symbol: found.symbol as SymbolId,
                    probability: found.probability(),
                });
            }
        }
        answers
    }

    /// Advances all layers by a symbol of each message: the first reads `ids`, the others their own
    /// `rows`. `inputs` is memory for what these read.
    fn step(
        &self,
        ids: &[Option<usize>],
        rows: &[Option<usize>],
        state: &mut ReaderState,
        inputs: &mut Vec<f32>,
    ) {
        let mut below: Option<(&[f32], usize)> = None;
        for (layer, states) in self.layers.iter().zip(&mut state.0) {
            let (inputs, read) = match (&layer.inputs, below) {
                (Inputs::States { weights, bias }, Some((below, stride))) => {
                    inputs.resize(ids.len() * bias.len(), 0.0);
                    let mut store = Store {
                        start: bias,
                        sums: inputs,
                        n_columns: bias.len(),
                    };
                    multiply_rows(below, stride, ids.len(), weights, &mut store);
                    (&inputs[..], rows)
                }
                (Inputs::Symbols(table), _) => (&table[..], ids),
                (Inputs::States { .. }, None) => return, // only the first layer has none below
            };
            let (hidden, cell) = states.turn();
            let step = Step {
                inputs,
                read,
                hidden_before: hidden.0,
                cell_before: cell.0,
                hidden: &mut *hidden.1,
                cell: cell.1,
                gates: None,
                d_padded: layer.d_padded,
            };
            step.run(&layer.weights);
            below = Some((hidden.1, layer.d_padded));
        }
    }
}

type Turn<'a> = (&'a [f32], &'a mut [f32]);

impl States {
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

impl Layer {
    /// Packs a layer. The first reads the embeddings of symbols, `[n_ids, d_embedding]`.
    fn new(layer: &LstmDirection, symbols: Option<Vec<f32>>) -> Self {
        let [d_hidden, _] = layer.hidden_weights.val().dims();
        let weights = values(layer.input_weights.val());
        let bias = values(layer.bias.val());
        let inputs = match symbols {
            Some(input) => {
                let product = linear::cpu::Layer {
                    input,
                    weights,
                    bias,
                };
                Inputs::Symbols(to_blocks(&product.forward(), d_hidden))
            }
            None => Inputs::States {
                weights: pack(&weights, d_hidden),
                bias: to_blocks(&bias, d_hidden),
            },
        };
        Self {
            inputs,
            weights: pack(&values(layer.hidden_weights.val()), d_hidden),
            d_padded: d_hidden.next_multiple_of(LANES),
        }
    }
}

/// The values of a tensor in host memory.
fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().iter::<f32>().collect()
}

//! Reads messages on a CPU: from ids to the most likely symbols without tensors.
//!
//! The weights are packed once. Where the model reads in one direction, a step of all layers and its
//! answers are computed while the states are in the first cache.

#![allow(clippy::indexing_slicing)] // lengths follow from the model's sizes

mod both_ways;
mod direction;

use cipher_data::SymbolId;

use super::Answer;
use crate::CipherModel;
use crate::answer::{AnswerLayer, Best};
use crate::backend::is_cpu;
use crate::cpu::product::MAX_ROWS;
use crate::lstm::cpu::n_operations_of_step;
use direction::{Direction, Read, Source, States, of_states, values};

/// A model, packed for the CPU.
#[derive(Debug)]
pub struct Reader {
    layers: Vec<Layer>,
    answers: AnswerLayer,
}

#[derive(Debug)]
struct Layer {
    forward: Direction,
    backward: Option<Direction>,
}

/// The states of all layers after the last symbol that was read.
#[derive(Debug, Clone)]
pub struct ReaderState(Vec<States>);

impl Reader {
    /// Packs a model. `None` if the model is on another device.
    pub fn new(model: &CipherModel) -> Option<Self> {
        let symbols = model.input_vectors(); // [n_ids, d_embedding]
        if !is_cpu(&symbols.device()) {
            return None;
        }
        let symbols = values(symbols);
        let first = model.lstm.layers.first()?;
        let [d_hidden, _] = first.forward.hidden_weights.val().dims();
        let n_directions = 1 + usize::from(first.backward.is_some());
        let layers = model.lstm.layers.iter().enumerate().map(|(depth, layer)| {
            let pack = |direction| {
                let source = match depth {
                    0 => Source::Symbols(&symbols),
                    _ => Source::States { n_directions },
                };
                Direction::new(direction, source)
            };
            Layer {
                forward: pack(&layer.forward),
                backward: layer.backward.as_ref().map(pack),
            }
        });
        let layers = layers.collect();
        let (weights, bias) = model.linear();
        let weights = of_states(values(weights), d_hidden, n_directions);
        Some(Self {
            layers,
            answers: AnswerLayer::new(&weights, &values(bias)),
        })
    }

    /// About how many operations a symbol takes.
    pub fn n_operations(&self) -> usize {
        let layers = self.layers.iter();
        let directions = layers.flat_map(|layer| layer.backward.iter().chain([&layer.forward]));
        directions
            .map(|direction| n_operations_of_step(direction.d_padded))
            .sum()
    }

    /// How many of all messages a thread should read at once.
    pub fn rows_at_once(n_messages: usize, n_threads: usize) -> usize {
        const MOST: usize = 8 * MAX_ROWS; // more do not read the weights less often from the second cache
        const TURNS: usize = 4; // for each thread, so that all end at about the same time
        let rows = n_messages / (TURNS * n_threads.max(1));
        rows.next_multiple_of(MAX_ROWS).clamp(MAX_ROWS, MOST)
    }

    /// The answers to each message's symbols, on one thread. The messages must come longest first.
    pub fn read(&self, messages: &[&[SymbolId]]) -> Vec<Vec<Answer>> {
        match self.layers.iter().any(|layer| layer.backward.is_some()) {
            true => self.read_both_ways(messages),
            false => self.read_from(&mut self.start(messages.len()), messages),
        }
    }

    /// The state before the first symbol, for [`Self::read_from`].
    pub fn start(&self, n_messages: usize) -> ReaderState {
        let layers = self.layers.iter();
        ReaderState(
            layers
                .map(|layer| layer.forward.start(n_messages))
                .collect(),
        )
    }

    /// [`Self::read`] from a state, which becomes that after the end of the longest message. The model
    /// must read in one direction.
    pub fn read_from(&self, state: &mut ReaderState, messages: &[&[SymbolId]]) -> Vec<Vec<Answer>> {
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
            let mut read = Read {
                ids: &ids,
                rows: &rows[..ids.len()],
                below: &[],
                stride: 0,
            };
            for (layer, states) in self.layers.iter().zip(&mut state.0) {
                layer.forward.step(&read, states, &mut inputs);
                (read.below, read.stride) = (states.hidden(), layer.forward.d_padded);
            }
            let found = &mut found[..ids.len()];
            self.answers.answer(read.below, read.stride, found);
            for (answers, found) in answers.iter_mut().zip(found) {
                answers.push(Answer::from(&*found));
            }
        }
        answers
    }
}

impl From<&Best> for Answer {
    fn from(best: &Best) -> Self {
        Self {
            symbol: best.symbol as SymbolId,
            probability: best.probability(),
        }
    }
}

//! Reading in both directions: each layer reads whole messages before the next begins.

#![allow(clippy::indexing_slicing)] // lengths follow from the messages and the model's sizes

use cipher_data::SymbolId;

use super::direction::{Direction, Read};
use super::{Answer, Layer, Reader};
use crate::answer::Best;
use crate::inference::tensors::MAX_BLOCK;

impl Reader {
    /// See [`Reader::read`]. The states of a few messages are in memory together: of [`MAX_BLOCK`] places,
    /// or of one message that has more.
    pub(super) fn read_both_ways(&self, messages: &[&[SymbolId]]) -> Vec<Vec<Answer>> {
        let mut answers = Vec::with_capacity(messages.len());
        let mut rest = messages;
        while let Some(longest) = rest.first() {
            let n_messages = (MAX_BLOCK / longest.len().max(1)).clamp(1, rest.len());
            let (group, later) = rest.split_at(n_messages);
            rest = later;
            answers.extend(self.read_group(group));
        }
        answers
    }

    fn read_group(&self, messages: &[&[SymbolId]]) -> Vec<Vec<Answer>> {
        let places = Places::new(messages);
        let mut states = Vec::new(); // [places, d_output] of the layer below
        let mut d_output = 0;
        for layer in &self.layers {
            (states, d_output) = places.read(layer, &states, d_output);
        }
        let mut found = vec![Best::default(); places.ids.len()];
        self.answers.answer(&states, d_output, &mut found);
        let mut found = found.iter().map(Answer::from);
        let of_message = |message: &&[SymbolId]| found.by_ref().take(message.len()).collect();
        messages.iter().map(of_message).collect()
    }
}

/// The places of some messages, the longest first, one message after the other.
struct Places {
    ids: Vec<usize>,
    /// The first place of each message, and its length.
    messages: Vec<(usize, usize)>,
}

impl Places {
    fn new(messages: &[&[SymbolId]]) -> Self {
        let mut first = 0;
        let of_message = |message: &&[SymbolId]| {
            first += message.len();
            (first - message.len(), message.len())
        };
        Self {
            messages: messages.iter().map(of_message).collect(),
            ids: messages.concat().into_iter().map(usize::from).collect(),
        }
    }

    /// The hidden states of a layer at each place, those of its directions side by side, and how many
    /// numbers these are: `[places, d_output]`. `below` are those of the layer below.
    fn read(&self, layer: &Layer, below: &[f32], d_below: usize) -> (Vec<f32>, usize) {
        let d_padded = layer.forward.d_padded;
        let directions = std::iter::once(&layer.forward).chain(&layer.backward);
        let d_output = d_padded * directions.clone().count();
        let mut output = vec![0.0; self.ids.len() * d_output];
        for (index, direction) in directions.enumerate() {
            self.read_direction(direction, index > 0, (below, d_below), |place, state| {
                output[place * d_output + index * d_padded..][..d_padded].copy_from_slice(state);
            });
        }
        (output, d_output)
    }

    /// Gives the hidden state after each place.
    fn read_direction(
        &self,
        direction: &Direction,
        reversed: bool,
        (below, stride): (&[f32], usize),
        mut keep: impl FnMut(usize, &[f32]),
    ) {
        let mut states = direction.start(self.messages.len());
        let rows: Vec<_> = (0..self.messages.len()).map(Some).collect();
        let (mut ids, mut places, mut states_below) = (Vec::new(), Vec::new(), Vec::new());
        let mut inputs = Vec::new();
        let longest = self.messages.first().map_or(0, |&(_, len)| len);
        for step in 0..longest {
            let unread = self.messages.iter().take_while(|(_, len)| step < *len);
            places.clear();
            places.extend(unread.map(|&(first, len)| match reversed {
                false => first + step,
                true => first + len - 1 - step,
            }));
            ids.clear();
            ids.extend(places.iter().map(|&place: &usize| Some(self.ids[place])));
            states_below.clear();
            for place in &places {
                states_below.extend_from_slice(&below[place * stride..][..stride]);
            }
            let read = Read {
                ids: &ids,
                rows: &rows[..ids.len()],
                below: &states_below,
                stride,
            };
            direction.step(&read, &mut states, &mut inputs);
            let after = states.hidden().chunks_exact(direction.d_padded);
            for (&place, state) in places.iter().zip(after) {
                keep(place, state);
            }
        }
    }
}

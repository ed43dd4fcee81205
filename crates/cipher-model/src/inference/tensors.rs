//! Decrypting by tensors, on every device and with every model.

use burn::tensor::activation::softmax;
use burn::tensor::{Device, Tensor, Transaction};
use cipher_data::{PairBatcher, SymbolId};

use super::Answer;
use crate::{Bundle, LstmState, ModelError};

/// The largest number of symbols in a batch, padding included. It bounds the memory for long
/// messages and for many.
pub const MAX_BLOCK: usize = 1 << 14;

/// The answers to the symbols of a batch of messages, which `answer` makes of the LSTM's output,
/// `[batch, time, d_output]`, one for each place.
///
/// Reading starts from `state` and leaves the state at the end there. Where the model reads in
/// one direction only, it reads a bounded number of steps at a time.
#[allow(clippy::indexing_slicing)] // a part ends where its message does; time splits places
pub fn read<T>(
    bundle: &Bundle,
    device: &Device,
    messages: &[&[SymbolId]],
    state: Option<&mut Option<LstmState>>,
    answer: impl Fn(&Bundle, Tensor<3>) -> Result<Vec<T>, ModelError>,
) -> Result<Vec<Vec<T>>, ModelError> {
    let Bundle { model, config, .. } = bundle;
    let padding = bundle.inputs()?.n_ids() as SymbolId;
    let longest = messages.iter().map(|message| message.len()).max();
    let longest = longest.unwrap_or(0);
    let part = if config.bidirectional {
        longest
    } else {
        MAX_BLOCK / messages.len().max(1)
    };
    let is_continued = state.is_some();
    let mut nothing = None;
    let state = state.unwrap_or(&mut nothing);
    let mut answers: Vec<Vec<T>> = messages.iter().map(|_| Vec::new()).collect();
    for begin in (0..longest).step_by(part.max(1)) {
        let end = (begin + part).min(longest);
        let steps = |len: usize| begin.min(len)..end.min(len);
        let parts: Vec<_> = messages
            .iter()
            .map(|message| &message[steps(message.len())])
            .collect();
        let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
        let ciphertext = PairBatcher::pad(&parts, padding, device); // [batch, time]
        let [_, time] = ciphertext.dims();
        let output = if is_continued || end < longest {
            let (output, end_state) =
                model.output_and_state_from(ciphertext, &lengths, state.take());
            *state = Some(end_state);
            output
        } else {
            model.output_from(ciphertext, &lengths, state.take())
        };
        for (place, answer) in answer(bundle, output)?.into_iter().enumerate() {
            if place % time < lengths[place / time] {
                answers[place / time].push(answer);
            }
        }
    }
    Ok(answers)
}

/// The most likely symbol at each place, from the LSTM's output `[batch, time, d_output]`.
#[allow(clippy::indexing_slicing)] // two tensors are read
pub fn best(bundle: &Bundle, output: Tensor<3>) -> Result<Vec<Answer>, ModelError> {
    let best = bundle.model.most_likely(output); // [batch, time] each
    let read = Transaction::default()
        .register(best.probabilities)
        .register(best.symbols)
        .try_execute()
        .map_err(|error| ModelError::of_device(&error.to_string()))?;
    let answers = read[0].iter::<f32>().zip(read[1].iter::<i64>());
    let answers = answers.map(|(probability, symbol)| Answer {
        symbol: symbol as SymbolId,
        probability,
    });
    Ok(answers.collect())
}

/// The `k` most likely symbols at each place, from the LSTM's output `[batch, time, d_output]`.
pub fn top(bundle: &Bundle, output: Tensor<3>, k: usize) -> Result<Vec<Vec<Answer>>, ModelError> {
    let probabilities = softmax(bundle.model.logits(output), 2); // [batch, time, n_symbols]
    let [_, _, n_symbols] = probabilities.dims();
    let read = probabilities.try_into_data();
    let read = read.map_err(|error| ModelError::of_device(&error.to_string()))?;
    let probabilities: Vec<f32> = read.iter().collect();
    let places = probabilities.chunks_exact(n_symbols).map(|place| {
        let answers = place.iter().zip(0..);
        let answers = answers.map(|(&probability, symbol)| Answer {
            symbol,
            probability,
        });
        let mut answers: Vec<_> = answers.collect();
        answers.sort_by(|a, b| b.probability.total_cmp(&a.probability)); // a stable sort
        answers.truncate(k);
        answers
    });
    Ok(places.collect())
}

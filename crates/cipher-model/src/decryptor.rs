use std::iter;
use std::path::Path;

use burn::tensor::{Device, Transaction, activation::softmax};
use cipher_data::{Alphabet, Encoded, PairBatcher, SymbolId, SymbolUnit};

use crate::{Bundle, CipherModel, LstmState, Measured, ModelError};

/// Symbols scored at once, padding included: bounds the memory whatever the messages.
const MAX_BLOCK: usize = 1 << 14;

/// A bundle loaded for use.
#[derive(Debug, Clone)]
pub struct Decryptor {
    bundle: Bundle,
    device: Device,
}

/// What the network reads in a ciphertext.
#[derive(Debug, Clone, PartialEq)]
pub struct Decryption {
    /// The plaintext.
    pub plaintext: String,
    /// For each symbol of the plaintext, the probability the network gives it, from 0 to 1.
    /// A symbol that the alphabet's policy kept from the ciphertext has 1.
    pub confidences: Vec<f32>,
    /// Where in the plaintext each symbol ends.
    ends: Vec<usize>,
}

impl Decryption {
    fn of(answers: &[Answer<'_>]) -> Self {
        let mut plaintext = String::new();
        let mut ends = Vec::with_capacity(answers.len());
        for answer in answers {
            plaintext.push_str(answer.symbol);
            ends.push(plaintext.len());
        }
        Self {
            plaintext,
            confidences: answers.iter().map(|answer| answer.confidence).collect(),
            ends,
        }
    }

    /// The symbols that the plaintext is made of. Cutting it up again may give others, as two
    /// graphemes may be one where they meet.
    pub fn symbols(&self) -> impl Iterator<Item = &str> {
        let starts = iter::once(0).chain(self.ends.iter().copied());
        let ranges = starts.zip(&self.ends);
        ranges.map(|(start, &end)| &self.plaintext[start..end])
    }
}

/// One symbol of a plaintext.
#[derive(Debug, Clone, Copy)]
struct Answer<'a> {
    symbol: &'a str,
    confidence: f32,
}

impl<'a> From<&'a str> for Answer<'a> {
    fn from(symbol: &'a str) -> Self {
        Self {
            symbol,
            confidence: 1.0,
        }
    }
}

impl Decryptor {
    /// Makes a decryptor of a bundle at hand.
    pub fn new(bundle: Bundle, device: &Device) -> Self {
        Self {
            bundle,
            device: device.clone(),
        }
    }

    /// Loads a bundle from its folder.
    ///
    /// # Errors
    ///
    /// See [`Bundle::load`].
    pub fn load(folder: impl AsRef<Path>, device: &Device) -> Result<Self, ModelError> {
        Ok(Self::new(Bundle::load(folder, device)?, device))
    }

    /// What the model was measured at.
    pub fn measured(&self) -> &Measured {
        &self.bundle.measured
    }

    /// The alphabet of the plaintexts.
    pub fn plaintext_alphabet(&self) -> &Alphabet {
        &self.bundle.plaintext_alphabet
    }

    /// Decrypts one message. An empty one stays empty.
    ///
    /// # Errors
    ///
    /// A symbol outside the alphabet, if the alphabet's policy rejects such; a device that fails.
    pub fn decrypt(&self, ciphertext: &str) -> Result<Decryption, ModelError> {
        let encoded = self.bundle.ciphertext_alphabet.encode(ciphertext)?;
        let decryptions = self.decrypt_encoded(&[encoded]);
        Ok(decryptions.map_err(|(_, error)| error)?.remove(0))
    }

    /// Decrypts many messages, which is faster than one after the other.
    ///
    /// # Errors
    ///
    /// For the first message with a symbol that the alphabet's policy rejects, or that the device
    /// failed at: its place among the messages, counted from 0, and the reason.
    pub fn decrypt_all<T: AsRef<str>>(
        &self,
        ciphertexts: &[T],
    ) -> Result<Vec<Decryption>, (usize, ModelError)> {
        let encoded = ciphertexts.iter().enumerate().map(|(place, text)| {
            let encoded = self.bundle.ciphertext_alphabet.encode(text.as_ref());
            encoded.map_err(|error| (place, error.into()))
        });
        let encoded: Vec<_> = encoded.collect::<Result<_, (usize, ModelError)>>()?;
        self.decrypt_encoded(&encoded)
    }

    /// A message that comes in parts, for when it is too long to be held whole. None if the
    /// network reads from the end as well, or if a part could end inside a symbol.
    pub fn parts(&self) -> Option<MessageParts<'_>> {
        let is_forward = !self.bundle.config.bidirectional;
        let is_cuttable = self.bundle.ciphertext_alphabet.unit() == SymbolUnit::Character;
        (is_forward && is_cuttable).then_some(MessageParts {
            decryptor: self,
            state: None,
        })
    }

    // The order is a permutation of the places.
    #[allow(clippy::expect_used, clippy::indexing_slicing)]
    fn decrypt_encoded(
        &self,
        messages: &[Encoded<'_>],
    ) -> Result<Vec<Decryption>, (usize, ModelError)> {
        let mut order: Vec<usize> = (0..messages.len()).collect();
        order.sort_by_key(|&place| messages[place].ids.len());

        let mut decryptions = vec![None; messages.len()];
        let mut rest = order.as_slice();
        while !rest.is_empty() {
            let (batch, later) = rest.split_at(batch_size(rest, messages));
            let ids: Vec<_> = batch
                .iter()
                .map(|&place| messages[place].ids.as_slice())
                .collect();
            let answers = self.answer(&ids, &mut None);
            let answers = answers.map_err(|error| (batch[0], error))?;
            for (&place, answers) in batch.iter().zip(answers) {
                decryptions[place] = Some(self.decryption(&messages[place], answers));
            }
            rest = later;
        }
        Ok(decryptions
            .into_iter()
            .map(|d| d.expect("each place is in the order once"))
            .collect())
    }

    fn decryption<'a>(&'a self, ciphertext: &Encoded<'a>, answers: Vec<Answer<'a>>) -> Decryption {
        let alphabet = &self.bundle.plaintext_alphabet;
        Decryption::of(&ciphertext.restore(answers, |answer, case| Answer {
            symbol: alphabet.in_case(answer.symbol, case),
            ..answer
        }))
    }

    /// The answers to a batch, from the state that earlier parts of the messages ended with, in
    /// parts of a bounded number of steps where the model reads in one direction only.
    #[allow(clippy::indexing_slicing)] // a part ends where its message does
    fn answer(
        &self,
        messages: &[&[SymbolId]],
        state: &mut Option<LstmState>,
    ) -> Result<Vec<Vec<Answer<'_>>>, ModelError> {
        let time = messages
            .iter()
            .map(|message| message.len())
            .max()
            .unwrap_or(0);
        let part = match self.bundle.config.bidirectional {
            true => time,
            false => MAX_BLOCK / messages.len().max(1),
        };
        let mut answers = vec![Vec::new(); messages.len()];
        for begin in (0..time).step_by(part.max(1)) {
            let end = (begin + part).min(time);
            let steps = |message: &&[SymbolId]| {
                let len = message.len();
                begin.min(len)..end.min(len)
            };
            let parts: Vec<_> = messages
                .iter()
                .map(|message| &message[steps(message)])
                .collect();
            *state = Some(self.answer_part(&parts, state.take(), &mut answers)?);
        }
        Ok(answers)
    }

    #[allow(clippy::indexing_slicing)] // two tensors are read; `time` places a row
    fn answer_part<'a>(
        &'a self,
        parts: &[&[SymbolId]],
        state: Option<LstmState>,
        answers: &mut [Vec<Answer<'a>>],
    ) -> Result<LstmState, ModelError> {
        let Bundle {
            model,
            ciphertext_alphabet,
            plaintext_alphabet,
            ..
        } = &self.bundle;
        let padding = ciphertext_alphabet.len() as SymbolId;
        let ciphertext = PairBatcher::pad(parts, padding, &self.device); // [batch, time]
        let [_, time] = ciphertext.dims();
        let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
        let (scores, state) = CipherModel::forward_from(model, ciphertext, &lengths, state);

        let probabilities = softmax(scores, 2); // [batch, time, n_plaintext_symbols]
        let (confidences, symbols) = probabilities.max_dim_with_indices(2); // [batch, time, 1]
        let read = Transaction::default()
            .register(confidences)
            .register(symbols)
            .try_execute()
            .map_err(|error| ModelError::of_device(&error.to_string()))?;
        let confidences: Vec<f32> = read[0].iter().collect();
        let symbols: Vec<i64> = read[1].iter().collect();
        for (row, length) in lengths.into_iter().enumerate() {
            let places = row * time..row * time + length;
            answers[row].extend(places.map(|place| Answer {
                symbol: plaintext_alphabet.symbol(symbols[place] as SymbolId),
                confidence: confidences[place],
            }));
        }
        Ok(state)
    }
}

/// A message that is decrypted part by part: see [`Decryptor::parts`].
#[derive(Debug)]
pub struct MessageParts<'a> {
    decryptor: &'a Decryptor,
    /// At the end of the last part.
    state: Option<LstmState>,
}

impl MessageParts<'_> {
    /// Decrypts the next part.
    ///
    /// # Errors
    ///
    /// A symbol outside the alphabet, if the alphabet's policy rejects such; a device that fails.
    pub fn decrypt(&mut self, ciphertext: &str) -> Result<Decryption, ModelError> {
        let encoded = self
            .decryptor
            .bundle
            .ciphertext_alphabet
            .encode(ciphertext)?;
        let answers = self.decryptor.answer(&[&encoded.ids], &mut self.state)?;
        let answers = answers.into_iter().next().unwrap_or_default();
        Ok(self.decryptor.decryption(&encoded, answers))
    }
}

/// How many of the messages, shortest first, make up the next batch.
#[allow(clippy::indexing_slicing)] // the order is a permutation of the places
fn batch_size(order: &[usize], messages: &[Encoded<'_>]) -> usize {
    let fits =
        |&(size, &place): &(usize, &usize)| (size + 1) * messages[place].ids.len() <= MAX_BLOCK;
    order.iter().enumerate().take_while(fits).count().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_symbols_of_a_plaintext_stay_apart_where_their_text_is_one_grapheme() {
        let halves_of_a_flag = ["a", "🇩", "🇪"].map(Answer::from);
        let decryption = Decryption::of(&halves_of_a_flag);
        assert_eq!(decryption.plaintext, "a🇩🇪");
        assert!(decryption.symbols().eq(["a", "🇩", "🇪"]));
        assert_eq!(decryption.confidences.len(), 3);
    }
}

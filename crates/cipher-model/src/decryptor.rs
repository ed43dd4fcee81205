use std::borrow::Cow;
use std::path::Path;

use burn::tensor::{Device, Tensor, Transaction, activation::softmax};
use cipher_data::{Alphabet, Case, Encoded, Outside, PairBatcher, SymbolId, SymbolUnit};

use crate::decryption::{Candidate, Candidates, Decryption};
use crate::{Bundle, LstmState, Measured, ModelError};

/// The largest number of symbols in a batch, padding included. It bounds the memory for long
/// messages and for many.
const MAX_BLOCK: usize = 1 << 14;

/// A trained model, ready to decrypt.
///
/// A decryptor is [`Send`] and [`Sync`], and threads can share one.
#[derive(Debug, Clone)]
pub struct Decryptor {
    bundle: Bundle,
    device: Device,
}

impl Decryptor {
    /// Makes a decryptor from a bundle, whose model must be on `device`.
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

    /// Treats ciphertext symbols outside the alphabet by another policy than the one that the model
    /// was trained with.
    ///
    /// # Errors
    ///
    /// When the ciphertext alphabet cannot have that policy.
    pub fn with_outside(mut self, outside: Outside) -> Result<Self, ModelError> {
        let mut config = self.bundle.ciphertext_alphabet.to_config();
        config.outside = outside;
        self.bundle.ciphertext_alphabet = config.init()?;
        Ok(self)
    }

    /// How well the model did on messages that it had never seen.
    pub fn measured(&self) -> &Measured {
        &self.bundle.measured
    }

    /// The alphabet of the ciphertexts.
    pub fn ciphertext_alphabet(&self) -> &Alphabet {
        &self.bundle.ciphertext_alphabet
    }

    /// The alphabet of the plaintexts.
    pub fn plaintext_alphabet(&self) -> &Alphabet {
        &self.bundle.plaintext_alphabet
    }

    /// Decrypts one message. An empty one stays empty.
    ///
    /// Memory for tensors is bounded, however long the message, unless the model is bidirectional
    /// and has to read the message as a whole.
    ///
    /// # Errors
    ///
    /// When a symbol is outside the alphabet and the alphabet's policy is [`Outside::Reject`], or
    /// the device fails.
    pub fn decrypt(&self, ciphertext: &str) -> Result<Decryption, ModelError> {
        let encoded = self.encode(ciphertext)?;
        let answers = self.read_one(&encoded.ids, None, best)?;
        Ok(self.decryption(&encoded, answers))
    }

    /// The `k` most likely plaintext symbols for each ciphertext symbol, most likely first; all of
    /// them if `k` is larger. Where two are equally likely, the one with the smaller id comes first.
    ///
    /// A symbol that is copied from the ciphertext is its only candidate, and
    /// [`Alphabet::UNKNOWN`] is the only one for an unknown symbol.
    ///
    /// # Errors
    ///
    /// See [`Self::decrypt`].
    pub fn decrypt_top<'a>(
        &'a self,
        ciphertext: &'a str,
        k: usize,
    ) -> Result<Vec<Vec<Candidate<'a>>>, ModelError> {
        let encoded = self.encode(ciphertext)?;
        let answers = self.read_one(&encoded.ids, None, |bundle, output| top(bundle, output, k))?;
        let alphabet = &self.bundle.plaintext_alphabet;
        let answers = answers.into_iter().map(Candidates);
        let in_case = |Candidates(top), case| {
            Candidates(
                Vec::into_iter(top)
                    .map(|one| in_case(one, alphabet, case))
                    .collect(),
            )
        };
        let unknown = || Candidates(vec![Candidate::unknown()]);
        let answers = encoded.restore(answers, in_case, unknown);
        Ok(answers.into_iter().map(|Candidates(top)| top).collect())
    }

    /// Decrypts many messages, which is faster than one after the other.
    ///
    /// # Errors
    ///
    /// [`ModelError::Message`] with the index of the first message that [`Self::decrypt`] would
    /// fail for; if the device fails, the index of the first message of the batch.
    pub fn decrypt_all<T: AsRef<str>>(
        &self,
        ciphertexts: &[T],
    ) -> Result<Vec<Decryption>, ModelError> {
        let encoded = ciphertexts.iter().enumerate().map(|(index, text)| {
            let encoded = self.encode(text.as_ref());
            encoded.map_err(|error| at_message(index, error))
        });
        let encoded: Vec<_> = encoded.collect::<Result<_, _>>()?;
        self.decrypt_encoded(&encoded)
    }

    /// A message that is decrypted in parts, because it is too long to hold in memory. `None` if the
    /// model is bidirectional, or if a part could end inside a symbol.
    pub fn parts(&self) -> Option<MessageParts<'_>> {
        let is_forward = !self.bundle.config.bidirectional;
        let reading = self.bundle.ciphertext_alphabet.reading();
        let is_cuttable = reading.symbols == SymbolUnit::Character && reading.codes.is_empty();
        (is_forward && is_cuttable).then_some(MessageParts {
            decryptor: self,
            state: None,
        })
    }

    /// A text as ids. Symbols that no training pair had are unknown, if unknown symbols are marked.
    fn encode<'a>(&self, text: &'a str) -> Result<Encoded<'a>, ModelError> {
        let alphabet = &self.bundle.ciphertext_alphabet;
        let untrained = &self.bundle.untrained;
        let mut encoded = alphabet.encode(text)?;
        if alphabet.outside() == Outside::Mark && !untrained.is_empty() {
            encoded.mark_where(alphabet, |_, id| untrained.binary_search(&id).is_ok());
        }
        Ok(encoded)
    }

    // The order is a permutation of the indices.
    #[allow(clippy::expect_used, clippy::indexing_slicing)]
    fn decrypt_encoded(&self, messages: &[Encoded<'_>]) -> Result<Vec<Decryption>, ModelError> {
        let mut order: Vec<usize> = (0..messages.len()).collect();
        order.sort_by_key(|&index| messages[index].ids.len());

        let mut decryptions = vec![None; messages.len()];
        let mut rest = order.as_slice();
        while !rest.is_empty() {
            let (batch, later) = rest.split_at(batch_size(rest, messages));
            let ids: Vec<_> = batch
                .iter()
                .map(|&index| messages[index].ids.as_slice())
                .collect();
            let answers = self.read(&ids, None, best);
            let answers = answers.map_err(|error| at_message(batch[0], error))?;
            for (&index, answers) in batch.iter().zip(answers) {
                decryptions[index] = Some(self.decryption(&messages[index], answers));
            }
            rest = later;
        }
        Ok(decryptions
            .into_iter()
            .map(|d| d.expect("each index is in the order once"))
            .collect())
    }

    /// The plaintext of an encoded ciphertext from an answer for each of its ids.
    fn decryption<'a>(&'a self, encoded: &Encoded<'a>, answers: Vec<Candidate<'a>>) -> Decryption {
        let alphabet = &self.bundle.plaintext_alphabet;
        let in_case = |answer, case| in_case(answer, alphabet, case);
        let answers = encoded.restore(answers, in_case, Candidate::unknown);
        Decryption::new(&answers, alphabet.unit(), encoded.unknown.clone())
    }

    /// [`Self::read`] for one message.
    fn read_one<'a, T>(
        &'a self,
        message: &[SymbolId],
        state: Option<&mut Option<LstmState>>,
        answer: impl Fn(&'a Bundle, Tensor<3>) -> Result<Vec<T>, ModelError>,
    ) -> Result<Vec<T>, ModelError> {
        let mut answers = self.read(&[message], state, answer)?;
        Ok(answers.pop().unwrap_or_default())
    }

    /// The answers to the symbols of a batch of messages, which `answer` makes of the LSTM's output,
    /// `[batch, time, d_output]`, one for each place.
    ///
    /// Reading starts from `state` and leaves the state at the end there. Where the model reads in
    /// one direction only, it reads a bounded number of steps at a time.
    #[allow(clippy::indexing_slicing)] // a part ends where its message does; time splits places
    fn read<'a, T>(
        &'a self,
        messages: &[&[SymbolId]],
        state: Option<&mut Option<LstmState>>,
        answer: impl Fn(&'a Bundle, Tensor<3>) -> Result<Vec<T>, ModelError>,
    ) -> Result<Vec<Vec<T>>, ModelError> {
        let Bundle {
            model,
            config,
            ciphertext_alphabet,
            ..
        } = &self.bundle;
        let padding = ciphertext_alphabet.len() as SymbolId;
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
            let ciphertext = PairBatcher::pad(&parts, padding, &self.device); // [batch, time]
            let [_, time] = ciphertext.dims();
            let output = if is_continued || end < longest {
                let (output, end_state) =
                    model.output_and_state_from(ciphertext, &lengths, state.take());
                *state = Some(end_state);
                output
            } else {
                model.output_from(ciphertext, &lengths, state.take())
            };
            for (place, answer) in answer(&self.bundle, output)?.into_iter().enumerate() {
                if place % time < lengths[place / time] {
                    answers[place / time].push(answer);
                }
            }
        }
        Ok(answers)
    }
}

/// The most likely symbol at each place, from the LSTM's output `[batch, time, d_output]`.
#[allow(clippy::indexing_slicing)] // two tensors are read
fn best(bundle: &Bundle, output: Tensor<3>) -> Result<Vec<Candidate<'_>>, ModelError> {
    let best = bundle.model.most_likely(output); // [batch, time] each
    let read = Transaction::default()
        .register(best.probabilities)
        .register(best.symbols)
        .try_execute()
        .map_err(|error| ModelError::of_device(&error.to_string()))?;
    let candidates = read[0].iter::<f32>().zip(read[1].iter::<i64>());
    let candidates = candidates.map(|(probability, symbol)| Candidate {
        symbol: Cow::Borrowed(bundle.plaintext_alphabet.symbol(symbol as SymbolId)),
        probability,
    });
    Ok(candidates.collect())
}

/// The `k` most likely symbols at each place, from the LSTM's output `[batch, time, d_output]`.
fn top(
    bundle: &Bundle,
    output: Tensor<3>,
    k: usize,
) -> Result<Vec<Vec<Candidate<'_>>>, ModelError> {
    let probabilities = softmax(bundle.model.logits(output), 2); // [batch, time, n_symbols]
    let [_, _, n_symbols] = probabilities.dims();
    let read = probabilities.try_into_data();
    let read = read.map_err(|error| ModelError::of_device(&error.to_string()))?;
    let probabilities: Vec<f32> = read.iter().collect();
    let places = probabilities.chunks_exact(n_symbols).map(|place| {
        let candidates = place
            .iter()
            .enumerate()
            .map(|(id, &probability)| Candidate {
                symbol: Cow::Borrowed(bundle.plaintext_alphabet.symbol(id as SymbolId)),
                probability,
            });
        let mut candidates: Vec<_> = candidates.collect();
        candidates.sort_by(|a, b| b.probability.total_cmp(&a.probability)); // a stable sort
        candidates.truncate(k);
        candidates
    });
    Ok(places.collect())
}

fn in_case<'a>(answer: Candidate<'a>, alphabet: &'a Alphabet, case: Case) -> Candidate<'a> {
    let symbol = match answer.symbol {
        Cow::Borrowed(symbol) => Cow::Borrowed(alphabet.in_case(symbol, case)),
        Cow::Owned(symbol) => Cow::Owned(alphabet.in_case(&symbol, case).into()),
    };
    Candidate { symbol, ..answer }
}

fn at_message(index: usize, error: ModelError) -> ModelError {
    ModelError::Message {
        index,
        error: Box::new(error),
    }
}

/// A message that is decrypted in parts: see [`Decryptor::parts`].
#[derive(Debug)]
pub struct MessageParts<'a> {
    decryptor: &'a Decryptor,
    /// The state at the end of the last part.
    state: Option<LstmState>,
}

impl MessageParts<'_> {
    /// Decrypts the next part.
    ///
    /// # Errors
    ///
    /// See [`Decryptor::decrypt`].
    pub fn decrypt(&mut self, ciphertext: &str) -> Result<Decryption, ModelError> {
        let encoded = self.decryptor.encode(ciphertext)?;
        let (ids, state) = (&encoded.ids, &mut self.state);
        let answers = self.decryptor.read_one(ids, Some(state), best)?;
        Ok(self.decryptor.decryption(&encoded, answers))
    }
}

/// The number of messages, shortest first, that form the next batch.
#[allow(clippy::indexing_slicing)] // the order is a permutation of the indices
fn batch_size(order: &[usize], messages: &[Encoded<'_>]) -> usize {
    let fits =
        |&(size, &index): &(usize, &usize)| (size + 1) * messages[index].ids.len() <= MAX_BLOCK;
    order.iter().enumerate().take_while(fits).count().max(1)
}

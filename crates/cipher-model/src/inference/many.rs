//! Decrypting many messages: each thread takes a few of similar length, or a device a padded batch.

use std::cmp::Reverse;

use cipher_data::{Encoded, SymbolId};

use super::decryptor::Decryptor;
use super::reader::Reader;
use super::tensors::{self, MAX_BLOCK};
use super::{Answer, Decryption};
use crate::ModelError;
use crate::cpu::share::share;

impl Decryptor {
    /// Decrypts many messages, which is faster than one after the other.
    ///
    /// # Errors
    ///
    /// [`ModelError::Message`] with the index of the first message that [`Self::decrypt`] would
    /// fail for.
    pub fn decrypt_all<T: AsRef<str>>(
        &self,
        ciphertexts: &[T],
    ) -> Result<Vec<Decryption>, ModelError> {
        let decryptions = self.decrypt_each(ciphertexts).into_iter().enumerate();
        let decryptions =
            decryptions.map(|(index, found)| found.map_err(|error| at_message(index, error)));
        decryptions.collect()
    }

    /// [`Self::decrypt_all`] with the result of [`Self::decrypt`] for each message.
    #[allow(clippy::indexing_slicing)] // indices of the texts
    pub fn decrypt_each<T: AsRef<str>>(
        &self,
        ciphertexts: &[T],
    ) -> Vec<Result<Decryption, ModelError>> {
        let texts: Vec<&str> = ciphertexts.iter().map(AsRef::as_ref).collect();
        let chunks = match &self.reader {
            Some(reader) => {
                let mut order: Vec<usize> = (0..texts.len()).collect();
                // About the number of symbols, and known before they are cut.
                order.sort_by_key(|&index| Reverse(texts[index].len()));
                let n_rows = Reader::rows_at_once(texts.len(), rayon::current_num_threads());
                let n_bytes: usize = texts.iter().map(|text| text.len()).sum();
                let chunks = order.chunks(n_rows).collect();
                share(chunks, n_bytes * reader.n_operations(), |chunk| {
                    self.decrypt_packed(reader, chunk, &texts)
                })
            }
            None => vec![self.decrypt_by_tensors(&texts)],
        };
        in_order(chunks)
    }

    /// Some of the texts, by their indices, on this thread.
    fn decrypt_packed(&self, reader: &Reader, chunk: &[usize], texts: &[&str]) -> Chunk {
        let (mut messages, mut found) = self.encode_each(chunk.iter().copied(), texts);
        messages.sort_by_key(|(_, message)| Reverse(message.ids.len()));
        let ids = ids(&messages);
        let answers = reader.read(&ids, &mut reader.start(ids.len()));
        found.extend(self.decryptions(&messages, &answers));
        found
    }

    #[allow(clippy::indexing_slicing)] // indices of the texts
    fn decrypt_by_tensors(&self, texts: &[&str]) -> Chunk {
        let (mut messages, mut found) = self.encode_each(0..texts.len(), texts);
        messages.sort_by_key(|(_, message)| message.ids.len());
        let mut rest = messages.as_slice();
        while !rest.is_empty() {
            let (batch, later) = rest.split_at(batch_size(rest));
            rest = later;
            let (bundle, device) = (&self.bundle, &self.device);
            match tensors::read(bundle, device, &ids(batch), None, tensors::best) {
                Ok(answers) => found.extend(self.decryptions(batch, &answers)),
                // Each message by itself has an error of its own, if it fails at all.
                Err(_) => found.extend(
                    batch
                        .iter()
                        .map(|(index, _)| (*index, self.decrypt(texts[*index]))),
                ),
            }
        }
        found
    }

    /// The texts of these indices as ids, and the errors of those that cannot be.
    #[allow(clippy::indexing_slicing)] // indices of the texts
    fn encode_each<'a>(
        &self,
        indices: impl Iterator<Item = usize>,
        texts: &[&'a str],
    ) -> (Vec<Message<'a>>, Chunk) {
        let (mut messages, mut failed) = (Vec::new(), Vec::new());
        for index in indices {
            match self.encode(texts[index]) {
                Ok(encoded) => messages.push((index, encoded)),
                Err(error) => failed.push((index, Err(error))),
            }
        }
        (messages, failed)
    }

    /// The results of messages with the answers to their ids.
    fn decryptions(&self, messages: &[Message<'_>], answers: &[Vec<Answer>]) -> Chunk {
        let results = messages.iter().zip(answers);
        let results = results
            .map(|((index, message), answers)| (*index, Ok(self.decryption(message, answers))));
        results.collect()
    }
}

/// An encoded text, with its index.
type Message<'a> = (usize, Encoded<'a>);

fn ids<'a>(messages: &'a [Message<'_>]) -> Vec<&'a [SymbolId]> {
    messages
        .iter()
        .map(|(_, message)| message.ids.as_slice())
        .collect()
}

/// The results of some messages, with their indices.
type Chunk = Vec<(usize, Result<Decryption, ModelError>)>;

/// The results of all chunks in the order of the messages.
fn in_order(chunks: Vec<Chunk>) -> Vec<Result<Decryption, ModelError>> {
    let mut found: Chunk = chunks.into_iter().flatten().collect();
    found.sort_unstable_by_key(|(index, _)| *index);
    found.into_iter().map(|(_, result)| result).collect()
}

/// The number of messages, shortest first, that form the next batch.
fn batch_size(messages: &[Message<'_>]) -> usize {
    let fits =
        |(size, (_, message)): &(usize, &Message<'_>)| (size + 1) * message.ids.len() <= MAX_BLOCK;
    messages.iter().enumerate().take_while(fits).count().max(1)
}

fn at_message(index: usize, error: ModelError) -> ModelError {
    ModelError::Message {
        index,
        error: Box::new(error),
    }
}

//! Decrypting many messages: each thread takes a few of similar length, or a device a padded batch.

use std::cmp::Reverse;

use cipher_data::Encoded;

use super::Decryption;
use super::decryptor::Decryptor;
use super::reader::Reader;
use super::tensors::{self, MAX_BLOCK};
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
    #[allow(clippy::indexing_slicing)] // indices of the texts
    fn decrypt_packed(&self, reader: &Reader, chunk: &[usize], texts: &[&str]) -> Chunk {
        let (mut messages, mut found) = (Vec::new(), Vec::new());
        for &index in chunk {
            match self.encode(texts[index]) {
                Ok(encoded) => messages.push((index, encoded)),
                Err(error) => found.push((index, Err(error))),
            }
        }
        messages.sort_by_key(|(_, message)| Reverse(message.ids.len()));
        let ids = messages.iter().map(|(_, message)| message.ids.as_slice());
        let ids: Vec<_> = ids.collect();
        let answers = reader.read(&ids, &mut reader.start(ids.len()));
        let decryptions = messages
            .iter()
            .zip(&answers)
            .map(|((index, message), answers)| (*index, Ok(self.decryption(message, answers))));
        found.extend(decryptions);
        found
    }

    #[allow(clippy::indexing_slicing)] // indices of the texts
    fn decrypt_by_tensors(&self, texts: &[&str]) -> Chunk {
        let (mut messages, mut order, mut found) = (Vec::new(), Vec::new(), Vec::new());
        for (index, text) in texts.iter().enumerate() {
            let encoded = self.encode(text);
            messages.push(encoded.unwrap_or_else(|error| {
                found.push((index, Err(error)));
                Encoded::default()
            }));
            if found.last().is_none_or(|(failed, _)| *failed != index) {
                order.push(index);
            }
        }
        order.sort_by_key(|&index| messages[index].ids.len());
        let mut rest = order.as_slice();
        while !rest.is_empty() {
            let (batch, later) = rest.split_at(batch_size(rest, &messages));
            rest = later;
            let ids = batch.iter().map(|&index| messages[index].ids.as_slice());
            let ids: Vec<_> = ids.collect();
            let answers = tensors::read(&self.bundle, &self.device, &ids, None, tensors::best);
            match answers {
                Ok(answers) => found.extend(batch.iter().zip(answers).map(|(&index, answers)| {
                    (index, Ok(self.decryption(&messages[index], &answers)))
                })),
                // Each message by itself has an error of its own, if it fails at all.
                Err(_) => {
                    let alone = |&index: &usize| (index, self.decrypt(texts[index]));
                    found.extend(batch.iter().map(alone));
                }
            }
        }
        found
    }
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
#[allow(clippy::indexing_slicing)] // the order is a permutation of the indices
fn batch_size(order: &[usize], messages: &[Encoded<'_>]) -> usize {
    let fits =
        |&(size, &index): &(usize, &usize)| (size + 1) * messages[index].ids.len() <= MAX_BLOCK;
    order.iter().enumerate().take_while(fits).count().max(1)
}

fn at_message(index: usize, error: ModelError) -> ModelError {
    ModelError::Message {
        index,
        error: Box::new(error),
    }
}

//! Decrypting many messages: each thread takes a few of similar length, or a device a padded batch.

use std::borrow::Cow;
use std::cmp::Reverse;

use cipher_data::{Encoded, KeyInput, SymbolId, key_ids};

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
        all(self.decrypt_each(ciphertexts))
    }

    /// Decrypts many messages, each with a key of its own, which the model is told. A key may have a
    /// length that the model was not trained with.
    ///
    /// # Errors
    ///
    /// - [`ModelError::UnusedKeys`] when there are more keys than ciphertexts
    /// - [`ModelError::NeedsNoKey`] and [`ModelError::RecoversKeys`] for a model that is told no key
    /// - [`ModelError::Message`] with the index of the first message that has no key, whose key
    ///   [`Self::with_key`] would refuse for another reason, or that [`Self::decrypt`] would fail for
    pub fn decrypt_all_with_keys<K: AsRef<str>, T: AsRef<str>>(
        &self,
        keys: &[K],
        ciphertexts: &[T],
    ) -> Result<Vec<Decryption>, ModelError> {
        let alphabet = &self
            .bundle
            .keys
            .as_ref()
            .ok_or(ModelError::NeedsNoKey)?
            .alphabet;
        if self.recovers_keys() {
            return Err(ModelError::RecoversKeys);
        }
        let [n_keys, n_ciphertexts] = [keys.len(), ciphertexts.len()];
        if n_keys > n_ciphertexts {
            return Err(ModelError::UnusedKeys {
                n_keys,
                n_ciphertexts,
            });
        }
        let ids = |(index, key): (usize, &K)| {
            key_ids("the network", alphabet, key.as_ref())
                .map_err(|error| at_message(index, error.into()))
        };
        let keys: Vec<Vec<SymbolId>> =
            keys.iter().enumerate().map(ids).collect::<Result<_, _>>()?;
        let key = |index: usize| keys.get(index).map(Vec::as_slice);
        all(self.decrypt_texts(ciphertexts, &key))
    }

    /// [`Self::decrypt_all`] with the result of [`Self::decrypt`] for each message.
    pub fn decrypt_each<T: AsRef<str>>(
        &self,
        ciphertexts: &[T],
    ) -> Vec<Result<Decryption, ModelError>> {
        self.decrypt_texts(ciphertexts, &|_| self.key.as_deref())
    }

    /// The texts with their keys, which are found by their indices.
    #[allow(clippy::indexing_slicing)] // indices of the texts
    fn decrypt_texts<'a, T: AsRef<str>>(
        &self,
        ciphertexts: &[T],
        key: KeyOf<'a, '_>,
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
                    self.decrypt_packed(reader, chunk, &texts, key)
                })
            }
            None => vec![self.decrypt_by_tensors(&texts, key)],
        };
        in_order(chunks)
    }

    /// Some of the texts, by their indices, on this thread.
    fn decrypt_packed(
        &self,
        reader: &Reader,
        chunk: &[usize],
        texts: &[&str],
        key: KeyOf,
    ) -> Chunk {
        let (mut messages, mut found) = self.encode_each(chunk.iter().copied(), texts);
        messages.sort_by_key(|message| Reverse(self.n_inputs(message, key)));
        match self.inputs_of(&messages, key) {
            Ok(inputs) => {
                let ids: Vec<&[SymbolId]> = inputs.iter().map(AsRef::as_ref).collect();
                let answers = reader.read(&ids);
                found.extend(self.decryptions(&messages, &answers));
            }
            Err(_) => found.extend(self.decrypt_singly(&messages, texts, key)),
        }
        found
    }

    #[allow(clippy::indexing_slicing)] // indices of the texts
    fn decrypt_by_tensors(&self, texts: &[&str], key: KeyOf) -> Chunk {
        let (mut messages, mut found) = self.encode_each(0..texts.len(), texts);
        messages.sort_by_key(|message| self.n_inputs(message, key));
        let mut rest = messages.as_slice();
        while !rest.is_empty() {
            let (batch, later) = rest.split_at(batch_size(rest));
            rest = later;
            let (bundle, device) = (&self.bundle, &self.device);
            let answers = self.inputs_of(batch, key).and_then(|inputs| {
                let ids: Vec<&[SymbolId]> = inputs.iter().map(AsRef::as_ref).collect();
                tensors::read(bundle, device, &ids, None, tensors::best)
            });
            match answers {
                Ok(answers) => found.extend(self.decryptions(batch, &answers)),
                Err(_) => found.extend(self.decrypt_singly(batch, texts, key)),
            }
        }
        found
    }

    /// The number of symbols that the model reads of a message, but for the separator after a key.
    fn n_inputs(&self, (index, message): &Message<'_>, key: KeyOf) -> usize {
        let key = key(*index).filter(|_| self.bundle.config.key_input == Some(KeyInput::Prefix));
        message.ids.len() + key.map_or(0, <[SymbolId]>::len)
    }

    /// What the model reads of messages.
    fn inputs_of<'a>(
        &self,
        messages: &'a [Message<'_>],
        key: KeyOf,
    ) -> Result<Vec<Cow<'a, [SymbolId]>>, ModelError> {
        let inputs = messages.iter();
        let inputs = inputs.map(|(index, message)| self.inputs(message, key(*index)));
        inputs.collect()
    }

    /// Messages that failed together, each with an error of its own if it fails at all.
    #[allow(clippy::indexing_slicing)] // indices of the texts
    fn decrypt_singly(&self, messages: &[Message<'_>], texts: &[&str], key: KeyOf) -> Chunk {
        let decrypt = |index: usize| self.decrypt_one(texts[index], key(index));
        let results = messages.iter().map(|(index, _)| (*index, decrypt(*index)));
        results.collect()
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

/// The key of the message at an index, if there is one.
type KeyOf<'a, 'b> = &'b (dyn Fn(usize) -> Option<&'a [SymbolId]> + Sync);

/// An encoded text, with its index.
type Message<'a> = (usize, Encoded<'a>);

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

/// All results, or the first error with its index.
fn all(results: Vec<Result<Decryption, ModelError>>) -> Result<Vec<Decryption>, ModelError> {
    let results = results.into_iter().enumerate();
    let results = results.map(|(index, found)| found.map_err(|error| at_message(index, error)));
    results.collect()
}

fn at_message(index: usize, error: ModelError) -> ModelError {
    ModelError::Message {
        index,
        error: Box::new(error),
    }
}

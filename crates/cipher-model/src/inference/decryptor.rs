use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

use burn::tensor::Device;
use cipher_data::{
    Alphabet, Encoded, KeyInput, Normalize, Outside, Piece, SymbolId, SymbolUnit, key_ids,
};

use super::reader::{Reader, ReaderState};
use super::tensors;
use super::{Answer, Candidate, Decryption};
use crate::{Bundle, LstmState, Measured, ModelError, TrainedKeys};

/// A trained model, ready to decrypt.
///
/// A decryptor is [`Send`] and [`Sync`], and threads can share one.
#[derive(Debug, Clone)]
pub struct Decryptor {
    pub(super) bundle: Bundle,
    pub(super) device: Device,
    /// Reads in place of tensors, where it can.
    pub(super) reader: Option<Arc<Reader>>,
    /// The key of all messages, where the model is told it.
    pub(super) key: Option<Vec<SymbolId>>,
}

impl Decryptor {
    /// Makes a decryptor from a bundle, whose model must be on `device`.
    pub fn new(bundle: Bundle, device: &Device) -> Self {
        Self {
            reader: Reader::new(&bundle.model).map(Arc::new),
            key: None,
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

    /// Decrypts all messages with a key, which the model is told.
    ///
    /// # Errors
    ///
    /// When the model is told no key, the key is empty or has other symbols than the model's keys, or
    /// the model reads the key first, or was trained with keys of one symbol, and the key has another length than
    /// those of the training.
    pub fn with_key(mut self, key: &str) -> Result<Self, ModelError> {
        if self.recovers_keys() {
            return Err(ModelError::RecoversKeys);
        }
        let Some(keys) = &self.bundle.keys else {
            return Err(ModelError::NeedsNoKey);
        };
        let key = key_ids("the network", &keys.alphabet, key)?;
        let (min, max) = (keys.lengths.min(), keys.lengths.max());
        let is_trained = (min..=max).contains(&key.len());
        // One that is told a number for each message reads `12` as 1 and 2 if it knows no 12.
        let is_aligned = self.bundle.config.key_input == Some(KeyInput::Aligned);
        let takes_any = is_aligned && max > 1;
        if !is_trained && !takes_any {
            let length = key.len();
            return Err(ModelError::KeyLength { length, min, max });
        }
        self.key = Some(key);
        Ok(self)
    }

    /// How the model is told the key of each message, if it is.
    pub fn key_input(&self) -> Option<KeyInput> {
        self.bundle.config.key_input
    }

    /// The keys that the model was trained with, if it is told the key of each message.
    pub fn trained_keys(&self) -> Option<&TrainedKeys> {
        self.bundle.keys.as_ref()
    }

    /// The length of the key that [`Self::with_key`] was given, in symbols.
    pub fn key_length(&self) -> Option<usize> {
        self.key.as_ref().map(Vec::len)
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
        self.decrypt_one(ciphertext, self.key.as_deref())
    }

    /// [`Self::decrypt`] with a key.
    pub(super) fn decrypt_one(
        &self,
        ciphertext: &str,
        key: Option<&[SymbolId]>,
    ) -> Result<Decryption, ModelError> {
        let encoded = self.encode(ciphertext)?;
        let ids: &[SymbolId] = &self.inputs(&encoded, key)?;
        let answers = match &self.reader {
            Some(reader) => reader.read(&[ids]),
            None => tensors::read(&self.bundle, &self.device, &[ids], None, tensors::best)?,
        };
        Ok(self.decryption(&encoded, first(&answers)))
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
        ciphertext: &str,
        k: usize,
    ) -> Result<Vec<Vec<Candidate<'a>>>, ModelError> {
        let encoded = self.encode(ciphertext)?;
        let top = |bundle: &Bundle, output| tensors::top(bundle, output, k);
        let ids: &[SymbolId] = &self.inputs(&encoded, self.key.as_deref())?;
        let answers = tensors::read(&self.bundle, &self.device, &[ids], None, top)?;
        let answers = of_message(first(&answers), &encoded);
        let only = |symbol, probability| {
            vec![Candidate {
                symbol,
                probability,
            }]
        };
        let alphabet = &self.bundle.plaintext_alphabet;
        let candidates = encoded.pieces(answers.len()).map(|piece| match piece {
            Piece::Answer(place, case) => {
                let answers = answers.get(place).into_iter().flatten();
                let candidates = answers.map(|answer| Candidate {
                    symbol: Cow::Borrowed(alphabet.symbol_in_case(answer.symbol, case)),
                    probability: answer.probability,
                });
                candidates.collect()
            }
            Piece::Copied(symbol) => only(Cow::Owned(symbol.into()), 1.0),
            Piece::Unknown => only(Cow::Borrowed(Alphabet::UNKNOWN), 0.0),
        });
        Ok(candidates.collect())
    }

    /// A message that is decrypted in parts, because it is too long to hold in memory. `None` if the
    /// model is bidirectional or is told a key, or if a part could end inside a symbol.
    pub fn parts(&self) -> Option<MessageParts<'_>> {
        let is_forward = !self.bundle.config.bidirectional && self.bundle.keys.is_none();
        let reading = self.bundle.ciphertext_alphabet.reading();
        let is_cuttable = reading.symbols == SymbolUnit::Character
            && reading.codes.is_empty()
            && reading.normalize == Normalize::default();
        (is_forward && is_cuttable).then_some(MessageParts {
            decryptor: self,
            state: match &self.reader {
                Some(reader) => PartState::Packed(reader, reader.start(1)),
                None => PartState::Tensors(None),
            },
        })
    }

    /// A text as ids. Symbols that no training pair had are unknown, if unknown symbols are marked.
    pub(super) fn encode<'a>(&self, text: &'a str) -> Result<Encoded<'a>, ModelError> {
        let alphabet = &self.bundle.ciphertext_alphabet;
        let untrained = &self.bundle.untrained;
        let mut encoded = alphabet.encode(text)?;
        if alphabet.outside() == Outside::Mark && !untrained.is_empty() {
            encoded.mark_where(alphabet, |_, id| untrained.binary_search(&id).is_ok());
        }
        Ok(encoded)
    }

    /// What the model reads of a message: its ids, with the key if it is told one.
    pub(super) fn inputs<'a>(
        &self,
        message: &'a Encoded<'_>,
        key: Option<&[SymbolId]>,
    ) -> Result<Cow<'a, [SymbolId]>, ModelError> {
        match (&self.bundle.keys, key) {
            (None, _) => Ok(Cow::Borrowed(&message.ids)),
            (Some(_), Some(key)) => Ok(self.bundle.inputs()?.of(key, &message.ids)),
            (Some(_), None) if self.recovers_keys() => Err(ModelError::RecoversKeys),
            (Some(_), None) => Err(ModelError::NoKey),
        }
    }

    /// The plaintext of an encoded ciphertext from the answers to what the model read.
    pub(super) fn decryption(&self, encoded: &Encoded<'_>, answers: &[Answer]) -> Decryption {
        let answers = of_message(answers, encoded);
        let alphabet = &self.bundle.plaintext_alphabet;
        let symbols = encoded.pieces(answers.len()).map(|piece| match piece {
            Piece::Answer(place, case) => answers.get(place).map_or(("", 0.0), |answer| {
                (
                    alphabet.symbol_in_case(answer.symbol, case),
                    answer.probability,
                )
            }),
            Piece::Copied(symbol) => (symbol, 1.0),
            Piece::Unknown => (Alphabet::UNKNOWN, 0.0),
        });
        Decryption::new(symbols, alphabet.unit(), encoded.unknown.clone())
    }
}

/// A message that is decrypted in parts: see [`Decryptor::parts`].
#[derive(Debug)]
pub struct MessageParts<'a> {
    decryptor: &'a Decryptor,
    /// The state at the end of the last part.
    state: PartState<'a>,
}

#[derive(Debug)]
#[allow(clippy::large_enum_variant)] // one value for each message in parts
enum PartState<'a> {
    Packed(&'a Reader, ReaderState),
    Tensors(Option<LstmState>),
}

impl MessageParts<'_> {
    /// Decrypts the next part.
    ///
    /// # Errors
    ///
    /// See [`Decryptor::decrypt`].
    pub fn decrypt(&mut self, ciphertext: &str) -> Result<Decryption, ModelError> {
        let encoded = self.decryptor.encode(ciphertext)?;
        let ids: &[SymbolId] = &encoded.ids;
        let Decryptor { bundle, device, .. } = self.decryptor;
        let answers = match &mut self.state {
            PartState::Packed(reader, state) => reader.read_from(state, &[ids]),
            PartState::Tensors(state) => {
                tensors::read(bundle, device, &[ids], Some(state), tensors::best)?
            }
        };
        Ok(self.decryptor.decryption(&encoded, first(&answers)))
    }
}

/// The answers to a message's own ids, without those to a key that was read first.
fn of_message<'a, T>(answers: &'a [T], message: &Encoded<'_>) -> &'a [T] {
    let n_before = answers.len().saturating_sub(message.ids.len());
    answers.get(n_before..).unwrap_or_default()
}

/// The answers to the only message that was read.
pub(super) fn first<T>(answers: &[Vec<T>]) -> &[T] {
    answers.first().map_or(&[], Vec::as_slice)
}

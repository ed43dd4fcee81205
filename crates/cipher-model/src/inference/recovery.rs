//! Keys from known plaintext.

use cipher_data::{KeyRecovery, Pair, SymbolId};

use super::decryptor::{Decryptor, first};
use super::{Answer, Decryption, tensors};
use crate::ModelError;

impl Decryptor {
    /// Whether the model answers with keys: see [`KeyRecovery`].
    pub fn recovers_keys(&self) -> bool {
        let has = |alphabet: &cipher_data::Alphabet, symbol| alphabet.id(symbol).is_some();
        has(&self.bundle.plaintext_alphabet, KeyRecovery::END)
            && has(&self.bundle.ciphertext_alphabet, KeyRecovery::ASK)
    }

    /// The key that gives a ciphertext from its plaintext, as the model names it, with its confidences. It is
    /// an answer, and only the cipher can tell whether it is right.
    ///
    /// # Errors
    ///
    /// When the model does not answer with keys, the texts have other symbols than the model's or different
    /// lengths, or the device fails.
    pub fn recover_key(&self, ciphertext: &str, plaintext: &str) -> Result<Decryption, ModelError> {
        let (true, Some(keys)) = (self.recovers_keys(), &self.bundle.keys) else {
            return Err(ModelError::RecoversNoKeys);
        };
        // In a text it is a sign like others, and no question.
        let without_ask = |text: &str| text.replace(KeyRecovery::ASK, "");
        let ciphertext = self.encode(&without_ask(ciphertext))?.ids;
        let plaintext = keys.alphabet.encode(&without_ask(plaintext))?.ids;
        let pair = Pair::new(ciphertext, plaintext)?;
        let n_symbols = pair.len();
        let [ciphertext, plaintext] = pair.into_sides();
        let asked = |side, alphabet| KeyRecovery::asked(side, alphabet, keys.lengths.max());
        let ciphertext = asked(ciphertext, &self.bundle.ciphertext_alphabet);
        let answers = self.read_beside(&asked(plaintext, &keys.alphabet), &ciphertext)?;
        let alphabet = &self.bundle.plaintext_alphabet;
        let end = alphabet.id(KeyRecovery::END);
        let answers = answers.iter().skip(n_symbols);
        let key = answers.take_while(|answer| Some(answer.symbol) != end);
        let key = key.map(|answer| {
            let symbol = alphabet.symbols().get(usize::from(answer.symbol));
            (symbol.map_or("", String::as_str), answer.probability)
        });
        Ok(Decryption::new(key, alphabet.unit(), Vec::new()))
    }

    /// The model's answer to each place of a question that [`KeyRecovery::question`] made, with its confidence;
    /// those to places where nothing is asked mean nothing.
    ///
    /// # Errors
    ///
    /// When the model does not answer with keys, or the device fails.
    pub fn answers_to(&self, question: &Pair) -> Result<Vec<(SymbolId, f32)>, ModelError> {
        if !self.recovers_keys() {
            return Err(ModelError::RecoversNoKeys);
        }
        let answers = self.read_beside(question.key(), question.ciphertext())?;
        Ok(answers
            .iter()
            .map(|answer| (answer.symbol, answer.probability))
            .collect())
    }

    /// The answers to a ciphertext beside a plaintext, as ids.
    fn read_beside(
        &self,
        plaintext: &[SymbolId],
        ciphertext: &[SymbolId],
    ) -> Result<Vec<Answer>, ModelError> {
        let ids: &[SymbolId] = &self.bundle.inputs()?.of(plaintext, ciphertext);
        let answers = match &self.reader {
            Some(reader) => reader.read(&[ids]),
            None => tensors::read(&self.bundle, &self.device, &[ids], None, tensors::best)?,
        };
        Ok(first(&answers).to_vec())
    }
}

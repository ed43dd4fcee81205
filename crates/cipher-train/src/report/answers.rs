//! The network's answers to messages whose plaintext is known.

use anyhow::Result;
use cipher_data::{Alphabet, Outside, Pair, SymbolId};
use cipher_model::Decryptor;

use super::verdict::Answered;

/// The network's answers.
pub struct Answers {
    /// Each message and its answer.
    pub messages: Vec<Answered>,
    /// For each symbol of all messages, the confidence from 0 to 1 and whether it was right.
    pub confidences: Vec<(f32, bool)>,
}

impl Answers {
    /// Decrypts the ciphertexts of pairs over these alphabets.
    ///
    /// # Errors
    ///
    /// Those of the device.
    pub fn of(
        decryptor: &Decryptor,
        ciphertext_alphabet: &Alphabet,
        plaintext_alphabet: &Alphabet,
        pairs: &[Pair],
    ) -> Result<Self> {
        let ciphertexts: Vec<String> = pairs
            .iter()
            .map(|pair| ciphertext_alphabet.decode(pair.ciphertext()))
            .collect();
        // Here a guess at a symbol that training never showed is an answer, too.
        let decryptor = decryptor.clone().with_outside(Outside::Reject)?;
        let decryptions = decryptor.decrypt_all(&ciphertexts)?;
        let mut messages = Vec::with_capacity(pairs.len());
        let mut confidences = Vec::new();
        for (pair, decryption) in pairs.iter().zip(decryptions) {
            let plaintext = pair.plaintext().to_vec();
            let answer: Vec<SymbolId> = decryption
                .symbols()
                .map(|symbol| plaintext_alphabet.id(symbol))
                .collect::<Option<_>>()
                .expect("a network answers with symbols of its alphabet");
            let is_right = plaintext
                .iter()
                .zip(&answer)
                .map(|(plaintext, answer)| plaintext == answer);
            confidences.extend(decryption.confidences.into_iter().zip(is_right));
            messages.push(Answered { plaintext, answer });
        }
        Ok(Self {
            messages,
            confidences,
        })
    }
}

//! The network's answers to messages whose plaintext is known.

use anyhow::Result;
use cipher_data::{Alphabet, Outside, Pair, SymbolId};
use cipher_model::Decryptor;
use rayon::prelude::*;

use super::verdict::Answered;

/// The network's answers.
pub struct Answers {
    /// Each message and its answer, without the places where nobody knows what is right.
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
        let answers = match decryptor.recovers_keys() {
            true => pairs
                .par_iter()
                .map(|pair| Ok(decryptor.answers_to(pair)?))
                .collect(),
            false => decrypted(decryptor, ciphertext_alphabet, plaintext_alphabet, pairs),
        };
        let answers: Vec<Vec<(SymbolId, f32)>> = answers?;
        let mut messages = Vec::with_capacity(pairs.len());
        let mut confidences = Vec::new();
        for (pair, answers) in pairs.iter().zip(answers) {
            let mut message = Answered::default();
            let places = pair.plaintext().iter().zip(answers).enumerate();
            for (place, (&right, (answer, confidence))) in places {
                if usize::from(right) < plaintext_alphabet.len() {
                    message.places.push(place);
                    message.plaintext.push(right);
                    message.answer.push(answer);
                    confidences.push((confidence, right == answer));
                }
            }
            messages.push(message);
        }
        Ok(Self {
            messages,
            confidences,
        })
    }
}

/// The answer to each symbol of the pairs' ciphertexts, with its confidence.
fn decrypted(
    decryptor: &Decryptor,
    ciphertext_alphabet: &Alphabet,
    plaintext_alphabet: &Alphabet,
    pairs: &[Pair],
) -> Result<Vec<Vec<(SymbolId, f32)>>> {
    let ciphertexts = pairs
        .iter()
        .map(|pair| ciphertext_alphabet.decode(pair.ciphertext()));
    let ciphertexts: Vec<String> = ciphertexts.collect();
    // Here a guess at a symbol that training never showed is an answer, too.
    let decryptor = decryptor.clone().with_outside(Outside::Reject)?;
    let decryptions = match decryptor.trained_keys() {
        None => decryptor.decrypt_all(&ciphertexts)?,
        Some(keys) => {
            let keys = pairs.iter().map(|pair| keys.alphabet.decode(pair.key()));
            decryptor.decrypt_all_with_keys(&keys.collect::<Vec<_>>(), &ciphertexts)?
        }
    };
    let answers = decryptions.iter().map(|decryption| {
        let symbols = decryption.symbols().map(|symbol| {
            let id = plaintext_alphabet.id(symbol);
            id.expect("a network answers with symbols of its alphabet")
        });
        symbols
            .zip(decryption.confidences.iter().copied())
            .collect()
    });
    Ok(answers.collect())
}

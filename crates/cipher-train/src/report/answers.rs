//! What a network answers to messages whose plaintext is known.

use std::sync::Arc;

use anyhow::Result;
use cipher_data::{Alphabet, Pair, PairSource, SymbolId};
use cipher_model::Decryptor;

use super::verdict::Answered;

/// The network's answers, and for each symbol how sure it was and whether it was right.
pub struct Answers {
    pub messages: Vec<Answered>,
    pub confidences: Vec<(f32, bool)>,
}

impl Answers {
    /// Asks for pairs over these alphabets of ciphertexts and plaintexts.
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
        let decryptions = decryptor
            .decrypt_all(&ciphertexts)
            .map_err(|(_, error)| error)?;
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

/// The first pairs of an epoch, at most so many.
pub fn first_pairs(source: &Arc<dyn PairSource>, most: usize) -> Result<Vec<Pair>> {
    let pairs = source.pairs_at(0);
    let pairs = (0..pairs.len().min(most)).map(|index| pairs.get(index));
    Ok(pairs.collect::<Result<_, _>>()?)
}

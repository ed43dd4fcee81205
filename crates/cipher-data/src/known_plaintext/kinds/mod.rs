//! The kinds of ciphers, each with a way to find its key from pairs.

pub mod adfgvx;
pub mod autokey;
pub mod codes;
pub mod columns;
pub mod coordinates;
pub mod enigma;
mod equations;
pub mod four_square;
pub mod gromark;
pub mod hill;
pub mod monoalphabetic;
pub mod nihilist;
pub mod periodic;
pub mod playfair;
pub mod quagmire;
pub mod transposition;

use super::keyword::Completed;
use crate::{Alphabet, CipherConfig, MixedAlphabet};

/// A key that may fit. Whether it does, the cipher itself decides.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub cipher: CipherConfig,
    /// The bits that it takes to choose this key among all that the kind has.
    pub key_bits: f64,
    /// Another key that fits as well and differs in all that the pairs leave open.
    pub alternative: Option<CipherConfig>,
    /// What the pairs leave open, such as letters that never occur.
    pub unseen: Vec<String>,
}

impl Candidate {
    pub fn new(cipher: CipherConfig, key_bits: f64) -> Self {
        Self {
            cipher,
            key_bits,
            alternative: None,
            unseen: Vec::new(),
        }
    }

    /// The key with a mixed alphabet that the pairs show in part, and with other parts of `other_bits`.
    pub fn with_alphabet(
        alphabet: &Alphabet,
        mixed: &Completed,
        other_bits: f64,
        cipher: impl Fn(MixedAlphabet) -> CipherConfig,
    ) -> Self {
        Self {
            alternative: mixed.alternative.clone().map(&cipher),
            unseen: names(alphabet, [mixed]),
            ..Self::new(cipher(mixed.key.clone()), mixed.bits + other_bits)
        }
    }

    /// The key with two mixed alphabets that the pairs show in part.
    pub fn with_two_alphabets(
        alphabet: &Alphabet,
        mixed: [&Completed; 2],
        cipher: impl Fn(MixedAlphabet, MixedAlphabet) -> CipherConfig,
    ) -> Self {
        let [one, other] = mixed.map(|mixed| mixed.key.clone());
        let is_open = mixed.iter().any(|mixed| mixed.alternative.is_some());
        let others = mixed.map(|mixed| mixed.alternative.as_ref().unwrap_or(&mixed.key).clone());
        let [second, another] = others;
        Self {
            alternative: is_open.then(|| cipher(second, another)),
            unseen: names(alphabet, mixed),
            ..Self::new(cipher(one, other), mixed[0].bits + mixed[1].bits)
        }
    }
}

/// The symbols whose places are open.
fn names<const N: usize>(alphabet: &Alphabet, mixed: [&Completed; N]) -> Vec<String> {
    let open = mixed.into_iter().flat_map(|mixed| &mixed.open);
    open.map(|&id| alphabet.symbol(id).into()).collect()
}

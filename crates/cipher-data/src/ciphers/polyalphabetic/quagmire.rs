use super::key_stream::modulo;
use crate::ciphers::key;
use crate::ciphers::mixed_alphabet::{MixedAlphabet, places};
use crate::{Alphabet, Cipher, DataError, SymbolId};

const CIPHER: &str = "quagmire";

/// A keyword moves one mixed alphabet along another. With a and b the places of a symbol in the
/// plaintext's and in the ciphertext's mixed alphabet, and u the symbol below which the keyword's
/// symbols stand: `b(c) = (a(p) - a(u) + b(k)) mod n`.
///
/// The American Cryptogram Association numbers the kinds: in Quagmire I only the plaintext's
/// alphabet is mixed, in II only the ciphertext's, in III both are the same, and in IV they differ.
/// With neither mixed it is [`Vigenere`](crate::Vigenere). There are up to n!² n^m keys.
#[derive(Debug, Clone)]
pub struct Quagmire {
    plaintext: Vec<SymbolId>,
    plaintext_places: Vec<SymbolId>,
    ciphertext: Vec<SymbolId>,
    ciphertext_places: Vec<SymbolId>,
    /// How far the ciphertext's alphabet is moved for each symbol of the keyword.
    shifts: Vec<i32>,
}

impl Quagmire {
    /// The cipher with the two mixed alphabets, in the order of the alphabet itself where there is
    /// none; the keyword; and the symbol that it stands below, the alphabet's first if there is none.
    ///
    /// # Errors
    ///
    /// [`DataError::Key`] for a mixed alphabet that does not have every symbol once, and for a symbol
    /// that is not in the alphabet.
    pub fn new(
        alphabet: &Alphabet,
        plaintext: Option<&MixedAlphabet>,
        ciphertext: Option<&MixedAlphabet>,
        key: &str,
        below: Option<&str>,
    ) -> Result<Self, DataError> {
        let order = |field, mixed: Option<&MixedAlphabet>| match mixed {
            Some(mixed) => mixed.init(CIPHER, field, alphabet),
            None => Ok((0..alphabet.len() as SymbolId).collect()),
        };
        let plaintext = order("plaintext", plaintext)?;
        let ciphertext = order("ciphertext", ciphertext)?;
        let (plaintext_places, ciphertext_places) = (places(&plaintext), places(&ciphertext));
        let key = key::keyword(CIPHER, alphabet, key)?;
        let below = match below {
            None => 0,
            Some(text) => key::one_symbol(CIPHER, "below", alphabet, text)?,
        };
        let origin = i32::from(plaintext_places[usize::from(below)]);
        let shift = |key: &SymbolId| i32::from(ciphertext_places[usize::from(*key)]) - origin;
        Ok(Self {
            shifts: key.iter().map(shift).collect(),
            plaintext,
            plaintext_places,
            ciphertext,
            ciphertext_places,
        })
    }

    /// Replaces each symbol by the one at its own place and a shift in another alphabet.
    fn apply(
        &self,
        message: &[SymbolId],
        places: &[SymbolId],
        answers: &[SymbolId],
        direction: i32,
    ) -> Vec<SymbolId> {
        let both = message.iter().zip(self.shifts.iter().cycle());
        let symbol = |(&id, shift): (&SymbolId, &i32)| {
            let place = i32::from(places[usize::from(id)]) + direction * shift;
            answers[usize::from(modulo(place, answers.len()))]
        };
        both.map(symbol).collect()
    }
}

impl Cipher for Quagmire {
    fn encrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        self.apply(message, &self.plaintext_places, &self.ciphertext, 1)
    }

    fn decrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        self.apply(message, &self.ciphertext_places, &self.plaintext, -1)
    }

    fn period(&self) -> Option<usize> {
        Some(self.shifts.len())
    }
}

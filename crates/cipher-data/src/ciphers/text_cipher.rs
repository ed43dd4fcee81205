use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::cipher::{Cipher, NO_SYMBOL};
use super::config::CipherConfig;
use crate::{Alphabet, AlphabetConfig, DataError, Encoded, Outside, Reading, SymbolUnit, UnknownSymbol};

/// A cipher with its key and the texts that it is for, as a config has them and as they are found from
/// pairs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TextCipherConfig {
    /// The alphabet of the plaintext, and of the ciphertext unless the cipher has signs of its own.
    pub alphabet: AlphabetConfig,
    /// How ciphertexts are read and written. By default they are read as plaintexts are; signs of the
    /// cipher's own are groups if they are equally long, and otherwise tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ciphertext: Option<Reading>,
    /// The cipher and its key.
    pub cipher: CipherConfig,
}

/// A cipher between texts.
#[derive(Debug, Clone)]
pub struct TextCipher {
    /// The alphabet of the plaintexts.
    pub plaintext: Alphabet,
    /// The alphabet of the ciphertexts.
    pub ciphertext: Alphabet,
    /// The cipher between their ids.
    pub cipher: Arc<dyn Cipher>,
}

/// A text that was encrypted or decrypted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The new text, with [`Alphabet::UNKNOWN`] for each unknown symbol.
    pub text: String,
    /// The symbols of the old text that are unknown or cannot be decrypted.
    pub unknown: Vec<UnknownSymbol>,
}

impl TextCipherConfig {
    /// Makes the alphabets and the cipher.
    ///
    /// # Errors
    ///
    /// Those of the alphabets and of the cipher's key.
    pub fn init(&self) -> Result<TextCipher, DataError> {
        let plaintext = self.alphabet.init()?;
        let cipher = self.cipher.init(&plaintext)?;
        TextCipher::new(plaintext, self.ciphertext.clone(), cipher.into())
    }
}

impl TextCipher {
    /// A cipher over a plaintext's alphabet, and how ciphertexts are read if that is not by default.
    ///
    /// # Errors
    ///
    /// Those of the ciphertext's alphabet.
    pub fn new(
        plaintext: Alphabet,
        ciphertext: Option<Reading>,
        cipher: Arc<dyn Cipher>,
    ) -> Result<Self, DataError> {
        let ciphertext = match (cipher.ciphertext_symbols(), ciphertext) {
            (None, None) => plaintext.clone(),
            (None, Some(reading)) => {
                let symbols = plaintext.symbols().iter().map(String::as_str);
                Alphabet::of_reading(reading, symbols, plaintext.outside())?
            }
            (Some(signs), reading) => {
                let reading = reading.unwrap_or_else(|| Reading {
                    symbols: unit(&signs),
                    ..Reading::default()
                });
                // A sign that the cipher lacks is no sign of another letter.
                let outside = match plaintext.outside() {
                    Outside::Reject => Outside::Reject,
                    _ => Outside::Mark,
                };
                Alphabet::of_reading(reading, signs.iter().map(String::as_str), outside)?
            }
        };
        Ok(Self {
            plaintext,
            ciphertext,
            cipher,
        })
    }

    /// Encrypts a text.
    ///
    /// # Errors
    ///
    /// [`DataError::OutsideAlphabet`], under [`Outside::Reject`] only.
    pub fn encrypt(&self, plaintext: &str) -> Result<Changed, DataError> {
        let encoded = self.plaintext.encode(plaintext)?;
        let answer = self.cipher.encrypt(&encoded.ids);
        Ok(changed(encoded, &self.ciphertext, &answer))
    }

    /// Decrypts a text.
    ///
    /// # Errors
    ///
    /// [`DataError::OutsideAlphabet`], under [`Outside::Reject`] only.
    pub fn decrypt(&self, ciphertext: &str) -> Result<Changed, DataError> {
        let encoded = self.ciphertext.encode(ciphertext)?;
        let answer = self.cipher.decrypt(&encoded.ids);
        Ok(changed(encoded, &self.plaintext, &answer))
    }
}

/// The answer to a text, in which what cannot be decrypted is marked.
fn changed(mut encoded: Encoded<'_>, alphabet: &Alphabet, answer: &[crate::SymbolId]) -> Changed {
    if answer.contains(&NO_SYMBOL) {
        let is_lost = |place: usize| answer.get(place) == Some(&NO_SYMBOL);
        let of_text: Vec<usize> = (0..encoded.ids.len()).filter(|&place| is_lost(place)).collect();
        encoded.mark_places(of_text);
    }
    Changed {
        text: alphabet.restore(&encoded, answer),
        unknown: encoded.unknown,
    }
}

/// The unit that tells signs apart where nothing else is said.
fn unit(signs: &[String]) -> SymbolUnit {
    let mut lengths = signs.iter().map(|sign| sign.chars().count());
    let first = lengths.next().unwrap_or(1);
    let is_apart = signs.iter().any(|sign| sign.contains(' '));
    match first {
        _ if is_apart => SymbolUnit::TokenPair,
        1..=9 if lengths.all(|length| length == first) => match first {
            1 => SymbolUnit::Character,
            length => SymbolUnit::Group(length as u8),
        },
        _ => SymbolUnit::Token(None),
    }
}

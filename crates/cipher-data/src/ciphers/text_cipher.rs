use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::cipher::{Cipher, NO_SYMBOL};
use super::config::CipherConfig;
use crate::{
    Alphabet, AlphabetConfig, DataError, Encoded, Outside, Reading, SymbolId, SymbolUnit,
    UnknownSymbol,
};

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
    /// The same cipher with another key, where it is not known which is right. Where the two disagree,
    /// the answer is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alternative: Option<CipherConfig>,
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
    /// The cipher with another key, where it is not known which is right.
    pub alternative: Option<Arc<dyn Cipher>>,
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
        let alternative = self
            .alternative
            .as_ref()
            .map(|other| other.init(&plaintext));
        let alternative = alternative.transpose()?;
        let texts = TextCipher::new(plaintext, self.ciphertext.clone(), cipher.into())?;
        Ok(TextCipher {
            alternative: alternative.map(Arc::from),
            ..texts
        })
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
                of_signs(&plaintext, reading, &signs)?
            }
        };
        Ok(Self {
            plaintext,
            ciphertext,
            cipher,
            alternative: None,
        })
    }

    /// Encrypts a text.
    ///
    /// # Errors
    ///
    /// [`DataError::OutsideAlphabet`], under [`Outside::Reject`] only; [`DataError::MessageLength`] for a
    /// message that is longer than a running key.
    pub fn encrypt(&self, plaintext: &str) -> Result<Changed, DataError> {
        let encoded = self.plaintext.encode(plaintext)?;
        let answer = self.answer(&encoded.ids, |cipher, ids| cipher.encrypt(ids))?;
        Ok(changed(
            encoded,
            [&self.plaintext, &self.ciphertext],
            &answer,
        ))
    }

    /// Decrypts a text.
    ///
    /// # Errors
    ///
    /// As [`Self::encrypt`].
    pub fn decrypt(&self, ciphertext: &str) -> Result<Changed, DataError> {
        let encoded = self.ciphertext.encode(ciphertext)?;
        let answer = self.decrypt_ids(&encoded.ids)?;
        Ok(changed(
            encoded,
            [&self.ciphertext, &self.plaintext],
            &answer,
        ))
    }

    /// Decrypts ids. What is not known becomes [`NO_SYMBOL`].
    pub(crate) fn decrypt_ids(&self, ids: &[SymbolId]) -> Result<Vec<SymbolId>, DataError> {
        self.answer(ids, |cipher, ids| cipher.decrypt(ids))
    }

    /// The cipher's answer where no alternative gives another.
    fn answer(
        &self,
        ids: &[SymbolId],
        of: impl Fn(&dyn Cipher, &[SymbolId]) -> Vec<SymbolId>,
    ) -> Result<Vec<SymbolId>, DataError> {
        if let Some(max) = self.cipher.max_length().filter(|max| ids.len() > *max) {
            let length = ids.len();
            return Err(DataError::MessageLength { length, max });
        }
        let mut answer = of(self.cipher.as_ref(), ids);
        if let Some(other) = &self.alternative {
            for (id, other) in answer.iter_mut().zip(of(other.as_ref(), ids)) {
                if *id != other {
                    *id = NO_SYMBOL;
                }
            }
        }
        Ok(answer)
    }
}

/// The alphabet of a cipher's signs. A sign that the cipher lacks is never another one, and the rest can be
/// decrypted. Digits stay between signs where the plaintext's other symbols do.
pub(crate) fn of_signs(
    plaintext: &Alphabet,
    reading: Reading,
    signs: &[String],
) -> Result<Alphabet, DataError> {
    let signs = signs.iter().map(String::as_str);
    let signs = Alphabet::of_reading(reading, signs, Outside::Mark)?;
    Ok(match plaintext.outside() {
        Outside::Keep | Outside::Mark => signs.with_passing_digits(),
        _ => signs,
    })
}

/// The answer to a text, in which what is not known is marked.
fn changed(mut encoded: Encoded<'_>, [from, to]: [&Alphabet; 2], answer: &[SymbolId]) -> Changed {
    encoded.mark_where(from, |place, _| answer.get(place) == Some(&NO_SYMBOL));
    Changed {
        text: to.restore(&encoded, answer),
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

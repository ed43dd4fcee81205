use std::collections::BTreeMap;

use serde::de::Deserializer;
use serde::{Deserialize, Serialize};

use super::{
    Adfgvx, Affine, Arrangement, Atbash, Autokey, Beaufort, Bifid, ByteKey, Caesar, Cipher,
    CodeSigns, CodeTable, ColumnarTransposition, DoubleColumnar, Enigma, EnigmaConfig, Feedback,
    FourSquare, Gromark, Gronsfeld, Hill, HillKey, MixedAlphabet, Myszkowski, Nihilist, Parts,
    Playfair, Polybius, Porta, PortaTable, ProgressiveKey, Quagmire, RailFence, Reversal, Rotation,
    RunningKey, Signs, Substitution, Trifid, Trithemius, TwoSquare, VariantBeaufort, Vigenere, Xor,
};
use crate::{Alphabet, DataError};

/// A cipher and its key, as they are written in a config.
///
/// Keys that are text are written with the symbols of the alphabet.
// The ciphers without a key have braces so that serde refuses a field that they do not have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "kebab-case", deny_unknown_fields)]
#[non_exhaustive]
pub enum CipherConfig {
    /// See [`Caesar`].
    Caesar {
        /// How far each symbol moves; backwards if it is negative.
        #[serde(default = "tutorial_key")]
        key: i64,
    },
    /// See [`Caesar::rot13`].
    Rot13 {},
    /// See [`Caesar::rot47`].
    Rot47 {},
    /// See [`Atbash`].
    Atbash {},
    /// See [`Affine`].
    Affine {
        /// The factor, which has no divisor in common with the alphabet's length.
        a: i64,
        /// The number that is added.
        b: i64,
    },
    /// See [`Substitution`].
    Substitution {
        /// The alphabet in another order, or the keyword that gives it.
        key: MixedAlphabet,
    },
    /// See [`Vigenere`].
    Vigenere {
        /// The keyword.
        key: String,
    },
    /// See [`Beaufort`].
    Beaufort {
        /// The keyword.
        key: String,
    },
    /// See [`VariantBeaufort`].
    VariantBeaufort {
        /// The keyword.
        key: String,
    },
    /// See [`Gronsfeld`].
    Gronsfeld {
        /// The digits, as text, since a number would lose its leading zeros.
        #[serde(deserialize_with = "digits")]
        key: String,
    },
    /// See [`Trithemius`].
    Trithemius {},
    /// See [`Porta`].
    Porta {
        /// The keyword.
        key: String,
        /// The direction in which it rotates.
        #[serde(default, skip_serializing_if = "is_default")]
        table: PortaTable,
    },
    /// See [`Autokey`].
    Autokey {
        /// The keyword.
        key: String,
        /// The source of the key after the keyword.
        #[serde(default)]
        feedback: Feedback,
    },
    /// See [`RunningKey`].
    RunningKey {
        /// The text, which is encoded like a message.
        key: String,
    },
    /// See [`Enigma`].
    Enigma(EnigmaConfig),
    /// See [`RailFence`].
    RailFence {
        /// The number of rails.
        rails: usize,
        /// Where in the zigzag a message begins.
        #[serde(default, skip_serializing_if = "is_default")]
        offset: usize,
    },
    /// See [`ColumnarTransposition`].
    ColumnarTransposition {
        /// The keyword above the columns.
        key: String,
        /// What fills the last row, if something does.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        padding: Option<String>,
    },
    /// See [`Myszkowski`].
    Myszkowski {
        /// The keyword above the columns.
        key: String,
    },
    /// See [`DoubleColumnar`].
    DoubleColumnar {
        /// The keyword of the first transposition.
        first: String,
        /// The keyword of the second transposition.
        second: String,
    },
    /// See [`Reversal`].
    Reversal {
        /// What is written backwards.
        #[serde(default, skip_serializing_if = "is_default")]
        of: Parts,
    },
    /// See [`Rotation`].
    Rotation {
        /// How far to the left; to the right if it is negative.
        places: i64,
        /// What moves.
        #[serde(default, skip_serializing_if = "is_default")]
        of: Parts,
    },
    /// See [`ProgressiveKey`].
    ProgressiveKey {
        /// The keyword.
        key: String,
        /// How far it moves with each repetition.
        step: i64,
    },
    /// See [`Quagmire`].
    Quagmire {
        /// The mixed alphabet of the plaintext, if it is mixed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        plaintext: Option<MixedAlphabet>,
        /// The mixed alphabet of the ciphertext, if it is mixed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ciphertext: Option<MixedAlphabet>,
        /// The keyword.
        key: String,
        /// The plaintext symbol below which the keyword stands; the alphabet's first if there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        below: Option<String>,
    },
    /// See [`Gromark`].
    Gromark {
        /// The first digits of the running key.
        #[serde(deserialize_with = "digits")]
        primer: String,
        /// The mixed alphabet of the ciphertext.
        key: MixedAlphabet,
    },
    /// See [`Xor`].
    Xor {
        /// The key.
        key: ByteKey,
        /// The symbol of the key, counted from 0, that the first symbol of a message takes.
        #[serde(default, skip_serializing_if = "is_default")]
        offset: usize,
    },
    /// See [`Vigenere::of_bytes`].
    Add {
        /// The key.
        key: ByteKey,
        /// The symbol of the key, counted from 0, that the first symbol of a message takes.
        #[serde(default, skip_serializing_if = "is_default")]
        offset: usize,
    },
    /// See [`Playfair`].
    Playfair {
        /// The square.
        key: MixedAlphabet,
        /// What keeps equal symbols apart and fills up the last pair.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        padding: Option<String>,
    },
    /// See [`TwoSquare`].
    TwoSquare {
        /// The upper or the left square.
        first: MixedAlphabet,
        /// The lower or the right square.
        second: MixedAlphabet,
        /// Whether one is above the other, or they are side by side.
        #[serde(default, skip_serializing_if = "is_default")]
        arrangement: Arrangement,
        /// What fills up the last pair.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        padding: Option<String>,
    },
    /// See [`FourSquare`].
    FourSquare {
        /// The upper right square.
        upper_right: MixedAlphabet,
        /// The lower left square.
        lower_left: MixedAlphabet,
        /// What fills up the last pair.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        padding: Option<String>,
    },
    /// See [`Hill`].
    Hill {
        /// The matrix.
        key: HillKey,
        /// What fills up the last group.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        padding: Option<String>,
    },
    /// See [`Bifid`].
    Bifid {
        /// The square.
        key: MixedAlphabet,
        /// The symbols of a block; 0 for the whole message.
        period: usize,
    },
    /// See [`Trifid`].
    Trifid {
        /// The cube.
        key: MixedAlphabet,
        /// The symbols of a block; 0 for the whole message.
        period: usize,
    },
    /// See [`Adfgvx`].
    Adfgvx {
        /// The square.
        square: MixedAlphabet,
        /// The keyword above the columns.
        key: String,
    },
    /// See [`Polybius`].
    Polybius {
        /// The square.
        key: MixedAlphabet,
        /// The signs of rows and columns, if they are not numbers from 1.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        labels: Option<String>,
    },
    /// See [`Nihilist`].
    Nihilist {
        /// The square.
        square: MixedAlphabet,
        /// The keyword.
        key: String,
    },
    /// See [`Signs::bacon`].
    Bacon {
        /// The two letters; `AB` if there are none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        letters: Option<String>,
    },
    /// See [`Signs::morse`].
    Morse {},
    /// See [`Signs::a1z26`].
    A1z26 {
        /// The number of the alphabet's first symbol.
        #[serde(default = "one", skip_serializing_if = "is_one")]
        first: i64,
    },
    /// See [`CodeTable`].
    CodeTable {
        /// The codes of each symbol.
        codes: BTreeMap<String, CodeSigns>,
        /// Signs of which nobody knows what they stand for.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        unclear: Vec<String>,
    },
}

/// The tutorial's cipher.
impl Default for CipherConfig {
    fn default() -> Self {
        Self::Caesar {
            key: tutorial_key(),
        }
    }
}

fn tutorial_key() -> i64 {
    13
}

fn one() -> i64 {
    1
}

fn is_one(first: &i64) -> bool {
    *first == 1
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Digits, also where they are written as a number.
fn digits<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    #[derive(Deserialize)]
    #[serde(
        untagged,
        expecting = "the digits are neither a text, such as \"0317\", nor a number"
    )]
    enum Digits {
        Text(String),
        Number(u64),
    }
    Ok(match Digits::deserialize(from)? {
        Digits::Text(text) => text,
        Digits::Number(number) => number.to_string(),
    })
}

impl CipherConfig {
    /// Makes the cipher for the messages of an alphabet.
    ///
    /// # Errors
    ///
    /// When the cipher does not have such a key or is not defined for the alphabet.
    pub fn init(&self, alphabet: &Alphabet) -> Result<Box<dyn Cipher>, DataError> {
        let n_symbols = alphabet.len();
        Ok(match self {
            Self::Caesar { key } => Box::new(Caesar::new(n_symbols, *key)),
            Self::Rot13 {} => Box::new(Caesar::rot13(alphabet)?),
            Self::Rot47 {} => Box::new(Caesar::rot47(alphabet)?),
            Self::Atbash {} => Box::new(Atbash::new(alphabet)),
            Self::Affine { a, b } => Box::new(Affine::new(n_symbols, *a, *b)?),
            Self::Substitution { key } => Box::new(Substitution::new(alphabet, key)?),
            Self::Vigenere { key } => Box::new(Vigenere::new(alphabet, key)?),
            Self::Beaufort { key } => Box::new(Beaufort::new(alphabet, key)?),
            Self::VariantBeaufort { key } => Box::new(VariantBeaufort::new(alphabet, key)?),
            Self::Gronsfeld { key } => Box::new(Gronsfeld::new(alphabet, key)?),
            Self::Trithemius {} => Box::new(Trithemius::new(alphabet)),
            Self::Porta { key, table } => Box::new(Porta::new(alphabet, key, *table)?),
            Self::Autokey { key, feedback } => Box::new(Autokey::new(alphabet, key, *feedback)?),
            Self::RunningKey { key } => Box::new(RunningKey::new(alphabet, key)?),
            Self::Enigma(config) => Box::new(Enigma::new(alphabet, config)?),
            Self::RailFence { rails, offset } => Box::new(RailFence::new(*rails, *offset)?),
            Self::ColumnarTransposition { key, padding } => {
                let padding = padding.as_deref();
                Box::new(ColumnarTransposition::new(alphabet, key, padding)?)
            }
            Self::Myszkowski { key } => Box::new(Myszkowski::new(alphabet, key)?),
            Self::DoubleColumnar { first, second } => {
                Box::new(DoubleColumnar::new(alphabet, first, second)?)
            }
            Self::Reversal { of } => Box::new(Reversal::new(alphabet, *of)?),
            Self::Rotation { places, of } => Box::new(Rotation::new(alphabet, *places, *of)?),
            Self::ProgressiveKey { key, step } => {
                Box::new(ProgressiveKey::new(alphabet, key, *step)?)
            }
            Self::Quagmire {
                plaintext,
                ciphertext,
                key,
                below,
            } => {
                let mixed = [plaintext, ciphertext].map(Option::as_ref);
                let below = below.as_deref();
                Box::new(Quagmire::new(alphabet, mixed[0], mixed[1], key, below)?)
            }
            Self::Gromark { primer, key } => Box::new(Gromark::new(alphabet, primer, key)?),
            Self::Xor { key, offset } => Box::new(Xor::new(alphabet, key, *offset)?),
            Self::Add { key, offset } => Box::new(Vigenere::of_bytes(alphabet, key, *offset)?),
            Self::Playfair { key, padding } => {
                Box::new(Playfair::new(alphabet, key, padding.as_deref())?)
            }
            Self::TwoSquare {
                first,
                second,
                arrangement,
                padding,
            } => {
                let squares = [first, second];
                Box::new(TwoSquare::new(
                    alphabet,
                    squares,
                    *arrangement,
                    padding.as_deref(),
                )?)
            }
            Self::FourSquare {
                upper_right,
                lower_left,
                padding,
            } => {
                let padding = padding.as_deref();
                Box::new(FourSquare::new(alphabet, upper_right, lower_left, padding)?)
            }
            Self::Hill { key, padding } => Box::new(Hill::new(alphabet, key, padding.as_deref())?),
            Self::Bifid { key, period } => Box::new(Bifid::new(alphabet, key, *period)?),
            Self::Trifid { key, period } => Box::new(Trifid::new(alphabet, key, *period)?),
            Self::Adfgvx { square, key } => Box::new(Adfgvx::new(alphabet, square, key)?),
            Self::Polybius { key, labels } => {
                Box::new(Polybius::new(alphabet, key, labels.as_deref())?)
            }
            Self::Nihilist { square, key } => Box::new(Nihilist::new(alphabet, square, key)?),
            Self::Bacon { letters } => Box::new(Signs::bacon(alphabet, letters.as_deref())?),
            Self::Morse {} => Box::new(Signs::morse(alphabet)?),
            Self::A1z26 { first } => Box::new(Signs::a1z26(alphabet, *first)),
            Self::CodeTable { codes, unclear } => {
                Box::new(CodeTable::new(alphabet, codes)?.with_unclear(unclear)?)
            }
        })
    }

    /// Whether what a symbol becomes depends on nothing but the symbol and its place in the message.
    pub fn is_by_place(&self) -> bool {
        !matches!(
            self,
            Self::Autokey { .. }
                | Self::RailFence { .. }
                | Self::ColumnarTransposition { .. }
                | Self::Myszkowski { .. }
                | Self::DoubleColumnar { .. }
                | Self::Reversal { .. }
                | Self::Rotation { .. }
                | Self::Playfair { .. }
                | Self::TwoSquare { .. }
                | Self::FourSquare { .. }
                | Self::Hill { .. }
                | Self::Bifid { .. }
                | Self::Trifid { .. }
                | Self::Adfgvx { .. }
                | Self::CodeTable { .. }
        )
    }

    /// Whether a sign that is unknown changes the answer at its own place only.
    pub fn decrypts_by_place(&self) -> bool {
        // Homophones are used in turn to encrypt, which makes no difference here.
        self.is_by_place() || matches!(self, Self::CodeTable { .. })
    }

    /// Whether a message's symbols only change their places.
    pub fn moves_symbols(&self) -> bool {
        matches!(
            self,
            Self::RailFence { .. }
                | Self::ColumnarTransposition { .. }
                | Self::Myszkowski { .. }
                | Self::DoubleColumnar { .. }
                | Self::Reversal { .. }
                | Self::Rotation { .. }
        )
    }

    /// Whether the key moves on with each symbol.
    pub(crate) fn has_key_along_text(&self) -> bool {
        let is_same_everywhere = matches!(
            self,
            Self::Caesar { .. }
                | Self::Rot13 {}
                | Self::Rot47 {}
                | Self::Atbash {}
                | Self::Affine { .. }
                | Self::Substitution { .. }
        );
        self.is_by_place() && !is_same_everywhere
    }

    /// Whether the kind has so much freedom that it is many others as well.
    pub(crate) fn is_general(&self) -> bool {
        matches!(
            self,
            Self::Substitution { .. } | Self::Quagmire { .. } | Self::CodeTable { .. }
        )
    }
}

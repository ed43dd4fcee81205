use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Result, anyhow};
use cipher_data::{
    Alphabet, AlphabetConfig, Cipher, CipherConfig, Conflicts, DataError, Format, LengthRange,
    Pair, SymbolUnit,
};
use serde::{Deserialize, Serialize};

use super::Refused;

/// The tutorial's message.
const SECRET: &str = "THIS-IS-A-SECRET";

/// Where the messages of a run come from.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// Random messages of a known cipher.
    Cipher(CipherSource),
    /// A file of messages with their decryptions.
    Pairs(PairsSource),
}

impl Default for Source {
    fn default() -> Self {
        Self::Cipher(CipherSource::default())
    }
}

/// A cipher, and the random messages that it encrypts.
#[derive(Debug, Clone, PartialEq)]
pub struct CipherSource {
    /// The alphabet of both sides.
    pub alphabet: AlphabetConfig,
    /// The cipher and its key.
    pub cipher: CipherConfig,
    /// The length of the shortest message, in symbols.
    pub min_length: usize,
    /// The length of the longest message, in symbols.
    pub max_length: usize,
}

impl Default for CipherSource {
    fn default() -> Self {
        Self {
            alphabet: AlphabetConfig::default(),
            cipher: CipherConfig::default(),
            min_length: 32,
            max_length: 32,
        }
    }
}

/// A file of messages with their decryptions, and how it is read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PairsSource {
    /// The path of the file; `-` is stdin.
    pub file: PathBuf,
    /// Its format, if the name does not tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
    /// Whether a symbol is a grapheme cluster instead of a character.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub graphemes: bool,
    /// What happens to pairs of the same ciphertext with different plaintexts.
    #[serde(default)]
    pub conflicts: Conflicts,
}

impl PairsSource {
    /// A file that is read by its name and with the default settings.
    pub fn of(file: &Path) -> Self {
        Self {
            file: file.into(),
            format: None,
            graphemes: false,
            conflicts: Conflicts::default(),
        }
    }

    /// What one symbol of a message is.
    pub fn unit(&self) -> SymbolUnit {
        if self.graphemes {
            SymbolUnit::Grapheme
        } else {
            SymbolUnit::Character
        }
    }
}

/// A cipher ready for use.
#[derive(Debug, Clone)]
pub struct CipherSetup {
    /// The alphabet of both sides.
    pub alphabet: Alphabet,
    /// The cipher with its key.
    pub cipher: Arc<dyn Cipher>,
    /// The lengths of random messages.
    pub lengths: LengthRange,
}

impl CipherSource {
    /// Makes the alphabet and the cipher.
    ///
    /// # Errors
    ///
    /// Names the field that cannot be used. There is none in a config that was loaded.
    pub fn init(&self) -> Result<CipherSetup> {
        self.setup().map_err(|refused| anyhow!("{refused}"))
    }

    pub(super) fn setup(&self) -> Result<CipherSetup, Refused> {
        let alphabet = self.alphabet.init();
        let alphabet = alphabet.map_err(|error| Refused::new("alphabet.symbols", error))?;
        let cipher = self.cipher.init(&alphabet);
        let cipher = cipher.map_err(|error| Refused::new(cipher_field(&error), error))?;
        let lengths = LengthRange::new(self.min_length, self.max_length);
        let lengths = lengths.map_err(|error| Refused::new(self.length_field(&error), error))?;
        Ok(CipherSetup {
            alphabet,
            cipher: cipher.into(),
            lengths,
        })
    }

    fn length_field(&self, error: &DataError) -> &'static str {
        match error {
            DataError::LengthOutOfRange { length, .. } if *length == self.max_length => {
                "messages.max_length"
            }
            _ => "messages.min_length",
        }
    }
}

impl CipherSetup {
    /// The tutorial's message and its ciphertext, if the alphabet can write it.
    pub fn secret(&self) -> Option<Pair> {
        let symbols = SymbolUnit::Character.symbols(SECRET);
        let plaintext: Option<Vec<_>> = symbols.map(|symbol| self.alphabet.id(symbol)).collect();
        let plaintext = plaintext?;
        Pair::new(self.cipher.encrypt(&plaintext), plaintext).ok()
    }
}

/// The field that an error of the cipher is about.
fn cipher_field(error: &DataError) -> String {
    match error {
        DataError::Key { field, .. } => format!("cipher.{field}"),
        // A running key is encoded as a message is.
        DataError::KeyOutOfRange { .. } | DataError::OutsideAlphabet { .. } => "cipher.key".into(),
        _ => "cipher".into(),
    }
}

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use anyhow::{Result, anyhow, bail};
use cipher_data::{
    Alphabet, CipherConfig, Columns, Conflicts, Curriculum, DataError, Encoding, Format,
    KeyedCipher, LengthRange, Outside, Pair, ReadingHints, Readings, SymbolUnit, TextCipher,
    TextCipherConfig, key_ids,
};
use serde::de::{IntoDeserializer, value};
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
    /// The cipher, its key and its alphabets.
    pub texts: TextCipherConfig,
    /// The lengths of the shortest and the longest key, if each message has a random one. The key in
    /// `texts` is then not used.
    pub key_lengths: Option<[usize; 2]>,
    /// The length of the shortest message, in symbols.
    pub min_length: usize,
    /// The length of the longest message, in symbols.
    pub max_length: usize,
    /// How long training messages are in the first epochs.
    pub curriculum: Curriculum,
}

impl Default for CipherSource {
    fn default() -> Self {
        Self {
            texts: TextCipherConfig::default(),
            key_lengths: None,
            min_length: 32,
            max_length: 32,
            curriculum: Curriculum::default(),
        }
    }
}

/// A file of messages with their decryptions, and how it is read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PairsSource {
    /// The path of the file; `-` is stdin.
    pub file: PathBuf,
    /// The path of the file with the plaintexts, if they are in a file of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plaintexts: Option<PathBuf>,
    /// Its format, if its contents do not tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
    /// The columns of the two sides, if a header does not tell.
    #[serde(default, skip_serializing_if = "is_default")]
    pub columns: Columns,
    /// Its character encoding, if its contents do not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<Encoding>,
    /// The length, in symbols, of messages that are cut from longer texts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_length: Option<NonZeroUsize>,
    /// What is known of how its texts are read. The rest is found from the pairs.
    #[serde(default, skip_serializing_if = "is_default")]
    pub reading: ReadingHints,
    /// How the texts are read, if that was decided before. A run's config has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub readings: Option<Readings>,
    /// Whether a symbol is a grapheme cluster: how runs of version 0.1 say so.
    #[serde(default, skip_serializing)]
    #[doc(hidden)]
    pub graphemes: bool,
    /// Whether repeated and conflicting pairs were handled before, as in a run, whose pairs stay as they are.
    #[serde(default, skip_serializing_if = "is_default")]
    #[doc(hidden)]
    pub are_settled: bool,
    /// What happens to pairs of the same ciphertext with different plaintexts.
    #[serde(default)]
    pub conflicts: Conflicts,
    /// What happens to pairs whose sides have different numbers of symbols.
    #[serde(default, skip_serializing_if = "is_default")]
    pub unequal: Unequal,
}

/// What happens to pairs whose sides have different numbers of symbols.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unequal {
    /// They are an error, unless most pairs are like that: then all are aligned.
    #[default]
    Fail,
    /// They are left out.
    Drop,
    /// All pairs are aligned.
    Align,
}

impl FromStr for Unequal {
    type Err = value::Error;

    fn from_str(name: &str) -> Result<Self, value::Error> {
        Self::deserialize(name.into_deserializer())
    }
}

pub(super) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl PairsSource {
    /// A file that is read by its name and with the default settings.
    pub fn of(file: &Path) -> Self {
        Self {
            file: file.into(),
            plaintexts: None,
            format: None,
            columns: Columns::default(),
            encoding: None,
            message_length: None,
            reading: ReadingHints::default(),
            readings: None,
            graphemes: false,
            are_settled: false,
            conflicts: Conflicts::default(),
            unequal: Unequal::default(),
        }
    }

    /// What is known of how the texts are read.
    pub fn hints(&self) -> ReadingHints {
        let graphemes = self.graphemes.then_some(SymbolUnit::Grapheme);
        let hints = &self.reading;
        ReadingHints {
            ciphertext_symbols: hints.ciphertext_symbols.or(graphemes),
            plaintext_symbols: hints.plaintext_symbols.or(graphemes),
            ..hints.clone()
        }
    }
}

/// A cipher ready for use.
#[derive(Debug, Clone)]
pub struct CipherSetup {
    /// The cipher with its key and its alphabets. Where keys are drawn, it has any of them.
    pub texts: TextCipher,
    /// The cipher without a key, where keys are drawn.
    pub keyed: Option<Arc<KeyedCipher>>,
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

    /// The cipher between texts with a key: its own, or where keys are drawn the one that is given.
    ///
    /// # Errors
    ///
    /// A key that is missing, superfluous or not one of the cipher's.
    pub fn with_key(&self, key: Option<&str>) -> Result<TextCipher> {
        let setup = self.init()?;
        match (&setup.keyed, key) {
            (None, None) => Ok(setup.texts),
            (None, Some(_)) => bail!("--key: the config has a key of its own; leave out --key"),
            (Some(_), None) => bail!(
                "the config draws a key for each message; give the one to use, such as --key LEMON"
            ),
            (Some(keyed), Some(key)) => {
                let key = key_ids("the cipher", keyed.key_alphabet(), key);
                let cipher = key.and_then(|key| keyed.with_key(&key));
                let cipher = cipher.map_err(|error| anyhow!("--key: {error}"))?;
                Ok(TextCipher {
                    cipher: cipher.into(),
                    ..setup.texts
                })
            }
        }
    }

    pub(super) fn setup(&self) -> Result<CipherSetup, Refused> {
        let TextCipherConfig {
            alphabet,
            ciphertext,
            cipher,
            alternative,
        } = &self.texts;
        let alphabet = alphabet.init();
        let alphabet = alphabet.map_err(|error| Refused::new("alphabet.symbols", error))?;
        self.check_outside()
            .map_err(|reason| Refused::new("alphabet.outside", reason))?;
        let init = |table: &str, cipher: &CipherConfig| {
            let cipher = cipher.init(&alphabet);
            cipher.map_err(|error| Refused::new(format!("{table}{}", cipher_field(&error)), error))
        };
        let keyed = self
            .key_lengths
            .map(|lengths| keyed(cipher, &alphabet, lengths));
        let keyed = keyed.transpose()?.map(Arc::new);
        let cipher = match &keyed {
            Some(keyed) => keyed
                .with_key(&vec![0; keyed.key_lengths().min()])
                .map_err(|error| Refused::new("cipher.key", error))?,
            None => init("cipher", cipher)?,
        };
        let other = alternative.as_ref().map(|other| init("alternative", other));
        let other = other.transpose()?;
        let texts = TextCipher::new(alphabet.clone(), ciphertext.clone(), cipher.into());
        let texts = TextCipher {
            alternative: other.map(Arc::from),
            ..texts.map_err(|error| Refused::new("ciphertext", error))?
        };
        let lengths = LengthRange::new(self.min_length, self.max_length);
        let lengths = lengths.map_err(|error| Refused::new(self.length_field(&error), error))?;
        let checked = self.curriculum.check(lengths);
        checked.map_err(|error| Refused::new("messages.curriculum", error))?;
        Ok(CipherSetup {
            texts,
            keyed,
            lengths,
        })
    }

    /// Refuses policies that the cipher cannot follow.
    fn check_outside(&self) -> Result<(), &'static str> {
        match self.texts.alphabet.outside {
            Outside::KeepPlace if !self.texts.cipher.is_by_place() => Err(
                "under this cipher a symbol depends on others, so none can keep its place; choose \
                 \"keep\", \"fold\" or \"reject\"",
            ),
            Outside::Mark => Err(
                "\"mark\" is for decrypting with a run (decrypt --run DIR --outside mark); choose \"keep\", \
                 \"keep-place\", \"fold\" or \"reject\"",
            ),
            _ => Ok(()),
        }
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
    /// The tutorial's message and its ciphertext, if there is one key and the alphabet can write it.
    pub fn secret(&self) -> Option<Pair> {
        if self.keyed.is_some() {
            return None;
        }
        let plaintext = SECRET
            .chars()
            .map(|symbol| self.texts.plaintext.id(symbol.encode_utf8(&mut [0; 4])));
        let plaintext = plaintext.collect::<Option<Vec<_>>>()?;
        let cipher = &self.texts.cipher;
        Pair::new(cipher.encrypt(&plaintext), cipher.padded(&plaintext)).ok()
    }
}

/// A cipher with random keys of these lengths.
fn keyed(
    cipher: &CipherConfig,
    alphabet: &Alphabet,
    [min, max]: [usize; 2],
) -> Result<KeyedCipher, Refused> {
    let lengths = LengthRange::new(min, max).map_err(|_| {
        let reason = format!(
            "keys of {min} to {max} symbols; give two lengths from 1 to {}, the shorter one first",
            KeyedCipher::MAX_KEY
        );
        Refused::new("cipher.key.length", reason)
    })?;
    KeyedCipher::new(cipher.clone(), alphabet, lengths).map_err(|error| match &error {
        DataError::Key { field, .. } if *field != "key" => {
            Refused::new(format!("cipher.{field}"), error)
        }
        DataError::CipherAlphabet { .. } => Refused::new("cipher", error),
        _ => Refused::new("cipher.key.length", error),
    })
}

/// The field that an error of the cipher is about, after the name of its table.
fn cipher_field(error: &DataError) -> String {
    match error {
        DataError::Key { field, .. } => format!(".{field}"),
        // A running key is encoded as a message is.
        DataError::OutsideAlphabet { .. } => ".key".into(),
        _ => String::new(),
    }
}

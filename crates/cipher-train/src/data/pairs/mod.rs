//! A file of pairs, from its name to ids.

mod describe;
mod file;
mod how;
mod others;
mod steps;

use std::num::NonZeroUsize;
use std::sync::Arc;

use anyhow::{Result, anyhow, bail};
use cipher_data::{
    Alphabet, Alphabets, Dependence, Duplicates, Encoding, FoundKey, FoundReadings, Layout,
    PairTable, PairTexts, Readings, find_alphabets, find_key_alphabet, find_keys,
};
use serde_json::{Value, json};

pub use file::read_texts;
pub use how::HowToRead;
pub use others::{Others, check_one_key, some_of_cipher, some_of_file};

use super::Alignment;
use super::keys::MAX_BYTES;
use crate::config::{Config, PairsSource, Source, Unequal, plan, plan_aligned, plan_keyed};
use file::{equally_long, read_settled};
use steps::read_steps;

/// The pairs of a file, and what was found in it.
pub struct Pairs {
    /// The name of the file, for messages.
    pub name: String,
    /// The pairs as ids.
    pub table: Arc<PairTable>,
    /// How they are aligned, where their sides have different lengths.
    pub alignment: Option<Alignment>,
    /// The alphabet that was found for the ciphertexts.
    pub ciphertext_alphabet: Alphabet,
    /// The alphabet that was found for the plaintexts.
    pub plaintext_alphabet: Alphabet,
    /// The alphabet of the keys, if the file gives messages different ones.
    pub keys: Option<Alphabet>,
    /// Symbols of the ciphertext's and of the plaintext's alphabet that the file lacks.
    pub unseen: [Vec<String>; 2],
    /// Repeated and conflicting pairs.
    pub duplicates: Duplicates,
    /// How the two sides are read, and how sure that is; `None` where the config says it.
    pub found: Option<FoundReadings>,
    /// The encoding and the layout of the file.
    pub origin: Option<(Encoding, Layout)>,
    /// The length, in symbols, of messages that were cut from long texts.
    pub message_length: Option<usize>,
    /// Whether the two sides of every pair are the same text.
    pub is_copied: bool,
    /// Pairs that were left out because their sides are not equally long.
    pub n_unequal: usize,
    /// The first pairs as they are in the file.
    pub first_texts: PairTexts,
}

impl Pairs {
    /// Reads a file whose every line is a pair.
    ///
    /// # Errors
    ///
    /// See [`read_texts`].
    pub fn read(config: &PairsSource) -> Result<Self> {
        let (texts, duplicates) = read_settled(config)?;
        let steps = match config.readings {
            Some(_) if config.unequal == Unequal::Align => read_steps(config, texts.len())?,
            _ => None,
        };
        if let Some(steps) = steps {
            let mut readings = config.readings.clone().unwrap_or_default();
            // The pairs are divided into sets before they are aligned, and so before there are codes.
            let codes = std::mem::take(&mut readings.ciphertext.codes);
            let alignment = Alignment::Found { codes, steps };
            return Self::to_align(&texts, &readings, alignment, config);
        }
        let how = HowToRead::find(&texts, config)?;
        Ok(Self {
            duplicates,
            ..Self::of_texts(texts, &how, config)?
        })
    }

    /// Pairs of a config's file that are at hand and were read as texts.
    ///
    /// # Errors
    ///
    /// Those of the symbols and lengths of the texts.
    pub fn of_texts(texts: PairTexts, how: &HowToRead, config: &PairsSource) -> Result<Self> {
        let pairs = match how.alignment {
            Some(to_find) => {
                Self::to_align(&texts, &how.readings, Alignment::ToFind(to_find), config)?
            }
            None => Self::of_equal(texts, &how.readings, config)?,
        };
        Ok(Self {
            found: how.found.clone(),
            ..pairs
        })
    }

    /// Pairs whose sides have different lengths.
    fn to_align(
        texts: &PairTexts,
        readings: &Readings,
        alignment: Alignment,
        config: &PairsSource,
    ) -> Result<Self> {
        let located = |error| anyhow!("{}: {error}", config.file.display());
        if texts.is_keyed() && !texts.are_numbered() {
            bail!(
                "{}: the sides have different lengths, and such pairs are aligned without keys; leave \
                 these out by naming the columns to read, --columns ciphertext=NAME,plaintext=NAME",
                config.file.display()
            );
        }
        let alphabets = find_alphabets(texts, readings).map_err(located)?;
        let [ciphertext, plaintext] = [&alphabets.ciphertext, &alphabets.plaintext];
        let table = PairTable::of_unequal(texts, ciphertext, plaintext).map_err(located)?;
        Ok(Self {
            alignment: Some(alignment),
            ..Self::new(texts, table, alphabets, config)
        })
    }

    /// Pairs whose sides have the same length, without the others.
    fn of_equal(texts: PairTexts, readings: &Readings, config: &PairsSource) -> Result<Self> {
        let located = |error| anyhow!("{}: {error}", config.file.display());
        let (texts, n_unequal) = equally_long(texts, readings, config)?;
        let alphabets = find_alphabets(&texts, readings).map_err(located)?;
        let [ciphertext, plaintext] = [&alphabets.ciphertext, &alphabets.plaintext];
        let mut table = PairTable::new(&texts, ciphertext, plaintext).map_err(located)?;
        // The pairs of a run have no keys that tell nothing.
        let keys = match config.readings.is_none() && have_one_key(&texts) {
            true => None,
            false => find_key_alphabet(&texts, &table, ciphertext).map_err(located)?,
        };
        if let Some(keys) = &keys {
            table = PairTable::keyed(&texts, ciphertext, plaintext, keys).map_err(located)?;
        }
        let message_length = match (config.readings.as_ref(), &keys) {
            (Some(_), _) => None, // the pairs of a run are cut already
            (None, Some(_)) if config.message_length.is_some() => {
                bail!(
                    "{}: messages with keys cannot be cut, since a key begins where its message does; \
                     leave out the message length",
                    config.file.display()
                );
            }
            (None, Some(_)) => None,
            (None, None) => {
                let said = config.message_length.map(NonZeroUsize::get);
                said.or_else(|| table.message_length())
            }
        };
        if let Some(length) = message_length {
            table = table.cut(length);
        }
        Ok(Self {
            keys,
            is_copied: (0..texts.len()).all(|i| texts.ciphertext(i) == texts.plaintext(i)),
            n_unequal,
            message_length,
            ..Self::new(&texts, table, alphabets, config)
        })
    }

    fn new(
        texts: &PairTexts,
        table: PairTable,
        alphabets: Alphabets,
        config: &PairsSource,
    ) -> Self {
        Self {
            name: config.file.display().to_string(),
            table: Arc::new(table),
            alignment: None,
            keys: None,
            unseen: alphabets.unseen,
            ciphertext_alphabet: alphabets.ciphertext,
            plaintext_alphabet: alphabets.plaintext,
            duplicates: Duplicates::default(),
            origin: texts.origin().cloned(),
            found: None,
            is_copied: false,
            n_unequal: 0,
            message_length: None,
            first_texts: texts.first(MAX_BYTES),
        }
    }

    /// Why the network is told no key although the file gives keys, if so.
    pub fn why_untold(&self) -> Option<String> {
        let texts = &self.first_texts;
        let key = texts.key(0).filter(|_| self.keys.is_none())?;
        Some(if texts.are_numbered() {
            "the keys of the file only count its pairs".into()
        } else if texts.is_keyed() {
            "one key of a known cipher explains all pairs, and not the keys of the file".into()
        } else {
            format!("all messages have the key {key:?}")
        })
    }

    /// A config to learn from these pairs, and what was found of how their sides depend on each other,
    /// if they have the same length.
    pub fn plan(&self, source: PairsSource) -> (Config, Option<Dependence>) {
        let source = Source::Pairs(source);
        if self.alignment.is_some() {
            return (plan_aligned(&self.table, source), None);
        }
        if self.keys.is_some() {
            return (plan_keyed(&self.table, source), None);
        }
        let dependence = Dependence::of(&self.table);
        let config = plan(&self.table, source, dependence.needs_later());
        (config, Some(dependence))
    }

    /// How the two sides are read.
    pub fn readings(&self) -> Readings {
        Readings::of_alphabets(&self.ciphertext_alphabet, &self.plaintext_alphabet)
    }

    /// What the file holds, as an object.
    pub fn to_json(&self) -> Value {
        let lengths = || (0..self.table.len()).map(|index| self.table.plaintext(index).len());
        json!({
            "file": self.name,
            "n_pairs": self.table.len(),
            "min_length": lengths().min(),
            "max_length": lengths().max(),
            "n_characters": self.table.n_symbols(),
            "ciphertext_symbols": self.ciphertext_alphabet.symbols(),
            "plaintext_symbols": self.plaintext_alphabet.symbols(),
            "key_symbols": self.keys.as_ref().map(Alphabet::symbols),
            "unseen_ciphertext_symbols": self.unseen[0],
            "unseen_plaintext_symbols": self.unseen[1],
            "readings": self.readings(),
            "message_length": self.message_length,
            "n_unequal": self.n_unequal,
            "n_repeated": self.duplicates.identical,
            "n_conflicts": self.duplicates.n_conflicts,
        })
    }
}

/// Whether one key explains pairs to which the file gives different ones, which are then something else.
fn have_one_key(texts: &PairTexts) -> bool {
    if !texts.is_keyed() {
        return false;
    }
    let first = texts.first(MAX_BYTES);
    let keys = || find_keys(&first.pairs().collect::<Vec<_>>());
    first.is_keyed() && keys().first().is_some_and(FoundKey::is_certain)
}

//! A file of pairs, from its name to ids.

mod describe;
mod file;

use std::num::NonZeroUsize;
use std::sync::Arc;

use anyhow::{Result, anyhow};
use cipher_data::{
    Alphabet, Alphabets, Duplicates, Encoding, FoundReadings, Layout, PairTable, PairTexts,
    Readings, find_alphabets,
};
use serde_json::{Value, json};

pub use file::read_texts;

use crate::config::PairsSource;
use file::{equally_long, read_settled};

/// The pairs of a file, and what was found in it.
pub struct Pairs {
    /// The name of the file, for messages.
    pub name: String,
    /// The pairs as ids.
    pub table: Arc<PairTable>,
    /// The alphabet that was found for the ciphertexts.
    pub ciphertext_alphabet: Alphabet,
    /// The alphabet that was found for the plaintexts.
    pub plaintext_alphabet: Alphabet,
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
}

impl Pairs {
    /// Reads a file whose every line is a pair.
    ///
    /// # Errors
    ///
    /// See [`read_texts`].
    pub fn read(config: &PairsSource) -> Result<Self> {
        let (texts, duplicates) = read_settled(config)?;
        let is_open = config.readings.is_none();
        let found = is_open.then(|| FoundReadings::of(&texts, &config.hints()));
        let said = config.readings.as_ref();
        let readings = said.or(found.as_ref().map(|found| &found.readings));
        let readings = readings.cloned().unwrap_or_default();
        let pairs = Self::of_texts(texts, &readings, config)?;
        Ok(Self {
            duplicates,
            found,
            ..pairs
        })
    }

    /// Pairs of a config's file that are at hand and were read as texts.
    ///
    /// # Errors
    ///
    /// Those of the symbols and lengths of the texts.
    pub fn of_texts(texts: PairTexts, readings: &Readings, config: &PairsSource) -> Result<Self> {
        let located = |error| anyhow!("{}: {error}", config.file.display());
        let (texts, n_unequal) = equally_long(texts, readings, config)?;
        let Alphabets {
            ciphertext,
            plaintext,
            unseen,
            ..
        } = find_alphabets(&texts, readings).map_err(located)?;
        let mut table = PairTable::new(&texts, &ciphertext, &plaintext).map_err(located)?;
        // The pairs of a run are cut already.
        let message_length = match config.readings {
            Some(_) => None,
            None => {
                let said = config.message_length.map(NonZeroUsize::get);
                said.or_else(|| table.message_length())
            }
        };
        if let Some(length) = message_length {
            table = table.cut(length);
        }
        Ok(Self {
            name: config.file.display().to_string(),
            table: Arc::new(table),
            unseen,
            ciphertext_alphabet: ciphertext,
            plaintext_alphabet: plaintext,
            duplicates: Duplicates::default(),
            origin: texts.origin().cloned(),
            found: None,
            is_copied: (0..texts.len()).all(|i| texts.ciphertext(i) == texts.plaintext(i)),
            n_unequal,
            message_length,
        })
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

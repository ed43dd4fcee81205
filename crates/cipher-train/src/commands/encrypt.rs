use std::sync::Once;

use anyhow::{Result, bail};
use cipher_data::{DataError, Outside, TextCipher, n_unread_signs};
use rayon::prelude::*;

use super::cli::EncryptArgs;
use super::text::{Convert, Converted, convert};
use super::{Outcome, output};
use crate::config::Config;

pub fn run(args: EncryptArgs) -> Result<Outcome> {
    let config = Config::load(Some(&args.config), &args.set)?;
    convert(
        &args.text,
        &Keyed::new(&config, args.key.as_deref(), Direction::Encrypt)?,
    )
}

/// A cipher whose key is known, in one direction.
pub struct Keyed {
    texts: TextCipher,
    direction: Direction,
    /// Whether an unknown symbol changes its own place only.
    decrypts_by_place: bool,
    has_warned: Once,
}

pub enum Direction {
    Encrypt,
    Decrypt,
}

impl Keyed {
    pub fn new(config: &Config, key: Option<&str>, direction: Direction) -> Result<Self> {
        let source = config.cipher()?;
        Ok(Self {
            texts: source.with_key(key)?,
            direction,
            decrypts_by_place: source.texts.cipher.decrypts_by_place(),
            has_warned: Once::new(),
        })
    }

    fn convert(&self, text: &str) -> Result<Converted> {
        let changed = match self.direction {
            Direction::Encrypt => self.texts.encrypt(text),
            Direction::Decrypt => self.texts.decrypt(text),
        }?;
        self.warn_of_letters(text)?;
        if let (Some(unknown), Direction::Decrypt, false) = (
            changed.unknown.first(),
            &self.direction,
            self.decrypts_by_place,
        ) {
            bail!(
                "symbol {}, {:?}, is unknown; with this cipher it changes others than its own place, so the text \
                 is not decrypted; remove it",
                unknown.column,
                unknown.symbol
            );
        }
        Ok(Converted {
            text: changed.text,
            unknown: changed.unknown,
        })
    }

    /// Names the first letter that the alphabet lacks and that stays as it is: the config says so, but a letter in
    /// another form is not decrypted.
    fn warn_of_letters(&self, text: &str) -> Result<(), DataError> {
        let alphabet = match self.direction {
            Direction::Encrypt => &self.texts.plaintext,
            Direction::Decrypt => &self.texts.ciphertext,
        };
        let is_kept = matches!(alphabet.outside(), Outside::Keep | Outside::KeepPlace);
        if !is_kept || self.has_warned.is_completed() {
            return Ok(());
        }
        // Where U+FFFD is written, its symbol is unknown, and reported as such.
        let n_lost = text.matches(char::REPLACEMENT_CHARACTER).count();
        if matches!(self.direction, Direction::Decrypt) && n_unread_signs(text) > n_lost {
            self.has_warned.call_once(|| {
                output::warning(
                    "a ? or * inside a word stays as it is and moves no key; if it stands for a letter that \
                     nobody could read, write U+FFFD in its place",
                );
            });
        }
        let passed = alphabet.encode(text)?.passed_through.into_iter();
        let mut symbols = passed.map(|(_, symbol)| symbol);
        if let Some(letter) = symbols.find(|symbol| symbol.chars().any(char::is_alphabetic)) {
            self.has_warned.call_once(|| {
                output::warning(format!(
                    "the alphabet has no {letter:?}, which stays as it is (alphabet.outside = \"keep\"); \
                     other such letters do, too"
                ));
            });
        }
        Ok(())
    }
}

impl Convert for Keyed {
    fn convert(&self, texts: &[&str]) -> Vec<Result<Converted>> {
        let texts = texts.par_iter();
        texts.map(|text| self.convert(text)).collect()
    }
}

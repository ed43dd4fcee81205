use anyhow::Result;
use cipher_data::{DataError, TextCipher};
use rayon::prelude::*;

use super::Outcome;
use super::cli::EncryptArgs;
use super::text::{Convert, Converted, convert};
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
}

pub enum Direction {
    Encrypt,
    Decrypt,
}

impl Keyed {
    pub fn new(config: &Config, key: Option<&str>, direction: Direction) -> Result<Self> {
        Ok(Self {
            texts: config.cipher()?.with_key(key)?,
            direction,
        })
    }

    fn convert(&self, text: &str) -> Result<Converted, DataError> {
        let changed = match self.direction {
            Direction::Encrypt => self.texts.encrypt(text),
            Direction::Decrypt => self.texts.decrypt(text),
        }?;
        Ok(Converted {
            text: changed.text,
            unknown: changed.unknown,
        })
    }
}

impl Convert for Keyed {
    fn convert(&self, texts: &[&str]) -> Vec<Result<Converted>> {
        let texts = texts.par_iter();
        texts.map(|text| Ok(self.convert(text)?)).collect()
    }
}

use std::sync::Arc;

use anyhow::{Error, Result};
use cipher_data::{Alphabet, Cipher};

use super::lines::{Convert, convert};
use crate::cli::EncryptArgs;
use crate::config::{Config, Parts};

pub fn run(args: EncryptArgs) -> Result<()> {
    let config = Config::load(Some(&args.config), &args.set)?;
    convert(&args.text, &Keyed::new(&config, Direction::Encrypt)?)
}

/// A cipher whose key is known, in one direction.
pub struct Keyed {
    alphabet: Alphabet,
    cipher: Arc<dyn Cipher>,
    direction: Direction,
}

pub enum Direction {
    Encrypt,
    Decrypt,
}

impl Keyed {
    pub fn new(config: &Config, direction: Direction) -> Result<Self> {
        let Parts {
            alphabet, cipher, ..
        } = config.init()?;
        Ok(Self {
            alphabet,
            cipher,
            direction,
        })
    }
}

impl Convert for Keyed {
    fn convert(&self, texts: &[String]) -> Result<Vec<String>, (usize, Error)> {
        let texts = texts.iter().enumerate().map(|(place, text)| {
            let encoded = self
                .alphabet
                .encode(text)
                .map_err(|error| (place, error.into()))?;
            let ids = match self.direction {
                Direction::Encrypt => self.cipher.encrypt(&encoded.ids),
                Direction::Decrypt => self.cipher.decrypt(&encoded.ids),
            };
            let symbols = ids.iter().map(|&id| self.alphabet.symbol(id));
            Ok(encoded.restore(symbols).concat())
        });
        texts.collect()
    }
}

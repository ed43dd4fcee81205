use anyhow::Result;

use super::Outcome;
use super::cli::EncryptArgs;
use super::text::{Convert, Converted, convert};
use crate::config::{CipherSetup, Config};

pub fn run(args: EncryptArgs) -> Result<Outcome> {
    let config = Config::load(Some(&args.config), &args.set)?;
    convert(&args.text, &Keyed::new(&config, Direction::Encrypt)?)
}

/// A cipher whose key is known, in one direction.
pub struct Keyed {
    setup: CipherSetup,
    direction: Direction,
}

pub enum Direction {
    Encrypt,
    Decrypt,
}

impl Keyed {
    pub fn new(config: &Config, direction: Direction) -> Result<Self> {
        Ok(Self {
            setup: config.cipher()?.init()?,
            direction,
        })
    }

    fn convert(&self, text: &str) -> Result<Converted> {
        let CipherSetup {
            alphabet, cipher, ..
        } = &self.setup;
        let encoded = alphabet.encode(text)?;
        let ids = match self.direction {
            Direction::Encrypt => cipher.encrypt(&encoded.ids),
            Direction::Decrypt => cipher.decrypt(&encoded.ids),
        };
        Ok(Converted {
            text: alphabet.restore(&encoded, &ids),
            unknown: encoded.unknown,
        })
    }
}

impl Convert for Keyed {
    fn convert(&self, texts: &[String]) -> Vec<Result<Converted>> {
        texts.iter().map(|text| self.convert(text)).collect()
    }
}

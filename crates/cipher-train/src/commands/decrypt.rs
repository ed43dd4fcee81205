use anyhow::{Error, Result};
use cipher_model::{Decryption, Decryptor};
use serde_json::json;

use super::encrypt::{Direction, Keyed};
use super::lines::{Convert, convert};
use super::open;
use crate::cli::{DecryptArgs, DeviceName};
use crate::config::Config;
use crate::run_folder::RunFolder;

pub fn run(args: DecryptArgs, device: Option<DeviceName>) -> Result<()> {
    if let Some(config) = &args.with_key {
        let config = Config::load(Some(config), &[])?;
        return convert(&args.text, &Keyed::new(&config, Direction::Decrypt)?);
    }
    let run = RunFolder::open(args.run.as_deref())?;
    let (_, device) = open(device)?;
    let network = Network {
        decryptor: Decryptor::load(run.bundle(), &device)?,
        json: args.json,
        min_confidence: args.min_confidence.unwrap_or(0.0),
    };
    convert(&args.text, &network)
}

struct Network {
    decryptor: Decryptor,
    json: bool,
    min_confidence: f32,
}

impl Convert for Network {
    fn convert(&self, texts: &[String]) -> Result<Vec<String>, (usize, Error)> {
        let decryptions = self.decryptor.decrypt_all(texts);
        let decryptions = decryptions.map_err(|(place, error)| (place, error.into()))?;
        let shown = texts.iter().zip(decryptions);
        Ok(shown
            .map(|(text, decryption)| self.show(text, decryption))
            .collect())
    }
}

impl Network {
    fn show(&self, ciphertext: &str, decryption: Decryption) -> String {
        let symbols = decryption.plaintext.chars().zip(&decryption.confidences);
        let plaintext: String = symbols
            .map(
                |(symbol, &confidence)| match confidence < self.min_confidence {
                    true => '?',
                    false => symbol,
                },
            )
            .collect();
        match self.json {
            true => json!({
                "ciphertext": ciphertext,
                "plaintext": plaintext,
                "confidences": decryption.confidences,
            })
            .to_string(),
            false => plaintext,
        }
    }
}

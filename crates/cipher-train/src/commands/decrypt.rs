use anyhow::{Error, Result};
use cipher_data::SymbolUnit;
use cipher_model::{Decryption, Decryptor, MessageParts};
use serde_json::json;

use super::encrypt::{Direction, Keyed};
use super::lines::{Convert, ConvertParts, convert};
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

    fn parts(&self) -> Option<Box<dyn ConvertParts + '_>> {
        let parts = self.decryptor.parts().filter(|_| !self.json)?;
        Some(Box::new(NetworkParts {
            network: self,
            parts,
        }))
    }
}

struct NetworkParts<'a> {
    network: &'a Network,
    parts: MessageParts<'a>,
}

impl ConvertParts for NetworkParts<'_> {
    fn convert(&mut self, part: &str) -> Result<String> {
        Ok(self.network.show(part, self.parts.decrypt(part)?))
    }
}

impl Network {
    fn show(&self, ciphertext: &str, decryption: Decryption) -> String {
        let symbols = decryption.symbols().zip(&decryption.confidences);
        let symbols: Vec<&str> = symbols
            .map(
                |(symbol, &confidence)| match confidence < self.min_confidence {
                    true => "?",
                    false => symbol,
                },
            )
            .collect();
        let plaintext = symbols.concat();
        if !self.json {
            return plaintext;
        }
        let mut answer = json!({
            "ciphertext": ciphertext,
            "plaintext": plaintext,
            "confidences": decryption.confidences,
        });
        // Who reads this may not know where graphemes end, or not find the same ends.
        if self.decryptor.plaintext_alphabet().unit() == SymbolUnit::Grapheme {
            answer["symbols"] = json!(symbols);
        }
        answer.to_string()
    }
}

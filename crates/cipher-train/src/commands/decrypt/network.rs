use std::borrow::Cow;

use anyhow::{Error, Result};
use cipher_data::{Alphabet, SymbolUnit};
use cipher_model::{Decryption, Decryptor, MessageParts};
use rayon::prelude::*;
use serde::Serialize;

use super::failed;
use crate::commands::cli::DecryptArgs;
use crate::commands::text::{Convert, ConvertParts, Converted};

/// The network of a run.
pub struct Network {
    decryptor: Decryptor,
    json: bool,
    min_confidence: f32,
}

impl Network {
    pub fn new(decryptor: Decryptor, args: &DecryptArgs) -> Self {
        Self {
            decryptor,
            json: args.json,
            min_confidence: args.min_confidence.unwrap_or(0.0),
        }
    }
}

impl Convert for Network {
    fn convert(&self, texts: &[&str]) -> Vec<Result<Converted>> {
        let decryptions = self.decryptor.decrypt_each(texts);
        let shown = texts.par_iter().zip(decryptions);
        let shown = shown.map(|(text, decryption)| self.show(text, decryption?));
        shown.collect()
    }

    fn failed(&self, text: Option<&str>, error: &Error) -> String {
        failed(self.json, text, error)
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
    fn convert(&mut self, part: &str) -> Result<Converted> {
        self.network.show(part, self.parts.decrypt(part)?)
    }
}

impl Network {
    fn show(&self, ciphertext: &str, decryption: Decryption) -> Result<Converted> {
        let unit = self.decryptor.plaintext_alphabet().unit();
        let symbols = || {
            let confidences = decryption.confidences.iter();
            let symbols = decryption.symbols().zip(confidences);
            symbols.map(
                |(symbol, &confidence)| match confidence < self.min_confidence {
                    true => Alphabet::UNKNOWN,
                    false => symbol,
                },
            )
        };
        let plaintext: Cow<'_, str> = match self.min_confidence > 0.0 {
            true => unit.join(symbols()).into(),
            false => Cow::Borrowed(&decryption.plaintext),
        };
        let text = if self.json {
            let answer = JsonAnswer {
                ciphertext,
                confidences: &decryption.confidences,
                plaintext: &plaintext,
                // A reader may not know where other symbols than characters end, or may find other
                // ends.
                symbols: (unit != SymbolUnit::Character).then(|| symbols().collect()),
            };
            let n_digits = 12 * decryption.confidences.len();
            let mut line = Vec::with_capacity(2 * ciphertext.len() + n_digits + 64);
            serde_json::to_writer(&mut line, &answer)?;
            String::from_utf8(line)?
        } else {
            plaintext.into_owned()
        };
        Ok(Converted {
            text,
            unknown: decryption.unknown,
        })
    }
}

/// A line of `--json` for an answer of the network.
#[derive(Serialize)]
struct JsonAnswer<'a> {
    ciphertext: &'a str,
    confidences: &'a [f32],
    plaintext: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    symbols: Option<Vec<&'a str>>,
}

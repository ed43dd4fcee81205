//! Keys from known plaintext, by a network.

use anyhow::{Result, bail};
use cipher_model::{Backend, Decryptor, ModelError};
use rayon::prelude::*;
use serde_json::json;

use super::cli::RecoverKeyArgs;
use super::generate::KEYED_HEADER;
use super::old_model::warn_of_old_model;
use super::text::{Convert, Converted, UNREADABLE, convert};
use super::{Outcome, open, output};
use crate::config::CipherSource;
use crate::numbers::{percent, symbols};
use crate::run::RunFolder;

pub fn run(args: RecoverKeyArgs, backend: Option<Backend>) -> Result<Outcome> {
    let run = RunFolder::open(args.run.as_deref())?;
    let (_, device) = open(backend)?;
    let bundle = run.load_bundle(&device)?;
    let folder = run.path().display();
    let measured = percent(bundle.measured.test.message_accuracy());
    let decryptor = Decryptor::new(bundle, &device);
    if !decryptor.recovers_keys() {
        bail!("{folder}: {}", ModelError::RecoversNoKeys);
    }
    warn_of_old_model(&run)?;
    output::info(format!(
        "asking the network of {folder} for keys, {measured} of its test keys right"
    ));
    let recovery = Recovery {
        decryptor,
        cipher: run.config()?.cipher()?.clone(),
        json: args.json,
    };
    let texts = match (args.ciphertext, args.plaintext) {
        (Some(ciphertext), Some(plaintext)) => vec![format!("{ciphertext}\t{plaintext}")],
        _ => Vec::new(),
    };
    convert(&texts, &recovery)
}

/// A network that names keys, and the cipher that they are tried with.
struct Recovery {
    decryptor: Decryptor,
    cipher: CipherSource,
    json: bool,
}

impl Recovery {
    /// Whether the cipher under a key gives the symbols of a ciphertext; what passes through counts for nothing.
    fn explains(&self, key: &str, ciphertext: &str, plaintext: &str) -> bool {
        let Ok(cipher) = self.cipher.with_key(Some(key)) else {
            return false;
        };
        let encrypted = cipher.encrypt(plaintext);
        let ids = |text: &str| cipher.ciphertext.encode(text).map(|encoded| encoded.ids);
        encrypted.is_ok_and(|encrypted| match (ids(&encrypted.text), ids(ciphertext)) {
            (Ok(one), Ok(other)) => one == other && !one.is_empty(),
            _ => false,
        })
    }

    fn trained_lengths(&self) -> String {
        let keys = self.decryptor.trained_keys();
        keys.map_or(String::new(), |keys| {
            format!(" (it was trained with keys of {})", symbols(keys.lengths))
        })
    }

    fn convert(&self, text: &str) -> Result<Converted> {
        let is_header = KEYED_HEADER.strip_prefix(text);
        if is_header.is_some_and(|rest| matches!(rest, "" | "\tkey")) {
            let (text, unknown) = ("key".into(), Vec::new());
            return Ok(Converted { text, unknown });
        }
        if text.is_empty() {
            let unknown = Vec::new();
            return Ok(Converted {
                text: String::new(),
                unknown,
            });
        }
        let [ciphertext, plaintext] = sides(text)?;
        let answer = self.decryptor.recover_key(ciphertext, plaintext)?;
        let ends = answer.plaintext.char_indices();
        let ends = ends.map(|(start, symbol)| start + symbol.len_utf8());
        let prefixes = ends.filter_map(|end| answer.plaintext.get(..end));
        // A short message does not show the last symbols of a key, and a repetition shows nothing more.
        let mut shortest = prefixes
            .enumerate()
            .filter(|(_, key)| self.explains(key, ciphertext, plaintext));
        let Some((last, key)) = shortest.next() else {
            bail!(
                "no key was found: the network's answer, {:?}, does not give this ciphertext{}; `solve` looks \
                 for keys without a network",
                answer.plaintext,
                self.trained_lengths()
            );
        };
        let confidences = answer.confidences.get(..=last).unwrap_or_default();
        let text = match self.json {
            true => json!({
                "ciphertext": ciphertext,
                "plaintext": plaintext,
                "key": key,
                "confidences": confidences,
            })
            .to_string(),
            false => key.into(),
        };
        Ok(Converted {
            text,
            unknown: Vec::new(),
        })
    }
}

/// The ciphertext and the plaintext of a line, which may have the key as well.
fn sides(line: &str) -> Result<[&str; 2]> {
    let sides: Vec<&str> = line.split('\t').collect();
    match sides[..] {
        [ciphertext, plaintext] | [ciphertext, plaintext, _]
            if !ciphertext.trim().is_empty() && !plaintext.trim().is_empty() =>
        {
            Ok([ciphertext, plaintext])
        }
        [_, _] | [_, _, _] => {
            bail!("a side is empty; write the ciphertext, a tab, and the plaintext")
        }
        [_] => bail!("there is no tab; write the ciphertext, a tab, and the plaintext"),
        _ => bail!("there are more than two tabs; write the ciphertext, a tab, and the plaintext"),
    }
}

impl Convert for Recovery {
    fn convert(&self, texts: &[&str]) -> Vec<Result<Converted>> {
        let texts = texts.par_iter();
        texts.map(|text| self.convert(text)).collect()
    }

    fn failed(&self, text: Option<&str>, error: &anyhow::Error) -> String {
        if !self.json {
            return UNREADABLE.into();
        }
        let sides = text.map(|text| text.split_once('\t').unwrap_or((text, "")));
        let (ciphertext, plaintext) = sides.unzip();
        json!({
            "ciphertext": ciphertext,
            "plaintext": plaintext,
            "error": format!("{error:#}"),
        })
        .to_string()
    }
}

//! Keys from known plaintext, by a network.

use anyhow::{Result, bail};
use cipher_model::{Backend, Decryptor, ModelError};
use rayon::prelude::*;
use serde_json::json;

use super::cli::RecoverKeyArgs;
use super::text::{Convert, Converted, UNREADABLE, convert};
use super::{Outcome, open};
use crate::config::CipherSource;
use crate::run::RunFolder;

pub fn run(args: RecoverKeyArgs, backend: Option<Backend>) -> Result<Outcome> {
    let run = RunFolder::open(args.run.as_deref())?;
    let (_, device) = open(backend)?;
    let decryptor = Decryptor::new(run.load_bundle(&device)?, &device);
    if !decryptor.recovers_keys() {
        bail!("{}: {}", run.path().display(), ModelError::RecoversNoKeys);
    }
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
    fn convert(&self, text: &str) -> Result<Converted> {
        let [ciphertext, plaintext] = sides(text)?;
        let answer = self.decryptor.recover_key(ciphertext, plaintext)?;
        let key = &answer.plaintext;
        // In the text as it is, so that what passes through has to agree as well.
        let cipher = self.cipher.with_key(Some(key));
        let encrypted = cipher
            .ok()
            .and_then(|cipher| cipher.encrypt(plaintext).ok());
        if encrypted.is_none_or(|encrypted| encrypted.text != ciphertext) {
            bail!("no key was found: the network's answer, {key:?}, does not give this ciphertext");
        }
        let text = match self.json {
            true => json!({
                "ciphertext": ciphertext,
                "plaintext": plaintext,
                "key": key,
                "confidences": answer.confidences,
            })
            .to_string(),
            false => key.clone(),
        };
        Ok(Converted {
            text,
            unknown: Vec::new(),
        })
    }
}

/// The ciphertext and the plaintext of a line.
fn sides(line: &str) -> Result<[&str; 2]> {
    let sides: Vec<&str> = line.split('\t').collect();
    match sides[..] {
        [ciphertext, plaintext] if !ciphertext.is_empty() && !plaintext.is_empty() => {
            Ok([ciphertext, plaintext])
        }
        [_, _] => bail!("a side is empty; write the ciphertext, a tab, and the plaintext"),
        [_] => bail!("there is no tab; write the ciphertext, a tab, and the plaintext"),
        _ => bail!("there are several tabs; write the ciphertext, a tab, and the plaintext"),
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

//! Keys from known plaintext, by a network.

use anyhow::{Context, Result, bail};
use cipher_data::{DataError, KeyedCipher, SymbolId, TextCipher, key_ids};
use cipher_model::{Backend, Bundle, Decryption, Decryptor};
use rayon::prelude::*;
use serde_json::json;

use super::cli::RecoverKeyArgs;
use super::text::{Convert, Converted, convert};
use super::{Outcome, open};
use crate::config::CipherSetup;
use crate::run::RunFolder;

pub fn run(args: RecoverKeyArgs, backend: Option<Backend>) -> Result<Outcome> {
    let run = RunFolder::open(args.run.as_deref())?;
    let (_, device) = open(backend)?;
    let setup = run.config()?.cipher()?.init()?;
    let recovery = Recovery {
        decryptor: Decryptor::new(Bundle::load(run.bundle(), &device)?, &device),
        setup,
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
    setup: CipherSetup,
    json: bool,
}

impl Recovery {
    fn convert(&self, text: &str) -> Result<Converted> {
        let (ciphertext, plaintext) = text
            .split_once('\t')
            .context("there is no tab; write the ciphertext, a tab, and the plaintext")?;
        let answer = self.decryptor.recover_key(ciphertext, plaintext)?;
        let key = &answer.plaintext;
        if !self.fits(key, ciphertext, plaintext)? {
            bail!("no key was found: the network's answer, {key:?}, does not give this ciphertext");
        }
        Ok(Converted {
            text: self.show(&answer, [ciphertext, plaintext]),
            unknown: Vec::new(),
        })
    }

    /// Whether the cipher gives the ciphertext with this key.
    fn fits(&self, key: &str, ciphertext: &str, plaintext: &str) -> Result<bool> {
        let CipherSetup { texts, keyed, .. } = &self.setup;
        let keyed = keyed.as_ref().context("the run's config draws no keys")?;
        let TextCipher {
            plaintext: of_plaintexts,
            ciphertext: of_ciphertexts,
            ..
        } = texts;
        let expected = of_ciphertexts.encode(ciphertext)?.ids;
        let found = encrypt(keyed, key, &of_plaintexts.encode(plaintext)?.ids);
        Ok(found.is_ok_and(|found| found == *expected))
    }

    fn show(&self, answer: &Decryption, [ciphertext, plaintext]: [&str; 2]) -> String {
        let key = &answer.plaintext;
        if !self.json {
            return key.clone();
        }
        let shown = json!({
            "ciphertext": ciphertext,
            "plaintext": plaintext,
            "key": key,
            "confidences": answer.confidences,
        });
        shown.to_string()
    }
}

fn encrypt(
    cipher: &KeyedCipher,
    key: &str,
    message: &[SymbolId],
) -> Result<Vec<SymbolId>, DataError> {
    let key = key_ids(cipher.key_alphabet(), key)?;
    Ok(cipher.with_key(&key)?.encrypt(message))
}

impl Convert for Recovery {
    fn convert(&self, texts: &[&str]) -> Vec<Result<Converted>> {
        let texts = texts.par_iter();
        texts.map(|text| self.convert(text)).collect()
    }

    fn failed(&self, text: Option<&str>, error: &anyhow::Error) -> String {
        super::decrypt::failed(self.json, text, error)
    }
}

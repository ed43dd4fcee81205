use anyhow::{Context, Error, Result, bail};
use cipher_data::{Alphabet, FoundKey, Outside, Rule, TextCipher, UnknownSymbol};
use cipher_model::Bundle;
use rayon::prelude::*;
use serde_json::json;

use super::failed;
use crate::commands::cli::DecryptArgs;
use crate::commands::output;
use crate::commands::text::{Convert, Converted};

/// A cipher with its key in place of the network.
pub struct Found {
    texts: TextCipher,
    /// Whether a text with an unknown symbol is an error, and what to do about it.
    refuses: Option<&'static str>,
    title: &'static str,
    json: bool,
}

impl Found {
    pub fn new(key: &FoundKey, args: &DecryptArgs) -> Result<Self> {
        warn_of_confidence(args);
        Ok(Self {
            texts: texts(key, args.outside)?,
            refuses: match args.outside {
                Some(Outside::Reject) => Some(REJECTED),
                None if key.texts.alphabet.outside == Outside::Keep
                    && !key.texts.cipher.decrypts_by_place() =>
                {
                    Some(CHANGES_OTHERS)
                }
                _ => None,
            },
            title: key.texts.cipher.title(),
            json: args.json,
        })
    }

    fn decrypt(&self, text: &str) -> Result<Converted> {
        let changed = self.texts.decrypt(text)?;
        if let Some(advice) = self.refuses {
            refuse(&changed.unknown, advice)?;
        }
        let text = match self.json {
            false => changed.text,
            true => json!({
                "ciphertext": text,
                "plaintext": changed.text,
                "rule": self.title,
            })
            .to_string(),
        };
        Ok(Converted {
            text,
            unknown: changed.unknown,
        })
    }
}

/// The cipher of a run's key, with another policy for unknown symbols if one is given.
fn texts(key: &FoundKey, given: Option<Outside>) -> Result<TextCipher> {
    let mut config = key.texts.clone();
    config.alphabet.outside = match (given, config.alphabet.outside) {
        // The rest of the text can be read where an unknown symbol changes its own place only.
        (None, Outside::Reject) if config.cipher.decrypts_by_place() => Outside::Mark,
        (Some(Outside::Mark), _) if !config.cipher.decrypts_by_place() => bail!(
            "--outside mark: with this cipher, an unknown symbol changes others than its own place; \
             choose `keep`, or leave out --outside"
        ),
        (None, _) | (Some(Outside::Reject | Outside::Mark), Outside::Keep) => {
            return key.init().context("the run's key");
        }
        (Some(given), _) => given,
    };
    let texts = config.init().context("the run's key")?;
    if given.is_some_and(|given| ![Outside::Reject, texts.ciphertext.outside()].contains(&given)) {
        bail!(
            "--outside: the ciphertext has signs of its own, and a sign that the key lacks is marked; \
             only `mark` and `reject` are possible"
        );
    }
    Ok(texts)
}

const REJECTED: &str = "remove it, or leave out `--outside reject` for a ? in its place";
const CHANGES_OTHERS: &str = "as it changes others than its own place, the text is not decrypted; remove it, or \
    choose `--outside keep` to decrypt the rest as if it were not there";

/// An error that names the first of unknown symbols.
fn refuse(unknown: &[UnknownSymbol], advice: &str) -> Result<()> {
    match unknown.first() {
        None => Ok(()),
        Some(UnknownSymbol { symbol, column, .. }) => {
            bail!("symbol {column}, {symbol:?}, is unknown; {advice}")
        }
    }
}

impl Convert for Found {
    fn convert(&self, texts: &[&str]) -> Vec<Result<Converted>> {
        texts.par_iter().map(|text| self.decrypt(text)).collect()
    }

    fn failed(&self, text: Option<&str>, error: &Error) -> String {
        failed(self.json, text, error)
    }
}

fn warn_of_confidence(args: &DecryptArgs) {
    if args.min_confidence.is_some() {
        output::warning("a rule has no confidences; give --network for those of the network");
    }
}

/// A simple rule in place of the network.
pub struct Ruled {
    rule: Rule,
    ciphertext_alphabet: Alphabet,
    plaintext_alphabet: Alphabet,
    json: bool,
}

impl Ruled {
    pub fn new(rule: Rule, bundle: &Bundle, args: &DecryptArgs) -> Result<Self> {
        warn_of_confidence(args);
        let mut alphabet = bundle.ciphertext_alphabet.to_config();
        let outside: Option<Outside> = args.outside;
        alphabet.outside = outside.unwrap_or(alphabet.outside);
        Ok(Self {
            rule,
            ciphertext_alphabet: alphabet.init().context("the run's alphabet")?,
            plaintext_alphabet: bundle.plaintext_alphabet.clone(),
            json: args.json,
        })
    }

    fn decrypt(&self, text: &str) -> Result<Converted> {
        let alphabet = &self.ciphertext_alphabet;
        let mut encoded = alphabet.encode(text)?;
        self.rule.mark_unseen(&mut encoded, alphabet);
        if alphabet.outside() == Outside::Reject {
            refuse(&encoded.unknown, REJECTED)?;
        }
        let unknown = encoded.unknown.clone();
        let places = self.rule.unknown_places(&encoded, alphabet.len());
        encoded.mark(places);
        let answer = self.rule.answer(&encoded.ids);
        let plaintext = self.plaintext_alphabet.restore(&encoded, &answer);
        if !self.json {
            return Ok(Converted {
                text: plaintext,
                unknown,
            });
        }
        let answer = json!({
            "ciphertext": text,
            "plaintext": plaintext,
            "rule": self.rule.name(),
        });
        Ok(Converted {
            text: answer.to_string(),
            unknown,
        })
    }
}

impl Convert for Ruled {
    fn convert(&self, texts: &[&str]) -> Vec<Result<Converted>> {
        texts.par_iter().map(|text| self.decrypt(text)).collect()
    }

    fn failed(&self, text: Option<&str>, error: &Error) -> String {
        failed(self.json, text, error)
    }
}

use anyhow::{Context, Error, Result, bail};
use cipher_data::{Alphabet, DataError, FoundKey, Outside, Rule, SymbolUnit, TextCipher};
use cipher_model::{Backend, Bundle, Decryption, Decryptor, MessageParts};
use serde_json::json;

use super::cli::DecryptArgs;
use super::encrypt::{Direction, Keyed};
use super::text::{Convert, ConvertParts, Converted, UNREADABLE, convert};
use super::{Outcome, open, output};
use crate::config::{Config, Source};
use crate::numbers::percent;
use crate::report::measure::Measure;
use crate::run::{RunFolder, RunResult, RunRule};
use crate::training::Checkpoints;

pub fn run(args: DecryptArgs, backend: Option<Backend>) -> Result<Outcome> {
    if let Some(config) = &args.with_key {
        let config = Config::load(Some(config), &args.set)?;
        return convert(&args.text, &Keyed::new(&config, Direction::Decrypt)?);
    }
    let run = RunFolder::open(args.run.as_deref())?;
    let (_, device) = open(backend)?;
    let manifest = run.manifest()?;
    let bundle = Bundle::load(run.bundle(), &device)?;
    let result = run.result()?;
    if manifest.is_some() {
        warn_if_unfinished(&run, result.as_ref())?;
    }
    let rule = match &result {
        Some(result) if !args.network => run.rule(result)?,
        _ => None,
    };
    output::info(describe(&run, &bundle, result.as_ref(), rule.as_ref()));
    match rule {
        Some(RunRule::Key(key)) => return convert(&args.text, &Found::new(&key, &args)?),
        Some(RunRule::Table(rule)) => {
            return convert(&args.text, &Ruled::new(rule, &bundle, &args)?);
        }
        None => {}
    }
    let mut decryptor = Decryptor::new(bundle, &device);
    if let Some(outside) = args.outside {
        decryptor = decryptor.with_outside(outside)?;
    }
    let network = Network {
        decryptor,
        json: args.json,
        min_confidence: args.min_confidence.unwrap_or(0.0),
    };
    convert(&args.text, &network)
}

/// A bundle that is not the result of its training may be from an earlier stop.
fn warn_if_unfinished(run: &RunFolder, result: Option<&RunResult>) -> Result<()> {
    let folder = run.path().display();
    let is_current = match result {
        None => false,
        Some(result) => {
            let bundle = Bundle::fingerprint(run.bundle())?;
            let checkpoint = Checkpoints::at(run.checkpoints()).newest_sha256()?;
            bundle == result.bundle_sha256 && checkpoint == result.checkpoint_sha256
        }
    };
    if !is_current {
        output::warning(format!(
            "the model in {folder} is from an earlier stop of its training; \
             `status {folder}` shows how to finish it"
        ));
    }
    Ok(())
}

/// Which run decrypts, and what it was trained on.
fn describe(
    run: &RunFolder,
    bundle: &Bundle,
    result: Option<&RunResult>,
    rule: Option<&RunRule>,
) -> String {
    let folder = run.path().display();
    let trained_on = match run.config().map(|config| config.source) {
        Ok(Source::Cipher(source)) => serde_json::to_value(&source.texts.cipher)
            .ok()
            .and_then(|cipher| Some(format!("{} messages", cipher["name"].as_str()?))),
        Ok(Source::Pairs(_)) => Some("pairs of a file".into()),
        Err(_) => None,
    };
    let trained_on = trained_on.map_or(String::new(), |what| format!(", trained on {what}"));
    let is_stopped =
        result.is_some_and(|result| result.end.is_none() && result.checkpoint_sha256.is_some());
    let stopped = if is_stopped {
        ", stopped before its end"
    } else {
        ""
    };
    match rule {
        Some(RunRule::Key(key)) => {
            format!("decrypting with the key of {folder}, {}", key.name())
        }
        Some(RunRule::Table(rule)) => {
            format!("decrypting with the rule of {folder}: {}", rule.name())
        }
        None => {
            let by = match Measure::of(&bundle.plaintext_alphabet) {
                Measure::Symbols => "",
                Measure::Edits => " by edit distance",
            };
            format!(
                "decrypting with the network of {folder}{trained_on}{stopped}, {} of its test \
                 characters right{by}",
                percent(bundle.measured.test.character_accuracy())
            )
        }
    }
}

struct Network {
    decryptor: Decryptor,
    json: bool,
    min_confidence: f32,
}

impl Convert for Network {
    fn convert(&self, texts: &[String]) -> Vec<Result<Converted>> {
        match self.decryptor.decrypt_all(texts) {
            Ok(decryptions) => {
                let shown = texts.iter().zip(decryptions);
                shown
                    .map(|(text, decryption)| Ok(self.show(text, decryption)))
                    .collect()
            }
            // One by one, so that each text with an error has its own.
            Err(_) => texts
                .iter()
                .map(|text| Ok(self.show(text, self.decryptor.decrypt(text)?)))
                .collect(),
        }
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
        Ok(self.network.show(part, self.parts.decrypt(part)?))
    }
}

impl Network {
    fn show(&self, ciphertext: &str, decryption: Decryption) -> Converted {
        let symbols = decryption.symbols().zip(&decryption.confidences);
        let symbols: Vec<&str> = symbols
            .map(|(symbol, &confidence)| {
                if confidence < self.min_confidence {
                    Alphabet::UNKNOWN
                } else {
                    symbol
                }
            })
            .collect();
        let unit = self.decryptor.plaintext_alphabet().unit();
        let plaintext = unit.join(symbols.iter().copied());
        let unknown = decryption.unknown.clone();
        if !self.json {
            return Converted {
                text: plaintext,
                unknown,
            };
        }
        let mut answer = json!({
            "ciphertext": ciphertext,
            "plaintext": plaintext,
            "confidences": decryption.confidences,
        });
        // A reader may not know where other symbols than characters end, or may find other ends.
        if unit != SymbolUnit::Character {
            answer["symbols"] = json!(symbols);
        }
        Converted {
            text: answer.to_string(),
            unknown,
        }
    }
}

/// A cipher with its key in place of the network.
struct Found {
    texts: TextCipher,
    title: &'static str,
    json: bool,
}

impl Found {
    fn new(key: &FoundKey, args: &DecryptArgs) -> Result<Self> {
        warn_of_confidence(args);
        let mut config = key.texts.clone();
        config.alphabet.outside = args.outside.unwrap_or(config.alphabet.outside);
        Ok(Self {
            texts: config.init().context("the run's key")?,
            title: config.cipher.title(),
            json: args.json,
        })
    }

    fn decrypt(&self, text: &str) -> Result<Converted> {
        let changed = self.texts.decrypt(text)?;
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

impl Convert for Found {
    fn convert(&self, texts: &[String]) -> Vec<Result<Converted>> {
        texts.iter().map(|text| self.decrypt(text)).collect()
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
struct Ruled {
    rule: Rule,
    ciphertext_alphabet: Alphabet,
    plaintext_alphabet: Alphabet,
    json: bool,
}

impl Ruled {
    fn new(rule: Rule, bundle: &Bundle, args: &DecryptArgs) -> Result<Self> {
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
        if let (Outside::Reject, Some(unknown)) = (alphabet.outside(), encoded.unknown.first()) {
            bail!(DataError::OutsideAlphabet {
                symbol: unknown.symbol.clone(),
                column: unknown.column,
            });
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
    fn convert(&self, texts: &[String]) -> Vec<Result<Converted>> {
        texts.iter().map(|text| self.decrypt(text)).collect()
    }

    fn failed(&self, text: Option<&str>, error: &Error) -> String {
        failed(self.json, text, error)
    }
}

/// The line for a text with an error.
fn failed(is_json: bool, text: Option<&str>, error: &Error) -> String {
    if is_json {
        json!({ "ciphertext": text, "error": format!("{error:#}") }).to_string()
    } else {
        UNREADABLE.into()
    }
}

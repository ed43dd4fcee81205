//! The config of a run: TOML, a default for every field, overrides from the command line, and
//! errors that say where.

mod explain;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};
use cipher_data::{
    Alphabet, AlphabetConfig, Cipher, CipherConfig, Conflicts, DataError, Format, Lengths, Pair,
    SymbolUnit,
};
use cipher_model::{CipherModelConfig, ModelError};
use serde::{Deserialize, Deserializer, Serialize};

use explain::{explain, locate, place};

/// The tutorial's.
const SECRET: &str = "THIS-IS-A-SECRET";
const CAESAR: &str = include_str!("../../../../configs/caesar.toml");

/// Everything a run depends on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Every random choice of the run follows from it.
    pub seed: u64,
    pub alphabet: AlphabetConfig,
    #[serde(deserialize_with = "caesar_if_unnamed")]
    pub cipher: CipherConfig,
    pub messages: MessagesConfig,
    /// Train on these instead of random messages of the cipher.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pairs: Option<PairsConfig>,
    pub model: CipherModelConfig,
    pub training: TrainingConfig,
}

/// The random messages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MessagesConfig {
    /// The shortest, in symbols.
    pub min_length: usize,
    /// The longest, in symbols.
    pub max_length: usize,
    /// Training messages in an epoch; every epoch has new ones.
    pub per_epoch: usize,
    /// Held-out messages after each epoch, which decide when to stop.
    pub held_out: usize,
    /// Other held-out messages, for the accuracy that is reported in the end.
    pub test: usize,
}

/// A file of messages with their decryptions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PairsConfig {
    /// Where it is.
    pub file: PathBuf,
    /// What it is, if its name does not tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
    /// Whether a symbol is a grapheme cluster, instead of a character.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub graphemes: bool,
    /// What happens to pairs of the same ciphertext with different plaintexts.
    #[serde(default)]
    pub conflicts: Conflicts,
}

impl PairsConfig {
    /// What in the messages is one symbol.
    pub fn unit(&self) -> SymbolUnit {
        match self.graphemes {
            true => SymbolUnit::Grapheme,
            false => SymbolUnit::Character,
        }
    }
}

/// How the model is trained.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TrainingConfig {
    /// The most epochs.
    pub epochs: usize,
    /// Messages in a batch.
    pub batch_size: usize,
    /// Adam's step size at the beginning.
    pub learning_rate: f64,
    /// How the step size goes on.
    pub schedule: Schedule,
    /// How much of each weight is taken away a step, times the step size: AdamW's decay.
    pub weight_decay: f64,
    /// Gradients are scaled down to at most this norm, over all weights together.
    pub max_gradient_norm: f64,
    /// The share of ciphertext symbols that are replaced by random ones while training, and not
    /// asked for: see [`cipher_data::Masked`].
    pub masking: f64,
    /// Training ends when this share of the held-out characters is right ..
    pub target_accuracy: f64,
    /// .. and the held-out loss, in nats, is no higher than this, if it is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_loss: Option<f64>,
    /// Training ends as well when the held-out accuracy has not risen for so many epochs, if it is
    /// given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patience: Option<usize>,
    /// Seconds between saves inside an epoch. Saves are put off while they take more than 1 % of
    /// the time. 0 saves after every step, whatever it takes.
    pub save_every: f64,
    /// What happens when the loss gets out of hand.
    pub on_divergence: OnDivergence,
}

/// What happens when the loss gets out of hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnDivergence {
    /// Training stops with an error.
    Stop,
    /// It goes back to the last save, at half the learning rate, at most three times.
    Backoff,
}

/// How the learning rate goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Schedule {
    /// It stays.
    Constant,
    /// It falls to 0 at the last epoch along half a cosine.
    Cosine,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            seed: 1,
            alphabet: AlphabetConfig::default(),
            cipher: CipherConfig::default(),
            messages: MessagesConfig::default(),
            pairs: None,
            model: CipherModelConfig::default(),
            training: TrainingConfig::default(),
        }
    }
}

impl Default for MessagesConfig {
    fn default() -> Self {
        Self {
            min_length: 32,
            max_length: 32,
            per_epoch: 1024,
            held_out: 2000,
            test: 2000,
        }
    }
}

impl Default for TrainingConfig {
    fn default() -> Self {
        Self {
            epochs: 50,
            batch_size: 32,
            learning_rate: 0.02,
            schedule: Schedule::Cosine,
            weight_decay: 0.0,
            max_gradient_norm: 1.0,
            masking: 0.0,
            target_accuracy: 1.0,
            target_loss: None,
            patience: None,
            save_every: 30.0,
            on_divergence: OnDivergence::Stop,
        }
    }
}

/// A `[cipher]` table may leave its name out, as any field.
fn caesar_if_unnamed<'de, D: Deserializer<'de>>(deserializer: D) -> Result<CipherConfig, D::Error> {
    let mut table = toml::Table::deserialize(deserializer)?;
    table.entry("name").or_insert("caesar".into());
    let config = table.try_into();
    config.map_err(|error: toml::de::Error| serde::de::Error::custom(error.message()))
}

/// The parts of a config that are used together, made and checked.
pub struct Parts {
    pub alphabet: Alphabet,
    pub cipher: Arc<dyn Cipher>,
    pub lengths: Lengths,
}

impl Parts {
    /// The tutorial's message, if the alphabet can write it.
    pub fn secret(&self) -> Option<Pair> {
        let symbols = SymbolUnit::Character.symbols(SECRET);
        let plaintext: Option<Vec<_>> = symbols.map(|symbol| self.alphabet.id(symbol)).collect();
        let plaintext = plaintext?;
        Pair::new(self.cipher.encrypt(&plaintext), plaintext).ok()
    }
}

/// A value that cannot be used: its field, and why.
struct Refused {
    field: String,
    reason: String,
}

impl Config {
    /// Reads a file, or the built-in config where there is none, and applies overrides in order.
    pub fn load(path: Option<&Path>, overrides: &[String]) -> Result<Self> {
        let (name, text) = match path {
            Some(path) => {
                let name = path.display().to_string();
                let bytes = fs::read(path).with_context(|| format!("cannot read {name}"))?;
                let text = String::from_utf8(bytes).map_err(|error| {
                    let valid = error.utf8_error().valid_up_to();
                    let place = place(&String::from_utf8_lossy(&error.as_bytes()[..valid]), valid);
                    anyhow!("{name}:{place}: not UTF-8; save the file as UTF-8")
                })?;
                (name, text)
            }
            None => ("the built-in config".into(), CAESAR.into()),
        };
        Self::parse(&name, &text, overrides)
    }

    /// Reads a text that is called `name` in errors, and applies overrides in order.
    pub fn parse(name: &str, text: &str, overrides: &[String]) -> Result<Self> {
        let located = |error: toml::de::Error| {
            let at = error.span().map_or(0, |span| span.start);
            anyhow!("{name}:{}: {}", place(text, at), explain(error.message()))
        };
        let mut config: Self = toml::from_str(text).map_err(located)?;
        let mut table: toml::Table = toml::from_str(text).map_err(located)?;
        for setting in overrides {
            apply(&mut table, setting)?;
            config = table.clone().try_into().map_err(|error: toml::de::Error| {
                anyhow!("--set {setting}: {}", explain(error.message()))
            })?;
        }
        config
            .parts()
            .map(|_| ())
            .or_else(|Refused { field, reason }| {
                let overridden =
                    |setting: &&String| setting.split('=').next() == Some(field.as_str());
                match overrides.iter().rev().find(overridden) {
                    Some(setting) => bail!("--set {setting}: {reason}"),
                    None => bail!(
                        "{name}:{}: {field}: {reason}",
                        place(text, locate(text, &field))
                    ),
                }
            })?;
        Ok(config)
    }

    /// The config as it is written into a run folder.
    pub fn to_toml(&self) -> String {
        toml::to_string_pretty(self).expect("a config is plain data")
    }

    /// Makes what the config describes. Cannot fail for a config that was loaded.
    pub fn init(&self) -> Result<Parts> {
        self.parts()
            .map_err(|Refused { field, reason }| anyhow!("{field}: {reason}"))
    }

    fn parts(&self) -> Result<Parts, Refused> {
        let refuse = |field: &str| {
            let field = field.to_string();
            move |error: DataError| Refused {
                field,
                reason: error.to_string(),
            }
        };
        let alphabet = self.alphabet.init().map_err(refuse("alphabet.symbols"))?;
        let cipher = self
            .cipher
            .init(&alphabet)
            .map_err(|error| refuse(&cipher_field(&error))(error))?;
        let messages = &self.messages;
        let lengths = Lengths::new(messages.min_length, messages.max_length).map_err(|error| {
            let field = match error {
                DataError::LengthOutOfRange(length) if length == messages.max_length => {
                    "max_length"
                }
                _ => "min_length",
            };
            refuse(&format!("messages.{field}"))(error)
        })?;
        self.model.check().map_err(|error| Refused {
            field: match error {
                ModelError::Config { field, .. } => format!("model.{field}"),
                _ => "model".into(),
            },
            reason: error.to_string(),
        })?;
        self.check_ranges()?;
        Ok(Parts {
            alphabet,
            cipher: cipher.into(),
            lengths,
        })
    }

    fn check_ranges(&self) -> Result<(), Refused> {
        let (messages, training) = (&self.messages, &self.training);
        for (field, value, max) in [
            ("messages.per_epoch", messages.per_epoch, 1 << 24),
            ("messages.held_out", messages.held_out, 1 << 24),
            ("messages.test", messages.test, 1 << 24),
            ("training.epochs", training.epochs, 1 << 32),
            ("training.batch_size", training.batch_size, 1 << 16),
        ] {
            if !(1..=max).contains(&value) {
                return Err(Refused {
                    field: field.into(),
                    reason: format!("{value} is out of range; give a whole number from 1 to {max}"),
                });
            }
        }
        for (field, share) in [
            ("training.weight_decay", training.weight_decay),
            ("training.masking", training.masking),
        ] {
            if !(0.0..1.0).contains(&share) {
                return Err(Refused {
                    field: field.into(),
                    reason: format!("{share} is out of range; give a number from 0 to below 1"),
                });
            }
        }
        let is_no_loss = |loss: &f64| loss.is_nan() || *loss < 0.0;
        if let Some(loss) = training.target_loss.filter(is_no_loss) {
            return Err(Refused {
                field: "training.target_loss".into(),
                reason: format!("{loss} is out of range; give a number of nats, at least 0"),
            });
        }
        if !(training.save_every >= 0.0 && training.save_every.is_finite()) {
            let value = training.save_every;
            return Err(Refused {
                field: "training.save_every".into(),
                reason: format!("{value} is out of range; give a number of seconds, or 0"),
            });
        }
        for (field, value, max) in [
            ("training.learning_rate", training.learning_rate, 1.0),
            (
                "training.max_gradient_norm",
                training.max_gradient_norm,
                f64::MAX,
            ),
            ("training.target_accuracy", training.target_accuracy, 1.0),
        ] {
            if !(value > 0.0 && value <= max) {
                let upper = if max == 1.0 { ", at most 1" } else { "" };
                return Err(Refused {
                    field: field.into(),
                    reason: format!("{value} is out of range; give a number above 0{upper}"),
                });
            }
        }
        Ok(())
    }
}

/// The field that an error of the cipher is about.
fn cipher_field(error: &DataError) -> String {
    match error {
        DataError::Key { field, .. } => format!("cipher.{field}"),
        // A running key goes through the alphabet as a message does.
        DataError::KeyOutOfRange { .. } | DataError::OutsideAlphabet { .. } => "cipher.key".into(),
        _ => "cipher".into(),
    }
}

/// Puts `key=value` into the table. The value is TOML, or else a string.
fn apply(table: &mut toml::Table, setting: &str) -> Result<()> {
    let Some((key, value)) = setting.split_once('=') else {
        bail!("--set {setting}: write it as KEY=VALUE, such as cipher.key=5");
    };
    let value = value
        .parse()
        .unwrap_or_else(|_| toml::Value::String(value.into()));
    let mut table = table;
    let mut keys = key.trim().split('.').peekable();
    while let Some(key) = keys.next() {
        if keys.peek().is_none() {
            table.insert(key.into(), value);
            break;
        }
        let inner = table
            .entry(key)
            .or_insert_with(|| toml::Table::new().into());
        let Some(inner) = inner.as_table_mut() else {
            bail!("--set {setting}: {key} is a value, not a table");
        };
        table = inner;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_config_is_the_default_of_every_field() {
        assert_eq!(Config::load(None, &[]).unwrap(), Config::default());
    }

    #[test]
    fn every_config_of_the_repository_can_be_loaded() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../configs");
        for config in fs::read_dir(folder).unwrap() {
            Config::load(Some(&config.unwrap().path()), &[]).unwrap();
        }
    }

    #[test]
    fn an_error_of_the_cipher_is_placed_at_its_field() {
        let cannot = |settings: [&str; 2]| {
            let overrides = settings.map(String::from);
            Config::load(None, &overrides).unwrap_err().to_string()
        };
        let setting = r#"cipher={name="affine", a=3, b=0}"#;
        let error = cannot([setting, "cipher.a=9"]);
        assert!(error.starts_with("--set cipher.a=9: affine"), "{error}");
        let setting = r#"cipher={name="porta", key="A"}"#;
        let error = cannot([setting, "seed=2"]);
        assert!(
            error.starts_with(&format!("--set {setting}: porta needs")),
            "{error}"
        );
    }

    #[test]
    fn a_config_written_into_a_run_folder_reads_back_the_same() {
        let overrides = ["seed=7".into(), "messages.min_length=3".into()];
        let config = Config::load(None, &overrides).unwrap();
        assert_eq!(toml::from_str::<Config>(&config.to_toml()).unwrap(), config);
    }

    #[test]
    fn graphemes_are_written_into_a_run_folder_only_if_they_were_asked_for() {
        let pairs = "pairs={file='p.tsv'}".to_string();
        let characters = Config::load(None, std::slice::from_ref(&pairs)).unwrap();
        assert!(!characters.to_toml().contains("graphemes"));
        let overrides = [pairs, "pairs.graphemes=true".into()];
        let graphemes = Config::load(None, &overrides).unwrap();
        assert_eq!(
            graphemes.pairs.as_ref().unwrap().unit(),
            SymbolUnit::Grapheme
        );
        let read = toml::from_str::<Config>(&graphemes.to_toml()).unwrap();
        assert_eq!(read, graphemes);
    }

    #[test]
    fn a_list_of_graphemes_is_an_alphabet_and_what_is_none_is_placed_at_it() {
        let list = |symbols: &str| {
            let text = format!("[alphabet]\nsymbols = {symbols}\n[cipher]\nkey = 1\n");
            Config::parse("c.toml", &text, &[])
        };
        let config = list("['A', '🇩🇪', 'e\u{301}']").unwrap();
        assert_eq!(config.init().unwrap().alphabet.len(), 3);
        assert_eq!(toml::from_str::<Config>(&config.to_toml()).unwrap(), config);
        let refusal = list("['A', 'BC']").unwrap_err().to_string();
        let expected = "c.toml:2:11: alphabet.symbols: the alphabet's symbol \"BC\" (place 1";
        assert!(refusal.starts_with(expected), "{refusal}");
        let refusal = list("7").unwrap_err().to_string();
        assert!(refusal.contains("neither a string"), "{refusal}");
    }
}

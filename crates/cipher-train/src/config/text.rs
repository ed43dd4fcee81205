//! A config as its TOML file has it, and the words of earlier versions.

use cipher_data::{AlphabetConfig, CipherConfig, Curriculum, KeyInput, Reading, TextCipherConfig};
use cipher_model::CipherModelConfig;
use serde::{Deserialize, Serialize};
use toml::{Table, Value};

use super::cipher_table::CipherTable;
use super::source::is_default;
use super::{CipherSource, Config, PairsSource, Refused, SetSizes, Source, Task, TrainingConfig};

/// The tables of the file. What is left out has its default.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ConfigText {
    seed: u64,
    #[serde(skip_serializing_if = "is_default")]
    task: Task,
    #[serde(skip_serializing_if = "Option::is_none")]
    alphabet: Option<AlphabetConfig>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cipher: Option<CipherTable>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ciphertext: Option<Reading>,
    #[serde(skip_serializing_if = "Option::is_none")]
    alternative: Option<CipherConfig>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pairs: Option<PairsSource>,
    messages: MessagesText,
    model: CipherModelConfig,
    training: TrainingConfig,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct MessagesText {
    #[serde(skip_serializing_if = "Option::is_none")]
    min_length: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_length: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    curriculum: Option<Curriculum>,
    per_epoch: usize,
    validation: usize,
    test: usize,
}

impl Default for ConfigText {
    fn default() -> Self {
        let mut text = Self::from(Config::default());
        (text.alphabet, text.cipher) = (None, None);
        text.messages = MessagesText::default();
        text
    }
}

impl Default for MessagesText {
    fn default() -> Self {
        let SetSizes {
            per_epoch,
            validation,
            test,
        } = SetSizes::default();
        Self {
            min_length: None,
            max_length: None,
            curriculum: None,
            per_epoch,
            validation,
            test,
        }
    }
}

impl From<Config> for ConfigText {
    fn from(config: Config) -> Self {
        let mut text = Self {
            seed: config.seed,
            task: config.task,
            alphabet: None,
            cipher: None,
            ciphertext: None,
            alternative: None,
            pairs: None,
            messages: MessagesText {
                min_length: None,
                max_length: None,
                curriculum: None,
                per_epoch: config.sizes.per_epoch,
                validation: config.sizes.validation,
                test: config.sizes.test,
            },
            model: match config.task {
                Task::Decrypt => config.model,
                Task::RecoverKey => CipherModelConfig {
                    key_input: None,
                    ..config.model
                },
            },
            training: config.training,
        };
        match config.source {
            Source::Pairs(pairs) => text.pairs = Some(pairs),
            Source::Cipher(source) => {
                text.alphabet = Some(source.texts.alphabet);
                text.cipher = Some(CipherTable {
                    cipher: source.texts.cipher,
                    key_lengths: source.key_lengths,
                });
                text.ciphertext = source.texts.ciphertext;
                text.alternative = source.texts.alternative;
                text.messages.min_length = Some(source.min_length);
                text.messages.max_length = Some(source.max_length);
                let curriculum = Some(source.curriculum);
                text.messages.curriculum = curriculum.filter(|curriculum| !curriculum.is_empty());
            }
        }
        text
    }
}

impl TryFrom<ConfigText> for Config {
    type Error = Refused;

    fn try_from(text: ConfigText) -> Result<Self, Refused> {
        Ok(Self {
            seed: text.seed,
            task: text.task,
            source: source(&text)?,
            sizes: SetSizes {
                per_epoch: text.messages.per_epoch,
                validation: text.messages.validation,
                test: text.messages.test,
            },
            model: match (text.task, text.model.key_input) {
                (Task::Decrypt, _) => text.model,
                (Task::RecoverKey, Some(_)) => {
                    let reason = "the network is told no key; leave it out";
                    return Err(Refused::new("model.key_input", reason));
                }
                // It reads the plaintext as another reads an aligned key.
                (Task::RecoverKey, None) => CipherModelConfig {
                    key_input: Some(KeyInput::Aligned),
                    ..text.model
                },
            },
            training: text.training,
        })
    }
}

/// Changes a config of version 0.1 to today's fields: it had a cipher beside a file of pairs, and
/// other names.
pub fn modernize(table: &mut Table) {
    let is_of_pairs = table.contains_key("pairs");
    if is_of_pairs {
        table.remove("alphabet");
        table.remove("cipher");
    }
    if let Some(messages) = table.get_mut("messages").and_then(Value::as_table_mut) {
        rename(messages, "held_out", "validation");
        if is_of_pairs {
            messages.remove("min_length");
            messages.remove("max_length");
        }
    }
    if let Some(training) = table.get_mut("training").and_then(Value::as_table_mut) {
        rename(training, "masking", "symbol_dropout");
    }
}

fn rename(table: &mut Table, from: &str, to: &str) {
    if let Some(value) = table.remove(from) {
        table.insert(to.into(), value);
    }
}

/// Messages come from a cipher or from a file of pairs, never from both.
fn source(text: &ConfigText) -> Result<Source, Refused> {
    let messages = &text.messages;
    let Some(pairs) = text.pairs.clone() else {
        let default = CipherSource::default();
        let CipherTable {
            cipher,
            key_lengths,
        } = text.cipher.clone().unwrap_or_default();
        return Ok(Source::Cipher(CipherSource {
            texts: TextCipherConfig {
                alphabet: text.alphabet.clone().unwrap_or_default(),
                cipher,
                ciphertext: text.ciphertext.clone(),
                alternative: text.alternative.clone(),
            },
            key_lengths,
            min_length: messages.min_length.unwrap_or(default.min_length),
            max_length: messages.max_length.unwrap_or(default.max_length),
            curriculum: messages.curriculum.clone().unwrap_or_default(),
        }));
    };
    for (field, is_given) in [
        ("alphabet", text.alphabet.is_some()),
        ("cipher", text.cipher.is_some()),
        ("ciphertext", text.ciphertext.is_some()),
        ("alternative", text.alternative.is_some()),
        ("messages.min_length", messages.min_length.is_some()),
        ("messages.max_length", messages.max_length.is_some()),
        ("messages.curriculum", messages.curriculum.is_some()),
    ] {
        if is_given {
            let reason =
                "the messages are those of the file in [pairs], which decides this; leave it out";
            return Err(Refused::new(field, reason));
        }
    }
    Ok(Source::Pairs(pairs))
}

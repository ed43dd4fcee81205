//! The config of a run: TOML with a default for every field, overrides from the command line, and
//! errors that say where.

mod cipher_table;
mod errors;
mod overrides;
mod plan;
mod source;
mod task;
mod text;
mod training;

use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use cipher_model::{CipherModelConfig, ModelError};
use serde::{Deserialize, Serialize};

pub(crate) use errors::located;
use errors::{locate, place};
pub(crate) use overrides::{holds, key, overlap};
pub use plan::{plan, plan_aligned, plan_keyed};
pub use source::{CipherSetup, CipherSource, PairsSource, Source, Unequal};
pub use task::Task;
use text::ConfigText;
pub use training::{BestBy, OnDivergence, Schedule, TrainingConfig};

/// Everything that a run depends on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(into = "ConfigText", try_from = "ConfigText")]
pub struct Config {
    /// Every random choice of the run follows from it.
    pub seed: u64,
    /// What the network learns to answer.
    pub task: Task,
    /// Where the messages come from.
    pub source: Source,
    /// How many messages there are for each purpose.
    pub sizes: SetSizes,
    /// The sizes of the network.
    pub model: CipherModelConfig,
    /// How the network is trained.
    pub training: TrainingConfig,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            seed: 1,
            task: Task::default(),
            source: Source::default(),
            sizes: SetSizes::default(),
            model: CipherModelConfig::default(),
            training: TrainingConfig::default(),
        }
    }
}

/// Numbers of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetSizes {
    /// Training messages in an epoch.
    pub per_epoch: usize,
    /// Validation messages: they decide when to stop, and which epoch is the best.
    pub validation: usize,
    /// Test messages: the accuracy that is reported is measured on them.
    pub test: usize,
}

impl Default for SetSizes {
    fn default() -> Self {
        Self {
            per_epoch: 1024,
            validation: 2000,
            test: 2000,
        }
    }
}

/// A value that cannot be used: its field, and why.
#[derive(Debug)]
pub struct Refused {
    field: String,
    reason: String,
}

impl Refused {
    fn new(field: impl Into<String>, reason: impl ToString) -> Self {
        Self {
            field: field.into(),
            reason: reason.to_string(),
        }
    }
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.field, self.reason)
    }
}

/// The largest file that is read as a config, in bytes.
pub const MAX_CONFIG_BYTES: u64 = 16 << 20;

impl Config {
    /// Reads a file, or the built-in config where there is none, and applies overrides in order.
    /// A relative `pairs.file` is found beside the config.
    ///
    /// # Errors
    ///
    /// Names the file, line and column, or the override.
    pub fn load(path: Option<&Path>, overrides: &[String]) -> Result<Self> {
        let Some(path) = path else {
            let built_in = Self::default().to_toml();
            return Self::parse("the built-in config", &built_in, overrides);
        };
        let name = path.display().to_string();
        let mut config = Self::parse(&name, &read_text(path)?, overrides)?;
        if let Source::Pairs(pairs) = &mut config.source
            && let Some(folder) = path.parent()
        {
            pairs.file = folder.join(&pairs.file);
            if let Some(plaintexts) = &mut pairs.plaintexts {
                *plaintexts = folder.join(&plaintexts);
            }
        }
        Ok(config)
    }

    /// Reads a text that is called `name` in errors, and applies overrides in order.
    ///
    /// # Errors
    ///
    /// As [`Self::load`].
    pub fn parse(name: &str, text: &str, overrides: &[String]) -> Result<Self> {
        let raw = overrides::parse(name, text, overrides)?;
        let checked = Self::try_from(raw).and_then(|config| config.check().map(|()| config));
        checked.or_else(|Refused { field, reason }| {
            match overrides::responsible(overrides, &field) {
                Some(setting) => bail!("--set {}: {reason}", errors::shorten(setting)),
                None => bail!(
                    "{name}:{}: {field}: {reason}",
                    place(text, locate(text, &field))
                ),
            }
        })
    }

    /// Reads a config of version 0.1, which had a cipher beside a file of pairs.
    ///
    /// # Errors
    ///
    /// As [`Self::load`].
    pub fn parse_format_1(name: &str, text: &str) -> Result<Self> {
        let mut table: toml::Table = toml::from_str(text)
            .map_err(|error| anyhow!("{name}: {}", errors::explain(error.message())))?;
        text::modernize(&mut table);
        Self::parse(name, &table.to_string(), &[])
    }

    /// The config as it is written into a run folder.
    pub fn to_toml(&self) -> String {
        toml::to_string_pretty(self).expect("a config is plain data")
    }

    /// The cipher that the config draws messages of.
    ///
    /// # Errors
    ///
    /// When the config trains on a file of pairs, which names no cipher.
    pub fn cipher(&self) -> Result<&CipherSource> {
        match &self.source {
            Source::Cipher(cipher) => Ok(cipher),
            Source::Pairs(pairs) => bail!(
                "this config trains on the pairs of {} and names no cipher; give a config with a [cipher]",
                pairs.file.display()
            ),
        }
    }

    fn check(&self) -> Result<(), Refused> {
        let is_keyed = match &self.source {
            Source::Cipher(cipher) => Some(cipher.setup()?.keyed.is_some()),
            Source::Pairs(_) => None, // that is seen when the file is read
        };
        self.task.check(&self.source)?;
        match self.model.key_input {
            None if is_keyed == Some(true) => {
                let reason = "cipher.key is drawn for each message, and the network must be told it; set \
                              \"prefix\" or \"aligned\"";
                return Err(Refused::new("model.key_input", reason));
            }
            Some(_) if is_keyed == Some(false) => {
                let reason = "all messages have the same key, so there is none to tell the network; leave \
                              it out, or draw keys: cipher.key = { length = [1, 6] }";
                return Err(Refused::new("model.key_input", reason));
            }
            _ => {}
        }
        self.model.check().map_err(|error| match &error {
            ModelError::Config { field, .. } => Refused::new(format!("model.{field}"), &error),
            _ => Refused::new("model", &error),
        })?;
        self.sizes.check()?;
        if self.training.random_prefixes {
            self.check_random_prefixes()?;
        }
        self.training.check()
    }
}

impl Config {
    /// Some networks must read whole messages.
    fn check_random_prefixes(&self) -> Result<(), Refused> {
        let reason = match self.task {
            Task::RecoverKey => "the key is asked for after the whole message; leave it out",
            Task::Decrypt if self.model.bidirectional => {
                "with model.bidirectional the network needs whole messages; leave out one of the two"
            }
            Task::Decrypt => return Ok(()),
        };
        Err(Refused::new("training.random_prefixes", reason))
    }
}

impl SetSizes {
    const MAX: usize = 1 << 24;

    fn check(&self) -> Result<(), Refused> {
        for (field, value) in [
            ("messages.per_epoch", self.per_epoch),
            ("messages.validation", self.validation),
            ("messages.test", self.test),
        ] {
            training::check_count(field, value, Self::MAX)?;
        }
        Ok(())
    }
}

fn read_text(path: &Path) -> Result<String> {
    let name = path.display();
    let bytes = cipher_model::files::read_whole(path, MAX_CONFIG_BYTES)
        .with_context(|| format!("cannot read {name}"))?;
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let place = place(&String::from_utf8_lossy(&error.as_bytes()[..valid]), valid);
        anyhow!("{name}:{place}: not UTF-8; save the file as UTF-8")
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use cipher_data::SymbolUnit;

    use super::*;

    #[test]
    fn the_built_in_config_is_that_of_the_tutorial_with_every_field_explained() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../configs/caesar.toml");
        let explained = Config::load(Some(&file), &[]).unwrap();
        assert_eq!(Config::load(None, &[]).unwrap(), explained);
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
    fn prefixes_are_refused_where_the_network_needs_whole_messages() {
        let cannot = |settings: &[&str]| {
            let overrides: Vec<String> = settings.iter().map(|&setting| setting.into()).collect();
            Config::load(None, &overrides).unwrap_err().to_string()
        };
        let prefixes = "training.random_prefixes=true";
        let error = cannot(&["model.bidirectional=true", prefixes]);
        assert!(
            error.starts_with(&format!("--set {prefixes}: with model.bidirectional")),
            "{error}"
        );
        let error = cannot(&[
            "task='recover-key'",
            "cipher.name='vigenere'",
            "cipher.key={length=[1, 2]}",
            prefixes,
        ]);
        assert!(error.contains("after the whole message"), "{error}");
    }

    #[test]
    fn a_config_written_into_a_run_folder_reads_back_the_same() {
        let overrides = ["seed=7".into(), "messages.min_length=3".into()];
        let config = Config::load(None, &overrides).unwrap();
        assert_eq!(toml::from_str::<Config>(&config.to_toml()).unwrap(), config);
    }

    #[test]
    fn a_config_with_a_cipher_and_a_file_of_pairs_is_refused_where_the_cipher_is() {
        let text = "[pairs]\nfile = 'p.tsv'\n[cipher]\nkey = 3\n";
        let error = Config::parse("c.toml", text, &[]).unwrap_err().to_string();
        assert!(error.starts_with("c.toml:3:"), "{error}");
        assert!(error.contains("[pairs]"), "{error}");
    }

    #[test]
    fn a_file_of_pairs_is_found_beside_its_config() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("c.toml");
        fs::write(&path, "[pairs]\nfile = 'p.tsv'\n").unwrap();
        let config = Config::load(Some(&path), &[]).unwrap();
        let Source::Pairs(pairs) = config.source else {
            panic!("the config names a file of pairs");
        };
        assert_eq!(pairs.file, folder.path().join("p.tsv"));
    }

    #[test]
    fn a_reading_is_written_into_a_run_folder_only_if_it_was_asked_for() {
        let load = |text: &str| Config::parse("c.toml", text, &[]).unwrap();
        assert!(!load("pairs = {file='p.tsv'}").to_toml().contains("reading"));
        let text = "[pairs]\nfile='p.tsv'\n[pairs.reading]\nciphertext_symbols='groups:2'\n\
                    only='letters'\nfold_case=true\nstand_ins={J='I'}";
        let config = load(text);
        let read = toml::from_str::<Config>(&config.to_toml()).unwrap();
        assert_eq!(read, config);
        assert!(config.to_toml().contains("groups:2"));
    }

    #[test]
    fn a_config_of_version_0_1_that_asks_for_graphemes_still_does() {
        let config = Config::parse("c.toml", "pairs = {file='p.tsv', graphemes=true}", &[]);
        let Source::Pairs(pairs) = config.unwrap().source else {
            panic!("the config names a file of pairs");
        };
        let hints = pairs.hints();
        let graphemes = Some(SymbolUnit::Grapheme);
        assert_eq!(
            [hints.ciphertext_symbols, hints.plaintext_symbols],
            [graphemes; 2]
        );
    }

    #[test]
    fn a_list_of_graphemes_is_an_alphabet_and_an_error_in_it_is_placed_there() {
        let list = |symbols: &str| {
            let text = format!("[alphabet]\nsymbols = {symbols}\n[cipher]\nkey = 1\n");
            Config::parse("c.toml", &text, &[])
        };
        let config = list("['A', '🇩🇪', 'e\u{301}']").unwrap();
        let setup = config.cipher().unwrap().init().unwrap();
        assert_eq!(setup.texts.plaintext.len(), 3);
        assert_eq!(toml::from_str::<Config>(&config.to_toml()).unwrap(), config);
        let refusal = list("['A', 'BC']").unwrap_err().to_string();
        let expected = "c.toml:2:11: alphabet.symbols: the alphabet's symbol \"BC\" (place 1";
        assert!(refusal.starts_with(expected), "{refusal}");
        let refusal = list("7").unwrap_err().to_string();
        assert!(refusal.contains("neither a string"), "{refusal}");
    }
}

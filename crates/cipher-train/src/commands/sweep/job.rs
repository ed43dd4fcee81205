//! One run of a sweep: its command, and the folder that follows from it.

use std::env::current_exe;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use cipher_model::Backend;
use cipher_model::files::sha256_hex;
use toml::Value;

use crate::commands::fit::is_config;
use crate::commands::hint::quote_argument;

/// Characters of a value in the name of a folder, at most.
const MAX_VALUE: usize = 24;
/// Characters of such a name before the hash, at most.
const MAX_NAME: usize = 100;

/// One run of a sweep.
#[derive(Debug, Clone)]
pub struct Job {
    /// The name of the group, if the sweep has groups.
    pub group: Option<String>,
    /// What varies, with the value that this run has.
    pub varied: Vec<(String, Value)>,
    /// A config, or a file of pairs.
    pub file: PathBuf,
    /// The number of pairs to learn from, if not all, or those of a config's cipher.
    pub pairs: Option<usize>,
    /// Options that say how a file of pairs is read.
    pub read: Vec<String>,
    /// Overrides of the config.
    pub settings: Vec<String>,
    /// A hash of what the run reads.
    pub contents: String,
    /// The folder of the run.
    pub folder: PathBuf,
}

impl Job {
    /// Puts the run into a folder of its own in `runs`. Its name ends with a hash of all that the result depends
    /// on: a run is never taken for one with other settings.
    pub fn put_into(&mut self, runs: &Path) {
        let all = format!(
            "{} {:?} {:?} {}",
            self.is_trained(),
            self.pairs,
            self.read,
            self.contents
        );
        let hash = sha256_hex(all.as_bytes());
        let hash: String = hash.chars().take(8).collect();
        let name = plain(&self.describe(), MAX_NAME);
        self.folder = match name.is_empty() {
            true => runs.join(hash),
            false => runs.join(format!("{name}_{hash}")),
        };
    }

    /// The group and what varies.
    pub fn describe(&self) -> String {
        let values = self.varied.iter().map(|(key, value)| {
            let key = key.rsplit('.').next().unwrap_or(key);
            format!("{key}-{}", plain(&text(value), MAX_VALUE))
        });
        let group = self.group.iter().map(|group| plain(group, MAX_VALUE));
        group.chain(values).collect::<Vec<_>>().join("_")
    }

    /// Whether the command is `train`. Otherwise it is `fit`.
    pub fn is_trained(&self) -> bool {
        is_config(&self.file) && self.pairs.is_none()
    }

    /// The shell command that starts the run, or resumes it where it was stopped.
    ///
    /// # Errors
    ///
    /// When the path of this program cannot be found, or a path is not UTF-8.
    pub fn command(&self, backend: Option<Backend>) -> Result<String> {
        let program = current_exe().context("cannot find the path of this program")?;
        let path = |path: &Path| {
            let path = path.to_str().map(str::to_owned);
            path.with_context(|| format!("{}: not UTF-8; rename it", self.folder.display()))
        };
        let mut words = vec![path(&program)?];
        words.push(if self.is_trained() { "train" } else { "fit" }.into());
        words.push(path(&self.file)?);
        words.extend(self.read.iter().cloned());
        if let Some(n) = self.pairs {
            words.extend(["--pairs".into(), n.to_string()]);
        }
        words.extend(["--run".into(), path(&self.folder)?, "--resume".into()]);
        words.extend(["--contents".into(), self.contents.clone()]);
        for setting in &self.settings {
            words.extend(["--set".into(), setting.clone()]);
        }
        if let Some(backend) = backend {
            words.extend(["--device".into(), backend.name().into()]);
        }
        if let Some(word) = words.iter().find(|word| word.contains('\n')) {
            bail!("{word:?} has a line break, which a command of one line cannot have; rename it");
        }
        let words: Vec<String> = words.iter().map(|word| quote_argument(word)).collect();
        Ok(words.join(" "))
    }
}

/// A value as text for a reader.
pub fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

/// A value as it is typed after `--set KEY=`.
pub fn show(value: &Value) -> String {
    match value {
        // A text that is no other value needs no quotes.
        Value::String(text) if text.parse::<Value>().is_err() => text.clone(),
        value => value.to_string(),
    }
}

/// A text as a part of a file name.
fn plain(text: &str, max: usize) -> String {
    let plain = |c: char| match c.is_alphanumeric() || "-_.".contains(c) {
        true => c,
        false => '-',
    };
    let name: String = text.chars().map(plain).take(max).collect();
    name.trim_matches(['-', '.']).into()
}

//! A hash of what a run is made of: its config with the settings, and the pairs that it reads. `sweep jobs` writes
//! it into commands, and a command refuses files that were changed since.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use cipher_model::files::{read_whole, sha256_hex};

use super::cli::RunArgs;
use super::fit::is_config;
use crate::config::{Config, PairsSource, Source};

/// The largest file that a run may read, in bytes.
const MAX_BYTES: u64 = 4 << 30;
/// Hexadecimal digits of the hash.
const DIGITS: usize = 16;

/// Hashes of files, each of which is read once.
#[derive(Default)]
pub struct Contents(HashMap<PathBuf, String>);

impl Contents {
    /// The hash for a config or a file of pairs. Comments and the layout of a config do not change it.
    ///
    /// # Errors
    ///
    /// Those of the files and of the settings.
    pub fn of(&mut self, file: &Path, settings: &[String]) -> Result<String> {
        let config = match is_config(file) {
            true => Config::load(Some(file), settings)?,
            // The settings are of a plan that is made of the pairs.
            false => {
                let plan = Config {
                    source: Source::Pairs(PairsSource::of(file)),
                    ..Config::default()
                };
                Config::parse("the plan for the pairs", &plan.to_toml(), settings)?
            }
        };
        let mut all = String::new();
        let mut comparable = config.clone();
        if let Source::Pairs(source) = &config.source {
            for file in [Some(&source.file), source.plaintexts.as_ref()]
                .into_iter()
                .flatten()
            {
                all += self.of_file(file)?;
            }
            // Where the files are does not matter.
            let nameless = PairsSource {
                plaintexts: None,
                file: PathBuf::new(),
                ..source.clone()
            };
            comparable.source = Source::Pairs(nameless);
        }
        all += &comparable.to_toml();
        Ok(sha256_hex(all.as_bytes()).chars().take(DIGITS).collect())
    }

    fn of_file(&mut self, file: &Path) -> Result<&str> {
        if !self.0.contains_key(file) {
            let contents = read_whole(file, MAX_BYTES);
            let contents = contents.with_context(|| format!("cannot read {}", file.display()))?;
            self.0.insert(file.into(), sha256_hex(contents));
        }
        Ok(self.0.get(file).map_or("", String::as_str))
    }
}

/// Refuses files that were changed since the command was written, if it says what they held.
///
/// # Errors
///
/// When they were, or cannot be read.
pub fn check(args: &RunArgs, file: Option<&Path>) -> Result<()> {
    let (Some(expected), Some(file)) = (&args.contents, file) else {
        return Ok(());
    };
    if Contents::default().of(file, &args.set)? != *expected {
        bail!(
            "{}: what this run reads was changed after the command was written (--contents); put it back, or \
             have `sweep jobs` write the commands again",
            file.display()
        );
    }
    Ok(())
}

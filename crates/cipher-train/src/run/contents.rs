//! What is in the files of a run, and whether they belong together.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use burn::tensor::Device;
use cipher_data::Format;
use cipher_model::Bundle;
use cipher_model::files::{read_whole, sha256_hex};

use super::rule::RunRule;
use super::{
    CONFIG, DIVERGED, MANIFEST, MAX_BYTES, RESULT, RULE, RunFolder, RunManifest, RunResult, create,
    manifest,
};
use crate::config::{Config, PairsSource, Source};
use crate::data::Data;

impl RunFolder {
    /// The config that the run was made with; its pairs are the run's own.
    ///
    /// # Errors
    ///
    /// When `config.toml` is missing or has other values than the run was made with.
    pub fn config(&self) -> Result<Config> {
        let path = self.path.join(CONFIG);
        let Some(manifest) = self.manifest()? else {
            return self.config_of_format_1(&path);
        };
        let config = Config::load(Some(&path), &[])?;
        manifest.check_config(&config, &path)?;
        Ok(self.with_own_pairs(config))
    }

    /// The messages of the run.
    ///
    /// # Errors
    ///
    /// When `pairs.jsonl` is missing or is not the file that the run was made with.
    pub fn data(&self, config: &Config) -> Result<Data> {
        self.check_pairs()?;
        let data = Data::of(config)?;
        Ok(match self.keys()? {
            Some(keys) => data.with_keys(keys),
            None => data,
        })
    }

    /// Whether `pairs.jsonl` is the file that the run was made with, if it has one.
    ///
    /// # Errors
    ///
    /// When it is missing or is another file.
    pub fn check_pairs(&self) -> Result<()> {
        match self.manifest()? {
            Some(RunManifest {
                pairs_sha256: Some(expected),
                ..
            }) => manifest::check_pairs(&self.pairs(), &expected),
            _ => Ok(()),
        }
    }

    /// The pairs in the run folder are the ones to use, wherever the file went that they are from.
    fn with_own_pairs(&self, mut config: Config) -> Config {
        if let Source::Pairs(source) = &mut config.source {
            *source = PairsSource {
                file: self.pairs(),
                format: Some(Format::JsonLines),
                are_settled: true,
                ..source.clone()
            };
        }
        config
    }

    fn config_of_format_1(&self, path: &Path) -> Result<Config> {
        let text = read_whole(path, MAX_BYTES)
            .map_err(anyhow::Error::from)
            .and_then(|bytes| Ok(String::from_utf8(bytes)?))
            .with_context(|| format!("cannot read {}", path.display()))?;
        let config = Config::parse_format_1(&path.display().to_string(), &text)?;
        Ok(self.with_own_pairs(config))
    }

    /// What the run is of; `None` for a run of format 1, which has no such file.
    ///
    /// # Errors
    ///
    /// When the folder is no run, the run is not complete, or the file is damaged.
    pub fn manifest(&self) -> Result<Option<RunManifest>> {
        let folder = self.path.display();
        match RunManifest::read(&self.path.join(MANIFEST))? {
            Some(manifest) if manifest.is_complete => Ok(Some(manifest)),
            Some(_) => bail!(
                "{folder} is not a complete run: the process that made it was stopped. \
                 Give the same command again with --run {folder}"
            ),
            None if self.is_of_format_1() => Ok(None),
            None => bail!("{folder} holds no run (no {MANIFEST}); give the folder of a run"),
        }
    }

    /// The trained model.
    ///
    /// # Errors
    ///
    /// When the folder is no run, or its model is missing or damaged.
    pub fn load_bundle(&self, device: &Device) -> Result<Bundle> {
        self.manifest()?;
        let folder = self.path.display();
        if !self.has_bundle() {
            bail!(
                "{folder} holds no trained model yet; `status {folder}` says how its training continues"
            );
        }
        Bundle::load(self.bundle(), device).map_err(|error| match self.checkpoints().exists() {
            true => anyhow!(
                "{error}; or write it from the last checkpoint: `train --resume --run {folder}`"
            ),
            false => error.into(),
        })
    }

    /// Whether the folder holds a run, and nothing of it is missing.
    ///
    /// # Errors
    ///
    /// When `run.json` is damaged.
    pub fn is_made(&self) -> Result<bool> {
        let manifest = RunManifest::read(&self.path.join(MANIFEST))?;
        Ok(manifest.is_some_and(|manifest| manifest.is_complete))
    }

    pub(super) fn is_of_format_1(&self) -> bool {
        let has = |path: PathBuf| path.exists();
        has(self.path.join(CONFIG))
            && (has(self.bundle()) || has(self.checkpoints()) || has(self.metrics()))
    }

    /// The hash by which checkpoints name the run.
    ///
    /// # Errors
    ///
    /// As [`Self::manifest`], and for a run of format 1, which cannot be resumed.
    pub fn id(&self) -> Result<String> {
        let manifest = self.manifest()?.with_context(|| {
            format!(
                "{} was made by version 0.1, whose checkpoints this version cannot resume; \
                 use its model as it is, or train again with --overwrite",
                self.path.display()
            )
        })?;
        Ok(manifest.id)
    }

    /// Why training was given up, if it was.
    pub fn diverged(&self) -> Option<String> {
        let reason = read_whole(self.path.join(DIVERGED), MAX_BYTES).ok()?;
        Some(String::from_utf8_lossy(&reason).trim().into())
    }

    /// Notes why training is given up, or with `None` that it continues.
    ///
    /// # Errors
    ///
    /// Those of the file.
    pub fn set_diverged(&self, reason: Option<&str>) -> Result<()> {
        match reason {
            Some(reason) => self.write(DIVERGED, format!("{reason}\n").as_bytes()),
            None => create::remove(&self.path.join(DIVERGED)),
        }
    }

    /// Which checkpoint and bundle belong together; `None` before the first bundle is written.
    ///
    /// # Errors
    ///
    /// When the file is damaged.
    pub fn result(&self) -> Result<Option<RunResult>> {
        RunResult::read(&self.path.join(RESULT))
    }

    /// Writes the result, the last file of a training.
    ///
    /// # Errors
    ///
    /// Those of the file.
    pub fn set_result(&self, result: &RunResult) -> Result<()> {
        self.write(RESULT, result.to_json().as_bytes())
    }

    /// The rule that `decrypt` uses in place of the network, if there is one.
    ///
    /// # Errors
    ///
    /// Those of the result, and of [`Self::rule`].
    pub fn rule_in_use(&self) -> Result<Option<RunRule>> {
        match self.result()? {
            Some(result) => self.rule(&result),
            None => Ok(None),
        }
    }

    /// The rule that the result names, if it names one.
    ///
    /// # Errors
    ///
    /// When `rule.json` is missing or is not the file that the result names.
    pub fn rule(&self, result: &RunResult) -> Result<Option<RunRule>> {
        let Some(expected) = &result.rule_sha256 else {
            return Ok(None);
        };
        let path = self.path.join(RULE);
        let name = path.display();
        let bytes = read_whole(&path, MAX_BYTES).with_context(|| format!("cannot read {name}"))?;
        if sha256_hex(&bytes) != *expected {
            bail!("{name} is damaged: checksum mismatch; use the network, or train again");
        }
        let rule = serde_json::from_slice(&bytes).with_context(|| format!("cannot read {name}"))?;
        Ok(Some(rule))
    }

    /// Writes a rule. Returns the SHA-256 by which the result names it.
    ///
    /// # Errors
    ///
    /// Those of the file.
    pub fn set_rule(&self, rule: &RunRule) -> Result<String> {
        let json = serde_json::to_string(rule)?;
        self.write(RULE, json.as_bytes())?;
        Ok(sha256_hex(json.as_bytes()))
    }
}

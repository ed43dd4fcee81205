//! `run.json`: what a run is of.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, bail};
use cipher_model::files::sha256_hex;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::sealed::{Unsealed, damaged, seal, unseal};
use crate::config::Config;

/// The version of the run folder's layout. Format 1, of version 0.1, had no `run.json`.
const FORMAT_VERSION: u32 = 2;

/// The identity of a run: nothing here changes after the run is made.
#[derive(Debug, Clone, PartialEq)]
pub struct RunManifest {
    /// Whether all files of the new run were written.
    pub is_complete: bool,
    /// The values of `config.toml`; `None` before the run is complete.
    pub config: Option<Config>,
    /// SHA-256 of `pairs.jsonl`, in hexadecimal, if the run has pairs.
    pub pairs_sha256: Option<String>,
    /// SHA-256 of the file's contents, in hexadecimal: checkpoints name their run by it.
    pub id: String,
}

/// A field that has another value than before.
struct Changed {
    field: String,
    now: String,
    then: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Contents {
    format_version: u32,
    is_complete: bool,
    /// As TOML, which keeps every number exactly.
    #[serde(default)]
    config: Option<String>,
    #[serde(default)]
    pairs_sha256: Option<String>,
}

/// The text of a manifest: of a complete run, or with `None` of one that is being made.
pub fn to_json(config: Option<&Config>, pairs: Option<&str>) -> String {
    let contents = Contents {
        format_version: FORMAT_VERSION,
        is_complete: config.is_some(),
        config: config.map(Config::to_toml),
        pairs_sha256: pairs.map(|pairs| sha256_hex(pairs.as_bytes())),
    };
    seal(&contents)
}

impl RunManifest {
    /// Reads the file; `None` if there is none.
    ///
    /// # Errors
    ///
    /// When it is damaged, or of another version.
    pub fn read(path: &Path) -> Result<Option<Self>> {
        let Some(Unsealed { value, checksum }) = unseal(path)? else {
            return Ok(None);
        };
        match value["format_version"].as_u64() {
            Some(version) if version == u64::from(FORMAT_VERSION) => {}
            Some(version) => bail!(
                "{} is of run format {version}, and this version reads formats up to \
                 {FORMAT_VERSION}; use the cipher-train that made it, or train again",
                path.display()
            ),
            None => return Err(damaged(path, "it has no format_version")),
        }
        let contents: Contents =
            serde_json::from_value(value).map_err(|error| damaged(path, error))?;
        Ok(Some(Self {
            is_complete: contents.is_complete,
            config: match contents.config {
                Some(toml) => Some(Config::parse(&path.display().to_string(), &toml, &[])?),
                None => None,
            },
            pairs_sha256: contents.pairs_sha256,
            id: checksum,
        }))
    }

    /// Whether `config.toml` still has the values that the run was made with. Comments and layout
    /// may change.
    pub(super) fn check_config(&self, config: &Config, path: &Path) -> Result<()> {
        match self.changed(config) {
            None => Ok(()),
            Some(Changed { field, now, then }) => bail!(
                "{} is not the config that the run was made with: {field} is {now} and was {then}; \
                 put it back, or train again with --overwrite",
                path.display(),
            ),
        }
    }

    /// Whether a run in `folder` is the one that would be made of this config and these pairs.
    pub(super) fn check_same(
        &self,
        config: &Config,
        pairs: Option<&str>,
        folder: &Path,
    ) -> Result<()> {
        let folder = folder.display();
        if self.pairs_sha256 != pairs.map(|pairs| sha256_hex(pairs.as_bytes())) {
            bail!(
                "{folder} holds a run of other pairs; give another folder, or replace the run (--overwrite)"
            );
        }
        if let Some(Changed { field, now, then }) = self.changed(config) {
            bail!(
                "{folder} holds another run: its {field} is {then}, not {now}; give another folder, or \
                 replace the run (--overwrite)"
            );
        }
        Ok(())
    }

    /// The first field with another value than the run was made with.
    fn changed(&self, config: &Config) -> Option<Changed> {
        let [now, then] = [config, self.config.as_ref()?].map(values);
        let changed = then
            .iter()
            .find(|(field, value)| now.get(*field) != Some(value));
        let changed = changed.or_else(|| now.iter().find(|(field, _)| !then.contains_key(*field)));
        let (field, _) = changed?;
        let show = |values: &BTreeMap<String, Value>| match values.get(field) {
            Some(value) => value.to_string(),
            None => "missing".into(),
        };
        Some(Changed {
            field: field.clone(),
            now: show(&now),
            then: show(&then),
        })
    }
}

/// Each value of a config by its name, such as `training.epochs`, except the path of the pairs,
/// which depends on where the folder is.
fn values(config: &Config) -> BTreeMap<String, Value> {
    fn collect(name: &str, value: Value, into: &mut BTreeMap<String, Value>) {
        match value {
            Value::Object(fields) => fields.into_iter().for_each(|(field, value)| {
                let name = if name.is_empty() {
                    field
                } else {
                    format!("{name}.{field}")
                };
                collect(&name, value, into);
            }),
            value => {
                into.insert(name.into(), value);
            }
        }
    }
    let mut values = BTreeMap::new();
    let value = serde_json::to_value(config).expect("a config is plain data");
    collect("", value, &mut values);
    values.remove("pairs.file");
    values
}

/// Whether a run's pairs are the ones that it was made with.
pub(super) fn check_pairs(path: &Path, expected: &str) -> Result<()> {
    let cannot = || {
        format!(
            "cannot read {}, the pairs that the run was made with; put the file back, or train again",
            path.display()
        )
    };
    let metadata = fs::metadata(path).with_context(cannot)?;
    if !metadata.is_file() {
        bail!("{} is not an ordinary file", path.display());
    }
    let mut file = File::open(path).with_context(cannot)?;
    let mut hash = Sha256::new();
    let mut block = vec![0; 1 << 16];
    loop {
        match file.read(&mut block).with_context(cannot)? {
            0 => break,
            n => hash.update(&block[..n]),
        }
    }
    if data_encoding::HEXLOWER.encode(&hash.finalize()) != expected {
        bail!(
            "{} is not the file that the run was made with (checksum mismatch); \
             put it back, or train again with --overwrite",
            path.display()
        );
    }
    Ok(())
}

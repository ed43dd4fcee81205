//! A run: the folder that holds all of one training.
//!
//! ```text
//! run.json         what the run is of: the config's values and the hash of the pairs
//! config.toml      the config, for people
//! pairs.jsonl      the pairs, if they came from a file
//! metrics.jsonl    two records an epoch
//! checkpoint/      the last two saves, to resume from
//! bundle/          the best model, for use elsewhere
//! keys.json        the keys of known ciphers that explain the pairs
//! rule.json        the simple rule that decrypts every test message, if one does
//! others.json      what is right of other pairs, if only some of a file's were to be learned from
//! result.json      which checkpoint and which bundle belong together, written last
//! diverged         why training was given up, if the loss diverged
//! lock, process    the lock of the process that trains, and its id
//! ```
//!
//! A folder is a run once `run.json` says that it is complete.

mod contents;
mod create;
mod keys;
mod lock;
mod manifest;
mod others;
mod recent;
mod result;
mod rule;
mod sealed;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use cipher_model::files::{make_folder, write_whole};

pub use create::Existing;
use lock::Lock;
pub use manifest::RunManifest;
pub use others::OnOthers;
pub use result::{End, RunResult};
pub use rule::RunRule;

const MANIFEST: &str = "run.json";
const CONFIG: &str = "config.toml";
const PAIRS: &str = "pairs.jsonl";
const RESULT: &str = "result.json";
const KEYS: &str = "keys.json";
const RULE: &str = "rule.json";
const OTHERS: &str = "others.json";
const DIVERGED: &str = "diverged";

/// The largest of the small files that is read, in bytes: a table of a rule can be long.
const MAX_BYTES: u64 = 64 << 20;

/// The folder of a run.
#[derive(Debug, Clone)]
pub struct RunFolder {
    path: PathBuf,
    /// Held while this process may write there.
    _lock: Option<Lock>,
}

impl RunFolder {
    /// A run that was trained before: the given folder, or the run that was trained last.
    ///
    /// # Errors
    ///
    /// When there is no such run.
    pub fn open(folder: Option<&Path>) -> Result<Self> {
        Self::find(folder, recent::TRAINED)
    }

    /// A run that may not be finished: the given folder, or the run that was started last.
    ///
    /// # Errors
    ///
    /// When there is no such run.
    pub fn open_started(folder: Option<&Path>) -> Result<Self> {
        Self::find(folder, recent::STARTED)
    }

    /// The run to resume, locked: the given folder, or the run that was started last.
    ///
    /// # Errors
    ///
    /// When there is no such run, or another process trains it.
    pub fn resume(folder: Option<&Path>) -> Result<Self> {
        let run = Self::find(folder, recent::STARTED)?;
        run.manifest()?; // a lock would be a file in somebody's folder
        run.locked()
    }

    fn find(folder: Option<&Path>, kind: &str) -> Result<Self> {
        let path = match folder {
            Some(folder) => folder.to_path_buf(),
            None => recent::read(kind)?,
        };
        match fs::metadata(&path) {
            Ok(metadata) if metadata.is_dir() => Ok(Self { path, _lock: None }),
            Ok(_) => bail!("{} is a file; give the folder of a run", path.display()),
            Err(error) => Err(error).context(format!(
                "cannot read the run {}; give the folder that was printed after \"saved in\"",
                path.display()
            )),
        }
    }

    fn locked(self) -> Result<Self> {
        let lock = Lock::take(&self.path)?;
        let run = Self {
            _lock: Some(lock),
            ..self
        };
        run.tidy()?;
        Ok(run)
    }

    /// Makes this the run that later commands use by default.
    ///
    /// # Errors
    ///
    /// Those of the file that remembers it; the run itself is unharmed.
    pub fn remember_trained(&self) -> Result<()> {
        recent::write(recent::TRAINED, &self.path)
    }

    /// Makes this the run that is resumed by default.
    ///
    /// # Errors
    ///
    /// As [`Self::remember_trained`].
    pub fn remember_started(&self) -> Result<()> {
        recent::write(recent::STARTED, &self.path)
    }

    /// The process that trains the run, if one does: its id, or 0 if it is not written yet.
    pub fn trained_by(&self) -> Option<u32> {
        lock::holder(&self.path)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = self.path.join(name);
        // A folder that somebody deleted is not made again: its other files would be missing.
        write_whole(&path, bytes).with_context(|| format!("cannot write {}", path.display()))
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The path of the bundle.
    pub fn bundle(&self) -> PathBuf {
        self.path.join("bundle")
    }

    /// Whether there is a trained model, complete or damaged.
    pub fn has_bundle(&self) -> bool {
        self.bundle().join("manifest.json").exists()
    }

    /// The path of the pairs.
    pub fn pairs(&self) -> PathBuf {
        self.path.join(PAIRS)
    }

    /// The path of the metrics.
    pub fn metrics(&self) -> PathBuf {
        self.path.join("metrics.jsonl")
    }

    /// The path of the checkpoints.
    pub fn checkpoints(&self) -> PathBuf {
        self.path.join("checkpoint")
    }
}

/// `folder` with all folders above it.
fn make(folder: &Path) -> Result<()> {
    make_folder(folder).with_context(|| format!("cannot make the folder {}", folder.display()))
}

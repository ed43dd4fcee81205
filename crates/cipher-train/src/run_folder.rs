//! A run: the folder that holds all of one training.
//!
//! ```text
//! config.toml      the resolved config
//! metrics.jsonl    two lines an epoch
//! checkpoint/      the last two saves, to go on from
//! bundle/          the best model, for use elsewhere
//! pairs.jsonl      what it is trained on, if that came from a file
//! diverged         why training was given up, if the loss got out of hand
//! lock             held by the process that trains; its id
//! ```

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use cipher_model::{make_folder, tidy_folder, write_whole};

use crate::config::Config;
use crate::say;
use crate::training::Checkpoints;

/// Where runs go that were given no folder.
const RUNS: &str = "runs";
/// The file in it that names the run trained last.
const LATEST: &str = "latest";
/// The one that names the run begun last, which may not be done.
const BEGUN: &str = "begun";
const CONFIG: &str = "config.toml";
const LOCK: &str = "lock";
const DIVERGED: &str = "diverged";

/// The folder of a run.
#[derive(Debug, Clone)]
pub struct RunFolder {
    path: PathBuf,
    /// Held while this process may write there.
    _lock: Option<Arc<File>>,
}

/// What may happen to a run that is already there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    Keep,
    Overwrite,
}

impl Existing {
    /// As `--overwrite` says.
    pub fn of(overwrite: bool) -> Self {
        match overwrite {
            true => Self::Overwrite,
            false => Self::Keep,
        }
    }
}

impl RunFolder {
    /// Makes the folder of a new run and writes the config into it.
    pub fn create(
        asked: Option<&Path>,
        name: &str,
        config: &Config,
        existing: Existing,
    ) -> Result<Self> {
        let run = match asked {
            Some(folder) => create_asked(folder, existing)?,
            None => lock(&create_numbered(name)?)?,
        };
        run.write(CONFIG, config.to_toml().as_bytes())?;
        Ok(run)
    }

    /// The run to go on with, locked: the one asked for, or the one begun last.
    pub fn resume(asked: Option<&Path>) -> Result<Self> {
        lock(&Self::find(asked, BEGUN)?.path)
    }

    /// A run that was trained before: the one asked for, or the last.
    pub fn open(asked: Option<&Path>) -> Result<Self> {
        Self::find(asked, LATEST)
    }

    /// A run that may not be done yet: the one asked for, or the one begun last.
    pub fn begun(asked: Option<&Path>) -> Result<Self> {
        Self::find(asked, BEGUN)
    }

    fn find(asked: Option<&Path>, remembered: &str) -> Result<Self> {
        if let Some(folder) = asked {
            return match fs::metadata(folder) {
                Ok(metadata) if metadata.is_dir() => Ok(Self {
                    path: folder.into(),
                    _lock: None,
                }),
                Ok(_) => bail!("{} is a file; give the folder of a run", folder.display()),
                Err(error) => Err(error).context(format!(
                    "cannot read the run {}; give the folder that `train` said it saves in",
                    folder.display()
                )),
            };
        }
        let remembered = Path::new(RUNS).join(remembered);
        match fs::read_to_string(&remembered) {
            Ok(folder) => Self::find(Some(Path::new(folder.trim())), LATEST),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                bail!("no run here yet; train one first, or give its folder with --run")
            }
            Err(error) => Err(error).context(format!("cannot read {}", remembered.display())),
        }
    }

    /// Makes this the run that later commands use when given none.
    pub fn set_latest(&self) {
        self.remember(LATEST);
    }

    /// Makes this the run that is gone on with when none is given.
    pub fn set_begun(&self) {
        self.remember(BEGUN);
    }

    /// For convenience only: a training goes on without it.
    fn remember(&self, name: &str) {
        let path = Path::new(RUNS).join(name);
        let folder = fs::canonicalize(&self.path).unwrap_or_else(|_| self.path.clone());
        let written = make_folder(RUNS)
            .and_then(|()| write_whole(&path, format!("{}\n", folder.display()).as_bytes()));
        if let Err(error) = written {
            say::warning(format!(
                "cannot write {}: {error}; later commands need --run",
                path.display()
            ));
        }
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = self.path.join(name);
        write_whole(&path, bytes).with_context(|| format!("cannot write {}", path.display()))
    }

    /// The process that trains there, if one does: its id, or 0 if it has not written that yet.
    pub fn trained_by(&self) -> Option<u32> {
        match File::open(self.path.join(LOCK)).ok()?.try_lock_shared() {
            Err(TryLockError::WouldBlock) => Some(writer(&self.path)),
            _ => None,
        }
    }

    /// The config the run was trained with.
    pub fn config(&self) -> Result<Config> {
        Config::load(Some(&self.path.join(CONFIG)), &[])
    }

    /// Why training was given up, if it was.
    pub fn diverged(&self) -> Option<String> {
        let reason = fs::read_to_string(self.path.join(DIVERGED)).ok()?;
        Some(reason.trim().into())
    }

    /// Takes note of why training is given up, or that it goes on.
    pub fn set_diverged(&self, reason: Option<&str>) -> Result<()> {
        match reason {
            Some(reason) => self.write(DIVERGED, format!("{reason}\n").as_bytes()),
            None => remove(&self.path.join(DIVERGED)),
        }
    }

    /// Writes the config anew.
    pub fn set_config(&self, config: &Config) -> Result<()> {
        self.write(CONFIG, config.to_toml().as_bytes())
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn bundle(&self) -> PathBuf {
        self.path.join("bundle")
    }

    /// Whether there is a trained model, whole or not.
    pub fn has_bundle(&self) -> bool {
        self.bundle().join("manifest.json").exists()
    }

    pub fn pairs(&self) -> PathBuf {
        self.path.join("pairs.jsonl")
    }

    pub fn metrics(&self) -> PathBuf {
        self.path.join("metrics.jsonl")
    }

    pub fn checkpoints(&self) -> Checkpoints {
        Checkpoints::at(self.path.join("checkpoint"))
    }
}

fn create_asked(folder: &Path, existing: Existing) -> Result<RunFolder> {
    let name = folder.display();
    if fs::metadata(folder).is_ok_and(|metadata| !metadata.is_dir()) {
        bail!("{name} is a file; give a folder for the run");
    }
    make_folder(folder).with_context(|| format!("cannot make the run folder {name}"))?;
    let run = lock(folder)?;
    let parts = [
        run.bundle(),
        run.checkpoints().folder().into(),
        run.metrics(),
        run.pairs(),
        folder.join(DIVERGED),
    ];
    if folder.join(CONFIG).exists() {
        if existing == Existing::Keep {
            bail!(
                "{name} already holds a run; go on with it (--resume), replace it (--overwrite), \
                 or give another folder"
            );
        }
        // The config goes last: while it is there, the folder can be told from others.
        for part in &parts {
            remove(part)?;
        }
        remove(&folder.join(CONFIG))?;
    } else if let Some(part) = parts.iter().find(|part| part.exists()) {
        bail!(
            "{name} is no run, as it has no {CONFIG}, and what is in its way there would be lost: {}; \
             give another folder",
            part.display()
        );
    }
    Ok(run)
}

fn remove(path: &Path) -> Result<()> {
    let removed = match path.is_dir() {
        true => fs::remove_dir_all(path),
        false => fs::remove_file(path),
    };
    match removed {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot delete {}", path.display()))
        }
        _ => Ok(()),
    }
}

/// The system lets go of the lock when its process ends, however it ends.
fn lock(folder: &Path) -> Result<RunFolder> {
    let path = folder.join(LOCK);
    let cannot = || format!("cannot lock {}", path.display());
    let mut options = OpenOptions::new();
    let options = options.read(true).write(true).create(true).truncate(false);
    let mut file = options.open(&path).with_context(cannot)?;
    let mut tried = file.try_lock();
    // `status` holds it for a moment, to see whether it is free.
    for _ in 0..5 {
        if !matches!(tried, Err(TryLockError::WouldBlock)) {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
        tried = file.try_lock();
    }
    match tried {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => bail!(
            "process {} is training in {}; wait for it, stop it, or give another folder",
            writer(folder),
            folder.display()
        ),
        Err(TryLockError::Error(error)) => return Err(error).with_context(cannot),
    }
    file.set_len(0)
        .and_then(|()| write!(file, "{}", std::process::id()))
        .with_context(cannot)?;
    let run = RunFolder {
        path: folder.into(),
        _lock: Some(Arc::new(file)),
    };
    for part in [folder, &run.bundle(), run.checkpoints().folder()] {
        tidy_folder(part).with_context(|| format!("cannot tidy {}", part.display()))?;
    }
    Ok(run)
}

/// The id in the lock; 0 if it has not been written yet.
fn writer(folder: &Path) -> u32 {
    let id = fs::read_to_string(folder.join(LOCK)).unwrap_or_default();
    id.trim().parse().unwrap_or_default()
}

/// `runs/NAME`, or the first of `runs/NAME-2`, `runs/NAME-3` .. that does not exist.
fn create_numbered(name: &str) -> Result<PathBuf> {
    make_folder(RUNS).with_context(|| format!("cannot make the folder {RUNS}"))?;
    let mut number = 1;
    loop {
        let folder = match number {
            1 => Path::new(RUNS).join(name),
            _ => Path::new(RUNS).join(format!("{name}-{number}")),
        };
        match fs::create_dir(&folder) {
            Ok(()) => return Ok(folder),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => number += 1,
            Err(error) => {
                let folder = folder.display();
                return Err(error).context(format!("cannot make the run folder {folder}"));
            }
        }
    }
}

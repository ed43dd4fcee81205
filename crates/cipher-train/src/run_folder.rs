//! A run: the folder that holds all of one training.
//!
//! ```text
//! config.toml      the resolved config
//! metrics.jsonl    one line an epoch
//! checkpoint/      Burn's checkpoints of the last and of the best epoch
//! bundle/          the best model, for use elsewhere
//! ```

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::config::Config;

/// Where runs go that were given no folder.
const RUNS: &str = "runs";
/// The file in it that names the run trained last.
const LATEST: &str = "latest";
const CONFIG: &str = "config.toml";

/// The folder of a run.
#[derive(Debug, Clone)]
pub struct RunFolder(PathBuf);

impl RunFolder {
    /// Makes the folder of a new run and writes the config into it. Never touches another run.
    pub fn create(asked: Option<&Path>, name: &str, config: &Config) -> Result<Self> {
        let folder = match asked {
            Some(folder) => create_asked(folder)?,
            None => create_numbered(name)?,
        };
        let path = folder.join(CONFIG);
        fs::write(&path, config.to_toml())
            .with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Self(folder))
    }

    /// The folder of a run that was trained before: the one asked for, or the last.
    pub fn open(asked: Option<&Path>) -> Result<Self> {
        if let Some(folder) = asked {
            return match fs::metadata(folder) {
                Ok(metadata) if metadata.is_dir() => Ok(Self(folder.into())),
                Ok(_) => bail!("{} is a file; give the folder of a run", folder.display()),
                Err(error) => Err(error).context(format!(
                    "cannot read the run {}; give the folder that `train` said it saved in",
                    folder.display()
                )),
            };
        }
        let latest = Path::new(RUNS).join(LATEST);
        match fs::read_to_string(&latest) {
            Ok(folder) => Self::open(Some(Path::new(folder.trim()))),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                bail!("no run here yet; train one first, or give its folder with --run")
            }
            Err(error) => Err(error).context(format!("cannot read {}", latest.display())),
        }
    }

    /// Makes this the run that later commands use when given none.
    pub fn set_latest(&self) -> Result<()> {
        let latest = Path::new(RUNS).join(LATEST);
        let folder = fs::canonicalize(&self.0).unwrap_or_else(|_| self.0.clone());
        fs::create_dir_all(RUNS)
            .and_then(|()| fs::write(&latest, format!("{}\n", folder.display())))
            .with_context(|| format!("cannot write {}", latest.display()))
    }

    /// The config the run was trained with.
    pub fn config(&self) -> Result<Config> {
        Config::load(Some(&self.0.join(CONFIG)), &[])
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn bundle(&self) -> PathBuf {
        self.0.join("bundle")
    }

    pub fn metrics(&self) -> PathBuf {
        self.0.join("metrics.jsonl")
    }
}

fn create_asked(folder: &Path) -> Result<PathBuf> {
    let name = folder.display();
    match fs::metadata(folder) {
        Ok(metadata) if !metadata.is_dir() => bail!("{name} is a file; give a folder for the run"),
        Ok(_) if folder.join(CONFIG).exists() => {
            bail!("{name} already holds a run; give another folder, or delete it first")
        }
        _ => {}
    }
    fs::create_dir_all(folder).with_context(|| format!("cannot make the run folder {name}"))?;
    Ok(folder.into())
}

/// `runs/NAME`, or the first of `runs/NAME-2`, `runs/NAME-3` .. that does not exist.
fn create_numbered(name: &str) -> Result<PathBuf> {
    fs::create_dir_all(RUNS).with_context(|| format!("cannot make the folder {RUNS}"))?;
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

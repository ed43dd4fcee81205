use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use cipher_model::files::tidy_folder;

use super::lock::Lock;
use super::manifest::{self, RunManifest};
use super::recent::RUNS;
use super::{CONFIG, DIVERGED, KEYS, MANIFEST, OTHERS, PAIRS, RESULT, RULE, RunFolder, make};
use crate::config::{Config, PairsSource, Source, Unequal};
use crate::data::Data;

/// What may happen to a run that is already there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// It is an error.
    Keep,
    /// The run is deleted.
    Overwrite,
    /// It is used, if it has the same config and pairs.
    Resume,
}

impl RunFolder {
    /// Makes a new run: in the given folder, or in `runs/NAME`, or where that exists in
    /// `runs/NAME-2`, `runs/NAME-3` and so on. It keeps the pairs of `data`, if they are from a
    /// file, and `fill` writes what else belongs to it before it is complete.
    ///
    /// A process that is killed on the way leaves a folder that no command takes for a run, and
    /// that this function fills again.
    ///
    /// # Errors
    ///
    /// When the folder holds something else, or cannot be written to.
    pub fn create(
        folder: Option<&Path>,
        name: &str,
        existing: Existing,
        config: &Config,
        data: Option<&Data>,
        fill: impl FnOnce(&Self) -> Result<()>,
    ) -> Result<Self> {
        let path = match folder {
            Some(folder) => given(folder)?,
            None => numbered(&file_name(name))?,
        };
        let run = Self { path, _lock: None };
        if RunManifest::read(&run.path.join(MANIFEST)).is_ok_and(|manifest| manifest.is_none()) {
            run.check_free(existing)?; // a lock would be a file in somebody's folder
        }
        let run = Self {
            _lock: Some(Lock::take(&run.path)?),
            ..run
        };
        run.tidy()?;
        let config = of_run(config, data);
        let pairs = data.and_then(Data::to_json_lines);
        let pairs = pairs.as_deref();
        if existing == Existing::Resume && run.is_same(&config, pairs)? {
            return Ok(run);
        }
        run.check_free(existing)?;
        run.write(MANIFEST, manifest::to_json(None, None).as_bytes())?;
        for part in run.parts() {
            remove(&part)?;
        }
        if let Some(pairs) = pairs {
            run.write(PAIRS, pairs.as_bytes())?;
        }
        if let (Some(data), Some(_)) = (data, pairs) {
            run.set_keys(data.keys())?;
        }
        run.write(CONFIG, config.to_toml().as_bytes())?;
        fill(&run)?;
        run.write(MANIFEST, manifest::to_json(Some(&config), pairs).as_bytes())?;
        Ok(run)
    }

    /// Everything but `run.json`, which says what the other files are.
    fn parts(&self) -> [PathBuf; 10] {
        [
            self.path.join(RESULT),
            self.path.join(OTHERS),
            self.bundle(),
            self.checkpoints(),
            self.metrics(),
            self.pairs(),
            self.path.join(KEYS),
            self.path.join(RULE),
            self.path.join(DIVERGED),
            self.path.join(CONFIG),
        ]
    }

    /// Whether the folder holds the run of this config and these pairs.
    fn is_same(&self, config: &Config, pairs: Option<&str>) -> Result<bool> {
        match RunManifest::read(&self.path.join(MANIFEST))? {
            Some(there) if there.is_complete => {
                there.check_same(config, pairs, &self.path)?;
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// Whether a run can be made in the folder.
    ///
    /// # Errors
    ///
    /// When the folder holds something that must be kept.
    pub fn check_free(&self, existing: Existing) -> Result<()> {
        let folder = self.path.display();
        let manifest = self.path.join(MANIFEST);
        let is_run = match RunManifest::read(&manifest) {
            Ok(Some(manifest)) if !manifest.is_complete => return Ok(()),
            Ok(None) => self.is_of_format_1(),
            _ => true, // complete, or damaged: not to be replaced without being asked
        };
        if is_run && existing == Existing::Overwrite {
            return Ok(());
        }
        if is_run && existing == Existing::Resume {
            bail!(
                "{folder} holds a run without a {MANIFEST}, which cannot be resumed; give another folder, or \
                 replace the run (--overwrite)"
            );
        }
        if is_run {
            bail!(
                "{folder} already holds a run; resume it (--resume), replace it (--overwrite), \
                 or give another folder"
            );
        }
        match self.parts().iter().find(|part| part.exists()) {
            Some(part) => bail!(
                "{folder} holds no run (no {MANIFEST}); refusing to overwrite {}; \
                 give another folder",
                part.display()
            ),
            None => Ok(()),
        }
    }

    /// Deletes what a killed process left behind.
    pub(super) fn tidy(&self) -> Result<()> {
        for folder in [self.path.clone(), self.bundle(), self.checkpoints()] {
            tidy_folder(&folder).with_context(|| format!("cannot tidy {}", folder.display()))?;
        }
        Ok(())
    }
}

/// The config as a run has it: its pairs are its own.
fn of_run(config: &Config, data: Option<&Data>) -> Config {
    let mut config = config.clone();
    if let Source::Pairs(source) = &mut config.source {
        *source = PairsSource {
            readings: data.map(Data::readings),
            conflicts: source.conflicts,
            unequal: match data.and_then(|data| data.aligned.as_ref()) {
                Some(_) => Unequal::Align,
                None => Unequal::default(),
            },
            ..PairsSource::of(Path::new(PAIRS))
        };
    }
    config
}

pub(super) fn remove(path: &Path) -> Result<()> {
    let removed = if path.is_dir() {
        fs::remove_dir_all(path)
    } else {
        fs::remove_file(path)
    };
    match removed {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot delete {}", path.display()))
        }
        _ => Ok(()),
    }
}

fn given(folder: &Path) -> Result<PathBuf> {
    let name = folder.display();
    if fs::metadata(folder).is_ok_and(|metadata| !metadata.is_dir()) {
        bail!("{name} is a file; give a folder for the run");
    }
    make(folder)?;
    Ok(folder.into())
}

/// A name that every system takes for a file: no leading dot, no character that a shell or a path
/// reads as something else.
fn file_name(name: &str) -> String {
    let plain = |c: char| {
        if c.is_alphanumeric() || "-_.".contains(c) {
            c
        } else {
            '-'
        }
    };
    let name: String = name.trim().chars().map(plain).take(100).collect();
    let name = name.trim_matches(['.', '-']);
    if name.is_empty() {
        "run".into()
    } else {
        name.into()
    }
}

/// `runs/NAME`, or the first of `runs/NAME-2`, `runs/NAME-3` .. that does not exist.
fn numbered(name: &str) -> Result<PathBuf> {
    let runs = Path::new(RUNS);
    make(runs)?;
    let mut number = 1;
    loop {
        let folder = match number {
            1 => runs.join(name),
            _ => runs.join(format!("{name}-{number}")),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_was_not_completed_is_no_run_and_can_be_made_again() {
        let folder = tempfile::tempdir().unwrap();
        let create = |fill: fn(&RunFolder) -> Result<()>| {
            let config = Config::default();
            RunFolder::create(Some(folder.path()), "", Existing::Keep, &config, None, fill)
        };
        // What a killed process leaves: everything before the last file.
        assert!(create(|_| bail!("killed")).is_err());
        let left = RunFolder::open(Some(folder.path())).unwrap();
        let error = left.config().unwrap_err().to_string();
        assert!(error.contains("not a complete run"), "{error}");
        assert!(create(|_| Ok(())).is_ok());
        assert_eq!(left.config().unwrap(), Config::default());
        let error = create(|_| Ok(())).unwrap_err().to_string();
        assert!(error.contains("already holds a run"), "{error}");
    }

    #[test]
    fn a_runs_name_is_a_plain_file_name() {
        for (name, expected) in [
            ("caesar", "caesar"),
            ("latest", "latest"),
            ("a b/c ", "a-b-c"),
            ("..", "run"),
            (".hidden", "hidden"),
            ("Schlüssel 1", "Schlüssel-1"),
        ] {
            assert_eq!(file_name(name), expected);
        }
    }
}

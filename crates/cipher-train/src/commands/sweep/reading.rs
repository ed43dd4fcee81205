//! The files that the runs of a sweep read.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

use anyhow::{Result, bail};

use super::job::Job;
use crate::commands::contents::Contents;
use crate::commands::fit::is_config;
use crate::config::PairsSource;
use crate::data::read_texts;
use crate::numbers::count;

/// What is known of the files that runs read, each of which is read once.
#[derive(Default)]
pub struct Reading {
    contents: Contents,
    n_pairs: HashMap<PathBuf, usize>,
}

impl Reading {
    /// A hash of what the run reads. What the run would refuse is refused now, before there are thousands of them.
    pub fn contents(&mut self, job: &Job) -> Result<String> {
        if job.file.file_name().is_none() || job.file.is_dir() {
            bail!("file: give a config (.toml), or a file of pairs");
        }
        if let Some(setting) = job.settings.iter().find(|setting| setting.contains('\n')) {
            bail!(
                "{setting:?}: a command of one line cannot have a line break; put it into the config"
            );
        }
        let contents = self.contents.of(&job.file, &job.settings)?;
        if is_config(&job.file) {
            return Ok(contents);
        }
        let file = &job.file;
        if !self.n_pairs.contains_key(file) {
            let n_pairs = read_texts(&PairsSource::of(file))?.len();
            self.n_pairs.insert(file.clone(), n_pairs);
        }
        let n_pairs = self.n_pairs.get(file).copied().unwrap_or(0);
        if n_pairs <= job.pairs.unwrap_or(0) {
            bail!(
                "{} has {}, which leave none to measure on where {} are learned from",
                file.display(),
                count(n_pairs, "different pair"),
                job.pairs.unwrap_or(0)
            );
        }
        Ok(contents)
    }
}

/// A path from a folder, without `..`.
pub fn beside(folder: &Path, path: &Path) -> PathBuf {
    let mut found = PathBuf::new();
    for part in folder.join(path).components() {
        match part {
            Component::ParentDir => drop(found.pop()),
            part => found.push(part),
        }
    }
    found
}

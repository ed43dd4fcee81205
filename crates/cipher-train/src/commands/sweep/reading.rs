//! The files that the runs of a sweep read.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

use anyhow::{Result, bail};

use super::job::Job;
use crate::commands::cli::ReadArgs;
use crate::commands::contents::Contents;
use crate::commands::fit::is_config;
use crate::config::Config;
use crate::data::{Pairs, check_one_key, read_texts};
use crate::numbers::count;

/// What is known of the files that runs read, each of which is read once.
#[derive(Default)]
pub struct Reading {
    contents: Contents,
    n_pairs: HashMap<(PathBuf, Vec<String>), usize>,
}

impl Reading {
    /// A hash of what the run reads. What the run would refuse is refused now, before there are thousands of them.
    pub fn contents(&mut self, job: &Job) -> Result<String> {
        let name = job.file.display();
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
            if job.pairs.is_some() {
                check_one_key(&Config::load(Some(&job.file), &job.settings)?)?;
            }
            if !job.read.is_empty() {
                bail!("read: these options are for a file of pairs, and {name} is a config");
            }
            return Ok(contents);
        }
        let n_pairs = self.n_pairs(job)?;
        if n_pairs <= job.pairs.unwrap_or(0) {
            bail!(
                "{name} has {}, which leave none to measure on where {} are learned from",
                count(n_pairs, "different pair"),
                job.pairs.unwrap_or(0)
            );
        }
        Ok(contents)
    }

    /// The number of pairs of a file, which can be read.
    fn n_pairs(&mut self, job: &Job) -> Result<usize> {
        let known = (job.file.clone(), job.read.clone());
        if let Some(&n_pairs) = self.n_pairs.get(&known) {
            return Ok(n_pairs);
        }
        let source = ReadArgs::parse(&job.read)?.of(job.file.clone(), None);
        Pairs::read(&source)?;
        let n_pairs = read_texts(&source)?.len();
        self.n_pairs.insert(known, n_pairs);
        Ok(n_pairs)
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

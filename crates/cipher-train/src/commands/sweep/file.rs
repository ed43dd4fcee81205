//! `sweep.toml`: what the runs have in common, and what varies.

use std::collections::{HashMap, HashSet};
use std::path::{Component, Path, PathBuf, absolute};

use anyhow::{Context, Result, bail};
use cipher_model::files::{read_whole, sha256_hex};
use serde::Deserialize;
use toml::{Table, Value};

use super::job::{Job, show};
use crate::commands::fit::is_config;
use crate::config::{Config, MAX_CONFIG_BYTES, PairsSource, Source, located};

/// Runs of a sweep, at most: more would be an error of the file.
const MAX_RUNS: usize = 100_000;
/// The largest file that a run may read, in bytes.
const MAX_BYTES: u64 = 4 << 30;
/// What varies and is no field of a config.
const FILE: &str = "file";
const PAIRS: &str = "pairs";

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct SweepText {
    /// The folder for the runs, beside the file: by default runs/NAME.
    runs: Option<PathBuf>,
    file: Option<PathBuf>,
    pairs: Option<usize>,
    set: Table,
    vary: Table,
    group: Vec<GroupText>,
}

/// Runs that have more in common. What a group says replaces what the sweep says.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct GroupText {
    name: Option<String>,
    file: Option<PathBuf>,
    pairs: Option<usize>,
    set: Table,
    vary: Table,
}

/// The runs that a file describes.
///
/// # Errors
///
/// Names the file, and the field or the group that cannot be used.
pub fn read(path: &Path) -> Result<Vec<Job>> {
    let name = path.display();
    let text = read_whole(path, MAX_CONFIG_BYTES).with_context(|| format!("cannot read {name}"))?;
    let text = String::from_utf8(text).with_context(|| format!("{name} is not UTF-8"))?;
    let sweep: SweepText =
        toml::from_str(&text).map_err(|error| located(&name.to_string(), &text, &error))?;
    let folder = absolute(path)?;
    let folder = folder.parent().unwrap_or(Path::new("/")).to_path_buf();
    let stem = path.file_stem().unwrap_or_default();
    let runs = sweep.runs.clone();
    let runs = beside(
        &folder,
        &runs.unwrap_or_else(|| Path::new("runs").join(stem)),
    );
    let groups = match sweep.group.is_empty() {
        true => vec![GroupText::default()],
        false => sweep.group.clone(),
    };
    let mut hashes = Hashes::default();
    let mut jobs = Vec::new();
    for (index, group) in groups.iter().enumerate() {
        let max = MAX_RUNS - jobs.len();
        let of_group = group_jobs(&sweep, group, &folder, max).and_then(|mut of_group| {
            for job in &mut of_group {
                let contents = hashes.of_job(job)?;
                job.put_into(&runs, &contents);
            }
            Ok(of_group)
        });
        let of_group = of_group.with_context(|| match &group.name {
            Some(group) => format!("{name}: group {group}"),
            None if sweep.group.is_empty() => name.to_string(),
            None => format!("{name}: group {}", index + 1),
        })?;
        jobs.extend(of_group);
    }
    let mut folders = HashSet::new();
    if let Some(twice) = jobs.iter().find(|job| !folders.insert(&job.folder)) {
        bail!(
            "{name}: two runs have the same settings, {:?}; leave one out",
            twice.settings.join(" ")
        );
    }
    Ok(jobs)
}

/// Each combination of the values that vary in a group.
fn group_jobs(sweep: &SweepText, group: &GroupText, folder: &Path, max: usize) -> Result<Vec<Job>> {
    let set = merged(&sweep.set, &group.set);
    let vary = lists(&merged(&sweep.vary, &group.vary))?;
    let n_runs = vary
        .iter()
        .try_fold(1usize, |n, (_, values)| n.checked_mul(values.len()));
    if n_runs.is_none_or(|n| n > max) {
        bail!("vary: more than {MAX_RUNS} runs");
    }
    let mut jobs = vec![Vec::new()];
    for (key, values) in &vary {
        jobs = jobs
            .into_iter()
            .flat_map(|job: Vec<(String, Value)>| {
                values.iter().map(move |value| {
                    let varied = (key.clone(), value.clone());
                    [job.clone(), vec![varied]].concat()
                })
            })
            .collect();
    }
    let file = group.file.as_ref().or(sweep.file.as_ref());
    let pairs = group.pairs.or(sweep.pairs);
    jobs.into_iter()
        .map(|varied| {
            let mut job = Job {
                group: group.name.clone(),
                file: file.cloned().unwrap_or_default(),
                pairs,
                settings: fields("", &set)
                    .map(|(key, value)| format!("{key}={}", show(&value)))
                    .collect(),
                folder: PathBuf::new(),
                varied,
            };
            job.vary()?;
            job.file = beside(folder, &job.file);
            Ok(job)
        })
        .collect()
}

impl Job {
    /// Takes over the values that vary.
    fn vary(&mut self) -> Result<()> {
        for (key, value) in &self.varied {
            match (key.as_str(), value) {
                (FILE, Value::String(file)) => self.file = file.into(),
                (FILE, _) => bail!("vary.file: give the names of files"),
                (PAIRS, Value::Integer(n)) if *n > 0 => self.pairs = usize::try_from(*n).ok(),
                (PAIRS, _) => bail!("vary.pairs: give numbers of pairs, from 1 on"),
                _ => self.settings.push(format!("{key}={}", show(value))),
            }
        }
        Ok(())
    }

    /// The config of the run, or one with its settings, where `fit` makes the config.
    ///
    /// # Errors
    ///
    /// What the run would refuse: now, before there are thousands of them.
    fn config(&self) -> Result<Config> {
        if self.file.file_name().is_none() || self.file.is_dir() {
            bail!("file: give a config (.toml), or a file of pairs");
        }
        if self.pairs == Some(0) {
            bail!("pairs: give a number from 1 on");
        }
        if let Some(setting) = self.settings.iter().find(|setting| setting.contains('\n')) {
            bail!(
                "{setting:?}: a command of one line cannot have a line break; put it into the config"
            );
        }
        if is_config(&self.file) {
            return Config::load(Some(&self.file), &self.settings);
        }
        let plan = Config {
            source: Source::Pairs(PairsSource::of(&self.file)),
            ..Config::default()
        };
        Config::parse("the plan for the pairs", &plan.to_toml(), &self.settings)
    }
}

/// Hashes of files, each of which is read once.
#[derive(Default)]
struct Hashes(HashMap<PathBuf, String>);

impl Hashes {
    /// A hash of the files that a run reads: its config, and the pairs that this names.
    fn of_job(&mut self, job: &Job) -> Result<String> {
        let config = job.config()?;
        let mut files = vec![job.file.clone()];
        if let Source::Pairs(source) = config.source {
            files.extend([source.file].into_iter().chain(source.plaintexts));
        }
        let hashes = files.into_iter().map(|file| self.of(file));
        let hashes: Vec<String> = hashes.collect::<Result<_>>()?;
        Ok(sha256_hex(hashes.concat().as_bytes()))
    }

    fn of(&mut self, file: PathBuf) -> Result<String> {
        if let Some(hash) = self.0.get(&file) {
            return Ok(hash.clone());
        }
        let contents = read_whole(&file, MAX_BYTES);
        let contents = contents.with_context(|| format!("cannot read {}", file.display()))?;
        let hash = sha256_hex(contents);
        self.0.insert(file, hash.clone());
        Ok(hash)
    }
}

/// A path from a folder, without `..`.
fn beside(folder: &Path, path: &Path) -> PathBuf {
    let mut found = PathBuf::new();
    for part in folder.join(path).components() {
        match part {
            Component::ParentDir => drop(found.pop()),
            part => found.push(part),
        }
    }
    found
}

/// A table with what another adds and replaces, field by field.
fn merged(table: &Table, with: &Table) -> Table {
    let mut merged: Table = fields("", table).collect();
    merged.extend(fields("", with));
    merged
}

/// Each value by its name, such as `training.epochs`.
fn fields(outer: &str, table: &Table) -> impl Iterator<Item = (String, Value)> {
    let mut all = Vec::new();
    for (key, value) in table {
        let key = match outer {
            "" => key.clone(),
            outer => format!("{outer}.{key}"),
        };
        match value {
            Value::Table(inner) => all.extend(fields(&key, inner)),
            value => all.push((key, value.clone())),
        }
    }
    all.into_iter()
}

/// What varies, with its values.
fn lists(vary: &Table) -> Result<Vec<(String, Vec<Value>)>> {
    let lists = vary.iter().map(|(key, values)| match values {
        Value::Array(values) if !values.is_empty() => Ok((key.clone(), values.clone())),
        _ => bail!("vary.{key}: give a list of values, such as {key} = [1, 2]"),
    });
    lists.collect()
}

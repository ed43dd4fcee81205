//! What the runs of a part of a sweep have in common, and what varies between them.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use toml::{Table, Value};

use super::job::{Job, show};
use super::reading::{Reading, beside};
use crate::commands::cli::MAX_PAIRS;
use crate::config::overlap;

/// Runs of a sweep, at most: more would be an error of the file.
pub const MAX_RUNS: usize = 100_000;
/// What varies and is no field of a config.
const FILE: &str = "file";
const PAIRS: &str = "pairs";

/// A part of a sweep, or all of it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PartText {
    pub name: Option<String>,
    pub file: Option<PathBuf>,
    pub pairs: Option<usize>,
    pub read: Option<Vec<String>>,
    pub set: Table,
    pub vary: Table,
}

/// What each run of a part has, by name: a value, or several values of which each run has one.
#[derive(Debug, Clone, Default)]
pub struct Part {
    set: Vec<(String, Value)>,
    vary: Vec<(String, Vec<Value>)>,
    /// Options that say how a file of pairs is read.
    read: Option<Vec<String>>,
}

impl Part {
    pub fn of(text: &PartText) -> Result<Self> {
        let mut set = fields(&text.set);
        if let Some(file) = &text.file {
            let file = file.to_str().context("file: not UTF-8; rename it")?;
            set.push((FILE.into(), Value::String(file.into())));
        }
        if let Some(n) = text.pairs {
            set.push((PAIRS.into(), Value::Integer(n as i64)));
        }
        let lists = fields(&text.vary)
            .into_iter()
            .map(|(key, values)| match values {
                Value::Array(values) if !values.is_empty() => Ok((key, values)),
                _ => bail!("vary.{key}: give a list of values, such as {key} = [1, 2]"),
            });
        let part = Self {
            set,
            vary: lists.collect::<Result<_>>()?,
            read: text.read.clone(),
        };
        let names = part.set.iter().map(|(key, _)| key);
        let names = names.chain(part.vary.iter().map(|(key, _)| key));
        let names: Vec<&String> = names.collect();
        for (index, one) in names.iter().enumerate() {
            if let Some(other) = names
                .iter()
                .skip(index + 1)
                .find(|other| overlap(one, other))
            {
                bail!(
                    "{one} and {other} are both given, in set, in vary or beside them, and say the same thing; \
                     leave one out"
                );
            }
        }
        Ok(part)
    }

    /// This part with what another adds and replaces.
    pub fn with(self, other: Self) -> Self {
        let names = other.set.iter().map(|(key, _)| key);
        let names = names.chain(other.vary.iter().map(|(key, _)| key));
        let names: Vec<String> = names.cloned().collect();
        let is_kept = |key: &String| !names.iter().any(|name| overlap(name, key));
        let mut part = self;
        part.set.retain(|(key, _)| is_kept(key));
        part.vary.retain(|(key, _)| is_kept(key));
        part.read = other.read.or(part.read);
        part.set.extend(other.set);
        part.vary.extend(other.vary);
        part.vary.sort_by(|(one, _), (other, _)| one.cmp(other));
        part
    }

    /// A run for each combination of the values that vary.
    pub fn jobs(
        &self,
        group: Option<&String>,
        folder: &Path,
        runs: &Path,
        reading: &mut Reading,
    ) -> Result<Vec<Job>> {
        let numbers = self.vary.iter().map(|(_, values)| values.len());
        let n_runs = numbers.fold(1, usize::saturating_mul);
        if n_runs > MAX_RUNS {
            bail!("vary: more than {MAX_RUNS} runs");
        }
        let mut combinations: Vec<Vec<(String, Value)>> = vec![Vec::new()];
        for (key, values) in &self.vary {
            let with = |combination: &Vec<(String, Value)>, value: &Value| {
                [combination.clone(), vec![(key.clone(), value.clone())]].concat()
            };
            let longer = combinations.iter();
            let longer = longer.flat_map(|one| values.iter().map(move |value| with(one, value)));
            combinations = longer.collect();
        }
        let jobs = combinations.into_iter().map(|varied| {
            let mut job = Job {
                group: group.cloned(),
                varied,
                file: PathBuf::new(),
                pairs: None,
                read: self.read.clone().unwrap_or_default(),
                settings: Vec::new(),
                contents: String::new(),
                folder: PathBuf::new(),
            };
            for (key, value) in self.set.iter().chain(&job.varied.clone()) {
                job.take(key, value)?;
            }
            job.file = beside(folder, &job.file);
            job.contents = reading.contents(&job)?;
            job.put_into(runs);
            Ok(job)
        });
        jobs.collect()
    }
}

impl Job {
    /// Takes over what is set, or one of the values that vary.
    fn take(&mut self, key: &str, value: &Value) -> Result<()> {
        match (key, value) {
            (FILE, Value::String(file)) => self.file = file.into(),
            (FILE, _) => bail!("vary.file: give the names of files"),
            (PAIRS, Value::Integer(n)) if (1..=MAX_PAIRS as i64).contains(n) => {
                self.pairs = usize::try_from(*n).ok();
            }
            (PAIRS, _) => bail!("pairs: give numbers of pairs, from 1 to {MAX_PAIRS}"),
            // A part of the table: the other fields stay.
            (key, Value::Table(table)) if !key.contains('.') => {
                let fields = table
                    .iter()
                    .map(|(field, value)| (format!("{key}.{field}"), value));
                self.settings
                    .extend(fields.map(|(key, value)| format!("{key}={}", show(value))));
            }
            (key, value) => self.settings.push(format!("{key}={}", show(value))),
        }
        Ok(())
    }
}

/// Each field of the tables by its name, such as `training.epochs`.
fn fields(tables: &Table) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    for (name, value) in tables {
        match value {
            Value::Table(fields) => all.extend(
                fields
                    .iter()
                    .map(|(field, value)| (format!("{name}.{field}"), value.clone())),
            ),
            value => all.push((name.clone(), value.clone())),
        }
    }
    all
}

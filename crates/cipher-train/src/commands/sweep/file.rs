//! `sweep.toml`: what the runs have in common, and what varies.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf, absolute};

use anyhow::{Context, Result, bail};
use cipher_model::files::read_whole;
use serde::Deserialize;
use toml::Table;

use super::job::Job;
use super::part::{MAX_RUNS, Part, PartText};
use super::reading::{Reading, beside};
use crate::config::{MAX_CONFIG_BYTES, located};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SweepText {
    /// The folder for the runs, beside the file: by default runs/NAME.
    runs: Option<PathBuf>,
    file: Option<PathBuf>,
    pairs: Option<usize>,
    read: Option<Vec<String>>,
    #[serde(default)]
    set: Table,
    #[serde(default)]
    vary: Table,
    #[serde(default)]
    group: Vec<PartText>,
}

/// The runs that a file describes.
///
/// # Errors
///
/// Names the file, and the field or the group that cannot be used.
pub fn read(path: &Path) -> Result<Vec<Job>> {
    let name = path.display().to_string();
    let text = read_whole(path, MAX_CONFIG_BYTES).with_context(|| format!("cannot read {name}"))?;
    let text = String::from_utf8(text).with_context(|| format!("{name} is not UTF-8"))?;
    let sweep: SweepText = toml::from_str(&text).map_err(|error| located(&name, &text, &error))?;
    let absolute = absolute(path)?;
    let folder = absolute.parent().unwrap_or(Path::new("/"));
    let by_default = Path::new("runs").join(path.file_stem().unwrap_or_default());
    let runs = beside(folder, &sweep.runs.unwrap_or(by_default));
    let common = PartText {
        name: None,
        file: sweep.file,
        pairs: sweep.pairs,
        read: sweep.read,
        set: sweep.set,
        vary: sweep.vary,
    };
    let common = Part::of(&common).context(name.clone())?;
    let groups = match sweep.group.is_empty() {
        true => vec![PartText::default()],
        false => sweep.group,
    };
    let mut reading = Reading::default();
    let mut jobs = Vec::new();
    for (index, group) in groups.iter().enumerate() {
        let of_group = Part::of(group).and_then(|part| {
            let part = common.clone().with(part);
            part.jobs(group.name.as_ref(), folder, &runs, &mut reading)
        });
        jobs.extend(of_group.with_context(|| match &group.name {
            Some(group) => format!("{name}: group {group:?}"),
            None if groups.len() == 1 => name.clone(),
            None => format!("{name}: group {}", index + 1),
        })?);
        if jobs.len() > MAX_RUNS {
            bail!("{name}: more than {MAX_RUNS} runs");
        }
    }
    check_different(&jobs, &groups).context(name)?;
    Ok(jobs)
}

/// Refuses two runs of the same settings, and groups that the table could not tell apart.
fn check_different(jobs: &[Job], groups: &[PartText]) -> Result<()> {
    let mut names = HashSet::new();
    let named = groups.iter().filter_map(|group| group.name.as_deref());
    if let Some(twice) = named.clone().find(|name| !names.insert(*name)) {
        bail!("two groups are named {twice:?}; give them different names");
    }
    if let Some(name) = named.clone().find(|name| name.contains(char::is_control)) {
        bail!("group {name:?}: a name cannot have a line break or another control character");
    }
    let mut folders = HashMap::new();
    for job in jobs {
        if let Some(other) = folders.insert(&job.folder, job) {
            bail!(
                "the same run twice: {} and {}; leave one out",
                other.describe(),
                job.describe()
            );
        }
    }
    Ok(())
}

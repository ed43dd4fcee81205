//! Ranks of a training before its first step: they meet, and see whether they can train together.

use std::path::{Path, PathBuf, absolute};

use anyhow::{Context, Result, bail};

use super::signals::stop_on_signals;
use super::{Outcome, output};
use crate::config::Config;
use crate::data::Data;
use crate::ranks::{Ranks, World};
use crate::run::{Existing, RunFolder};
use crate::training::{Place, Stop, take_part};

/// Runs a training on all ranks that were started together. An error on any of them ends all.
///
/// # Errors
///
/// Those of the training, where there is one rank.
pub fn on_all(train: impl FnOnce(Ranks) -> Result<Outcome>) -> Result<Outcome> {
    let (world, ranks) = World::join()?;
    let ended = train(ranks);
    match ended {
        Err(error) if !ranks.is_alone() => {
            output::error(format!("{}: {error:#}", ranks.name()));
            output::flush();
            world.abort(2)
        }
        ended => ended,
    }
}

/// Tells the other ranks which run is to be trained, and waits until all are ready.
///
/// # Errors
///
/// Names the ranks that cannot take part.
pub fn lead(run: &RunFolder, on: &Place) -> Result<()> {
    if on.ranks.is_alone() {
        return Ok(());
    }
    let path = absolute(run.path())?;
    on.ranks
        .of_first(path.to_string_lossy().into_owned().into_bytes());
    compare(on.ranks, &description(run, on)?)?;
    output::info(format!("{} ranks train together", on.ranks.share().n_ranks));
    Ok(())
}

/// Takes part in the training that the first rank leads.
///
/// # Errors
///
/// Those of the training. What this rank cannot read, the first rank tells.
pub fn follow(on: &Place) -> Result<Outcome> {
    let stop = Stop::default();
    stop_on_signals(&stop)?;
    let path = on.ranks.of_first(Vec::new());
    let path = PathBuf::from(String::from_utf8(path)?);
    let (config, data) = match ready(&path, on) {
        Ok((config, data, description)) => {
            if compare(on.ranks, &description).is_err() {
                return Ok(Outcome::Stopped);
            }
            (config, data)
        }
        Err(error) => {
            on.ranks.of_all(&format!("{error:#}"));
            return Ok(Outcome::Stopped);
        }
    };
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    let folder = Some(folder.path());
    let run = RunFolder::create(folder, "rank", Existing::Keep, &config, None, |_| Ok(()))?;
    take_part(&config, &data, &run, on, &stop)?;
    Ok(Outcome::Done)
}

/// What a rank reads in the first rank's run folder.
fn ready(path: &Path, on: &Place) -> Result<(Config, Data, String)> {
    let run = RunFolder::open(Some(path)).context("all ranks need the same file system")?;
    let config = run.config()?;
    let data = run.data(&config)?;
    let description = description(&run, on)?;
    Ok((config, data, description))
}

/// What must be the same on all ranks.
fn description(run: &RunFolder, on: &Place) -> Result<String> {
    let version = env!("CARGO_PKG_VERSION");
    Ok(format!(
        "cipher-train {version} on {}, run {}",
        on.name(),
        run.id()?
    ))
}

/// Compares what all ranks say with what the first one says.
fn compare(ranks: Ranks, here: &str) -> Result<()> {
    let all = ranks.of_all(here);
    let others = all
        .iter()
        .enumerate()
        .filter(|(_, there)| **there != all[0]);
    let others = others.map(|(rank, there)| format!("rank {rank}: {there}"));
    let others: Vec<String> = others.collect();
    if others.is_empty() {
        return Ok(());
    }
    bail!(
        "the ranks cannot train together. This one: {}. {}",
        all[0],
        others.join(". ")
    )
}

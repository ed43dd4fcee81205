//! Many trainings that differ in some settings: `file` says which, `jobs` are their commands, and `table`
//! gathers their results.

mod chart;
mod file;
mod job;
mod part;
mod reading;
mod row;
mod table;

use std::io::{Write, stdout};

use anyhow::{Context, Result};
use cipher_model::Backend;

use super::cli::{SweepArgs, SweepCommand};
use super::output;
use crate::numbers::count;
use file::read;
pub use job::Job;
pub use row::{Row, State};

pub fn run(args: SweepArgs, backend: Option<Backend>) -> Result<()> {
    match args.command {
        SweepCommand::Jobs { file } => {
            let jobs = read(&file)?;
            write_jobs(&jobs, backend)
        }
        SweepCommand::Table { file, format, x } => {
            let rows: Vec<Row> = read(&file)?.into_iter().map(Row::of).collect();
            let table = table::write(&rows, format, x.as_deref())
                .with_context(|| file.display().to_string())?;
            stdout().lock().write_all(table.as_bytes())?;
            output::info(summary(&rows));
            Ok(())
        }
    }
}

/// Writes the commands of the runs that are to be started or resumed.
fn write_jobs(jobs: &[Job], backend: Option<Backend>) -> Result<()> {
    let rows: Vec<Row> = jobs.iter().cloned().map(Row::of).collect();
    let mut out = stdout().lock();
    for row in &rows {
        let folder = row.job.folder.display();
        match row.state {
            State::Finished | State::Running => continue,
            State::Failed if row.has_diverged => {
                output::warning(format!("{folder} is left out: {}", row.reason));
                continue;
            }
            // The command says what to do, if it cannot repair the run.
            State::Failed => output::warning(format!("{folder}: {}", row.reason)),
            State::Missing | State::Stopped => {}
        }
        writeln!(out, "{}", row.job.command(backend)?)?;
    }
    output::info(summary(&rows));
    Ok(())
}

/// How many runs are in each state.
fn summary(rows: &[Row]) -> String {
    let states = State::ALL.into_iter().filter_map(|state| {
        let n = rows.iter().filter(|row| row.state == state).count();
        (n > 0).then(|| format!("{n} {}", state.name()))
    });
    let states: Vec<String> = states.collect();
    format!("{}: {}", count(rows.len(), "run"), states.join(", "))
}

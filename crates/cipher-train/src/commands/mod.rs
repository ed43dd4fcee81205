//! The program: a file for each command, and what they share.
//!
//! `cli` is what can be asked for, `launch` runs a training for `train` and `fit`, `text` turns
//! stdin into stdout, and `output` is the log.

mod bar;
mod check;
mod cli;
mod completions;
mod contents;
mod curve;
#[cfg(feature = "tui")]
mod dashboard;
mod decrypt;
mod device_errors;
mod doctor;
mod encrypt;
mod eval;
mod explain;
mod export;
mod fit;
mod generate;
mod hint;
mod import;
mod key;
mod launch;
mod man;
mod old_model;
mod output;
mod progress;
mod ranks;
mod recover_key;
mod sample;
mod scratch;
mod serve;
mod signals;
mod solve;
mod status;
mod sweep;
mod text;
mod train;

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::{Result, bail};
use burn::tensor::Device;
use cipher_model::Backend;
use clap::Parser;

use cli::{Cli, Command, LogFormat};

/// How a command ended, if without an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Done,
    /// Training ended below its target.
    BelowTarget,
    /// A signal stopped the command.
    Stopped,
}

/// Runs the program with these arguments, the first of which is its name.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(error.exit_code() as u8);
        }
    };
    // In rayon's pool: from another thread, each share of work that a step gives to the pool would
    // cost two wake-ups.
    let in_pool = || rayon::scope(|_| run(cli));
    let ended = match device_errors::catch(in_pool) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::BelowTarget) => ExitCode::from(1),
        Ok(Outcome::Stopped) => ExitCode::from(130),
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            output::error(format!("{error:#}"));
            ExitCode::from(2)
        }
    };
    output::flush();
    ended
}

/// Whoever read our output wants no more of it, which is no error.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let mut causes = error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<std::io::Error>());
    causes.any(|cause| cause.kind() == std::io::ErrorKind::BrokenPipe)
}

fn run(cli: Cli) -> Result<Outcome> {
    if cli.log_format == LogFormat::Json {
        output::use_json();
    }
    if cli.verbose {
        output::use_verbose();
    }
    let device = cli.device;
    let command = cli.command.unwrap_or(Command::Train(Default::default()));
    if !matches!(command, Command::Train(_)) && crate::ranks::n_started() > 1 {
        bail!("only `train` shares its work among the processes of mpirun; leave mpirun out");
    }
    match command {
        Command::Train(args) => return train::run(args, device),
        Command::Fit(args) => return fit::run(args, device),
        Command::Solve(args) => return solve::run(args),
        Command::Curve(args) => return curve::run(args, device),
        Command::Import(args) => return import::run(args, device),
        Command::Decrypt(args) => return decrypt::run(args, device),
        Command::Encrypt(args) => return encrypt::run(args),
        Command::RecoverKey(args) => return recover_key::run(args, device),
        Command::Eval(args) => eval::run(args, device)?,
        Command::Explain(args) => explain::run(args, device)?,
        Command::Generate(args) => generate::run(args)?,
        Command::Key(args) => key::run(args)?,
        Command::Export(args) => export::run(args, device)?,
        Command::Sweep(args) => sweep::run(args, device)?,
        Command::Status(args) => status::run(args)?,
        Command::Check(args) => check::run(args)?,
        Command::Doctor => doctor::run(device)?,
        Command::Completions { shell } => completions::run(shell)?,
        Command::Man { folder } => man::run(&folder)?,
    }
    Ok(Outcome::Done)
}

/// The device that was asked for, or the default one.
fn open(backend: Option<Backend>) -> Result<(Backend, Device)> {
    let backend = backend.unwrap_or_default();
    let device = backend.open().map_err(device_errors::with_advice)?;
    output::verbose(format!("device: {}", backend.describe(&device)));
    Ok((backend, device))
}

//! A file for each command.

mod check;
mod curve;
mod decrypt;
mod devices;
mod encrypt;
mod eval;
mod explain;
mod export;
mod fit;
mod generate;
mod lines;
mod next;
mod status;
mod train;

use std::io::Write;

use anyhow::Result;
use burn::tensor::Device;
use cipher_model::{Backend, Score};
use clap::CommandFactory;
use serde_json::json;

use crate::cli::{Cli, Command, DeviceArg, DeviceName, LogFormat};
use crate::say;

/// How a command ended, if without an error.
pub enum Outcome {
    Done,
    /// Training ended below the accuracy it was asked for.
    BelowTarget,
}

/// Runs what the command line asks for.
pub fn run(cli: Cli) -> Result<Outcome> {
    if cli.log_format == LogFormat::Json {
        say::use_json();
    }
    if cli.verbose {
        say::use_verbose();
    }
    let device = match cli.device {
        Some(DeviceArg::List) => {
            devices::list()?;
            return Ok(Outcome::Done);
        }
        Some(DeviceArg::Name(name)) => Some(name),
        None => None,
    };
    match cli.command.unwrap_or(Command::Train(Default::default())) {
        Command::Train(args) => return train::run(args, device),
        Command::Fit(args) => return fit::run(args, device),
        Command::Curve(args) => return curve::run(args, device),
        Command::Encrypt(args) => encrypt::run(args)?,
        Command::Decrypt(args) => decrypt::run(args, device)?,
        Command::Eval(args) => eval::run(args, device)?,
        Command::Explain(args) => explain::run(args, device)?,
        Command::Generate(args) => generate::run(args)?,
        Command::Export(args) => export::export(args, device)?,
        Command::Import(args) => export::import(args, device)?,
        Command::Status(args) => status::run(args)?,
        Command::Check(args) => check::run(args)?,
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "cipher-train", &mut script);
            std::io::stdout().write_all(&script)?;
        }
    }
    Ok(Outcome::Done)
}

fn open(device: Option<DeviceName>) -> Result<(Backend, Device)> {
    let backend = device.map_or_else(Backend::default, |DeviceName(backend)| backend);
    let device = backend.open()?;
    say::verbose(format!("device: {}", backend.describe(&device)));
    Ok((backend, device))
}

/// A share in percent, never rounded up: 100 % means all.
pub fn percent(share: f64) -> String {
    let hundredths = (share * 10_000.0 + 1e-7).floor() as i64;
    match hundredths % 100 {
        0 => format!("{} %", hundredths / 100),
        _ => format!("{}.{:02} %", hundredths / 100, hundredths % 100),
    }
}

/// A score as two lines for a reader.
fn describe(score: &Score) -> String {
    let Score {
        n_symbols,
        wrong_symbols,
        n_messages,
        wrong_messages,
    } = score;
    format!(
        "held-out character accuracy  {:8} ({} of {n_symbols})\n\
         held-out message accuracy    {:8} ({} of {n_messages})",
        percent(score.character_accuracy()),
        n_symbols - wrong_symbols,
        percent(score.message_accuracy()),
        n_messages - wrong_messages,
    )
}

/// A score as JSON for a program.
fn to_json(score: &Score) -> serde_json::Value {
    json!({
        "character_accuracy": score.character_accuracy(),
        "message_accuracy": score.message_accuracy(),
        "n_characters": score.n_symbols,
        "wrong_characters": score.wrong_symbols,
        "n_messages": score.n_messages,
        "wrong_messages": score.wrong_messages,
    })
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn only_all_of_it_is_100_percent() {
        assert_eq!(percent(1.0), "100 %");
        assert_eq!(percent(63_999.0 / 64_000.0), "99.99 %");
        assert_eq!(percent(0.29), "29 %");
        assert_eq!(percent(0.125), "12.50 %");
        assert_eq!(percent(0.0), "0 %");
    }
}

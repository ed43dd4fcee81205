//! Show it messages with their decryptions; it learns to decrypt the rest.
//!
//! `cli` says what can be asked, `commands` has a file for each answer, `training` wires the model
//! to Burn's Learner, `pairs` reads files of pairs, `plan` picks sizes for them, `report` says what
//! came of it, and `serve` shows that while it goes on.
//!
//! ```text
//! cargo run -p cipher-train --features ndarray -- train --run runs/caesar
//! cargo run -p cipher-train --features ndarray -- decrypt --run runs/caesar FUVEMVEMNMERPDRF
//! ```

mod cli;
mod commands;
mod config;
mod device_failure;
mod pairs;
mod plan;
mod report;
mod run_folder;
mod say;
mod serve;
mod training;

use std::process::ExitCode;

use clap::Parser;

/// Keeps memory between training steps, where the system's would give it back.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    match device_failure::catch(|| commands::run(cli)) {
        Ok(commands::Outcome::Done) => ExitCode::SUCCESS,
        Ok(commands::Outcome::BelowTarget) => ExitCode::from(1),
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            say::error(format!("{error:#}"));
            ExitCode::from(2)
        }
    }
}

/// Whoever read our output has had enough: not an error.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let mut causes = error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<std::io::Error>());
    causes.any(|cause| cause.kind() == std::io::ErrorKind::BrokenPipe)
}

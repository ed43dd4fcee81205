use std::io::{Write, stdout};

use anyhow::Result;
use clap::CommandFactory;
use clap_complete::Shell;

use super::cli::Cli;

pub fn run(shell: Shell) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "cipher-train", &mut script);
    let mut script = String::from_utf8(script)?;
    if shell == Shell::Bash {
        // clap_complete 4.6 takes the dash of the program's name for the one before a subcommand in
        // half of its labels.
        script = script.replace("cipher__subcmd__train", "cipher__train");
    }
    Ok(stdout().write_all(script.as_bytes())?)
}

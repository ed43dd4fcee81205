use std::path::Path;

use anyhow::{Context, Result};
use cipher_model::files::make_folder;
use clap::CommandFactory;

use super::cli::Cli;

pub fn run(folder: &Path) -> Result<()> {
    let name = folder.display();
    make_folder(folder).with_context(|| format!("cannot make the folder {name}"))?;
    clap_mangen::generate_to(Cli::command(), folder)
        .with_context(|| format!("cannot write manual pages to {name}"))
}

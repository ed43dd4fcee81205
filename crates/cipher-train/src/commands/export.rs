use std::io::{Write, stdout};

use anyhow::{Context, Result};
use cipher_model::Backend;
use cipher_model::files::write_whole;

use super::cli::{ExportArgs, Framework};
use super::open;
use crate::run::RunFolder;

pub fn run(args: ExportArgs, backend: Option<Backend>) -> Result<()> {
    let run = RunFolder::open(args.run.as_deref())?;
    let (_, device) = open(backend)?;
    let bundle = run.load_bundle(&device)?;
    let Framework::Torch = args.to;
    let name = args.file.display();
    write_whole(&args.file, &bundle.to_torch()).with_context(|| format!("cannot write {name}"))?;
    writeln!(stdout(), "{name}")?;
    Ok(())
}

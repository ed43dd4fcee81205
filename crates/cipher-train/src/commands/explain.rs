use std::io::{Write, stdout};
use std::path::Path;

use anyhow::{Context, Result};
use cipher_model::Backend;
use cipher_model::files::{make_folder, write_whole};

use super::bar::Busy;
use super::cli::ExplainArgs;
use super::old_model::warn_of_old_model;
use super::{open, output};
use crate::report::explanation::{Explanation, Page, Use, Weights};
use crate::run::RunFolder;

/// Test messages that a report is made of, at most: they tell shares to a tenth of a percent.
const MAX_MESSAGES: usize = 4000;

pub fn run(args: ExplainArgs, backend: Option<Backend>) -> Result<()> {
    let run = RunFolder::open(args.run.as_deref())?;
    let config = run.config()?;
    let (_, device) = open(backend)?;
    warn_of_old_model(&run)?;
    let data = match run.data(&config) {
        Ok(data) => Some(data),
        Err(error) => {
            output::warning(format!(
                "the report has no sections on test messages: {error:#}"
            ));
            None
        }
    };
    let busy = Busy::new("making the report");
    let weights = Weights::of(&run, &config, data.as_ref(), &device)?;
    let explanation = Explanation::of(
        &run,
        &config,
        data.as_ref(),
        &weights,
        MAX_MESSAGES,
        &device,
    )?;

    let page = Page::of(&explanation, &weights)?.to_html(Use::File);
    drop(busy);
    if let Some(folder) = args.out.parent() {
        make(folder)?;
    }
    write(&args.out, &page)?;
    let Some(folder) = &args.svg else {
        return Ok(());
    };
    make(folder)?;
    for picture in explanation.pictures() {
        let file = folder.join(picture.name).with_extension("svg");
        write(&file, &picture.drawing.to_svg())?;
    }
    let numbers = serde_json::to_string_pretty(&explanation);
    let numbers = numbers.context("cannot write the numbers as JSON")?;
    write(&folder.join("report.json"), &(numbers + "\n"))
}

fn make(folder: &Path) -> Result<()> {
    make_folder(folder).with_context(|| format!("cannot make the folder {}", folder.display()))
}

fn write(file: &Path, text: &str) -> Result<()> {
    let name = file.display();
    write_whole(file, text.as_bytes()).with_context(|| format!("cannot write {name}"))?;
    writeln!(stdout(), "{name}")?;
    Ok(())
}

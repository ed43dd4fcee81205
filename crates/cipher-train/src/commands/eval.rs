use std::io::{Write, stdout};

use anyhow::Result;
use cipher_model::Bundle;
use serde_json::json;

use super::{describe, open, to_json};
use crate::cli::{DeviceName, EvalArgs};
use crate::run_folder::RunFolder;
use crate::training::{self, Data};

pub fn run(args: EvalArgs, device: Option<DeviceName>) -> Result<()> {
    let run = RunFolder::open(args.run.as_deref())?;
    let (backend, device) = open(device)?;
    let config = run.config()?;
    let bundle = Bundle::load(run.bundle(), &device)?;
    let data = Data::random(&config)?;
    let test = data.loader(&data.test, &config, &device);
    let score = training::evaluate(&bundle.model, &test)?;

    let mut stdout = stdout().lock();
    match args.json {
        true => {
            let result = json!({
                "run": run.path(),
                "device": backend.name(),
                "epoch": bundle.measured.epoch,
                "held_out": to_json(&score),
            });
            writeln!(stdout, "{result}")?;
        }
        false => writeln!(stdout, "{}", describe(&score))?,
    }
    Ok(())
}

use std::io::{Write, stdout};

use anyhow::{Context, Result};
use cipher_data::{PairTable, SymbolUnit};
use cipher_model::Bundle;
use serde_json::json;

use super::{describe, open, to_json};
use crate::cli::{DeviceName, EvalArgs};
use crate::pairs;
use crate::run_folder::RunFolder;
use crate::training::{self, Data};

pub fn run(args: EvalArgs, device: Option<DeviceName>) -> Result<()> {
    let run = RunFolder::open(args.run.as_deref())?;
    let (backend, device) = open(device)?;
    let bundle = Bundle::load(run.bundle(), &device)?;
    let score = match args.pairs {
        Some(file) => {
            let [ciphertext, plaintext] = [&bundle.ciphertext_alphabet, &bundle.plaintext_alphabet];
            let mut file = args.read.of(file);
            file.graphemes |= ciphertext.unit() == SymbolUnit::Grapheme;
            let texts = pairs::texts(&file)?;
            let table = PairTable::new(&texts, ciphertext, plaintext)
                .with_context(|| file.file.display().to_string())?;
            training::evaluate_table(&bundle, table, &device)?
        }
        None => {
            let config = run.config()?;
            let data = Data::of_run(&config, &run)?;
            let test = data.loader(&data.test, &config, &device);
            training::evaluate(&bundle.model, &test)?
        }
    };

    let mut stdout = stdout().lock();
    match args.json {
        true => {
            let result = json!({
                "run": run.path().display().to_string(),
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

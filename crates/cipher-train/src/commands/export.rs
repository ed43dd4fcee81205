//! To PyTorch and back.

use std::fs;
use std::io::{Write, stdout};

use anyhow::{Context, Result, anyhow, bail};
use cipher_data::Alphabet;
use cipher_model::{Bundle, CipherModel, Measured, Score, write_whole};

use super::next::{command_line, quote_path};
use super::{describe, open};
use crate::cli::{DeviceName, ExportArgs, Framework, ImportArgs};
use crate::config::Config;
use crate::run_folder::{Existing, RunFolder};
use crate::training::{self, Data};

pub fn export(args: ExportArgs, device: Option<DeviceName>) -> Result<()> {
    let run = RunFolder::open(args.run.as_deref())?;
    let (_, device) = open(device)?;
    let bundle = Bundle::load(run.bundle(), &device)?;
    let Framework::Torch = args.to;
    let name = args.file.display();
    write_whole(&args.file, &bundle.to_torch()).with_context(|| format!("cannot write {name}"))?;
    writeln!(stdout(), "{name}")?;
    Ok(())
}

pub fn import(args: ImportArgs, device: Option<DeviceName>) -> Result<()> {
    let Framework::Torch = args.from;
    let name = args.file.display();
    let mut config = Config::load(Some(&args.config), &args.set)?;
    let bytes = fs::read(&args.file).with_context(|| format!("cannot read {name}"))?;
    let data = Data::of(&config)?;
    let (_, device) = open(device)?;
    let (model, sizes) =
        CipherModel::from_torch(&bytes, &device).map_err(|reason| anyhow!("{name}: {reason}"))?;
    let needed = [&data.ciphertext_alphabet, &data.plaintext_alphabet].map(|side| side.len());
    if model.n_symbols() != needed {
        let ([has_in, has_out], [needs_in, needs_out]) = (model.n_symbols(), needed);
        bail!(
            "{name} reads {has_in} symbols and padding and answers with {has_out}, and those of {} \
             are {needs_in} and {needs_out}",
            args.config.display()
        );
    }
    if let Some(theirs) = CipherModel::torch_alphabets(&bytes) {
        let ours = [&data.ciphertext_alphabet, &data.plaintext_alphabet];
        if ours.map(Alphabet::symbols) != theirs.each_ref().map(Vec::as_slice) {
            bail!(
                "{name} is for the alphabets {} and {}, and {} has others; \
                 give config.toml of the run that the weights are from",
                theirs[0].concat(),
                theirs[1].concat(),
                args.config.display()
            );
        }
    }
    config.model = sizes;
    let mut bundle = Bundle {
        model,
        config: config.model.clone(),
        measured: Measured {
            held_out: Score::default(),
            epoch: 0,
        },
        ciphertext_alphabet: data.ciphertext_alphabet.clone(),
        plaintext_alphabet: data.plaintext_alphabet.clone(),
    };
    let test = data.loader(&data.test, &config, &device);
    bundle.measured.held_out = training::evaluate(&bundle.model, &test)?;
    let stem = args.file.file_stem().map(|stem| stem.to_string_lossy());
    let stem = stem.unwrap_or("imported".into());
    let run = RunFolder::create(args.run.as_deref(), &stem, &config, Existing::Keep)?;
    data.keep(&run)?;
    bundle.save(run.bundle())?;
    run.set_latest();
    let mut out = stdout().lock();
    let folder = run.path().display();
    writeln!(out, "{}", describe(&bundle.measured.held_out))?;
    writeln!(out, "saved in {folder}")?;
    let (program, run) = (command_line(), quote_path(run.path()));
    writeln!(out, "next: {program} decrypt --run {run}")?;
    Ok(())
}

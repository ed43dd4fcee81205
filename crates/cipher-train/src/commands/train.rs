use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result, bail};
use burn::tensor::Device;
use burn::train::Interrupter;
use cipher_model::{Backend, Bundle, Decryptor};

use super::next::{command_line, quote, quote_path};
use super::{Outcome, describe, fit, open, percent};
use crate::cli::{DeviceName, TrainArgs};
use crate::config::Config;
use crate::run_folder::{Existing, RunFolder};
use crate::say;
use crate::serve::{Port, Served};
use crate::training::{self, Data, Trained, Watch, without_side_effects};

pub fn run(args: TrainArgs, device: Option<DeviceName>) -> Result<Outcome> {
    let (backend, device) = open(device)?;
    let port = args.serve.map(Port::take).transpose()?;
    let (run, config, data) = match args.resume {
        true => {
            let (run, config) = resume(&args)?;
            let data = Data::of_run(&config, &run)?;
            (run, config, data)
        }
        false => begin(&args)?,
    };
    let serving = port.map(|port| {
        port.serve(Served {
            run: run.clone(),
            config: config.clone(),
            data: data.clone(),
            device: device.clone(),
        })
    });
    let serving = serving.transpose()?;
    let trained = run_training(&config, &data, &run, (backend, &device), args.tui)?;
    drop(serving);
    match config.pairs {
        Some(_) => fit::report(trained, &data, &run, &device),
        None => report(trained, &config, &data, &run, &device),
    }
}

fn begin(args: &TrainArgs) -> Result<(RunFolder, Config, Data)> {
    let config = Config::load(args.config.as_deref(), &args.set)?;
    let name = args.config.as_deref().and_then(|path| path.file_stem());
    let name = name.map_or("caesar".into(), |stem| stem.to_string_lossy());
    // Before the folder: what cannot be trained on leaves none behind.
    let data = Data::of(&config)?;
    let existing = Existing::of(args.overwrite);
    let run = RunFolder::create(args.run.as_deref(), &name, &config, existing)?;
    data.keep(&run)?;
    Ok((run, config, data))
}

fn resume(args: &TrainArgs) -> Result<(RunFolder, Config)> {
    let run = RunFolder::resume(args.run.as_deref())?;
    let saved = run.config()?;
    let config = Config::parse("the config of the run", &saved.to_toml(), &args.set)?;
    if without_side_effects(&config) != without_side_effects(&saved) {
        bail!(
            "--set changes what {} is a training of; only training.save_every and \
             training.on_divergence may be set anew",
            run.path().display()
        );
    }
    run.set_config(&config)?;
    Ok((run, config))
}

fn report(
    trained: Trained,
    config: &Config,
    data: &Data,
    run: &RunFolder,
    device: &Device,
) -> Result<Outcome> {
    let score = trained.bundle.measured.held_out;
    let (ciphertext, answer) = sample(config, data, trained.bundle, device)?;
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{}", describe(&score))?;
    writeln!(stdout, "{ciphertext} -> {answer}")?;
    writeln!(stdout, "saved in {}", run.path().display())?;
    writeln!(
        stdout,
        "next: {} decrypt {}",
        command_line(),
        quote(&ciphertext)
    )?;

    let target = config.training.target_accuracy;
    if trained.stopped.is_none() && score.character_accuracy() < target {
        let reached = percent(score.character_accuracy());
        say::info(format!(
            "{reached} of the held-out characters is below the {} asked for; \
             try more training.epochs or a larger model.d_hidden",
            percent(target)
        ));
        return Ok(Outcome::BelowTarget);
    }
    Ok(Outcome::Done)
}

/// Trains until the end or Ctrl-C, and says how long it took.
pub fn run_training(
    config: &Config,
    data: &Data,
    run: &RunFolder,
    (backend, device): (Backend, &Device),
    tui: bool,
) -> Result<Trained> {
    let interrupter = Interrupter::new();
    stop_on_ctrl_c(&interrupter)?;
    let watch = match tui {
        true => Watch::Dashboard,
        false if say::is_json() => Watch::Records,
        false => Watch::Progress,
    };
    run.set_begun();
    let folder = quote_path(run.path());
    let trained = training::train(config, data, run, (backend, device), &interrupter, watch);
    // A training that ended with an error may have left its best weights all the same.
    if run.has_bundle() {
        run.set_latest();
    }
    let trained = trained?;

    let seconds = trained.duration.as_secs_f64();
    match &trained.stopped {
        Some(reason) => say::info(format!(
            "stopped by {reason} after {seconds:.1} s; go on with: {} train --resume --run {folder}",
            command_line()
        )),
        None => say::info(format!(
            "trained in {seconds:.1} s: {:.0} characters a second",
            trained.n_characters as f64 / seconds
        )),
    }
    Ok(trained)
}

/// The first signal ends training in order; a second one ends the process.
pub fn stop_on_ctrl_c(interrupter: &Interrupter) -> Result<()> {
    let interrupter = interrupter.clone();
    let asked = AtomicBool::new(false);
    ctrlc::set_handler(move || {
        if asked.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
        interrupter.stop(Some("a signal"));
    })
    .context("cannot listen for Ctrl-C")
}

/// A ciphertext and what the model makes of it: the tutorial's secret if the alphabet can write
/// it, otherwise a held-out message.
fn sample(
    config: &Config,
    data: &Data,
    bundle: Bundle,
    device: &Device,
) -> Result<(String, String)> {
    let secret = match config.pairs {
        None => config.init()?.secret(),
        Some(_) => None,
    };
    let pair = match secret {
        Some(secret) => secret,
        None => data.test.pairs_at(0).get(0)?,
    };
    let ciphertext = data.ciphertext_alphabet.decode(pair.ciphertext());
    let answer = Decryptor::new(bundle, device)
        .decrypt(&ciphertext)?
        .plaintext;
    Ok((ciphertext, answer))
}

use anyhow::{Result, bail};
use cipher_model::Backend;

use super::cli::TrainArgs;
use super::launch::{Launch, create_run, prepare};
use super::{Outcome, contents, open, ranks};
use crate::config::Config;
use crate::data::Data;
use crate::run::RunFolder;
use crate::training::Place;

pub fn run(args: TrainArgs, backend: Option<Backend>) -> Result<Outcome> {
    ranks::on_all(|ranks| {
        let (backend, device) = open(backend)?;
        let on = Place {
            backend,
            device,
            ranks,
        };
        if ranks.is_first() {
            train(&args, on)
        } else {
            ranks::follow(&on)
        }
    })
}

fn train(args: &TrainArgs, on: Place) -> Result<Outcome> {
    let port = prepare(&args.run)?;
    let (run, config, data) = if args.run.resume && !args.run.overwrite && args.config.is_none() {
        resume(args)?
    } else {
        create(args)?
    };
    ranks::lead(&run, &on)?;
    let launch = Launch {
        config,
        data,
        run,
        on,
        port,
        others: None,
        json: None,
    };
    launch.start(&args.run)
}

fn create(args: &TrainArgs) -> Result<(RunFolder, Config, Data)> {
    let path = args.config.as_deref();
    if let Some(path) = path
        && path
            .extension()
            .is_some_and(|end| ["tsv", "csv", "jsonl"].iter().any(|&pairs| end == pairs))
    {
        bail!(
            "{} is a file of pairs; give it to `fit`, or give `train` a config (.toml)",
            path.display()
        );
    }
    let config = Config::load(path, &args.run.set)?;
    contents::check(&args.run, path)?;
    let name = path.and_then(|path| path.file_stem());
    let name = name.map_or("caesar".into(), |stem| stem.to_string_lossy());
    // The data comes before the folder, so that an error in it leaves no folder behind.
    let data = Data::of(&config)?;
    create_run(&args.run, &name, config, data)
}

fn resume(args: &TrainArgs) -> Result<(RunFolder, Config, Data)> {
    let run = RunFolder::resume(args.run.run.as_deref())?;
    let saved = run.config()?;
    let config = Config::parse("the config of the run", &saved.to_toml(), &args.run.set)?;
    let comparable = |config: &Config| Config {
        training: config.training.without_resumable_fields(),
        ..config.clone()
    };
    if comparable(&config) != comparable(&saved) {
        bail!(
            "--set would change what {} trains; only training.save_every and \
             training.on_divergence may be set when a run is resumed",
            run.path().display()
        );
    }
    let data = run.data(&saved)?;
    Ok((run, config, data))
}

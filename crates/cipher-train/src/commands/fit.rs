use anyhow::{Error, Result, anyhow, bail};
use cipher_data::find_keys;
use cipher_model::Backend;
use serde_json::json;

use super::bar::Busy;
use super::cli::FitArgs;
use super::launch::{Launch, prepare};
use super::{Outcome, open, output};
use crate::config::{Config, TrainingConfig};
use crate::data::{Data, Pairs};
use crate::run::{Existing, RunFolder};
use crate::training::Place;

pub fn run(args: FitArgs, backend: Option<Backend>) -> Result<Outcome> {
    let file = args.read.of(args.pairs, args.plaintexts);
    let path = file.file.display().to_string();
    if file.file.extension().is_some_and(|end| end == "toml") {
        bail!("{path} is a config; give it to `train`, or give `fit` a file of pairs");
    }
    if file.file.to_str().is_none() {
        bail!("{path}: a config cannot hold a name that is not UTF-8; rename the file");
    }
    let (backend, device) = open(backend)?;
    let port = prepare(&args.run)?;
    let busy = Busy::new("reading and comparing the pairs");
    let pairs = Pairs::read(&file)?;
    let name = file
        .file
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned());
    let name = name.filter(|name| name != "-").unwrap_or("pairs".into());
    let (planned, dependence) = pairs.plan(file);
    let config = with_settings(planned, &args.run.set)?;
    let data = Data::of_file(&config, &pairs).map_err(|error| with_key(error, &pairs));
    drop(busy);
    let data = data?;

    let mut description = Vec::new();
    pairs.describe(&mut description)?;
    for line in String::from_utf8_lossy(&description).lines() {
        match line.strip_prefix("warning: ") {
            Some(warning) => output::warning(warning),
            None => output::info(line),
        }
    }
    if let Some(aligned) = &data.aligned {
        output::info(aligned.describe());
        if let Some(left_out) = aligned.left_out() {
            output::info(left_out);
        }
        if let Some(warning) = aligned.warning() {
            output::warning(warning);
        }
    }
    if let Some(dependence) = &dependence {
        output::info(dependence);
    }
    if let Some(division) = data.division() {
        output::info(division);
    }
    if let Some(key) = data.key() {
        output::info(format!("the key is found: {key}"));
        if let Some(lines) = key.wrong_lines(&pairs.first_texts) {
            output::info(lines);
        }
    }
    let run = RunFolder::create(
        args.run.run.as_deref(),
        &name,
        Existing::of(args.run.overwrite),
        &config,
        Some(&data),
        |_| Ok(()),
    )?;
    let json = args.json.then(|| {
        json!({
            "pairs": pairs.to_json(),
            "reads_backwards": config.model.bidirectional,
            "dependence": dependence.map(|dependence| dependence.to_string()),
            "n_near_duplicates": data.n_near_duplicates,
            "n_left_out": data.n_left_out,
        })
    });
    let launch = Launch {
        config,
        data,
        run,
        on: Place::alone(backend, &device),
        port,
        json,
    };
    launch.start(&args.run)
}

/// The plan with the user's settings. Prefixes are the plan's choice for a network that reads in one direction.
fn with_settings(planned: Config, settings: &[String]) -> Result<Config> {
    let parse =
        |config: &Config| Config::parse("the plan for these pairs", &config.to_toml(), settings);
    let whole = Config {
        training: TrainingConfig {
            random_prefixes: false,
            ..planned.training.clone()
        },
        ..planned.clone()
    };
    let config = parse(&whole)?;
    if config.model.bidirectional {
        return Ok(config);
    }
    parse(&planned)
}

/// What can be done with pairs that are too few for a network.
fn with_key(error: Error, pairs: &Pairs) -> Error {
    let keys = find_keys(&pairs.first_texts.pairs().collect::<Vec<_>>());
    match keys.first().filter(|key| key.is_certain()) {
        Some(key) => anyhow!(
            "{error:#}\nbut no network is needed: `solve` finds the key, {}",
            key.name()
        ),
        None => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_give_way_to_a_network_that_reads_backwards_unless_they_are_asked_for() {
        let mut planned = Config::default();
        planned.training.random_prefixes = true;
        let with = |settings: &[&str]| {
            let settings: Vec<String> = settings.iter().map(|&setting| setting.into()).collect();
            with_settings(planned.clone(), &settings)
        };
        assert!(with(&[]).unwrap().training.random_prefixes);
        let backwards = "model.bidirectional=true";
        assert!(!with(&[backwards]).unwrap().training.random_prefixes);
        let both = with(&[backwards, "training.random_prefixes=true"]);
        assert!(both.unwrap_err().to_string().contains("whole messages"));
    }
}

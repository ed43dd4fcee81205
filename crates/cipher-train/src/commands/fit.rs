use std::path::Path;

use anyhow::{Error, Result, anyhow, bail};
use cipher_data::{Dependence, find_keys};
use cipher_model::Backend;
use serde_json::{Value, json};

use super::bar::Busy;
use super::cli::FitArgs;
use super::launch::{Launch, create_run, prepare};
use super::{Outcome, contents, open, output};
use crate::config::{Config, TrainingConfig, holds, key};
use crate::data::{Data, Others, Pairs, some_of_cipher, some_of_file};
use crate::training::Place;

/// The tables and fields of a config that decide its messages, beside the seed.
const OF_MESSAGES: [&str; 7] = [
    "alphabet",
    "cipher",
    "ciphertext",
    "alternative",
    "messages.min_length",
    "messages.max_length",
    "messages.curriculum",
];

pub fn run(args: FitArgs, backend: Option<Backend>) -> Result<Outcome> {
    let (backend, device) = open(backend)?;
    let port = prepare(&args.run)?;
    let busy = Busy::new("reading and comparing the pairs");
    let fit = Fit::of(&args);
    drop(busy);
    let fit = fit?;
    fit.describe()?;
    let json = args.json.then(|| fit.to_json());
    let (run, config, data) = create_run(&args.run, &name(&args.file), fit.config, fit.data)?;
    let launch = Launch {
        config,
        data,
        run,
        on: Place::alone(backend, &device),
        port,
        others: fit.others,
        json,
    };
    launch.start(&args.run)
}

/// What is to be learned, and how.
pub struct Fit {
    pairs: Pairs,
    /// What the result is measured on, if only some pairs are learned from.
    pub others: Option<Others>,
    pub config: Config,
    pub data: Data,
    dependence: Option<Dependence>,
}

impl Fit {
    /// Reads the pairs, and chooses what the user has not.
    ///
    /// # Errors
    ///
    /// Those of the file and of the settings, and too few pairs.
    pub fn of(args: &FitArgs) -> Result<Self> {
        let source = args.read.clone();
        let source = source.of(args.file.clone(), args.plaintexts.clone());
        let name = source.file.display();
        if source.file.to_str().is_none() {
            bail!("{name}: a config cannot hold a name that is not UTF-8; rename the file");
        }
        contents::check(&args.run, Some(&source.file))?;
        let is_config = is_config(&source.file);
        if let (true, Some(plaintexts)) = (is_config, &source.plaintexts) {
            bail!(
                "{name} is a config, whose cipher makes the pairs; leave out {}",
                plaintexts.display()
            );
        }
        let mut settings = args.run.set.clone();
        let (pairs, others) = match args.pairs {
            None if is_config => bail!(
                "{name} is a config; give it to `train`, or say with --pairs how many random pairs of its \
                 cipher to learn from"
            ),
            None => (Pairs::read(&source)?, None),
            Some(n) => {
                let decides_messages = |setting: &String| {
                    is_of(setting, &["seed"]) || is_config && is_of(setting, &OF_MESSAGES)
                };
                let (messages, others): (Vec<_>, Vec<_>) =
                    settings.into_iter().partition(decides_messages);
                let file = Some(source.file.as_path()).filter(|_| is_config);
                let config = Config::load(file, &messages)?;
                settings = [vec![format!("seed={}", config.seed)], others].concat();
                let (pairs, others) = match is_config {
                    true => some_of_cipher(&config, &source, n)?,
                    false => some_of_file(&source, n, config.seed)?,
                };
                (pairs, Some(others))
            }
        };
        let (planned, dependence) = pairs.plan(source);
        let config = with_settings(planned, &settings)?;
        let data = Data::of_file(&config, &pairs).map_err(|error| match args.pairs {
            None => with_key(error, &pairs),
            Some(n) => anyhow!("{error:#}\nthese are the {n} of --pairs; give a larger number"),
        })?;
        Ok(Self {
            pairs,
            others,
            config,
            data,
            dependence,
        })
    }

    /// Logs what was found in the pairs.
    fn describe(&self) -> Result<()> {
        let mut description = Vec::new();
        self.pairs.describe(&mut description)?;
        for line in String::from_utf8_lossy(&description).lines() {
            match line.strip_prefix("warning: ") {
                Some(warning) => output::warning(warning),
                None => output::info(line),
            }
        }
        if let Some(aligned) = &self.data.aligned {
            output::info(aligned.describe());
            if let Some(left_out) = aligned.left_out() {
                output::info(left_out);
            }
            if let Some(warning) = aligned.warning() {
                output::warning(warning);
            }
        }
        if let Some(dependence) = &self.dependence {
            output::info(dependence);
        }
        if let Some(division) = self.data.division() {
            output::info(division);
        }
        if let Some(key) = self.data.key() {
            output::info(format!("the key is found: {key}"));
            output::info(
                "a network learns the pairs as well; Ctrl-C ends that, and decrypt uses the key",
            );
            if let Some(lines) = key.wrong_lines(&self.pairs.first_texts) {
                output::info(lines);
            }
        }
        Ok(())
    }

    fn to_json(&self) -> Value {
        json!({
            "pairs": self.pairs.to_json(),
            "reads_backwards": self.config.model.bidirectional,
            "dependence": self.dependence.as_ref().map(ToString::to_string),
            "n_near_duplicates": self.data.n_near_duplicates,
            "n_left_out": self.data.n_left_out,
        })
    }
}

/// The name of a new run.
fn name(file: &Path) -> String {
    let stem = file.file_stem().map(|stem| stem.to_string_lossy());
    let stem = stem.filter(|stem| stem != "-");
    stem.unwrap_or("pairs".into()).into_owned()
}

/// Whether a file is a config, by its name.
pub fn is_config(file: &Path) -> bool {
    file.extension().is_some_and(|end| end == "toml")
}

/// Whether a setting is of one of these fields or tables.
fn is_of(setting: &str, fields: &[&str]) -> bool {
    fields.iter().any(|field| holds(field, key(setting)))
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

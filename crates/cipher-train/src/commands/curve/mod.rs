//! Accuracy on other messages, by the number of pairs that were learned from: a sweep over numbers of pairs and
//! seeds, run here.

mod limit;
mod runs;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use cipher_model::Backend;
use cipher_model::files::{make_folder, write_whole};
use serde::Serialize;
use serde_json::{Value, json};

use super::bar::count_bar;
use super::cli::CurveArgs;
use super::fit::is_config;
use super::signals::stop_on_signals;
use super::{Outcome, open, output};
use crate::config::{Config, PairsSource};
use crate::data::read_texts;
use crate::numbers::{count, percent};
use crate::report::chart::{Axis, Chart, Mark, Series};
use crate::report::measure::Measure;
use crate::run::OnOthers;
use crate::training::{Place, Stop};
use runs::Runs;

/// Numbers of pairs to learn from, if none are given.
const DEFAULT_COUNTS: [usize; 8] = [3, 4, 6, 8, 12, 16, 24, 32];

/// The accuracy that was learned from some pairs.
#[derive(Serialize)]
struct Point {
    pairs: usize,
    /// Characters on one side of the pairs.
    characters: usize,
    seed: u64,
    /// What the network gets right, or of a file what `decrypt` gets right: by the network or a rule.
    character_accuracy: f64,
    /// The share of the other messages' symbols that occur in the pairs, where that is known.
    seen: Option<f64>,
}

impl Point {
    fn of(on_others: &OnOthers, seed: u64, messages: &Messages) -> Self {
        Self {
            pairs: on_others.n_pairs,
            characters: on_others.n_characters,
            seed,
            character_accuracy: match messages {
                Messages::Cipher(_) => on_others.network_character_accuracy,
                Messages::File { .. } => on_others.character_accuracy,
            },
            seen: on_others.seen,
        }
    }
}

/// Where the pairs come from.
enum Messages {
    /// A config's cipher.
    Cipher(Box<Config>),
    /// A file.
    File {
        source: Box<PairsSource>,
        n_pairs: usize,
    },
}

pub fn run(args: CurveArgs, backend: Option<Backend>) -> Result<Outcome> {
    let file = match &args.file {
        Some(file) => file.clone(),
        None => write_built_in(&args.out)?,
    };
    let messages = Messages::of(&file, &args)?;
    let mut counts = messages.counts(&args.pairs)?;
    make(&args.out)?;
    let (backend, device) = open(backend)?;
    let on = Place::alone(backend, &device);
    let stop = Stop::default();
    stop_on_signals(&stop)?;

    let runs = Runs::of(&file, &args);
    let bar = count_bar(counts.len() as u64 * args.seeds, "trainings");
    let mut points = Vec::new();
    let mut measure = String::new();
    'counts: for &n_pairs in &counts {
        for seed in 1..=args.seeds {
            let Some(on_others) = runs.learn(n_pairs, seed, &on, &stop)? else {
                break 'counts;
            };
            let point = Point::of(&on_others, seed, &messages);
            measure = on_others.measure;
            let result = describe(&point, &measure);
            if bar.is_hidden() {
                output::info(result);
            } else {
                bar.set_message(result);
            }
            bar.inc(1);
            points.push(point);
        }
    }
    bar.finish_and_clear();
    counts.retain(|&n_pairs| points.iter().any(|point| point.pairs == n_pairs));
    if counts.is_empty() {
        output::info("stopped by a signal before the first point; the same command continues");
        return Ok(Outcome::Stopped);
    }
    let limit = match &messages {
        Messages::Cipher(config) => limit::of_cipher(config, &counts)?,
        Messages::File { .. } => limit::of_points(&counts, &points),
    };
    let description = (messages.describe()?, measure.as_str());
    write(&args.out, description, &counts, &points, &limit)?;
    if stop.is_requested() {
        let n = count(points.len(), "training");
        output::info(format!(
            "stopped by a signal after {n}; the same command continues"
        ));
        return Ok(Outcome::Stopped);
    }
    Ok(Outcome::Done)
}

fn make(folder: &Path) -> Result<()> {
    make_folder(folder).with_context(|| format!("cannot make the folder {}", folder.display()))
}

/// The built-in config as a file, which `fit` can be given.
fn write_built_in(folder: &Path) -> Result<PathBuf> {
    make(folder)?;
    let file = folder.join("caesar.toml");
    write_whole(&file, Config::default().to_toml().as_bytes())
        .with_context(|| format!("cannot write {}", file.display()))?;
    Ok(file)
}

impl Messages {
    fn of(file: &Path, args: &CurveArgs) -> Result<Self> {
        if is_config(file) {
            let config = Config::load(Some(file), &args.set)?;
            config.cipher()?;
            return Ok(Self::Cipher(Box::new(config)));
        }
        if file == Path::new("-") {
            bail!("`curve` reads the pairs for each training; give it a file, not stdin");
        }
        let source = args.read.clone().of(file.into(), None);
        let n_pairs = read_texts(&source)?.len();
        Ok(Self::File {
            source: Box::new(source),
            n_pairs,
        })
    }

    /// The numbers of pairs to learn from, in order. Those that leave none to measure on are refused before the
    /// first training.
    fn counts(&self, asked: &[usize]) -> Result<Vec<usize>> {
        let n_pairs = match self {
            Self::Cipher(_) => usize::MAX,
            Self::File { n_pairs, .. } => *n_pairs,
        };
        let mut counts = asked.to_vec();
        if asked.is_empty() {
            counts.extend(DEFAULT_COUNTS.iter().filter(|&&count| count < n_pairs));
        }
        counts.sort_unstable();
        counts.dedup();
        let most = counts.last().copied().unwrap_or(1);
        if most >= n_pairs || counts.is_empty() {
            bail!(
                "the file has {}, and {most} to learn from leave none to measure on; give smaller numbers \
                 with --pairs, or more pairs",
                count(n_pairs, "different pair")
            );
        }
        Ok(counts)
    }

    /// What the messages are, for the file of numbers.
    fn describe(&self) -> Result<Value> {
        Ok(match self {
            Self::Cipher(config) => {
                let source = config.cipher()?;
                json!({
                    "cipher": source.texts.cipher,
                    "messages": { "min_length": source.min_length, "max_length": source.max_length },
                })
            }
            Self::File { source, n_pairs } => json!({ "pairs": source, "n_pairs": n_pairs }),
        })
    }
}

fn describe(point: &Point, measure: &str) -> String {
    let seen = point.seen.map_or(String::new(), |seen| {
        format!(", {} of them seen in the pairs", percent(seen))
    });
    format!(
        "{}, seed {}: {} of other characters{}{seen}",
        count(point.pairs, "pair"),
        point.seed,
        percent(point.character_accuracy),
        by_edits(measure).replace(',', "")
    )
}

/// How characters are counted, if not one by one.
fn by_edits(measure: &str) -> &'static str {
    match measure == Measure::Edits.name() {
        true => ", by edit distance",
        false => "",
    }
}

fn write(
    folder: &Path,
    (description, measure): (Value, &str),
    counts: &[usize],
    points: &[Point],
    limit: &[(f64, f64)],
) -> Result<()> {
    let mean = |n_pairs: usize| {
        let of_count = points.iter().filter(|point| point.pairs == n_pairs);
        let accuracies: Vec<_> = of_count.map(|point| point.character_accuracy).collect();
        accuracies.iter().sum::<f64>() / accuracies.len() as f64
    };
    let dots = points
        .iter()
        .map(|point| (point.pairs as f64, point.character_accuracy));
    let means = counts.iter().map(|&n| (n as f64, mean(n)));
    let mut series = vec![
        Series {
            name: "each seed",
            points: dots.collect(),
            mark: Mark::Dots,
        },
        Series {
            name: "their mean",
            points: means.collect(),
            mark: Mark::Line,
        },
    ];
    if !limit.is_empty() {
        series.push(Series {
            name: "seen in the pairs at all",
            points: limit.to_vec(),
            mark: Mark::DashedLine,
        });
    }
    let label = format!(
        "characters of other messages that are right{}",
        by_edits(measure)
    );
    let chart = Chart {
        title: "Accuracy by number of training pairs",
        size: (720.0, 420.0),
        description: "",
        x: Axis::each(
            "pairs",
            &counts.iter().map(|&n| n as f64).collect::<Vec<_>>(),
        ),
        y: Axis::share(&label),
        series,
    };
    let mut json = description;
    json["measure"] = json!(measure);
    json["points"] = json!(points);
    json["limit"] = json!(limit);
    let json = serde_json::to_string_pretty(&json).context("cannot write the points as JSON")?;
    for (name, text) in [
        ("curve.svg", chart.draw().to_svg()),
        ("curve.json", json + "\n"),
    ] {
        let file = folder.join(name);
        write_whole(&file, text.as_bytes())
            .with_context(|| format!("cannot write {}", file.display()))?;
        println!("{}", file.display());
    }
    Ok(())
}

//! Accuracy on other messages, by the number of pairs that were learned from.

mod of_cipher;
mod of_file;

use std::path::Path;

use anyhow::{Context, Result};
use burn::tensor::Device;
use cipher_model::Backend;
use cipher_model::files::{make_folder, write_whole};
use serde::Serialize;
use serde_json::{Value, json};

use super::bar::count_bar;
use super::cli::CurveArgs;
use super::signals::stop_on_signals;
use super::{Outcome, open, output};
use crate::config::Config;
use crate::numbers::{count, percent};
use crate::report::chart::{Axis, Chart, Mark, Series};
use crate::report::measure::Measure;
use crate::training::Stop;
use of_cipher::OfCipher;
use of_file::OfFile;

/// Messages that the accuracy is measured on, at most.
const N_OTHER: usize = 1000;

/// The accuracy that was learned from some pairs.
#[derive(Serialize)]
struct Point {
    pairs: usize,
    /// Characters on one side of the pairs.
    characters: usize,
    seed: u64,
    character_accuracy: f64,
    /// The share of the other messages' symbols that occur in the pairs, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    seen: Option<f64>,
}

/// Where the pairs come from.
trait Messages {
    /// Learns from a number of pairs alone, as `fit` does, and measures on other messages.
    fn learn(
        &self,
        n_pairs: usize,
        seed: u64,
        on: (Backend, &Device),
        stop: &Stop,
    ) -> Result<Point>;

    /// The share of symbols that a perfect learner could know, by the number of pairs; no points
    /// where it is not known.
    fn limit(&self, counts: &[usize], points: &[Point]) -> Result<Vec<(f64, f64)>>;

    /// What the messages are, for the file of numbers.
    fn describe(&self) -> Result<Value>;

    /// How answers are compared with the plaintexts.
    fn measure(&self) -> Measure {
        Measure::Symbols
    }
}

pub fn run(args: CurveArgs, backend: Option<Backend>) -> Result<Outcome> {
    let mut counts = args.pairs;
    counts.sort_unstable();
    counts.dedup();
    let file = args.file.as_deref();
    let messages: Box<dyn Messages> = match file.filter(|file| !is_config(file)) {
        Some(file) => Box::new(OfFile::new(args.read.of(file.into(), None), &counts)?),
        None => Box::new(OfCipher::new(Config::load(file, &args.set)?)?),
    };
    let (backend, device) = open(backend)?;
    let stop = Stop::default();
    stop_on_signals(&stop)?;
    make_folder(&args.out)
        .with_context(|| format!("cannot make the folder {}", args.out.display()))?;

    let bar = count_bar(counts.len() as u64 * args.seeds, "trainings");
    let mut points = Vec::new();
    'counts: for &n_pairs in &counts {
        for seed in 1..=args.seeds {
            let point = messages.learn(n_pairs, seed, (backend, &device), &stop)?;
            if stop.is_requested() {
                break 'counts;
            }
            let result = describe(&point, messages.measure());
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
        output::info("stopped by a signal before the first point");
        return Ok(Outcome::Stopped);
    }
    let limit = messages.limit(&counts, &points)?;
    let measure = messages.measure();
    write(
        &args.out,
        (messages.describe()?, measure),
        &counts,
        &points,
        &limit,
    )?;
    if stop.is_requested() {
        let n = points.len();
        output::info(format!("stopped by a signal after {n} trainings"));
        return Ok(Outcome::Stopped);
    }
    Ok(Outcome::Done)
}

fn is_config(file: &Path) -> bool {
    file.extension().is_some_and(|end| end == "toml")
}

fn describe(point: &Point, measure: Measure) -> String {
    let seen = point.seen.map_or(String::new(), |seen| {
        format!(", {} of them seen in the pairs", percent(seen))
    });
    format!(
        "{}, seed {}: {} of other characters{}{seen}",
        count(point.pairs, "pair"),
        point.seed,
        percent(point.character_accuracy),
        match measure {
            Measure::Symbols | Measure::Keys => "",
            Measure::Edits => " by edit distance",
        }
    )
}

fn write(
    folder: &Path,
    (description, measure): (Value, Measure),
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
    let chart = Chart {
        title: "Accuracy by number of training pairs",
        size: (720.0, 420.0),
        description: "",
        x: Axis::counts("pairs", counts),
        y: Axis::share(match measure {
            Measure::Symbols | Measure::Keys => "characters of other messages that are right",
            Measure::Edits => "characters of other messages that are right, by edit distance",
        }),
        series,
    };
    let mut json = description;
    json["measure"] = json!(measure.name());
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

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use burn::tensor::Device;
use cipher_data::{BucketLoader, PairBatcher, PairTable, Split};
use cipher_model::Backend;
use cipher_model::files::{make_folder, write_whole};
use serde::Serialize;
use serde_json::json;

use super::bar::count_bar;
use super::cli::CurveArgs;
use super::signals::stop_on_signals;
use super::{Outcome, open, output, scratch};
use crate::config::{CipherSetup, Config, plan};
use crate::data::{Data, all_pairs, random_messages};
use crate::report::chart::{Axis, Chart, Mark, Series};
use crate::report::percent;
use crate::training::Stop;

/// Messages that the accuracy is measured on.
const N_OTHER: usize = 1000;
/// Messages that are decrypted at once.
const BATCH_SIZE: usize = 128;
/// Points of the limit between two counts.
const LIMIT_POINTS: usize = 16;

/// The accuracy that a network learned from some pairs.
#[derive(Serialize)]
struct Point {
    pairs: usize,
    /// Characters on one side of the pairs.
    characters: usize,
    seed: u64,
    character_accuracy: f64,
}

pub fn run(args: CurveArgs, backend: Option<Backend>) -> Result<Outcome> {
    let config = Config::load(args.config.as_deref(), &args.set)?;
    config.cipher()?;
    let mut counts = args.pairs;
    counts.sort_unstable();
    counts.dedup();
    let (backend, device) = open(backend)?;
    let stop = Stop::default();
    stop_on_signals(&stop)?;
    make_folder(&args.out)
        .with_context(|| format!("cannot make the folder {}", args.out.display()))?;

    let bar = count_bar(counts.len() as u64 * args.seeds, "trainings");
    let mut points = Vec::new();
    'counts: for &n_pairs in &counts {
        for seed in 1..=args.seeds {
            let point = learn(&config, n_pairs, seed, (backend, &device), &stop)?;
            if stop.is_requested() {
                break 'counts;
            }
            let accuracy = percent(point.character_accuracy);
            let result = format!("{n_pairs} pairs, seed {seed}: {accuracy} of other characters");
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
    let limit = limit(&config, &counts)?;
    write(&args.out, &config, &counts, &points, &limit)?;
    if stop.is_requested() {
        let n = points.len();
        output::info(format!("stopped by a signal after {n} trainings"));
        return Ok(Outcome::Stopped);
    }
    Ok(Outcome::Done)
}

/// Learns from the first pairs of a seed alone, as `fit` does, and measures on other messages.
fn learn(
    config: &Config,
    n_pairs: usize,
    seed: u64,
    (backend, device): (Backend, &Device),
    stop: &Stop,
) -> Result<Point> {
    let messages = Config {
        seed,
        ..config.clone()
    };
    let setup = messages.cipher()?.init()?;
    let known = Arc::new(table(&messages, &setup, Split::Training, n_pairs)?);
    let planned = Config {
        seed,
        ..plan(&known, config.source.clone(), false)
    };
    let alphabets = [setup.alphabet.clone(), setup.alphabet.clone()];
    let data = Data::of_table(&planned, &known, alphabets)?;
    let trained = scratch::train(&planned, &data, (backend, device), stop)?;
    let other = table(&messages, &setup, Split::HeldOut, N_OTHER)?;
    let n_symbols = setup.alphabet.len();
    let batcher = PairBatcher::new(n_symbols, n_symbols);
    let loader = BucketLoader::new(all_pairs(other), batcher, BATCH_SIZE, 0, device);
    let score = trained.bundle.model.evaluate(&loader)?;
    Ok(Point {
        pairs: n_pairs,
        characters: known.n_symbols(),
        seed,
        character_accuracy: score.character_accuracy(),
    })
}

fn table(config: &Config, setup: &CipherSetup, split: Split, n_pairs: usize) -> Result<PairTable> {
    let messages = random_messages(config, setup, split, n_pairs)?;
    Ok(PairTable::of(messages.pairs(0..n_pairs)?))
}

/// The share of characters that a perfect learner could know after a number of pairs, as points; no
/// points for a cipher without a period.
///
/// In random messages of N characters, a symbol occurs at a given place of the period with
/// probability 1 - (1 - 1/n)^(N/p), where n is the number of symbols and p the period. What never
/// occurred cannot be known, except by a learner that knows the kind of cipher.
fn limit(config: &Config, counts: &[usize]) -> Result<Vec<(f64, f64)>> {
    let setup = config.cipher()?.init()?;
    let (Some(period), Some(&first), Some(&last)) =
        (setup.cipher.period(), counts.first(), counts.last())
    else {
        return Ok(Vec::new());
    };
    let length = (setup.lengths.min() + setup.lengths.max()) as f64 / 2.0;
    let unseen = 1.0 - 1.0 / setup.alphabet.len() as f64;
    let step = (last as f64 / first as f64).powf(1.0 / LIMIT_POINTS as f64);
    let n_pairs = (0..=LIMIT_POINTS).map(|point| first as f64 * step.powi(point as i32));
    Ok(n_pairs
        .map(|n| (n, 1.0 - unseen.powf(n * length / period as f64)))
        .collect())
}

fn write(
    folder: &Path,
    config: &Config,
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
            name: "network, each seed",
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
        y: Axis::share("characters of other messages that are right"),
        series,
    };
    let source = config.cipher()?;
    let json = json!({
        "cipher": source.cipher,
        "messages": { "min_length": source.min_length, "max_length": source.max_length },
        "points": points,
        "limit": limit,
    });
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

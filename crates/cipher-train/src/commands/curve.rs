use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use burn::tensor::Device;
use burn::train::Interrupter;
use cipher_data::{PairTable, Split};
use cipher_model::{Backend, make_folder, write_whole};
use serde::Serialize;
use serde_json::json;

use super::train::stop_on_ctrl_c;
use super::{Outcome, open, percent};
use crate::cli::{CurveArgs, DeviceName};
use crate::config::{Config, Parts};
use crate::plan::plan;
use crate::report::chart::{Axis, Chart, Mark, Series};
use crate::run_folder::{Existing, RunFolder};
use crate::say;
use crate::training::{self, Data, Watch, random_messages};

/// Messages that the accuracy is measured on.
const N_OTHER: usize = 1000;
/// Points of the limit between two counts.
const LIMIT_POINTS: usize = 16;

/// What a network made of some pairs.
#[derive(Serialize)]
struct Point {
    pairs: usize,
    /// Characters of those pairs, on one side.
    characters: usize,
    seed: u64,
    character_accuracy: f64,
}

pub fn run(args: CurveArgs, device: Option<DeviceName>) -> Result<Outcome> {
    let config = Config::load(args.config.as_deref(), &args.set)?;
    let mut counts = args.pairs;
    counts.sort_unstable();
    counts.dedup();
    let (backend, device) = open(device)?;
    let interrupter = Interrupter::new();
    stop_on_ctrl_c(&interrupter)?;
    make_folder(&args.out)
        .with_context(|| format!("cannot make the folder {}", args.out.display()))?;

    let mut points = Vec::new();
    for &n_pairs in &counts {
        for seed in 1..=args.seeds {
            let point = learn(&config, n_pairs, seed, (backend, &device), &interrupter)?;
            if interrupter.should_stop() {
                bail!("stopped by a signal; nothing was written");
            }
            let accuracy = percent(point.character_accuracy);
            say::info(format!(
                "{n_pairs} pairs, seed {seed}: {accuracy} of other characters"
            ));
            points.push(point);
        }
    }
    let limit = limit(&config, &counts)?;
    write(&args.out, &config, &counts, &points, &limit)?;
    Ok(Outcome::Done)
}

/// Learns from the first pairs of a seed alone, as `fit` does, and is measured on other messages.
fn learn(
    config: &Config,
    n_pairs: usize,
    seed: u64,
    (backend, device): (Backend, &Device),
    interrupter: &Interrupter,
) -> Result<Point> {
    let messages = Config {
        seed,
        ..config.clone()
    };
    let parts = messages.init()?;
    let table = Arc::new(table(&messages, &parts, Split::Training, n_pairs)?);
    let planned = Config {
        seed,
        ..plan(&table)
    };
    let alphabets = [parts.alphabet.clone(), parts.alphabet.clone()];
    let data = Data::of_pairs(&planned, &table, alphabets)?;
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    let run = RunFolder::create(Some(folder.path()), "curve", &planned, Existing::Keep)?;
    let trained = training::train(
        &planned,
        &data,
        &run,
        (backend, device),
        interrupter,
        Watch::Quiet,
    )?;
    let other = self::table(&messages, &parts, Split::HeldOut, N_OTHER)?;
    let score = training::evaluate_table(&trained.bundle, other, device)?;
    Ok(Point {
        pairs: n_pairs,
        characters: table.n_symbols(),
        seed,
        character_accuracy: score.character_accuracy(),
    })
}

fn table(config: &Config, parts: &Parts, split: Split, n_pairs: usize) -> Result<PairTable> {
    let messages = random_messages(config, parts, split, n_pairs)?;
    let pairs: Result<Vec<_>, _> = (0..n_pairs).map(|index| messages.pair(index)).collect();
    Ok(PairTable::of(pairs?))
}

/// The share of characters that a perfect learner could know after so many pairs, as points; none
/// for a cipher without a period.
///
/// In random messages a symbol at its place of the period is among N characters with probability
/// 1 - (1 - 1/n)^(N/p), where n is the number of symbols and p the period. What never was there
/// cannot be known. A learner that knows what kind of cipher it is could do better.
fn limit(config: &Config, counts: &[usize]) -> Result<Vec<(f64, f64)>> {
    let parts = config.init()?;
    let (Some(period), Some(&first), Some(&last)) =
        (parts.cipher.period(), counts.first(), counts.last())
    else {
        return Ok(Vec::new());
    };
    let length = (parts.lengths.min() + parts.lengths.max()) as f64 / 2.0;
    let unseen = 1.0 - 1.0 / parts.alphabet.len() as f64;
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
            name: "has been seen in the pairs",
            points: limit.to_vec(),
            mark: Mark::DashedLine,
        });
    }
    let chart = Chart {
        title: "What is learned of the cipher from so many pairs",
        size: (720.0, 420.0),
        description: "",
        x: Axis::counts("pairs", counts),
        y: Axis::share("characters of other messages that are right"),
        series,
    };
    let json = json!({
        "cipher": config.cipher,
        "messages": { "min_length": config.messages.min_length, "max_length": config.messages.max_length },
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

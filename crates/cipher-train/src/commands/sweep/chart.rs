//! The accuracy of finished runs, as a plot.

use anyhow::{Result, bail};
use toml::Value;

use super::row::Row;
use super::table::{keys, value};
use crate::report::chart::{Axis, Chart, Mark, N_COLORS, Series};

/// Runs that differ in nothing else are repetitions: their mean is drawn.
const SEED: &str = "seed";
/// From this ratio of the largest to the smallest number on, an axis is logarithmic.
const MIN_RATIO: f64 = 8.0;
/// Characters of all names on an axis, at most.
const MAX_NAMES: usize = 90;

/// Draws each finished run as a dot over its value of `x`, and a line through the means of the runs that differ
/// in their seed only, for each combination of what else varies.
///
/// # Errors
///
/// When nothing varies by the name `x`, or no run is finished.
pub fn draw(rows: &[Row], x: Option<&str>) -> Result<String> {
    let keys = keys(rows);
    let x = match x {
        Some(x) if keys.iter().any(|key| key == x) => x.to_string(),
        Some(x) => bail!(
            "nothing varies by the name {x}; there is {}",
            keys.join(", ")
        ),
        None => default_x(rows, &keys),
    };
    let places = Places::of(rows, &x);
    let points = rows.iter().filter_map(|row| {
        let [accuracy, _] = row.accuracy?;
        Some((row, (places.of_row(row)?, accuracy)))
    });
    let points: Vec<(&Row, (f64, f64))> = points.collect();
    if points.is_empty() {
        bail!("no run is finished, so there is nothing to draw");
    }
    let lines = means(&points, &keys, &x);
    let mut series = vec![Series {
        name: "each run",
        points: points.iter().map(|(_, point)| *point).collect(),
        mark: Mark::Dots,
    }];
    series.extend(
        lines
            .iter()
            .enumerate()
            .map(|(index, (name, points))| Series {
                name: if name.is_empty() { "mean" } else { name },
                points: points.clone(),
                mark: match (places.are_numbers(), index < N_COLORS - 1) {
                    (true, true) => Mark::Line,
                    (true, false) => Mark::DashedLine,
                    (false, _) => Mark::Dots,
                },
            }),
    );
    let chart = Chart {
        size: (720.0, 420.0),
        title: "Accuracy of the runs",
        description: "",
        x: places.axis(&x),
        y: Axis::share("characters that the network gets right"),
        series,
    };
    Ok(chart.draw().to_svg())
}

/// The number of pairs, or else the first key with several numbers, or else the first with several values: other
/// than the seed, if there is one.
fn default_x(rows: &[Row], keys: &[String]) -> String {
    let varies = |key: &&String| Places::of(rows, key).n_values() > 1;
    let candidates = || keys.iter().filter(|key| *key != SEED).filter(varies);
    let pairs = candidates().find(|key| *key == "pairs");
    let numbers = candidates().find(|key| Places::of(rows, key).are_numbers());
    let numbers = pairs.or(numbers);
    let found = numbers.or_else(|| candidates().next());
    found.cloned().unwrap_or(SEED.into())
}

/// A name and points.
type Line = (String, Vec<(f64, f64)>);

/// The mean at each place, for each combination of what varies beside `x` and the seed, in the order of the runs.
fn means(points: &[(&Row, (f64, f64))], keys: &[String], x: &str) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for (row, point) in points {
        let name = name(row, keys, x);
        match lines.iter_mut().find(|(other, _)| *other == name) {
            Some((_, of_line)) => of_line.push(*point),
            None => lines.push((name, vec![*point])),
        }
    }
    for (_, of_line) in &mut lines {
        of_line.sort_by(|(one, _), (other, _)| one.total_cmp(other));
        let at_one_place = of_line.chunk_by(|(one, _), (other, _)| one == other);
        let mean = |points: &[(f64, f64)]| {
            let sum: f64 = points.iter().map(|(_, accuracy)| accuracy).sum();
            points
                .first()
                .map(|(at, _)| (*at, sum / points.len() as f64))
        };
        *of_line = at_one_place.filter_map(mean).collect();
    }
    lines
}

/// What a row has of all that varies beside `x` and the seed.
fn name(row: &Row, keys: &[String], x: &str) -> String {
    let others = keys.iter().filter(|key| *key != x && *key != SEED);
    let values = others.filter_map(|key| {
        let value = value(row, key)?;
        match key.as_str() {
            "group" => Some(value),
            key => Some(format!("{} {value}", key.rsplit('.').next().unwrap_or(key))),
        }
    });
    values.collect::<Vec<_>>().join(", ")
}

/// Where the values of a key are on the axis.
enum Places {
    /// At their numbers.
    Numbers { key: String, all: Vec<f64> },
    /// One beside the other.
    Names { key: String, all: Vec<String> },
}

impl Places {
    fn of(rows: &[Row], key: &str) -> Self {
        let numbers: Option<Vec<f64>> = rows.iter().map(|row| number(row, key)).collect();
        let key = key.to_string();
        if let Some(mut all) = numbers {
            all.sort_by(f64::total_cmp);
            all.dedup();
            if all.len() > 1 {
                return Self::Numbers { key, all };
            }
        }
        let mut all = Vec::new();
        for row in rows {
            let name = value(row, &key).unwrap_or_default();
            if !all.contains(&name) {
                all.push(name);
            }
        }
        Self::Names { key, all }
    }

    fn n_values(&self) -> usize {
        match self {
            Self::Numbers { all, .. } => all.len(),
            Self::Names { all, .. } => all.len(),
        }
    }

    fn are_numbers(&self) -> bool {
        matches!(self, Self::Numbers { .. })
    }

    fn of_row(&self, row: &Row) -> Option<f64> {
        match self {
            Self::Numbers { key, .. } => number(row, key),
            Self::Names { key, all } => {
                let name = value(row, key).unwrap_or_default();
                let place = all.iter().position(|other| *other == name);
                place.map(|place| place as f64)
            }
        }
    }

    fn axis<'a>(&self, label: &'a str) -> Axis<'a> {
        match self {
            Self::Names { all, .. } => {
                let width = MAX_NAMES / all.len().max(1);
                let short = |name: &String| name.chars().take(width.max(2) - 1).collect();
                Axis::names(label, &all.iter().map(short).collect::<Vec<String>>())
            }
            Self::Numbers { all, .. } => match (all.first(), all.last()) {
                (Some(&first), Some(&last)) if first > 0.0 && last >= MIN_RATIO * first => {
                    Axis::each(label, all)
                }
                _ => Axis::linear(label, all.iter().copied()),
            },
        }
    }
}

fn number(row: &Row, key: &str) -> Option<f64> {
    let (_, value) = row.job.varied.iter().find(|(name, _)| name == key)?;
    match value {
        Value::Integer(n) => Some(*n as f64),
        Value::Float(n) => Some(*n),
        _ => None,
    }
}

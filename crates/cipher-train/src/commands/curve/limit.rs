//! The share of symbols that a perfect learner could know.

use anyhow::Result;

use super::Point;
use crate::config::Config;

/// Points of the limit between two counts.
const LIMIT_POINTS: usize = 16;

/// In random messages of N characters, a symbol occurs at a given place of the period with
/// probability 1 - (1 - 1/n)^(N/p), where n is the number of symbols and p the period. What
/// never occurred cannot be known, except by a learner that knows the kind of cipher. No points for a cipher
/// without a period.
pub fn of_cipher(config: &Config, counts: &[usize]) -> Result<Vec<(f64, f64)>> {
    let setup = config.cipher()?.init()?;
    let (Some(period), Some(&first), Some(&last)) =
        (setup.texts.cipher.period(), counts.first(), counts.last())
    else {
        return Ok(Vec::new());
    };
    let length = (setup.lengths.min() + setup.lengths.max()) as f64 / 2.0;
    let unseen = 1.0 - 1.0 / setup.texts.plaintext.len() as f64;
    let step = (last as f64 / first as f64).powf(1.0 / LIMIT_POINTS as f64);
    let n_pairs = (0..=LIMIT_POINTS).map(|point| first as f64 * step.powi(point as i32));
    Ok(n_pairs
        .map(|n| (n, 1.0 - unseen.powf(n * length / period as f64)))
        .collect())
}

/// The mean share that the known pairs of a file showed; no points where it is not known.
pub fn of_points(counts: &[usize], points: &[Point]) -> Vec<(f64, f64)> {
    let mean = |n_pairs: usize| {
        let of_count = points.iter().filter(|point| point.pairs == n_pairs);
        let seen: Option<Vec<f64>> = of_count.map(|point| point.seen).collect();
        let seen = seen?;
        Some((n_pairs as f64, seen.iter().sum::<f64>() / seen.len() as f64))
    };
    counts.iter().filter_map(|&n_pairs| mean(n_pairs)).collect()
}

//! Probabilities that mean what they say.

use anyhow::Result;
use burn::data::dataloader::DataLoader;
use burn::module::Param;
use burn::tensor::Tensor;
use cipher_data::{Batch, BucketLoader};
use cipher_model::{CipherModel, masked_cross_entropy};

/// Temperatures that are looked at: beyond them a few held-out messages would decide too much.
const COLDEST: f64 = 0.5;
const HOTTEST: f64 = 10.0;
/// Halvings of that range, or nearly.
const SEARCH_STEPS: usize = 24;

/// Divides all scores by the one number that makes the held-out pairs likeliest (temperature
/// scaling: Guo, Pleiss, Sun and Weinberger, *On Calibration of Modern Neural Networks*, 2017). The
/// answers stay; a network that has seen its training pairs often is far too sure of them, and
/// less so afterwards.
pub fn calibrate(model: CipherModel, held_out: &BucketLoader) -> Result<CipherModel> {
    let mut batches = Vec::new();
    for batch in held_out.iter() {
        let batch = batch?;
        let scores = model.forward(batch.ciphertext.clone(), &batch.lengths);
        batches.push((scores, batch));
    }
    let temperature = minimum(|temperature| mean_loss(&batches, temperature));
    Ok(scaled(model, 1.0 / temperature))
}

fn mean_loss(batches: &[(Tensor<3>, Batch)], temperature: f64) -> f64 {
    let losses = batches.iter().map(|(scores, batch)| {
        let scores = scores.clone().div_scalar(temperature);
        let mean = masked_cross_entropy(scores, batch.plaintext.clone());
        let mean: f64 = mean.into_data().iter().next().unwrap_or(f64::NAN);
        mean * batch.n_symbols as f64
    });
    losses.sum()
}

/// Where a function of the temperature with a single dip is lowest: golden-section search (Kiefer,
/// 1953) over its logarithm.
fn minimum(loss: impl Fn(f64) -> f64) -> f64 {
    const GOLDEN: f64 = 0.618_033_988_749_895;
    let at = |log: f64| loss(log.exp());
    let [mut low, mut high] = [COLDEST.ln(), HOTTEST.ln()];
    let inner = |low: f64, high: f64| [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
    let [mut left, mut right] = inner(low, high);
    let [mut at_left, mut at_right] = [at(left), at(right)];
    for _ in 0..SEARCH_STEPS {
        if at_left <= at_right {
            [high, right, at_right] = [right, left, at_left];
            left = inner(low, high)[0];
            at_left = at(left);
        } else {
            [low, left, at_left] = [left, right, at_right];
            right = inner(low, high)[1];
            at_right = at(right);
        }
    }
    ((low + high) / 2.0).exp()
}

/// The model with its scores multiplied by a factor.
fn scaled(mut model: CipherModel, factor: f64) -> CipherModel {
    fn by<const D: usize>(param: Param<Tensor<D>>, factor: f64) -> Param<Tensor<D>> {
        param.map(|values| values.mul_scalar(factor))
    }
    model.linear.weight = by(model.linear.weight, factor);
    model.linear.bias = model.linear.bias.map(|bias| by(bias, factor));
    model
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_minimum_of_a_dip_is_found() {
        let found = minimum(|temperature| (temperature.ln() - 3.0_f64.ln()).powi(2));
        assert!((found - 3.0).abs() < 1e-3, "{found}");
    }

    #[test]
    fn a_loss_that_only_falls_ends_at_the_range() {
        assert!((minimum(|temperature| temperature) - COLDEST).abs() < 1e-3);
    }
}

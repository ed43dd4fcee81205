//! Probabilities that mean what they say.

use anyhow::Result;
use burn::data::dataloader::DataLoader;
use burn::module::Param;
use burn::tensor::{Int, Tensor};
use cipher_data::BucketLoader;
use cipher_model::CipherModel;

/// The range of temperatures: beyond it, a few validation messages would decide too much.
const MIN_TEMPERATURE: f64 = 0.5;
const MAX_TEMPERATURE: f64 = 10.0;
/// Steps of the search, each of which shrinks the range by a factor of 0.618.
const SEARCH_STEPS: usize = 24;
/// Numbers of the LSTM's output that are held in memory at most: 64 MiB of them tell the temperature
/// well enough.
const MAX_OUTPUT: usize = 1 << 24;

/// Divides all logits by the temperature that makes the validation pairs most likely (temperature
/// scaling: Guo, Pleiss, Sun and Weinberger, *On Calibration of Modern Neural Networks*, 2017). The
/// predictions stay the same. A network that has seen its training pairs often is far too
/// confident before, and less so afterwards.
pub fn calibrate(model: CipherModel, validation: &BucketLoader) -> Result<CipherModel> {
    let mut batches = Vec::new();
    let mut n_values = 0;
    for batch in validation.iter() {
        let batch = batch?;
        let output = model.output(batch.ciphertext, &batch.lengths); // [batch, time, d_output]
        n_values += output.shape().num_elements();
        batches.push(Read {
            output,
            plaintext: batch.plaintext,
            n_symbols: batch.n_symbols,
        });
        if n_values > MAX_OUTPUT {
            break;
        }
    }
    let temperature = minimum(|temperature| sum_of_losses(&model, &batches, temperature));
    Ok(scaled(model, 1.0 / temperature))
}

/// A batch that the LSTM has read.
struct Read {
    /// `[batch, time, d_output]`
    output: Tensor<3>,
    /// `[batch, time]`
    plaintext: Tensor<2, Int>,
    n_symbols: usize,
}

fn sum_of_losses(model: &CipherModel, batches: &[Read], temperature: f64) -> f64 {
    let model = scaled(model.clone(), 1.0 / temperature);
    let losses = batches.iter().map(|batch| {
        let loss = model.loss_of_output(batch.output.clone(), batch.plaintext.clone());
        let mean: f64 = loss.mean.into_data().iter().next().unwrap_or(f64::NAN);
        mean * batch.n_symbols as f64
    });
    losses.sum()
}

/// The temperature at which a function with one minimum is lowest, by golden-section search (Kiefer,
/// 1953) over the logarithm.
fn minimum(loss: impl Fn(f64) -> f64) -> f64 {
    const GOLDEN: f64 = 0.618_033_988_749_895;
    let at = |log: f64| loss(log.exp());
    let [mut low, mut high] = [MIN_TEMPERATURE.ln(), MAX_TEMPERATURE.ln()];
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

/// The model with all logits multiplied by a factor.
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
    fn the_minimum_is_found() {
        let found = minimum(|temperature| (temperature.ln() - 3.0_f64.ln()).powi(2));
        assert!((found - 3.0).abs() < 1e-3, "{found}");
    }

    #[test]
    fn without_a_minimum_the_end_of_the_range_is_taken() {
        assert!((minimum(|temperature| temperature) - MIN_TEMPERATURE).abs() < 1e-3);
    }
}

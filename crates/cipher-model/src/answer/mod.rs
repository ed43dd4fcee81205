//! The most likely symbol at each place, with its probability.

mod cpu;
mod op;

use burn::tensor::activation::softmax;
use burn::tensor::{Int, Tensor};

pub use cpu::{AnswerLayer, Best};

use crate::linear::linear_of_steps;

/// The most likely symbol at each place. Where two are equally likely, it is the first.
#[derive(Debug, Clone)]
pub struct MostLikely {
    /// `[batch, time]`, each from 0 to 1.
    pub probabilities: Tensor<2>,
    /// Ids `[batch, time]`.
    pub symbols: Tensor<2, Int>,
}

/// The most likely symbols of a linear layer over the LSTM's output. On a CPU the logits of the
/// whole batch are never in memory at once.
///
/// - output: `[batch, time, d_output]`
/// - weights: `[d_output, n_symbols]`, with a bias `[n_symbols]`
pub fn most_likely(output: Tensor<3>, weights: Tensor<2>, bias: Tensor<1>) -> MostLikely {
    op::most_likely(&output, &weights, &bias).unwrap_or_else(|| reference(output, weights, bias))
}

/// [`most_likely`] with Burn's own operations, on every backend.
fn reference(output: Tensor<3>, weights: Tensor<2>, bias: Tensor<1>) -> MostLikely {
    let probabilities = softmax(linear_of_steps(output, weights, bias), 2); // [batch, time, n_symbols]
    let (probabilities, symbols) = probabilities.max_dim_with_indices(2); // [batch, time, 1]
    MostLikely {
        probabilities: probabilities.squeeze_dim(2),
        symbols: symbols.squeeze_dim(2),
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::Distribution;

    use super::*;
    use crate::Backend;

    #[test]
    fn the_one_pass_gives_the_answers_of_the_reference_and_its_probabilities() {
        for backend in [Backend::NdArray, Backend::Flex] {
            let Ok(device) = backend.open() else { continue };
            for [batch, time, d_output, n_symbols] in [
                [1, 1, 1, 1],
                [3, 5, 10, 27],
                [70, 9, 33, 64],
                [2, 300, 16, 300],
            ] {
                let uniform = Distribution::Uniform(-2.0, 2.0);
                let output = Tensor::<3>::random([batch, time, d_output], uniform, &device);
                let weights = Tensor::<2>::random([d_output, n_symbols], uniform, &device);
                let bias = Tensor::<1>::random([n_symbols], uniform, &device);
                let found = op::most_likely(&output, &weights, &bias).unwrap();
                let expected = reference(output, weights, bias);
                assert_eq!(found.probabilities.dims(), [batch, time]);
                assert_eq!(
                    found.symbols.into_data().iter::<i64>().collect::<Vec<_>>(),
                    expected
                        .symbols
                        .into_data()
                        .iter::<i64>()
                        .collect::<Vec<_>>()
                );
                let found = found.probabilities.into_data();
                let expected = expected.probabilities.into_data();
                for (found, expected) in found.iter::<f32>().zip(expected.iter::<f32>()) {
                    assert!((found - expected).abs() < 1e-5, "{found}, not {expected}");
                }
            }
        }
    }

    #[test]
    fn the_first_of_two_equally_likely_symbols_is_the_answer() {
        let device = Backend::default().open().unwrap();
        let output = Tensor::<3>::ones([1, 2, 1], &device);
        let weights = Tensor::<2>::from_floats([[0.0, 1.0, 0.5, 1.0]], &device);
        let found = most_likely(output, weights, Tensor::zeros([4], &device));
        assert!(found.symbols.into_data().iter::<i64>().eq([1, 1]));
    }
}

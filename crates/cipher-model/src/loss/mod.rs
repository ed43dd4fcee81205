//! The training loss of a batch, and its wrong answers.

mod cpu;
mod op;

use burn::tensor::activation::log_softmax;
use burn::tensor::{Int, Tensor};

use crate::linear::linear_of_steps;

/// The loss of a batch and its wrong answers, from one pass over the logits.
#[derive(Debug, Clone)]
pub struct Loss {
    /// The mean cross-entropy in nats, `[1]`: see [`masked_cross_entropy`].
    pub mean: Tensor<1>,
    /// Wrong symbols and wrong messages, `[2]`: see [`count_wrong`](crate::count_wrong).
    pub wrong: Tensor<1, Int>,
}

/// The loss of a linear layer over the LSTM's output. On a CPU the logits of the whole batch are
/// never in memory at once.
///
/// - output: `[batch, time, d_output]`
/// - weights: `[d_output, n_plaintext_symbols]`, with a bias `[n_plaintext_symbols]`
/// - plaintext: `[batch, time]`, padded with `n_plaintext_symbols`
///
/// # Panics
///
/// When the shapes do not fit together.
pub fn linear_cross_entropy(
    output: Tensor<3>,
    weights: Tensor<2>,
    bias: Tensor<1>,
    plaintext: Tensor<2, Int>,
) -> Loss {
    let [batch, time, _] = output.dims();
    assert_eq!(
        plaintext.dims(),
        [batch, time],
        "one plaintext symbol for each step"
    );
    op::linear_cross_entropy(&output, &weights, &bias, &plaintext)
        .unwrap_or_else(|| reference(output, weights, bias, plaintext))
}

/// [`linear_cross_entropy`] with Burn's own operations, on every backend.
fn reference(
    output: Tensor<3>,
    weights: Tensor<2>,
    bias: Tensor<1>,
    plaintext: Tensor<2, Int>,
) -> Loss {
    let logits = linear_of_steps(output, weights, bias); // [batch, time, n_symbols]
    Loss {
        wrong: crate::count_wrong(logits.clone().detach(), plaintext.clone()),
        mean: masked_cross_entropy(logits, plaintext),
    }
}

/// The mean, over the symbols of a batch that are not padding, of `-log p(plaintext symbol)`, in
/// nats. A batch that is all padding has loss 0.
///
/// # Shapes
///
/// - logits: `[batch, time, n_plaintext_symbols]`
/// - plaintext: `[batch, time]`, padded with `n_plaintext_symbols`
/// - loss: `[1]`
pub fn masked_cross_entropy(logits: Tensor<3>, plaintext: Tensor<2, Int>) -> Tensor<1> {
    let [_, _, n_plaintext_symbols] = logits.dims();
    let is_padding = plaintext.clone().equal_scalar(n_plaintext_symbols as i64); // [batch, time]
    let n_symbols = is_padding.clone().bool_not().float().sum().clamp_min(1.0); // [1]

    let log_probabilities = log_softmax(logits, 2); // [batch, time, n_plaintext_symbols]
    // Padding has no logit. Any valid class will do, as it is masked out below.
    let classes = plaintext.mask_fill(is_padding.clone(), 0).unsqueeze_dim(2);
    let right: Tensor<2> = log_probabilities.gather(2, classes).squeeze_dim(2); // [batch, time]
    right.mask_fill(is_padding, 0.0).sum().neg() / n_symbols
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, Distribution, TensorData};

    use super::*;
    use crate::Backend;

    /// Compares the two on random outputs and plaintexts; a third of the plaintext is padding.
    fn check([batch, time, d_output, n_symbols]: [usize; 4], device: &Device) {
        let uniform = Distribution::Uniform(-2.0, 2.0);
        let output = Tensor::<3>::random([batch, time, d_output], uniform, device).require_grad();
        let weights = Tensor::<2>::random([d_output, n_symbols], uniform, device).require_grad();
        let bias = Tensor::<1>::random([n_symbols], uniform, device).require_grad();
        let plaintext = (0..batch * time).map(|i| match i % 3 {
            0 => n_symbols as i64,
            _ => (i * i % n_symbols) as i64,
        });
        let plaintext = TensorData::new(plaintext.collect(), [batch, time]);
        let plaintext = Tensor::<2, Int>::from_data(plaintext, device);

        let results = |loss: Loss| {
            let wrong: Vec<i64> = loss.wrong.into_data().iter().collect();
            let gradients = loss.mean.backward();
            let values = |tensor: Tensor<1>| tensor.into_data().iter::<f32>().collect::<Vec<_>>();
            let gradients = [
                values(output.grad(&gradients).unwrap().reshape([-1])),
                values(weights.grad(&gradients).unwrap().reshape([-1])),
                values(bias.grad(&gradients).unwrap()),
            ];
            (values(loss.mean), gradients.concat(), wrong)
        };
        let (output, weights, bias) = (output.clone(), weights.clone(), bias.clone());
        let found = op::linear_cross_entropy(&output, &weights, &bias, &plaintext).unwrap();
        let found = results(found);
        let expected = results(reference(
            output.clone(),
            weights.clone(),
            bias.clone(),
            plaintext,
        ));
        assert!((found.0[0] - expected.0[0]).abs() < 1e-5 * expected.0[0].max(1.0));
        for (found, expected) in found.1.iter().zip(&expected.1) {
            assert!(
                (found - expected).abs() < 1e-5,
                "{found} instead of {expected}"
            );
        }
        assert_eq!(found.2, expected.2);
    }

    #[test]
    fn the_hand_written_loss_equals_the_reference_with_its_gradients_and_counts() {
        for backend in [Backend::NdArray, Backend::Flex]
            .into_iter()
            .filter(|b| b.is_compiled())
        {
            let device = backend.open().unwrap().autodiff();
            for sizes in [
                [1, 1, 1, 2],
                [3, 5, 10, 27],
                [70, 9, 33, 64],
                [2, 3, 16, 300],
            ] {
                check(sizes, &device);
            }
        }
    }
}

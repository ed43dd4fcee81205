//! A linear layer, `x W + b`.

pub(crate) mod cpu;
mod op;

use burn::tensor::Tensor;

/// A linear layer over rows: `[rows, d_output]`.
///
/// - input: `[rows, d_input]`
/// - weights: `[d_input, d_output]`, with a bias `[d_output]`
pub fn linear(input: Tensor<2>, weights: Tensor<2>, bias: Tensor<1>) -> Tensor<2> {
    op::linear(&input, &weights, &bias).unwrap_or_else(|| reference(input, weights, bias))
}

/// [`linear`] over each step: `[batch, time, d_input]` to `[batch, time, d_output]`.
pub fn linear_of_steps(input: Tensor<3>, weights: Tensor<2>, bias: Tensor<1>) -> Tensor<3> {
    let [batch, time, d_input] = input.dims();
    let [_, d_output] = weights.dims();
    let rows = input.reshape([batch * time, d_input]);
    linear(rows, weights, bias).reshape([batch, time, d_output])
}

/// [`linear`] with Burn's own operations, on every backend.
fn reference(input: Tensor<2>, weights: Tensor<2>, bias: Tensor<1>) -> Tensor<2> {
    input.matmul(weights) + bias.unsqueeze()
}

#[cfg(test)]
mod tests {
    use burn::tensor::Distribution;

    use super::*;
    use crate::Backend;

    #[test]
    fn the_hand_written_layer_equals_the_reference_with_its_gradients() {
        for backend in [Backend::NdArray, Backend::Flex] {
            let Ok(device) = backend.open() else { continue };
            let device = device.autodiff();
            for [rows, d_input, d_output] in [[1, 1, 1], [28, 20, 40], [1300, 33, 17]] {
                let uniform = Distribution::Uniform(-1.0, 1.0);
                let input = Tensor::<2>::random([rows, d_input], uniform, &device).require_grad();
                let weights =
                    Tensor::<2>::random([d_input, d_output], uniform, &device).require_grad();
                let bias = Tensor::<1>::random([d_output], uniform, &device).require_grad();
                let results = |output: Tensor<2>| {
                    // A gradient that differs from place to place.
                    let gradients = (output.clone() * output.clone()).mean().backward();
                    let values = |tensor: Tensor<1>| tensor.into_data().iter::<f32>().collect();
                    let results: [Vec<f32>; 4] = [
                        values(output.reshape([-1])),
                        values(input.grad(&gradients).unwrap().reshape([-1])),
                        values(weights.grad(&gradients).unwrap().reshape([-1])),
                        values(bias.grad(&gradients).unwrap()),
                    ];
                    results.concat()
                };
                let found = results(op::linear(&input, &weights, &bias).unwrap());
                let expected = reference(input.clone(), weights.clone(), bias.clone());
                for (found, expected) in found.iter().zip(results(expected)) {
                    assert!((found - expected).abs() < 1e-4, "{found}, not {expected}");
                }
            }
        }
    }
}

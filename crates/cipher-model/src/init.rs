//! Initial weights, from the distributions of PyTorch but from our own generator: the same seed gives
//! the same weights on every backend and every number of threads.

use burn::module::Param;
use burn::tensor::{Device, Tensor, TensorData};
use rand::distr::{Distribution, Uniform};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;

/// A parameter of independent standard normal numbers, as in PyTorch's `nn.Embedding`.
pub fn normal<const D: usize>(
    shape: [usize; D],
    rng: &mut ChaCha8Rng,
    device: &Device,
) -> Param<Tensor<D>> {
    let n_values = shape.iter().product();
    let values: Vec<f32> = StandardNormal.sample_iter(rng).take(n_values).collect();
    Param::from_data(TensorData::new(values, shape), device)
}

/// A parameter of independent numbers from `U(-bound, bound)`.
pub fn uniform<const D: usize>(
    shape: [usize; D],
    bound: f32,
    rng: &mut ChaCha8Rng,
    device: &Device,
) -> Param<Tensor<D>> {
    let values = uniform_values(shape.iter().product(), bound, rng);
    Param::from_data(TensorData::new(values, shape), device)
}

/// `n_values` independent numbers from `U(-bound, bound)`.
#[allow(clippy::expect_used)] // a size is at least 1, so its bound is finite
pub fn uniform_values(n_values: usize, bound: f32, rng: &mut ChaCha8Rng) -> Vec<f32> {
    let distribution = Uniform::new(-bound, bound).expect("the bound of a layer is positive");
    distribution.sample_iter(rng).take(n_values).collect()
}

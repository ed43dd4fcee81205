//! The passes as operations of Burn's CPU backends.

// Upstream deprecates its ndarray backend in favour of flex, which has no such long record yet.
#![allow(deprecated)]

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Dispatch, TensorMetadata, backend_extension};
use burn::tensor::Tensor;

use super::cpu::{self, Rates};
use crate::backend::is_cpu;
use crate::cpu::CpuBackend;

/// The operations, on the backends that have them.
#[backend_extension(
    NdArray: cfg(feature = "ndarray"),
    Flex: cfg(feature = "flex"),
)]
pub trait OptimizerOps: Backend {
    /// Weights, first and second moments after a step of AdamW; all of one shape.
    fn adamw(
        weights: FloatTensor<Self>,
        moment_1: FloatTensor<Self>,
        moment_2: FloatTensor<Self>,
        grad: FloatTensor<Self>,
        rates: Rates,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);

    /// `[1]`
    fn sum_of_squares(values: FloatTensor<Self>) -> FloatTensor<Self>;

    /// The values, each multiplied by a number.
    fn scaled(values: FloatTensor<Self>, factor: f32) -> FloatTensor<Self>;
}

impl<B: CpuBackend> OptimizerOps for B {
    fn adamw(
        weights: FloatTensor<Self>,
        moment_1: FloatTensor<Self>,
        moment_2: FloatTensor<Self>,
        grad: FloatTensor<Self>,
        rates: Rates,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let (device, shape) = (weights.device(), weights.shape().to_vec());
        let [mut weights, mut moment_1, mut moment_2] =
            [weights, moment_1, moment_2].map(|values| Self::floats(values).into_vec());
        let grad = Self::floats(grad);
        cpu::adamw(&mut weights, &mut moment_1, &mut moment_2, &grad, rates);
        let tensor = |values| Self::tensor(values, shape.clone(), &device);
        (tensor(weights), tensor(moment_1), tensor(moment_2))
    }

    fn sum_of_squares(values: FloatTensor<Self>) -> FloatTensor<Self> {
        let device = values.device();
        let sum = cpu::sum_of_squares(&Self::floats(values));
        Self::tensor(vec![sum], vec![1], &device)
    }

    fn scaled(values: FloatTensor<Self>, factor: f32) -> FloatTensor<Self> {
        let (device, shape) = (values.device(), values.shape().to_vec());
        let mut values = Self::floats(values).into_vec();
        cpu::scale(&mut values, factor);
        Self::tensor(values, shape, &device)
    }
}

/// Whether the operations exist where a tensor is, which has no gradients of its own.
pub fn is_fused<const D: usize>(tensor: &Tensor<D>) -> bool {
    is_cpu(&tensor.device()) && !tensor.is_autodiff()
}

/// Weights and moments after a step of AdamW.
pub fn adamw<const D: usize>(
    weights: Tensor<D>,
    grad: Tensor<D>,
    [moment_1, moment_2]: [Tensor<D>; 2],
    rates: Rates,
) -> (Tensor<D>, [Tensor<D>; 2]) {
    let (weights, moment_1, moment_2) = <Dispatch as OptimizerOps>::adamw(
        weights.into_dispatch(),
        moment_1.into_dispatch(),
        moment_2.into_dispatch(),
        grad.into_dispatch(),
        rates,
    );
    let moments = [moment_1, moment_2].map(Tensor::from_dispatch);
    (Tensor::from_dispatch(weights), moments)
}

/// `[1]`
pub fn sum_of_squares<const D: usize>(values: Tensor<D>) -> Tensor<1> {
    Tensor::from_dispatch(<Dispatch as OptimizerOps>::sum_of_squares(
        values.into_dispatch(),
    ))
}

/// The values, each multiplied by a number.
pub fn scaled<const D: usize>(values: Tensor<D>, factor: f32) -> Tensor<D> {
    Tensor::from_dispatch(<Dispatch as OptimizerOps>::scaled(
        values.into_dispatch(),
        factor,
    ))
}

//! The hand-written loss as an operation of Burn's CPU backends, with its backward pass.

// Upstream deprecates its ndarray backend in favour of flex, which has no such long record yet.
#![allow(deprecated)]
#![allow(clippy::indexing_slicing)] // lengths follow from the shapes

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::backend::{Autodiff, Backend, Dispatch, TensorMetadata, backend_extension};
use burn::tensor::{Int, Tensor};

use super::Loss;
use super::cpu::{self, Batch, Found};
use crate::backend::is_cpu;
use crate::cpu::CpuBackend;

/// The loss, on the backends that have it.
#[backend_extension(
    Autodiff,
    NdArray: cfg(feature = "ndarray"),
    Flex: cfg(feature = "flex"),
)]
pub trait LossOps: Backend {
    /// The mean loss, the number of wrong symbols and the number of wrong messages: `[3]`. Only the
    /// first has a gradient.
    fn linear_cross_entropy(
        output: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        plaintext: IntTensor<Self>,
    ) -> FloatTensor<Self>;
}

impl<B: CpuBackend> LossOps for B {
    fn linear_cross_entropy(
        output: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        plaintext: IntTensor<Self>,
    ) -> FloatTensor<Self> {
        let device = output.device();
        let batch = batch::<Self>(output, weights, bias, plaintext);
        let found = cpu::linear_cross_entropy(&batch, false);
        Self::tensor(values(&found), vec![3], &device)
    }
}

impl<B: CpuBackend, C: CheckpointStrategy> LossOps for Autodiff<B, C> {
    #[allow(clippy::expect_used)] // the call above asks for gradients, of three parents
    fn linear_cross_entropy(
        output: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        plaintext: IntTensor<Self>,
    ) -> FloatTensor<Self> {
        let (output, output_node) = output.into_parts();
        let (weights, weights_node) = weights.into_parts();
        let (bias, bias_node) = bias.into_parts();
        let device = output.device();
        let nodes = [output_node, weights_node, bias_node];
        match LossBackward.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::UnTracked(preparation) => {
                preparation.finish(B::linear_cross_entropy(output, weights, bias, plaintext))
            }
            OpsKind::Tracked(preparation) => {
                let shapes = [output.shape(), weights.shape(), bias.shape()];
                let batch = batch::<B>(output, weights, bias, plaintext);
                let found = cpu::linear_cross_entropy(&batch, true);
                let result = B::tensor(values(&found), vec![3], &device);
                let grads = found.gradients.expect("asked for");
                let grads = [grads.output, grads.weights, grads.bias];
                // The loss is one number, so its gradients are known now, up to a factor.
                let mut shapes = shapes.into_iter();
                let grads = grads.map(|values| {
                    let shape = shapes.next().expect("three of each").to_vec();
                    B::tensor(values, shape, &device)
                });
                preparation.finish(grads, result)
            }
        }
    }
}

#[derive(Debug)]
struct LossBackward;

impl<B: CpuBackend> Backward<B, 3> for LossBackward {
    /// The gradients of output, weights and bias.
    type State = [FloatTensor<B>; 3];

    fn backward(
        self,
        ops: Ops<Self::State, 3>,
        gradients: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let factor = B::floats(gradients.consume::<B>(&ops.node))[0];
        for (parent, grad) in ops.parents.into_iter().zip(ops.state) {
            if let Some(node) = parent {
                let grad = if factor == 1.0 {
                    grad
                } else {
                    B::float_mul_scalar(grad, factor.into())
                };
                gradients.register::<B>(node.id, grad);
            }
        }
    }
}

fn batch<B: CpuBackend>(
    output: FloatTensor<B>,
    weights: FloatTensor<B>,
    bias: FloatTensor<B>,
    plaintext: IntTensor<B>,
) -> Batch {
    Batch {
        time: plaintext.shape()[1],
        output: B::floats(output),
        weights: B::floats(weights),
        bias: B::floats(bias),
        plaintext: B::ids(plaintext),
    }
}

fn values(found: &Found) -> Vec<f32> {
    vec![
        found.mean_loss as f32,
        found.wrong_symbols as f32,
        found.wrong_messages as f32,
    ]
}

/// Runs the operation, or gives `None` on a backend that does not have it.
pub fn linear_cross_entropy(
    output: &Tensor<3>,
    weights: &Tensor<2>,
    bias: &Tensor<1>,
    plaintext: &Tensor<2, Int>,
) -> Option<Loss> {
    if !is_cpu(&output.device()) {
        return None;
    }
    let result = <Dispatch as LossOps>::linear_cross_entropy(
        output.clone().into_dispatch(),
        weights.clone().into_dispatch(),
        bias.clone().into_dispatch(),
        plaintext.clone().into_dispatch(),
    );
    let result = Tensor::<1>::from_dispatch(result); // [3]
    Some(Loss {
        mean: result.clone().narrow(0, 0, 1),
        wrong: result.detach().narrow(0, 1, 2).int(),
    })
}

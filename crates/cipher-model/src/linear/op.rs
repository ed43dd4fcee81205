//! The linear layer as an operation of Burn's CPU backends, with its backward pass.

// Upstream deprecates its ndarray backend in favour of flex, which has no such long record yet.
#![allow(deprecated)]
#![allow(clippy::indexing_slicing)] // lengths follow from the shapes

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, TensorMetadata, backend_extension};
use burn::tensor::Tensor;

use super::cpu::Layer;
use crate::backend::is_cpu;
use crate::cpu::CpuBackend;

/// The layer, on the backends that have it.
#[backend_extension(
    Autodiff,
    NdArray: cfg(feature = "ndarray"),
    Flex: cfg(feature = "flex"),
)]
pub trait LinearOps: Backend {
    /// `[rows, d_input]` to `[rows, d_output]`. Burn's backends have a `linear` of their own.
    fn affine(
        input: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> FloatTensor<Self>;
}

impl<B: CpuBackend> LinearOps for B {
    fn affine(
        input: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let device = input.device();
        let shape = vec![input.shape()[0], bias.shape()[0]];
        let layer = layer::<B>(input, weights, bias);
        Self::tensor(layer.forward(), shape, &device)
    }
}

impl<B: CpuBackend, C: CheckpointStrategy> LinearOps for Autodiff<B, C> {
    fn affine(
        input: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let (input, input_node) = input.into_parts();
        let (weights, weights_node) = weights.into_parts();
        let (bias, bias_node) = bias.into_parts();
        let nodes = [input_node, weights_node, bias_node];
        match LinearBackward
            .prepare::<C>(nodes)
            .compute_bound()
            .stateful()
        {
            OpsKind::UnTracked(preparation) => preparation.finish(B::affine(input, weights, bias)),
            OpsKind::Tracked(preparation) => {
                let device = input.device();
                let shape = vec![input.shape()[0], bias.shape()[0]];
                let layer = layer::<B>(input, weights, bias);
                let output = B::tensor(layer.forward(), shape, &device);
                preparation.finish(layer, output)
            }
        }
    }
}

#[derive(Debug)]
struct LinearBackward;

impl<B: CpuBackend> Backward<B, 3> for LinearBackward {
    type State = Layer;

    fn backward(
        self,
        ops: Ops<Self::State, 3>,
        gradients: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let grad_output = gradients.consume::<B>(&ops.node);
        let device = grad_output.device();
        let [rows, d_output] = [grad_output.shape()[0], grad_output.shape()[1]];
        let grads = ops.state.backward(&B::floats(grad_output));
        let d_input = grads.weights.len() / d_output;
        let grads = [
            (grads.input, vec![rows, d_input]),
            (grads.weights, vec![d_input, d_output]),
            (grads.bias, vec![d_output]),
        ];
        for (parent, (values, shape)) in ops.parents.into_iter().zip(grads) {
            if let Some(node) = parent {
                gradients.register::<B>(node.id, B::tensor(values, shape, &device));
            }
        }
    }
}

fn layer<B: CpuBackend>(
    input: FloatTensor<B>,
    weights: FloatTensor<B>,
    bias: FloatTensor<B>,
) -> Layer {
    Layer {
        input: B::floats(input),
        weights: B::floats(weights),
        bias: B::floats(bias),
    }
}

/// Runs the operation, or gives `None` on a backend that does not have it.
pub fn linear(input: &Tensor<2>, weights: &Tensor<2>, bias: &Tensor<1>) -> Option<Tensor<2>> {
    if !is_cpu(&input.device()) {
        return None;
    }
    Some(Tensor::from_dispatch(<Dispatch as LinearOps>::affine(
        input.clone().into_dispatch(),
        weights.clone().into_dispatch(),
        bias.clone().into_dispatch(),
    )))
}

//! The outputs of both directions side by side, as an operation of Burn's CPU backends: Burn's own, with its
//! backward pass, took a third of a training step of a network that reads in both directions.

// Upstream deprecates its ndarray backend in favour of flex, which has no such long record yet.
#![allow(deprecated)]
#![allow(clippy::indexing_slicing)] // shapes have three dimensions

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, TensorMetadata, backend_extension};
use burn::tensor::Tensor;

use crate::backend::is_cpu;
use crate::cpu::CpuBackend;

/// Two outputs, `[batch, time, d_hidden]` each, side by side: `[batch, time, 2 * d_hidden]`.
pub fn join([one, other]: [Tensor<3>; 2]) -> Tensor<3> {
    if !is_cpu(&one.device()) {
        return Tensor::cat(vec![one, other], 2);
    }
    let (one, other) = (one.into_dispatch(), other.into_dispatch());
    Tensor::from_dispatch(<Dispatch as JoinOps>::join(one, other))
}

/// The operation, on the backends that have it.
#[backend_extension(
    Autodiff,
    NdArray: cfg(feature = "ndarray"),
    Flex: cfg(feature = "flex"),
)]
pub trait JoinOps: Backend {
    /// See [`join`].
    fn join(one: FloatTensor<Self>, other: FloatTensor<Self>) -> FloatTensor<Self>;
}

impl<B: CpuBackend> JoinOps for B {
    fn join(one: FloatTensor<Self>, other: FloatTensor<Self>) -> FloatTensor<Self> {
        let (device, shape) = (one.device(), one.shape());
        let [batch, time, d_hidden] = [shape[0], shape[1], shape[2]];
        let (one, other) = (B::floats(one), B::floats(other));
        let rows = one.chunks_exact(d_hidden).zip(other.chunks_exact(d_hidden));
        let mut joined = Vec::with_capacity(2 * one.len());
        for (one, other) in rows {
            joined.extend_from_slice(one);
            joined.extend_from_slice(other);
        }
        B::tensor(joined, vec![batch, time, 2 * d_hidden], &device)
    }
}

impl<B: CpuBackend, C: CheckpointStrategy> JoinOps for Autodiff<B, C> {
    fn join(one: FloatTensor<Self>, other: FloatTensor<Self>) -> FloatTensor<Self> {
        let (one, one_node) = one.into_parts();
        let (other, other_node) = other.into_parts();
        let prepared = JoinBackward.prepare::<C>([one_node, other_node]);
        match prepared.compute_bound().stateful() {
            OpsKind::UnTracked(preparation) => preparation.finish(B::join(one, other)),
            OpsKind::Tracked(preparation) => preparation.finish((), B::join(one, other)),
        }
    }
}

#[derive(Debug)]
struct JoinBackward;

impl<B: CpuBackend> Backward<B, 2> for JoinBackward {
    type State = ();

    fn backward(
        self,
        ops: Ops<Self::State, 2>,
        gradients: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let grad_joined = gradients.consume::<B>(&ops.node);
        let (device, shape) = (grad_joined.device(), grad_joined.shape());
        let [batch, time, d_hidden] = [shape[0], shape[1], shape[2] / 2];
        let grad_joined = B::floats(grad_joined);
        for (which, parent) in ops.parents.into_iter().enumerate() {
            let Some(node) = parent else { continue };
            let rows = grad_joined.chunks_exact(d_hidden).skip(which).step_by(2);
            let mut grad = Vec::with_capacity(batch * time * d_hidden);
            rows.for_each(|row| grad.extend_from_slice(row));
            let grad = B::tensor(grad, vec![batch, time, d_hidden], &device);
            gradients.register::<B>(node.id, grad);
        }
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::Distribution;

    use super::*;

    #[test]
    fn joined_outputs_and_their_gradients_are_those_of_burns_concatenation() {
        for backend in [crate::Backend::NdArray, crate::Backend::Flex] {
            let Ok(device) = backend.open() else { continue };
            let device = device.autodiff();
            for shape in [[1, 1, 1], [3, 5, 2], [7, 4, 33]] {
                let random = || {
                    let uniform = Distribution::Uniform(-1.0, 1.0);
                    Tensor::<3>::random(shape, uniform, &device).require_grad()
                };
                let parts = [random(), random()];
                let results = |joined: Tensor<3>| {
                    // A gradient that differs from place to place.
                    let gradients = (joined.clone() * joined.clone()).sum().backward();
                    let grads = parts.each_ref().map(|part| part.grad(&gradients).unwrap());
                    let [one, other] = grads.map(|grad| grad.into_data());
                    [joined.into_data(), one, other]
                };
                let expected = Tensor::cat(parts.to_vec(), 2);
                assert_eq!(results(join(parts.clone())), results(expected));
            }
        }
    }
}

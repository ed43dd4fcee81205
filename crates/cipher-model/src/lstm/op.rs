//! The LSTM's fast kernels as one operation of Burn's backends, with its backward pass.
//!
//! A backend joins by implementing [`LstmBackend`]: see `cpu/op.rs` and `cube/op.rs`.

// Upstream deprecates its ndarray backend in favour of flex, which has no such long record yet.
#![allow(deprecated)]

use std::fmt::Debug;

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, NodeGuard, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, backend_extension};
use burn::tensor::Tensor;

use super::gates::{GateInputs, State};
use super::kernel::LstmKernel;

/// The arguments of the operation that are no tensors.
#[derive(Debug, Clone)]
pub struct Options {
    /// Which of a GPU's kernels to use; a CPU has one.
    #[cfg_attr(not(any(feature = "wgpu", feature = "cuda")), allow(dead_code))]
    pub kernel: LstmKernel,
    /// Steps of each row.
    pub lengths: Vec<usize>,
    /// Whether each row is read from its end to its beginning.
    pub reversed: bool,
    /// Whether the states after the last step follow the output along the time axis. An operation
    /// has one output, and slicing that costs time, so this is only set where they are needed.
    pub with_states: bool,
}

/// The operation, on the backends that have it.
#[backend_extension(
    Autodiff,
    NdArray: cfg(feature = "ndarray"),
    Flex: cfg(feature = "flex"),
    Cube: cfg(any(feature = "wgpu", feature = "cuda")),
)]
pub trait LstmOps: Backend {
    /// Runs one direction of one layer. The output is `[batch, time, d_hidden]`, or
    /// `[batch, time + 2, d_hidden]` with the final hidden and cell states as its last two steps.
    fn lstm(
        #[extension_type] gates: GateInputs<Self>,
        hidden_weights: FloatTensor<Self>,
        initial_hidden: FloatTensor<Self>,
        initial_cell: FloatTensor<Self>,
        options: Options,
    ) -> FloatTensor<Self>;
}

/// A backend with kernels for the forward and the backward pass.
pub trait LstmBackend: Backend {
    /// What the forward pass leaves for the backward pass.
    type Saved: Debug + Clone + Send + 'static;

    /// See [`LstmOps::lstm`]; saves what the backward pass needs if `save` is set.
    fn forward(
        gates: GateInputs<Self>,
        hidden_weights: FloatTensor<Self>,
        initial_hidden: FloatTensor<Self>,
        initial_cell: FloatTensor<Self>,
        options: Options,
        save: bool,
    ) -> (FloatTensor<Self>, Option<Self::Saved>);

    /// The gradients of the gate inputs (of the steps or of the table), the recurrent weights, the
    /// initial hidden and the initial cell states, each in the shape of its tensor.
    fn backward(saved: Self::Saved, grad_output: FloatTensor<Self>) -> [FloatTensor<Self>; 4];
}

impl<B: LstmBackend> LstmOps for B {
    fn lstm(
        gates: GateInputs<Self>,
        hidden_weights: FloatTensor<Self>,
        initial_hidden: FloatTensor<Self>,
        initial_cell: FloatTensor<Self>,
        options: Options,
    ) -> FloatTensor<Self> {
        let (weights, hidden, cell) = (hidden_weights, initial_hidden, initial_cell);
        Self::forward(gates, weights, hidden, cell, options, false).0
    }
}

impl<B: LstmBackend, C: CheckpointStrategy> LstmOps for Autodiff<B, C> {
    #[allow(clippy::expect_used)] // asked for in the call
    fn lstm(
        gates: GateInputs<Self>,
        hidden_weights: FloatTensor<Self>,
        initial_hidden: FloatTensor<Self>,
        initial_cell: FloatTensor<Self>,
        options: Options,
    ) -> FloatTensor<Self> {
        let (gates, gates_node) = gates.into_parts();
        let (weights, weights_node) = hidden_weights.into_parts();
        let (hidden, hidden_node) = initial_hidden.into_parts();
        let (cell, cell_node) = initial_cell.into_parts();
        let nodes = [gates_node, weights_node, hidden_node, cell_node];
        let forward = |save| B::forward(gates, weights, hidden, cell, options, save);
        match LstmBackward.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::UnTracked(preparation) => preparation.finish(forward(false).0),
            OpsKind::Tracked(preparation) => {
                let (output, saved) = forward(true);
                preparation.finish(saved.expect("saved if asked to"), output)
            }
        }
    }
}

impl<B: Backend, C: CheckpointStrategy> GateInputs<Autodiff<B, C>> {
    /// The values, and the node of the one tensor that can have a gradient.
    fn into_parts(self) -> (GateInputs<B>, NodeGuard) {
        match self {
            Self::Steps(steps) => {
                let (steps, node) = steps.into_parts();
                (GateInputs::Steps(steps), node)
            }
            Self::Rows { table, ids } => {
                let (table, node) = table.into_parts();
                (GateInputs::Rows { table, ids }, node)
            }
        }
    }
}

#[derive(Debug)]
struct LstmBackward;

impl<B: LstmBackend> Backward<B, 4> for LstmBackward {
    type State = B::Saved;

    fn backward(
        self,
        ops: Ops<Self::State, 4>,
        gradients: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let grad_output = gradients.consume::<B>(&ops.node);
        let grads = B::backward(ops.state, grad_output);
        for (parent, grad) in ops.parents.into_iter().zip(grads) {
            if let Some(node) = parent {
                gradients.register::<B>(node.id, grad);
            }
        }
    }
}

/// Runs the operation on tensors of any backend that has it.
pub fn read(
    gates: GateInputs<Dispatch>,
    hidden_weights: Tensor<2>,
    initial: State,
    options: Options,
) -> (Tensor<3>, Option<State>) {
    let with_states = options.with_states;
    let [_, time] = gates.dims();
    let weights = hidden_weights.into_dispatch();
    let (hidden, cell) = (initial.hidden.into_dispatch(), initial.cell.into_dispatch());
    let output = <Dispatch as LstmOps>::lstm(gates, weights, hidden, cell, options);
    let output = Tensor::<3>::from_dispatch(output); // [batch, time (+ 2), d_hidden]
    if !with_states {
        return (output, None);
    }
    let step = |step| output.clone().narrow(1, step, 1).squeeze_dim(1); // [batch, d_hidden]
    let state = State {
        hidden: step(time),
        cell: step(time + 1),
    };
    (output.narrow(1, 0, time), Some(state))
}

//! The hand-written LSTM as an operation of Burn's backends, and for those on the CPU its backward
//! pass. The one for GPUs is in `cube/extension.rs`.

// Upstream deprecates its ndarray backend in favour of flex, which has no such long record yet.
#![allow(deprecated)]
#![allow(clippy::indexing_slicing)] // lengths follow from the shapes

use std::sync::Arc;

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, NodeGuard, Ops, OpsKind};
use burn::backend::tensor::{Device, FloatTensor, IntTensor};
use burn::backend::{
    Autodiff, Backend, Dispatch, ExtensionType, TensorMetadata, backend_extension,
};
use burn::tensor::Tensor;

use super::LstmPath;
use super::cpu::{self, Input, Kept, Outer, Sequence};
use super::direction::{Gates, State};
use crate::cpu::CpuBackend;

/// What an operation is given beside its tensors.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Which of a GPU's versions; a CPU has one.
    #[cfg_attr(not(any(feature = "wgpu", feature = "cuda")), allow(dead_code))]
    pub path: LstmPath,
    pub lengths: Vec<usize>,
    pub reversed: bool,
    /// Whether the states after the last step follow the output along the time axis. Each
    /// operation has one output, and cutting that costs time, so only if somebody wants them.
    pub with_states: bool,
}

/// [`Gates`] of a backend.
#[derive(ExtensionType)]
pub enum GatesTensor<B: Backend> {
    Steps(FloatTensor<B>),
    Rows {
        table: FloatTensor<B>,
        ids: IntTensor<B>,
    },
}

impl<B: Backend, C: CheckpointStrategy> GatesTensor<Autodiff<B, C>> {
    /// Without and with what automatic differentiation needs.
    pub fn into_parts(self) -> (GatesTensor<B>, NodeGuard) {
        match self {
            Self::Steps(steps) => {
                let (steps, node) = steps.into_parts();
                (GatesTensor::Steps(steps), node)
            }
            Self::Rows { table, ids } => {
                let (table, node) = table.into_parts();
                (GatesTensor::Rows { table, ids }, node)
            }
        }
    }
}

/// The backends that have it.
#[backend_extension(
    Autodiff,
    NdArray: cfg(feature = "ndarray"),
    Flex: cfg(feature = "flex"),
    Cube: cfg(any(feature = "wgpu", feature = "cuda")),
)]
pub trait LstmOps: Backend {
    /// One direction of one layer. The output is `[batch, time, d_hidden]`, with two more steps if
    /// the plan says so: the hidden and the cell state after the last.
    fn lstm(
        #[extension_type] gates: GatesTensor<Self>,
        hidden_weights: FloatTensor<Self>,
        begin_hidden: FloatTensor<Self>,
        begin_cell: FloatTensor<Self>,
        plan: Plan,
    ) -> FloatTensor<Self>;
}

/// Implements the operation without a backward pass.
macro_rules! lstm_ops {
    ($backend:ty) => {
        impl LstmOps for $backend {
            fn lstm(
                gates: GatesTensor<Self>,
                hidden_weights: FloatTensor<Self>,
                begin_hidden: FloatTensor<Self>,
                begin_cell: FloatTensor<Self>,
                plan: Plan,
            ) -> FloatTensor<Self> {
                let device = hidden_weights.device();
                let sequence =
                    sequence::<Self>(gates, hidden_weights, begin_hidden, begin_cell, &plan);
                let cpu::Forward {
                    output: steps,
                    hidden,
                    cell,
                    ..
                } = cpu::forward(&sequence, false);
                output::<Self>(&sequence, &plan, steps, &hidden, &cell, &device)
            }
        }
    };
}

#[cfg(feature = "ndarray")]
lstm_ops!(burn::backend::NdArray);

#[cfg(feature = "flex")]
lstm_ops!(burn::backend::Flex);

impl<B: LstmOps + CpuBackend, C: CheckpointStrategy> LstmOps for Autodiff<B, C> {
    fn lstm(
        gates: GatesTensor<Self>,
        hidden_weights: FloatTensor<Self>,
        begin_hidden: FloatTensor<Self>,
        begin_cell: FloatTensor<Self>,
        plan: Plan,
    ) -> FloatTensor<Self> {
        let (gates, gates_node) = gates.into_parts();
        let (weights, weights_node) = hidden_weights.into_parts();
        let (hidden, hidden_node) = begin_hidden.into_parts();
        let (cell, cell_node) = begin_cell.into_parts();
        let nodes = [gates_node, weights_node, hidden_node, cell_node];
        let device = weights.device();
        match LstmBackward.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::UnTracked(preparation) => {
                preparation.finish(B::lstm(gates, weights, hidden, cell, plan))
            }
            OpsKind::Tracked(preparation) => {
                let sequence = sequence::<B>(gates, weights, hidden, cell, &plan);
                let forward = cpu::forward(&sequence, true);
                let (hidden, cell) = (&forward.hidden, &forward.cell);
                let output = output::<B>(&sequence, &plan, forward.output, hidden, cell, &device);
                let state = Saved {
                    sequence,
                    kept: forward.kept,
                    plan,
                };
                preparation.finish(Arc::new(state), output)
            }
        }
    }
}

/// What the backward pass works on.
#[derive(Debug, Clone)]
struct Saved {
    sequence: Sequence,
    kept: Vec<Kept>,
    plan: Plan,
}

#[derive(Debug)]
struct LstmBackward;

impl<B: CpuBackend> Backward<B, 4> for LstmBackward {
    type State = Arc<Saved>;

    fn backward(
        self,
        ops: Ops<Self::State, 4>,
        gradients: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let gradient = gradients.consume::<B>(&ops.node);
        let device = gradient.device();
        let Saved {
            sequence,
            kept,
            plan,
        } = Arc::unwrap_or_clone(ops.state);
        let (batch, time, d_hidden) = (plan.lengths.len(), sequence.time, sequence.d_hidden);
        let gradient = B::floats(gradient);
        let found = match plan.with_states {
            false => {
                let outer = Outer {
                    output: &gradient,
                    end: None,
                };
                cpu::backward(&sequence, kept, outer)
            }
            true => {
                let [output, hidden, cell] = split_states(&gradient, time, d_hidden);
                let outer = Outer {
                    output: &output,
                    end: Some((&hidden, &cell)),
                };
                cpu::backward(&sequence, kept, outer)
            }
        };
        let input_shape = match &sequence.input {
            Input::Steps(_) => vec![batch, time, 4 * d_hidden],
            Input::Rows { table, .. } => vec![table.len() / (4 * d_hidden), 4 * d_hidden],
        };
        let [input, weights, hidden, cell] = ops.parents;
        for (parent, values, shape) in [
            (input, found.input, input_shape),
            (weights, found.hidden_weights, vec![d_hidden, 4 * d_hidden]),
            (hidden, found.begin_hidden, vec![batch, d_hidden]),
            (cell, found.begin_cell, vec![batch, d_hidden]),
        ] {
            if let Some(node) = parent {
                gradients.register::<B>(node.id, B::tensor(values, shape, &device));
            }
        }
    }
}

/// Runs the operation, if the tensors are of a backend that has it.
pub fn read(
    gates: &Gates,
    hidden_weights: &Tensor<2>,
    lengths: &[usize],
    begin: Option<&State>,
    reversed: bool,
    with_states: bool,
) -> Option<(Tensor<3>, Option<State>)> {
    let device = hidden_weights.device();
    let [batch, time] = gates.dims();
    let [d_hidden, _] = hidden_weights.dims();
    let path = LstmPath::of(&device, batch, time, d_hidden);
    if path == LstmPath::Composed {
        return None;
    }
    let begin = begin
        .cloned()
        .unwrap_or_else(|| State::zeros(batch, d_hidden, &device));
    let plan = Plan {
        path,
        lengths: lengths.to_vec(),
        reversed,
        with_states,
    };
    let gates = match gates.clone() {
        Gates::Steps(steps) => GatesTensor::<Dispatch>::Steps(steps.into_dispatch()),
        Gates::Rows { table, ids } => GatesTensor::Rows {
            table: table.into_dispatch(),
            ids: ids.into_dispatch(),
        },
    };
    let weights = hidden_weights.clone().into_dispatch();
    let (hidden, cell) = (begin.hidden.into_dispatch(), begin.cell.into_dispatch());
    let output = <Dispatch as LstmOps>::lstm(gates, weights, hidden, cell, plan);
    let output = Tensor::<3>::from_dispatch(output); // [batch, time (+ 2), d_hidden]
    if !with_states {
        return Some((output, None));
    }
    let step = |step| output.clone().narrow(1, step, 1).squeeze_dim(1); // [batch, d_hidden]
    let state = State {
        hidden: step(time),
        cell: step(time + 1),
    };
    Some((output.narrow(1, 0, time), Some(state)))
}

fn sequence<B: CpuBackend>(
    gates: GatesTensor<B>,
    hidden_weights: FloatTensor<B>,
    begin_hidden: FloatTensor<B>,
    begin_cell: FloatTensor<B>,
    plan: &Plan,
) -> Sequence {
    let d_hidden = hidden_weights.shape()[0];
    let (time, input) = match gates {
        GatesTensor::Steps(steps) => (steps.shape()[1], Input::Steps(B::floats(steps))),
        GatesTensor::Rows { table, ids } => {
            let time = ids.shape()[1];
            let input = Input::Rows {
                table: B::floats(table),
                ids: B::ids(ids),
            };
            (time, input)
        }
    };
    Sequence {
        input,
        hidden_weights: B::floats(hidden_weights),
        begin_hidden: B::floats(begin_hidden),
        begin_cell: B::floats(begin_cell),
        lengths: plan.lengths.clone(),
        time,
        d_hidden,
        reversed: plan.reversed,
    }
}

fn output<B: CpuBackend>(
    sequence: &Sequence,
    plan: &Plan,
    output: Vec<f32>,
    hidden: &[f32],
    cell: &[f32],
    device: &Device<B>,
) -> FloatTensor<B> {
    let (batch, time, d_hidden) = (plan.lengths.len(), sequence.time, sequence.d_hidden);
    if !plan.with_states {
        return B::tensor(output, vec![batch, time, d_hidden], device);
    }
    let mut all = Vec::with_capacity(batch * (time + 2) * d_hidden);
    for row in 0..batch {
        all.extend_from_slice(&output[row * time * d_hidden..][..time * d_hidden]);
        all.extend_from_slice(&hidden[row * d_hidden..][..d_hidden]);
        all.extend_from_slice(&cell[row * d_hidden..][..d_hidden]);
    }
    B::tensor(all, vec![batch, time + 2, d_hidden], device)
}

/// The reverse of joining output and states.
fn split_states(values: &[f32], time: usize, d_hidden: usize) -> [Vec<f32>; 3] {
    let [mut output, mut hidden, mut cell] = [const { Vec::new() }; 3];
    for row in values.chunks_exact((time + 2) * d_hidden) {
        let (steps, states) = row.split_at(time * d_hidden);
        output.extend_from_slice(steps);
        hidden.extend_from_slice(&states[..d_hidden]);
        cell.extend_from_slice(&states[d_hidden..]);
    }
    [output, hidden, cell]
}

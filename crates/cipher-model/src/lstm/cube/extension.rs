//! The LSTM as an operation of Burn's CubeCL backends, with its own backward pass.

use burn::backend::Autodiff;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn_cubecl::CubeBackend;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::tensor::CubeTensor;

use super::{Input, Kept, Sequence, gradients, lengths_tensor};
use crate::lstm::extension::{GatesTensor, LstmOps, Plan};

impl LstmOps for CubeBackend {
    fn lstm(
        gates: GatesTensor<Self>,
        hidden_weights: CubeTensor,
        begin_hidden: CubeTensor,
        begin_cell: CubeTensor,
        plan: Plan,
    ) -> CubeTensor {
        let sequence = sequence(gates, hidden_weights, begin_hidden, begin_cell, &plan);
        sequence.forward(false).output
    }
}

impl<C: CheckpointStrategy> LstmOps for Autodiff<CubeBackend, C> {
    #[allow(clippy::expect_used)] // asked for
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
        let sequence = sequence(gates, weights, hidden, cell, &plan);
        match LstmBackward.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::UnTracked(preparation) => preparation.finish(sequence.forward(false).output),
            OpsKind::Tracked(preparation) => {
                let forward = sequence.forward(true);
                let kept = forward.kept.expect("asked for");
                preparation.finish(Saved { sequence, kept }, forward.output)
            }
        }
    }
}

/// What the backward pass works on.
#[derive(Debug, Clone)]
struct Saved {
    sequence: Sequence,
    kept: Kept,
}

#[derive(Debug)]
struct LstmBackward;

impl Backward<CubeBackend, 4> for LstmBackward {
    type State = Saved;

    fn backward(
        self,
        ops: Ops<Self::State, 4>,
        gradients: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let Saved { sequence, kept } = ops.state;
        let output = gradients.consume::<CubeBackend>(&ops.node);
        let found = sequence.backward(&kept, output);
        let [input, weights, hidden, cell] = ops.parents;
        if let Some(node) = weights {
            let weights = gradients::hidden_weights(&sequence, kept, found.gates.clone());
            gradients.register::<CubeBackend>(node.id, weights);
        }
        if let Some(node) = input {
            let input = match &sequence.input {
                Input::Steps(_) => found.gates,
                Input::Rows { table, ids } => {
                    let [n_rows, _] = table.meta.shape().dims();
                    gradients::table(&sequence, ids, n_rows, &found.gates)
                }
            };
            gradients.register::<CubeBackend>(node.id, input);
        }
        for (parent, gradient) in [(hidden, found.begin_hidden), (cell, found.begin_cell)] {
            if let Some(node) = parent {
                gradients.register::<CubeBackend>(node.id, gradient);
            }
        }
    }
}

fn sequence(
    gates: GatesTensor<CubeBackend>,
    hidden_weights: CubeTensor,
    begin_hidden: CubeTensor,
    begin_cell: CubeTensor,
    plan: &Plan,
) -> Sequence {
    let (time, input) = match gates {
        GatesTensor::Steps(steps) => {
            let [_, time, _] = steps.meta.shape().dims();
            (time, Input::Steps(into_contiguous(steps)))
        }
        GatesTensor::Rows { table, ids } => {
            let [_, time] = ids.meta.shape().dims();
            let input = Input::Rows {
                table: into_contiguous(table),
                ids: into_contiguous(ids),
            };
            (time, input)
        }
    };
    let [batch, d_hidden] = begin_hidden.meta.shape().dims();
    let device = &hidden_weights.device;
    Sequence {
        path: plan.path,
        lengths: lengths_tensor(&plan.lengths, device),
        has_empty_row: plan.lengths.contains(&0),
        input,
        hidden_weights: into_contiguous(hidden_weights),
        begin_hidden: into_contiguous(begin_hidden),
        begin_cell: into_contiguous(begin_cell),
        batch,
        time,
        d_hidden,
        reversed: plan.reversed,
        with_states: plan.with_states,
    }
}

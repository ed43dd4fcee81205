//! The GPU kernels as an [`LstmBackend`].

use burn::backend::tensor::FloatTensor;
use burn_cubecl::CubeBackend;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::tensor::CubeTensor;

use super::{LstmCall, Saved, gradients, lengths_tensor};
use crate::lstm::gates::GateInputs;
use crate::lstm::op::{LstmBackend, Options};

impl LstmBackend for CubeBackend {
    type Saved = (LstmCall, Saved);

    fn forward(
        gates: GateInputs<Self>,
        hidden_weights: CubeTensor,
        initial_hidden: CubeTensor,
        initial_cell: CubeTensor,
        options: Options,
        save: bool,
    ) -> (CubeTensor, Option<Self::Saved>) {
        let call = call(
            gates,
            hidden_weights,
            initial_hidden,
            initial_cell,
            &options,
        );
        let forward = call.forward(save);
        let saved = forward.saved.map(|saved| (call, saved));
        (forward.output, saved)
    }

    fn backward(
        (call, saved): Self::Saved,
        grad_output: FloatTensor<Self>,
    ) -> [FloatTensor<Self>; 4] {
        let found = call.backward(&saved, grad_output);
        let weights = gradients::hidden_weights(&call, saved, found.gates.clone());
        let gates = match &call.gates {
            GateInputs::Steps(_) => found.gates,
            GateInputs::Rows { table, ids } => {
                let [n_rows, _] = table.meta.shape().dims();
                gradients::table(&call, ids, n_rows, &found.gates)
            }
        };
        [gates, weights, found.initial_hidden, found.initial_cell]
    }
}

fn call(
    gates: GateInputs<CubeBackend>,
    hidden_weights: CubeTensor,
    initial_hidden: CubeTensor,
    initial_cell: CubeTensor,
    options: &Options,
) -> LstmCall {
    let [batch, time] = gates.dims();
    let gates = match gates {
        GateInputs::Steps(steps) => GateInputs::Steps(into_contiguous(steps)),
        GateInputs::Rows { table, ids } => GateInputs::Rows {
            table: into_contiguous(table),
            ids: into_contiguous(ids),
        },
    };
    let [_, d_hidden] = initial_hidden.meta.shape().dims();
    let device = &hidden_weights.device;
    LstmCall {
        kernel: options.kernel,
        lengths: lengths_tensor(&options.lengths, device),
        has_empty_row: options.lengths.contains(&0),
        gates,
        hidden_weights: into_contiguous(hidden_weights),
        initial_hidden: into_contiguous(initial_hidden),
        initial_cell: into_contiguous(initial_cell),
        batch,
        time,
        d_hidden,
        reversed: options.reversed,
        with_states: options.with_states,
    }
}

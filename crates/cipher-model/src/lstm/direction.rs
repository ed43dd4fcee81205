use burn::module::{Module, Param};
use burn::tensor::{Device, Int, Tensor, TensorData};
use rand_chacha::ChaCha8Rng;

use super::{LstmInput, composed, extension};
use crate::init;

/// One direction of one layer of an [`Lstm`](super::Lstm), whose equations name the weights.
#[derive(Module, Debug)]
pub struct LstmDirection {
    /// `W`: `[d_input, 4 * d_hidden]`, gates in the order i, f, g, o.
    pub input_weights: Param<Tensor<2>>,
    /// `U`: `[d_hidden, 4 * d_hidden]`
    pub hidden_weights: Param<Tensor<2>>,
    /// `b`: `[4 * d_hidden]`
    pub bias: Param<Tensor<1>>,
}

/// `x W + b` for every time step: the part of the gates that needs no state.
#[derive(Debug, Clone)]
#[allow(clippy::large_enum_variant)] // one value a layer
pub enum Gates {
    /// `[batch, time, 4 * d_hidden]`
    Steps(Tensor<3>),
    /// The same for an input of table rows.
    Rows {
        /// `[n_rows, 4 * d_hidden]`
        table: Tensor<2>,
        /// `[batch, time]`
        ids: Tensor<2, Int>,
    },
}

/// The state of one direction of one layer.
#[derive(Debug, Clone)]
pub struct State {
    /// `[batch, d_hidden]`
    pub hidden: Tensor<2>,
    /// `[batch, d_hidden]`
    pub cell: Tensor<2>,
}

impl LstmDirection {
    pub(super) fn init(
        d_input: usize,
        d_hidden: usize,
        rng: &mut ChaCha8Rng,
        device: &Device,
    ) -> Self {
        let bound = 1.0 / (d_hidden as f32).sqrt();
        let n_gates = 4 * d_hidden;
        let input_weights = init::uniform([d_input, n_gates], bound, rng, device);
        let hidden_weights = init::uniform([d_hidden, n_gates], bound, rng, device);
        let first = init::uniform_values(n_gates, bound, rng);
        let second = init::uniform_values(n_gates, bound, rng);
        let bias: Vec<f32> = first.iter().zip(&second).map(|(a, b)| a + b).collect();
        Self {
            input_weights,
            hidden_weights,
            bias: Param::from_data(TensorData::new(bias, [n_gates]), device),
        }
    }

    /// `x W + b`
    pub(super) fn gates(&self, input: &LstmInput) -> Gates {
        let weights = self.input_weights.val(); // [d_input, 4 * d_hidden]
        let bias = self.bias.val(); // [4 * d_hidden]
        match input {
            LstmInput::Rows { table, ids } => Gates::Rows {
                table: table.clone().matmul(weights) + bias.unsqueeze(), // [n_rows, 4 * d_hidden]
                ids: ids.clone(),
            },
            LstmInput::Vectors(vectors) => {
                let [batch, time, d_input] = vectors.dims();
                let rows = vectors.clone().reshape([batch * time, d_input]);
                let gates = rows.matmul(weights) + bias.unsqueeze(); // [batch * time, 4 * d_hidden]
                Gates::Steps(gates.reshape([batch as isize, time as isize, -1]))
            }
        }
    }

    /// Runs through time. `reversed` reads each message from its end to its beginning, and gives
    /// the output at the places of the input all the same. The states after the last step come
    /// along if wanted.
    pub(super) fn read(
        &self,
        gates: Gates,
        lengths: &[usize],
        begin: Option<State>,
        reversed: bool,
        with_states: bool,
    ) -> (Tensor<3>, Option<State>) {
        let weights = self.hidden_weights.val();
        extension::read(
            &gates,
            &weights,
            lengths,
            begin.as_ref(),
            reversed,
            with_states,
        )
        .unwrap_or_else(|| {
            let (output, state) = composed::read(gates, weights, lengths, begin, reversed);
            (output, Some(state))
        })
    }
}

impl State {
    pub(super) fn zeros(batch: usize, d_hidden: usize, device: &Device) -> Self {
        Self {
            hidden: Tensor::zeros([batch, d_hidden], device),
            cell: Tensor::zeros([batch, d_hidden], device),
        }
    }
}

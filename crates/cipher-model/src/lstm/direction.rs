use burn::backend::Dispatch;
use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, TensorData};
use rand_chacha::ChaCha8Rng;

use super::gates::{GateInputs, State};
use super::input::LstmInput;
use super::kernel::LstmKernel;
use super::op::{self, Options};
use super::reference;
use crate::init;
use crate::linear::{linear, linear_of_steps};

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
    pub(super) fn gate_inputs(&self, input: &LstmInput) -> GateInputs<Dispatch> {
        let weights = self.input_weights.val(); // [d_input, 4 * d_hidden]
        let bias = self.bias.val(); // [4 * d_hidden]
        match input {
            LstmInput::Rows { table, ids } => {
                let table = linear(table.clone(), weights, bias); // [n_rows, 4 * d_hidden]
                GateInputs::Rows {
                    table: table.into_dispatch(),
                    ids: ids.clone().into_dispatch(),
                }
            }
            LstmInput::Vectors(vectors) => {
                // [batch, time, 4 * d_hidden]
                let gates = linear_of_steps(vectors.clone(), weights, bias);
                GateInputs::Steps(gates.into_dispatch())
            }
        }
    }

    /// Runs through time with the fastest kernel for the device, from a state of 0 by default.
    /// `reversed` reads each message from its end to its beginning; the output is in the order of
    /// the input in both cases. The states after the last step are returned if `with_states` is set.
    pub(super) fn read(
        &self,
        gates: GateInputs<Dispatch>,
        lengths: &[usize],
        initial: Option<State>,
        reversed: bool,
        with_states: bool,
    ) -> (Tensor<3>, Option<State>) {
        let weights = self.hidden_weights.val(); // [d_hidden, 4 * d_hidden]
        let device = weights.device();
        let [batch, time] = gates.dims();
        let [d_hidden, _] = weights.dims();
        let initial = initial.unwrap_or_else(|| State::zeros(batch, d_hidden, &device));
        let kernel = LstmKernel::choose(&device, batch, time, d_hidden);
        if kernel == LstmKernel::Reference {
            let (output, state) = reference::read(gates, weights, initial, lengths, reversed);
            return (output, Some(state));
        }
        let options = Options {
            kernel,
            lengths: lengths.to_vec(),
            reversed,
            with_states,
        };
        op::read(gates, weights, initial, options)
    }
}

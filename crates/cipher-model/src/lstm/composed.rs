//! The equations written with Burn's own operations: right on every backend, and the reference
//! that faster versions are tested against.

use burn::tensor::activation::sigmoid;
use burn::tensor::{Device, Int, Tensor, TensorData};

use super::direction::{Gates, State};

/// See `LstmDirection::read`.
pub fn read(
    gates: Gates,
    hidden_weights: Tensor<2>, // [d_hidden, 4 * d_hidden]
    lengths: &[usize],
    begin: Option<State>,
    reversed: bool,
) -> (Tensor<3>, State) {
    let device = hidden_weights.device();
    let [d_hidden, _] = hidden_weights.dims();
    let [batch, time] = gates.dims();
    let gates = match reversed {
        true => gates.reverse(lengths),
        false => gates,
    };

    let mut state = begin.unwrap_or_else(|| State::zeros(batch, d_hidden, &device));
    let mut outputs = Vec::with_capacity(time);
    for t in 0..time {
        let next = step(gates.at(t), hidden_weights.clone(), &state);
        // Messages that have ended keep their state and show nothing.
        let (output, kept) = match lengths.iter().all(|&length| t < length) {
            true => (next.hidden.clone(), next),
            false => {
                let going = lengths
                    .iter()
                    .map(|&length| f32::from(u8::from(t < length)));
                let going = TensorData::new(going.collect(), [batch, 1]);
                let going = Tensor::<2>::from_data(going, &device); // [batch, 1]
                let ended = going.clone().neg() + 1.0;
                let keep =
                    |new: Tensor<2>, old: Tensor<2>| new * going.clone() + old * ended.clone();
                let output = next.hidden.clone() * going.clone();
                let hidden = keep(next.hidden, state.hidden);
                let cell = keep(next.cell, state.cell);
                (output, State { hidden, cell })
            }
        };
        outputs.push(output);
        state = kept;
    }

    let output = match outputs.is_empty() {
        true => Tensor::zeros([batch, 0, d_hidden], &device),
        false => Tensor::stack(outputs, 1), // [batch, time, d_hidden]
    };
    match reversed {
        true => (reverse_steps(output, lengths), state),
        false => (output, state),
    }
}

/// One time step, from the gates' share of the input: `[batch, 4 * d_hidden]`.
#[allow(clippy::expect_used)] // a packed matrix has four gates
fn step(gates: Tensor<2>, hidden_weights: Tensor<2>, state: &State) -> State {
    let gates = gates + state.hidden.clone().matmul(hidden_weights);
    let [i, f, g, o] = gates
        .chunk(4, 1) // 4 of [batch, d_hidden]
        .try_into()
        .expect("four gates");
    let cell = sigmoid(f) * state.cell.clone() + sigmoid(i) * g.tanh();
    let hidden = sigmoid(o) * cell.clone().tanh();
    State { hidden, cell }
}

impl Gates {
    /// `[batch, time]`
    pub(super) fn dims(&self) -> [usize; 2] {
        match self {
            Self::Steps(steps) => {
                let [batch, time, _] = steps.dims();
                [batch, time]
            }
            Self::Rows { ids, .. } => ids.dims(),
        }
    }

    /// `[batch, 4 * d_hidden]`
    fn at(&self, t: usize) -> Tensor<2> {
        match self {
            Self::Steps(steps) => steps.clone().narrow(1, t, 1).squeeze_dim(1),
            Self::Rows { table, ids } => {
                let ids = ids.clone().narrow(1, t, 1).squeeze_dim(1); // [batch]
                table.clone().select(0, ids)
            }
        }
    }

    fn reverse(self, lengths: &[usize]) -> Self {
        match self {
            Self::Steps(steps) => Self::Steps(reverse_steps(steps, lengths)),
            Self::Rows { table, ids } => {
                let places = reversed_places(lengths, ids.dims()[1], &ids.device());
                let ids = ids.gather(1, places);
                Self::Rows { table, ids }
            }
        }
    }
}

/// Turns each message around inside its own length; padding stays at the end.
fn reverse_steps(steps: Tensor<3>, lengths: &[usize]) -> Tensor<3> {
    let [batch, time, d_step] = steps.dims();
    let places = reversed_places(lengths, time, &steps.device()); // [batch, time]
    let places = places.unsqueeze_dim::<3>(2).expand([batch, time, d_step]);
    steps.gather(1, places)
}

/// The place that each step's value comes from, `[batch, time]`.
fn reversed_places(lengths: &[usize], time: usize, device: &Device) -> Tensor<2, Int> {
    let row = |&length: &usize| {
        (0..time).map(move |t| if t < length { length - 1 - t } else { t } as i64)
    };
    let places = lengths.iter().flat_map(row).collect();
    Tensor::from_data(TensorData::new(places, [lengths.len(), time]), device)
}

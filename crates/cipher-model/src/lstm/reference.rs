//! The equations written with Burn's own operations. They run on every backend, and the tests
//! compare the faster kernels with them.

use burn::backend::Dispatch;
use burn::tensor::activation::sigmoid;
use burn::tensor::{Device, Int, Tensor, TensorData};

use super::gates::{GateInputs, State};

/// See `LstmDirection::read`.
pub fn read(
    gates: GateInputs<Dispatch>,
    hidden_weights: Tensor<2>, // [d_hidden, 4 * d_hidden]
    initial: State,
    lengths: &[usize],
    reversed: bool,
) -> (Tensor<3>, State) {
    let device = hidden_weights.device();
    let [d_hidden, _] = hidden_weights.dims();
    let [batch, time] = gates.dims();
    let gates = if reversed {
        reverse(gates, lengths)
    } else {
        gates
    };

    let mut state = initial;
    let mut outputs = Vec::with_capacity(time);
    for t in 0..time {
        let next = step(at(&gates, t), hidden_weights.clone(), &state);
        let (output, next) = if lengths.iter().all(|&length| t < length) {
            (next.hidden.clone(), next)
        } else {
            hold_ended(next, state, lengths, t)
        };
        outputs.push(output);
        state = next;
    }

    let output = if outputs.is_empty() {
        Tensor::zeros([batch, 0, d_hidden], &device)
    } else {
        Tensor::stack(outputs, 1) // [batch, time, d_hidden]
    };
    if reversed {
        (reverse_steps(output, lengths), state)
    } else {
        (output, state)
    }
}

/// One time step, from its gate inputs: `[batch, 4 * d_hidden]`.
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

/// The output and the state after step `t`, where some messages have ended: their output is 0 and
/// their state stays as it was.
fn hold_ended(next: State, before: State, lengths: &[usize], t: usize) -> (Tensor<2>, State) {
    let runs = lengths
        .iter()
        .map(|&length| f32::from(u8::from(t < length)));
    let runs = TensorData::new(runs.collect(), [lengths.len(), 1]);
    let runs = Tensor::<2>::from_data(runs, &next.hidden.device()); // [batch, 1]
    let ended = runs.clone().neg() + 1.0;
    let select = |new: Tensor<2>, old: Tensor<2>| new * runs.clone() + old * ended.clone();
    let output = next.hidden.clone() * runs.clone();
    let hidden = select(next.hidden, before.hidden);
    let cell = select(next.cell, before.cell);
    (output, State { hidden, cell })
}

/// The gate inputs of one step, `[batch, 4 * d_hidden]`.
fn at(gates: &GateInputs<Dispatch>, t: usize) -> Tensor<2> {
    match gates.clone() {
        GateInputs::Steps(steps) => {
            let steps = Tensor::<3>::from_dispatch(steps);
            steps.narrow(1, t, 1).squeeze_dim(1)
        }
        GateInputs::Rows { table, ids } => {
            let ids = Tensor::<2, Int>::from_dispatch(ids);
            let ids = ids.narrow(1, t, 1).squeeze_dim(1); // [batch]
            Tensor::<2>::from_dispatch(table).select(0, ids)
        }
    }
}

fn reverse(gates: GateInputs<Dispatch>, lengths: &[usize]) -> GateInputs<Dispatch> {
    match gates {
        GateInputs::Steps(steps) => {
            let steps = reverse_steps(Tensor::from_dispatch(steps), lengths);
            GateInputs::Steps(steps.into_dispatch())
        }
        GateInputs::Rows { table, ids } => {
            let ids = Tensor::<2, Int>::from_dispatch(ids);
            let places = reversed_places(lengths, ids.dims()[1], &ids.device());
            let ids = ids.gather(1, places).into_dispatch();
            GateInputs::Rows { table, ids }
        }
    }
}

/// Reverses each message inside its own length; padding stays at the end.
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

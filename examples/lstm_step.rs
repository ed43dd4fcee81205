//! One step of an LSTM with two hidden units and one input, computed by hand and then by the
//! library.
//!
//! `cargo run -p examples --bin lstm_step`

use burn::module::Param;
use burn::tensor::{Tensor, TensorData};
use cipher_model::{Backend, LstmConfig, LstmInput, LstmState, ModelError};

// ANCHOR: gates
/// The weights of a gate, for its two units.
struct Gate {
    name: &'static str,
    activation: fn(f32) -> f32,
    input: [f32; 2],
    hidden: [[f32; 2]; 2],
    bias: [f32; 2],
}

const GATES: [Gate; 4] = [
    Gate {
        name: "input gate  i",
        activation: sigmoid,
        input: [1.0, -1.0],
        hidden: [[0.5, 0.0], [0.0, 0.5]],
        bias: [0.0, 0.0],
    },
    Gate {
        name: "forget gate f",
        activation: sigmoid,
        input: [0.0, 0.5],
        hidden: [[0.2, 0.1], [0.1, 0.2]],
        bias: [1.0, 1.0],
    },
    Gate {
        name: "candidate   g",
        activation: f32::tanh,
        input: [2.0, 1.0],
        hidden: [[0.0, 1.0], [1.0, 0.0]],
        bias: [0.1, -0.1],
    },
    Gate {
        name: "output gate o",
        activation: sigmoid,
        input: [0.5, 0.5],
        hidden: [[0.3, 0.0], [0.0, 0.3]],
        bias: [0.0, 0.0],
    },
];
const INPUT: f32 = 0.8;
const HIDDEN: [f32; 2] = [0.1, -0.2];
const CELL: [f32; 2] = [0.4, 0.6];
// ANCHOR_END: gates

// ANCHOR: by_hand
fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

fn main() -> Result<(), ModelError> {
    println!("input x = {INPUT}, hidden state h = {HIDDEN:?}, cell state c = {CELL:?}");
    let mut gates = [[0.0; 2]; 4];
    for (values, gate) in gates.iter_mut().zip(GATES) {
        for (unit, value) in values.iter_mut().enumerate() {
            let sum = INPUT * gate.input[unit]
                + HIDDEN[0] * gate.hidden[0][unit]
                + HIDDEN[1] * gate.hidden[1][unit]
                + gate.bias[unit];
            *value = (gate.activation)(sum);
        }
        println!("{} = [{:.4}, {:.4}]", gate.name, values[0], values[1]);
    }
    let [i, f, g, o] = gates;
    let cell = [0, 1].map(|unit| f[unit] * CELL[unit] + i[unit] * g[unit]);
    let hidden = [0, 1].map(|unit| o[unit] * cell[unit].tanh());
    println!(
        "keep f * c and add i * g:  c = [{:.4}, {:.4}]",
        cell[0], cell[1]
    );
    println!(
        "show o * tanh(c):          h = [{:.4}, {:.4}]",
        hidden[0], hidden[1]
    );

    // ANCHOR_END: by_hand
    let by_library = library_step()?;
    println!(
        "the library's step:        h = [{:.4}, {:.4}]",
        by_library[0], by_library[1]
    );
    for unit in 0..2 {
        assert!((by_library[unit] - hidden[unit]).abs() < 1e-6);
    }
    Ok(())
}

/// The library stores the four gates side by side: columns i i f f g g o o.
fn library_step() -> Result<Vec<f32>, ModelError> {
    let device = Backend::default().open()?;
    let mut lstm = LstmConfig::new(1, 2).init(0, &device)?;
    let columns = |pick: fn(&Gate) -> [f32; 2]| GATES.iter().flat_map(pick).collect::<Vec<_>>();
    let inputs = columns(|gate| gate.input);
    let hidden = [
        columns(|gate| gate.hidden[0]),
        columns(|gate| gate.hidden[1]),
    ]
    .concat();
    let biases = columns(|gate| gate.bias);

    let forward = &mut lstm.layers[0].forward;
    forward.input_weights = Param::from_data(TensorData::new(inputs, [1, 8]), &device);
    forward.hidden_weights = Param::from_data(TensorData::new(hidden, [2, 8]), &device);
    forward.bias = Param::from_data(TensorData::new(biases, [8]), &device);

    let state = LstmState {
        hidden: Tensor::from_data([[HIDDEN]], &device), // [1 layer, 1 message, 2 units]
        cell: Tensor::from_data([[CELL]], &device),
    };
    let input = LstmInput::Vectors(Tensor::from_data([[[INPUT]]], &device)); // [1, 1, 1]
    let (output, _) = lstm.forward(input, &[1], Some(state));
    Ok(output.into_data().iter().collect())
}

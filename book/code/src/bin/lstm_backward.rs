//! Back through time by hand, checked against finite differences and against Burn's autodiff.

use book::{Result, numbers};
use burn::module::Param;
use burn::tensor::{Tensor, TensorData};
use cipher_model::{Backend, LstmConfig, LstmInput};

// ANCHOR: forward
/// One unit that reads one number a step. Gates in the order i, f, g, o.
#[derive(Clone)]
struct Weights {
    input: [f64; 4],
    hidden: [f64; 4],
    bias: [f64; 4],
}

/// What a step makes, and what the way back needs of it.
struct Step {
    x: f64,
    h_before: f64,
    c_before: f64,
    gates: [f64; 4],
    c: f64,
    h: f64,
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

fn forward(w: &Weights, inputs: &[f64]) -> Vec<Step> {
    let (mut h, mut c) = (0.0, 0.0);
    let step = |&x: &f64| {
        let (h_before, c_before) = (h, c);
        let sum = |k: usize| x * w.input[k] + h_before * w.hidden[k] + w.bias[k];
        let gates @ [i, f, g, o] = [
            sigmoid(sum(0)),
            sigmoid(sum(1)),
            sum(2).tanh(),
            sigmoid(sum(3)),
        ];
        c = f * c_before + i * g;
        h = o * c.tanh();
        Step {
            x,
            h_before,
            c_before,
            gates,
            c,
            h,
        }
    };
    inputs.iter().map(step).collect()
}
// ANCHOR_END: forward

// ANCHOR: loss
/// Something to minimise: the square of what the last step shows, less one half.
fn loss(steps: &[Step]) -> f64 {
    let h = steps.last().expect("a step").h;
    (h - 0.5) * (h - 0.5)
}
// ANCHOR_END: loss

// ANCHOR: backward
fn backward(w: &Weights, steps: &[Step]) -> Weights {
    let mut gradient = Weights {
        input: [0.0; 4],
        hidden: [0.0; 4],
        bias: [0.0; 4],
    };
    let mut dh = 2.0 * (steps.last().expect("a step").h - 0.5); // of the loss
    let mut dc = 0.0;
    for step in steps.iter().rev() {
        let [i, f, g, o] = step.gates;
        let shown = step.c.tanh();
        dc += dh * o * (1.0 - shown * shown);
        // Of the four sums, before their sigmoids and tanh.
        let d_sums = [
            dc * g * i * (1.0 - i),
            dc * step.c_before * f * (1.0 - f),
            dc * i * (1.0 - g * g),
            dh * shown * o * (1.0 - o),
        ];
        for (k, d_sum) in d_sums.into_iter().enumerate() {
            gradient.input[k] += d_sum * step.x;
            gradient.hidden[k] += d_sum * step.h_before;
            gradient.bias[k] += d_sum;
        }
        // What goes on to the step before.
        dh = (0..4).map(|k| d_sums[k] * w.hidden[k]).sum();
        dc *= f;
    }
    gradient
}
// ANCHOR_END: backward

// ANCHOR: check
impl Weights {
    fn all_mut(&mut self) -> impl Iterator<Item = &mut f64> {
        self.input
            .iter_mut()
            .chain(&mut self.hidden)
            .chain(&mut self.bias)
    }
}

/// For each weight, how much the loss changes when the weight does, from both sides.
fn finite_differences(w: &Weights, inputs: &[f64]) -> Vec<f64> {
    const H: f64 = 1e-5;
    let with = |place: usize, change: f64| {
        let mut w = w.clone();
        *w.all_mut().nth(place).expect("one of the weights") += change;
        loss(&forward(&w, inputs))
    };
    (0..12)
        .map(|place| (with(place, H) - with(place, -H)) / (2.0 * H))
        .collect()
}
// ANCHOR_END: check

/// The same loss by the library's LSTM and Burn's automatic differentiation, in f32.
fn autodiff(w: &Weights, inputs: &[f64]) -> Result<Vec<f64>> {
    let device = Backend::default().open()?.autodiff();
    let mut lstm = LstmConfig::new(1, 1).init(0, &device)?;
    let direction = &mut lstm.layers[0].forward;
    let data = |values: [f64; 4], shape: &[usize]| {
        TensorData::new(values.map(|value| value as f32).to_vec(), shape.to_vec())
    };
    direction.input_weights = Param::from_data(data(w.input, &[1, 4]), &device);
    direction.hidden_weights = Param::from_data(data(w.hidden, &[1, 4]), &device);
    direction.bias = Param::from_data(data(w.bias, &[4]), &device);

    let vectors: Vec<f32> = inputs.iter().map(|&x| x as f32).collect();
    let vectors = Tensor::from_data(TensorData::new(vectors, [1, inputs.len(), 1]), &device);
    let output = lstm.output(LstmInput::Vectors(vectors), &[inputs.len()]); // [1, time, 1]
    let last: Tensor<1> = output.narrow(1, inputs.len() - 1, 1).reshape([1]);
    let gradients = last.sub_scalar(0.5).square().backward();

    let direction = &lstm.layers[0].forward;
    let flat = |weights: &Param<Tensor<2>>| weights.val().grad(&gradients).map(|g| g.reshape([4]));
    let all = [
        flat(&direction.input_weights),
        flat(&direction.hidden_weights),
        direction.bias.val().grad(&gradients),
    ];
    Ok(all
        .into_iter()
        .flatten()
        .flat_map(numbers)
        .map(f64::from)
        .collect())
}

fn main() -> Result<()> {
    let w = Weights {
        input: [0.9, -0.4, 1.2, 0.3],
        hidden: [0.2, 0.5, -0.7, 0.6],
        bias: [0.1, 1.0, 0.0, -0.2],
    };
    let inputs = [0.5, -1.0, 0.8, 0.2];
    let mut by_hand = backward(&w, &forward(&w, &inputs));
    let differences = finite_differences(&w, &inputs);
    let by_burn = autodiff(&w, &inputs)?;

    println!("gradient of         by hand   finite difference   autodiff");
    let names = ["input", "hidden", "bias"]
        .iter()
        .flat_map(|of| "ifgo".chars().map(move |gate| (of, gate)));
    for (place, ((of, gate), value)) in names.zip(by_hand.all_mut()).enumerate() {
        let (difference, burn) = (differences[place], by_burn[place]);
        println!("{of:6} weight of {gate} {value:10.5} {difference:19.5} {burn:10.5}");
        assert!((*value - difference).abs() < 1e-8 && (*value - burn).abs() < 1e-6);
    }
    Ok(())
}

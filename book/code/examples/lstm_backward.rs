//! Backpropagation through time by hand, compared with finite differences and with Burn.

use book::{Result, numbers};
use burn::tensor::activation::sigmoid as sigmoid_of;
use burn::tensor::{Tensor, TensorData};
use cipher_model::Backend;

// ANCHOR: forward
/// One unit that reads one number a step. Gates in the order i, f, g, o.
#[derive(Clone, Default)]
struct Weights {
    input: [f64; 4],
    hidden: [f64; 4],
    bias: [f64; 4],
}

/// What one step computed, which the backward pass needs.
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
/// Every step has a target, and the loss is the sum of the squared errors.
fn loss(steps: &[Step], targets: &[f64]) -> f64 {
    let errors = steps
        .iter()
        .zip(targets)
        .map(|(step, target)| step.h - target);
    errors.map(|error| error * error).sum()
}
// ANCHOR_END: loss

// ANCHOR: backward
/// The gradient of the loss by the weights and by the inputs.
fn backward(w: &Weights, steps: &[Step], targets: &[f64]) -> (Weights, Vec<f64>) {
    let mut grad_w = Weights::default();
    let mut grad_inputs = vec![0.0; steps.len()];
    let (mut grad_h, mut grad_c) = (0.0, 0.0); // from the steps after the last: none
    for (t, step) in steps.iter().enumerate().rev() {
        let [i, f, g, o] = step.gates;
        let tanh_c = step.c.tanh();
        grad_h += 2.0 * (step.h - targets[t]); // the loss of this step
        grad_c += grad_h * o * (1.0 - tanh_c * tanh_c);
        // Of the four sums, before their sigmoids and tanh.
        let grad_sums = [
            grad_c * g * i * (1.0 - i),
            grad_c * step.c_before * f * (1.0 - f),
            grad_c * i * (1.0 - g * g),
            grad_h * tanh_c * o * (1.0 - o),
        ];
        for (k, grad_sum) in grad_sums.into_iter().enumerate() {
            grad_w.input[k] += grad_sum * step.x;
            grad_w.hidden[k] += grad_sum * step.h_before;
            grad_w.bias[k] += grad_sum;
        }
        grad_inputs[t] = (0..4).map(|k| grad_sums[k] * w.input[k]).sum();
        // What reaches the step before.
        grad_h = (0..4).map(|k| grad_sums[k] * w.hidden[k]).sum();
        grad_c *= f;
    }
    (grad_w, grad_inputs)
}
// ANCHOR_END: backward

// ANCHOR: check
/// Every number that the loss depends on: twelve weights, then the inputs.
fn all(w: &Weights, inputs: &[f64]) -> Vec<f64> {
    [&w.input, &w.hidden, &w.bias, inputs].concat()
}

/// How much the loss changes with each number, from a small change in both directions.
fn finite_differences(numbers: &[f64], targets: &[f64]) -> Vec<f64> {
    const H: f64 = 1e-5;
    let loss_with = |place: usize, change: f64| {
        let mut numbers = numbers.to_vec();
        numbers[place] += change;
        let four = |from: usize| [0, 1, 2, 3].map(|k| numbers[from + k]);
        let (input, hidden, bias) = (four(0), four(4), four(8));
        let w = Weights {
            input,
            hidden,
            bias,
        };
        loss(&forward(&w, &numbers[12..]), targets)
    };
    let places = 0..numbers.len();
    let slope = |place| (loss_with(place, H) - loss_with(place, -H)) / (2.0 * H);
    places.map(slope).collect()
}
// ANCHOR_END: check

// ANCHOR: burn
/// The same loss with Burn's tensors. Burn derives the gradient by itself, in `f32`.
fn autodiff(all: &[f64], targets: &[f64]) -> Result<Vec<f64>> {
    let device = Backend::default().open()?.autodiff();
    let row = |values: &[f64]| {
        let values: Vec<f32> = values.iter().map(|&value| value as f32).collect();
        let data = TensorData::new(values.clone(), [1, values.len()]);
        Tensor::<2>::from_data(data, &device).require_grad()
    };
    let [input, hidden, bias] = [row(&all[..4]), row(&all[4..8]), row(&all[8..12])]; // [1, 4]
    let inputs: Vec<Tensor<2>> = all[12..].iter().map(|&x| row(&[x])).collect(); // [1, 1]
    let mut h = Tensor::<2>::zeros([1, 1], &device);
    let mut c = h.clone();
    let mut loss = Tensor::<1>::zeros([1], &device);
    for (x, target) in inputs.iter().zip(targets) {
        let sums = x.clone().matmul(input.clone()) + h.matmul(hidden.clone()) + bias.clone();
        let sum = |k: usize| sums.clone().narrow(1, k, 1); // [1, 1]
        c = sigmoid_of(sum(1)) * c + sigmoid_of(sum(0)) * sum(2).tanh();
        h = sigmoid_of(sum(3)) * c.clone().tanh();
        loss = loss + h.clone().sub_scalar(*target).square().sum();
    }
    let gradients = loss.backward();
    let wanted = [input, hidden, bias].into_iter().chain(inputs);
    let grads = wanted.filter_map(|tensor| tensor.grad(&gradients));
    Ok(grads.flat_map(numbers).map(f64::from).collect())
}
// ANCHOR_END: burn

fn main() -> Result<()> {
    let w = Weights {
        input: [0.9, -0.4, 1.2, 0.3],
        hidden: [0.2, 0.5, -0.7, 0.6],
        bias: [0.1, 1.0, 0.0, -0.2],
    };
    let inputs = [0.5, -1.0, 0.8, 0.2];
    let targets = [0.5, -0.5, 0.5, 0.5];
    let steps = forward(&w, &inputs);
    println!("step      x      i      f      g      o      c      h   target");
    for (t, (step, target)) in steps.iter().zip(&targets).enumerate() {
        let [i, f, g, o] = step.gates;
        let (x, c, h) = (step.x, step.c, step.h);
        println!(
            "{:4} {x:6.2} {i:6.3} {f:6.3} {g:6.3} {o:6.3} {c:6.3} {h:6.3} {target:8.2}",
            t + 1
        );
    }
    let (grad_w, grad_inputs) = backward(&w, &steps, &targets);
    let by_hand = all(&grad_w, &grad_inputs);
    let numbers = all(&w, &inputs);
    let differences = finite_differences(&numbers, &targets);
    let by_burn = autodiff(&numbers, &targets)?;

    println!("gradient of        by hand   finite difference       Burn");
    let kinds = ["input weight", "hidden weight", "bias"];
    let weights = kinds
        .iter()
        .flat_map(|kind| "ifgo".chars().map(move |gate| format!("{kind} {gate}")));
    let names = weights.chain((1..=4).map(|t| format!("x of step {t}")));
    for (place, name) in names.enumerate() {
        let (hand, difference, burn) = (by_hand[place], differences[place], by_burn[place]);
        println!("{name:15} {hand:10.5} {difference:19.5} {burn:10.5}");
        assert!((hand - difference).abs() < 1e-8 && (hand - burn).abs() < 1e-6);
    }
    Ok(())
}

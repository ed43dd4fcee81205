//! Backpropagation through time for a plain unit, compared with finite differences.

/// h' = tanh(w x + u h + b).
#[derive(Clone, Copy)]
struct Unit {
    w: f64,
    u: f64,
    b: f64,
}

/// The states after 0, 1, 2, .. steps.
fn forward(unit: Unit, inputs: &[f64]) -> Vec<f64> {
    let mut states = vec![0.0];
    for (t, x) in inputs.iter().enumerate() {
        states.push((unit.w * x + unit.u * states[t] + unit.b).tanh());
    }
    states
}

/// Half the square of the last state.
fn loss(unit: Unit, inputs: &[f64]) -> f64 {
    0.5 * forward(unit, inputs)[inputs.len()].powi(2)
}

fn backward(unit: Unit, inputs: &[f64]) -> [f64; 3] {
    let states = forward(unit, inputs);
    let [mut grad_w, mut grad_u, mut grad_b] = [0.0; 3];
    let mut grad_h = states[inputs.len()]; // of the loss
    for (t, x) in inputs.iter().enumerate().rev() {
        let grad_sum = grad_h * (1.0 - states[t + 1].powi(2));
        grad_w += grad_sum * x;
        grad_u += grad_sum * states[t];
        grad_b += grad_sum;
        grad_h = grad_sum * unit.u;
    }
    [grad_w, grad_u, grad_b]
}

fn main() {
    let unit = Unit {
        w: 0.8,
        u: -0.5,
        b: 0.1,
    };
    let inputs = [0.5, -1.0, 0.8];
    let slope = |change: fn(Unit, f64) -> Unit| {
        let loss_with = |by: f64| loss(change(unit, by), &inputs);
        (loss_with(1e-5) - loss_with(-1e-5)) / 2e-5
    };
    let differences = [
        slope(|unit, by| Unit {
            w: unit.w + by,
            ..unit
        }),
        slope(|unit, by| Unit {
            u: unit.u + by,
            ..unit
        }),
        slope(|unit, by| Unit {
            b: unit.b + by,
            ..unit
        }),
    ];
    println!("by hand            {:8.5?}", backward(unit, &inputs));
    println!("finite differences {differences:8.5?}");
}

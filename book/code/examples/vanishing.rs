//! How much of a change of the state is left after many steps.

/// What is left after this number of steps of a plain unit, h' = tanh(w h + x).
fn through_plain(w: f64, n_steps: usize) -> f64 {
    let (mut h, mut left) = (0.0_f64, 1.0);
    for t in 0..n_steps {
        let x = f64::sin(3.0 * t as f64); // inputs from -1 to 1
        h = (w * h + x).tanh();
        left *= w * (1.0 - h * h); // the derivative of h' by h
    }
    left
}

/// What is left in a cell, c' = f c + i g.
fn through_cell(f: f64, n_steps: usize) -> f64 {
    f.powi(n_steps as i32)
}

fn main() {
    println!("steps   plain, w = 0.99   plain, w = 2   cell, f = 0.5   cell, f = 0.99");
    for n_steps in [1, 10, 100] {
        println!(
            "{n_steps:5} {:17.0e} {:14.0e} {:15.0e} {:16.2}",
            through_plain(0.99, n_steps),
            through_plain(2.0, n_steps),
            through_cell(0.5, n_steps),
            through_cell(0.99, n_steps)
        );
    }
}

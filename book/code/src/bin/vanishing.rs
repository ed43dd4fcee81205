//! What is left of a value after many steps: through a plain recurrent network, and through a cell.

fn main() {
    println!("steps   h = tanh(0.9 h)   c = 0.5 c   c = 0.99 c");
    for steps in [1, 10, 100] {
        // The derivative of the last state by the first is a product of one factor a step.
        let (mut h, mut through_tanh) = (0.5_f64, 1.0);
        for _ in 0..steps {
            h = (0.9 * h).tanh();
            through_tanh *= 0.9 * (1.0 - h * h);
        }
        let through_cell = |forget: f64| forget.powi(steps);
        println!(
            "{steps:5} {through_tanh:17.1e} {:11.1e} {:12.2}",
            through_cell(0.5),
            through_cell(0.99)
        );
    }
}

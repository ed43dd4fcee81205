use super::chart::{Axis, Series, chart};
use super::svg::{BLUE, ORANGE};

/// The two activation functions of an LSTM.
pub fn draw() -> String {
    let line = |name: &str, color, dashed, function: fn(f64) -> f64| Series {
        name: name.into(),
        color,
        dashed,
        points: (-60..=60)
            .map(|z| f64::from(z) / 10.0)
            .map(|z| (z, function(z)))
            .collect(),
    };
    let series = [
        line("σ", BLUE, false, |z| 1.0 / (1.0 + (-z).exp())),
        line("tanh", ORANGE, true, f64::tanh),
    ];
    let x = Axis {
        label: "z",
        from: -6.0,
        to: 6.0,
        ticks: vec![-6.0, -3.0, 0.0, 3.0, 6.0],
    };
    let y = Axis {
        label: "",
        from: -1.0,
        to: 1.0,
        ticks: vec![-1.0, -0.5, 0.0, 0.5, 1.0],
    };
    chart("The sigmoid and tanh", &x, &y, &series)
}

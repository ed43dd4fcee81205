//! The curves of the book, from what its programs printed.

use super::chart::{Axis, Series, chart};
use super::outputs::numbers_of;
use super::svg::{ABOVE, BELOW, BLUE, ORANGE};
use crate::Result;

/// Accuracy by the length of the address, of a plain recurrent network and of an LSTM.
pub fn distance() -> Result<String> {
    let series = |name: &str, chapter, command, color, dashed| -> Result<Series> {
        let lines = numbers_of(chapter, command)?;
        let points = lines.iter().map(|line| (line[0], line[1])).collect();
        Ok(Series {
            name: name.into(),
            color,
            dashed,
            points,
        })
    };
    let x = Axis {
        label: "letters of the address",
        from: 0.0,
        to: 32.0,
        ticks: vec![0.0, 8.0, 16.0, 24.0, 32.0],
    };
    let y = Axis {
        label: "right answers in %",
        from: 0.0,
        to: 100.0,
        ticks: vec![0.0, 25.0, 50.0, 75.0, 100.0],
    };
    let title = "Right answers by the length of the address: a plain recurrent network and an LSTM";
    let plain = series(
        "plain network",
        "rnn.md",
        "cargo run --bin rnn",
        ORANGE,
        true,
    )?;
    let lstm = series("LSTM", "lstm.md", "cargo run --bin lstm", BLUE, false)?;
    Ok(chart(title, &x, &y, &[lstm, plain]))
}

/// The losses of two trainings on the training messages and on others.
pub fn overfitting() -> Result<String> {
    let lines = numbers_of("overfitting.md", "cargo run --example overfitting")?;
    let column = |rows: &[Vec<f64>], column: usize| -> Vec<(f64, f64)> {
        rows.iter().map(|row| (row[0], row[column])).collect()
    };
    let rows: Vec<Vec<f64>> = lines.into_iter().filter(|line| line.len() >= 3).collect();
    let (few, many) = rows.split_at(rows.len() / 2);
    let line = |name: &str, color, dashed, points| Series {
        name: name.into(),
        color,
        dashed,
        points,
    };
    let series = [
        line("64: validation", ORANGE, false, column(few, 2)),
        line("64: training", ORANGE, true, column(few, 1)),
        line("2,048: validation", BLUE, false, column(many, 2)),
        line("2,048: training", BLUE, true, column(many, 1)),
    ];
    let x = Axis {
        label: "updates",
        from: 0.0,
        to: 1280.0,
        ticks: vec![0.0, 320.0, 640.0, 960.0, 1280.0],
    };
    let y = Axis {
        label: "loss in nats",
        from: 0.0,
        to: 0.6,
        ticks: vec![0.0, 0.2, 0.4, 0.6],
    };
    Ok(chart("Losses on 64 and on 2,048 messages", &x, &y, &series))
}

/// The loss at five learning rates.
pub fn rates() -> Result<String> {
    let lines = numbers_of("learning.md", "cargo run --example learning_rate")?;
    let styles = [
        (BELOW, true),
        (BELOW, false),
        (ABOVE, false),
        (BLUE, false),
        (ORANGE, false),
    ];
    let rows = lines.into_iter().filter(|line| line.len() == 11);
    let series: Vec<Series> = rows
        .zip(styles)
        .map(|(row, (color, dashed))| Series {
            name: format!("rate {}", row[0]),
            color,
            dashed,
            points: (0..10)
                .map(|k| (20.0 * k as f64 + 1.0, row[k + 1]))
                .collect(),
        })
        .collect();
    let x = Axis {
        label: "updates",
        from: 0.0,
        to: 200.0,
        ticks: vec![0.0, 50.0, 100.0, 150.0, 200.0],
    };
    let y = Axis {
        label: "loss in nats (higher losses are cut off)",
        from: 0.0,
        to: 5.0,
        ticks: vec![0.0, 1.0, 2.0, 3.0, 4.0, 5.0],
    };
    Ok(chart("The loss at five learning rates", &x, &y, &series))
}

use super::svg::{BLUE, Svg};

/// Lengths of messages in the order in which they come.
const LENGTHS: [usize; 8] = [3, 9, 5, 2, 8, 4, 10, 3];
const BATCH: usize = 4;
const CELL: f64 = 16.0;

/// Padding in batches as they come, in batches by length, and in packed ones.
pub fn draw() -> String {
    let mut svg = Svg::new(
        "Padding in batches, in length buckets and packed",
        (660.0, 250.0),
    );
    let mut sorted = LENGTHS;
    sorted.sort_unstable_by(|a, b| b.cmp(a));
    for (place, (name, lengths, padded)) in [
        ("as they come", LENGTHS, true),
        ("in length buckets", sorted, true),
        ("packed", sorted, false),
    ]
    .into_iter()
    .enumerate()
    {
        let left = 24.0 + 216.0 * place as f64;
        svg.text("left", (left, 24.0), name);
        let mut n_places = 0;
        for (batch, lengths) in lengths.chunks(BATCH).enumerate() {
            let longest = lengths.iter().max().copied().unwrap_or(0);
            for (row, &length) in lengths.iter().enumerate() {
                let y = 40.0 + (CELL + 4.0) * row as f64 + 96.0 * batch as f64;
                let places = if padded { longest } else { length };
                n_places += places;
                for t in 0..places {
                    let strength = if t < length { 0.8 } else { 0.08 };
                    svg.square((left + CELL * t as f64, y), CELL, BLUE, strength);
                }
            }
        }
        let n_symbols: usize = LENGTHS.iter().sum();
        let text = format!("{n_places} places for {n_symbols} symbols");
        svg.text("small left", (left, 240.0), &text);
    }
    svg.finish()
}

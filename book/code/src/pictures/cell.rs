use super::svg::{BLUE, Svg};

const GATES: [(&str, &str, f64); 4] = [
    ("f", "σ", 150.0),
    ("i", "σ", 240.0),
    ("g", "tanh", 330.0),
    ("o", "σ", 440.0),
];
const MEMORY: f64 = 70.0;
const GATE: f64 = 230.0;
const SUM: f64 = 310.0;

/// One step of an LSTM.
pub fn draw() -> String {
    let mut svg = Svg::new("One step of an LSTM", (640.0, 420.0));
    svg.panel((90.0, 30.0), (450.0, 320.0));
    // The cell state, along the top.
    svg.text("", (36.0, MEMORY + 5.0), "c");
    svg.arrow((50.0, MEMORY), (136.0, MEMORY));
    svg.circle((150.0, MEMORY), "×");
    svg.arrow((164.0, MEMORY), (271.0, MEMORY));
    svg.circle((285.0, MEMORY), "+");
    svg.arrow((299.0, MEMORY), (582.0, MEMORY));
    svg.text("", (604.0, MEMORY + 5.0), "c′");
    // What is added.
    svg.circle((285.0, 150.0), "×");
    svg.arrow((285.0, 136.0), (285.0, 86.0));
    // The gates, and the sums that they are made of.
    for (name, activation, x) in GATES {
        svg.labelled((x - 28.0, GATE), (56.0, 32.0), activation);
        svg.colored_text((x + 6.0, GATE - 10.0), BLUE, name);
        svg.arrow((x, SUM), (x, GATE + 34.0));
    }
    svg.arrow((150.0, GATE), (150.0, MEMORY + 16.0));
    svg.path(&[(240.0, GATE), (240.0, 150.0), (269.0, 150.0)]);
    svg.path(&[(330.0, GATE), (330.0, 150.0), (301.0, 150.0)]);
    // What is shown.
    svg.labelled((462.0, 104.0), (56.0, 32.0), "tanh");
    svg.arrow((490.0, MEMORY), (490.0, 102.0));
    svg.arrow((490.0, 136.0), (490.0, 174.0));
    svg.circle((490.0, 190.0), "×");
    svg.path(&[(440.0, GATE), (440.0, 190.0), (474.0, 190.0)]);
    svg.arrow((506.0, 190.0), (582.0, 190.0));
    svg.text("", (604.0, 195.0), "h′");
    // What goes in.
    svg.text("", (36.0, SUM + 5.0), "h");
    svg.line((50.0, SUM), (440.0, SUM));
    svg.text("", (120.0, 396.0), "x");
    svg.path(&[(120.0, 380.0), (120.0, SUM + 2.0)]);
    svg.text(
        "small left",
        (150.0, 396.0),
        "each gate: x W + h U + b, then σ or tanh",
    );
    svg.finish()
}

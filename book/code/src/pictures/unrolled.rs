use super::svg::Svg;

const STEP: f64 = 132.0;
const LEFT: f64 = 96.0;
const BOX: (f64, f64) = (92.0, 36.0);

/// The network over the first symbols of a message: the same weights at every step.
pub fn draw() -> String {
    let title = "The network, one copy for each symbol; the states go from step to step";
    let mut svg = Svg::new(title, (LEFT + 4.0 * STEP + 60.0, 332.0));
    for (place, (ciphertext, plaintext)) in "FUVE".chars().zip("THIS".chars()).enumerate() {
        let x = LEFT + place as f64 * STEP;
        let middle = x + BOX.0 / 2.0;
        svg.text("mono", (middle, 312.0), &format!("{ciphertext}"));
        svg.arrow((middle, 296.0), (middle, 276.0));
        svg.labelled((x, 240.0), BOX, "embedding");
        svg.arrow((middle, 240.0), (middle, 200.0));
        svg.labelled((x, 130.0), (BOX.0, 68.0), "LSTM");
        svg.arrow((middle, 130.0), (middle, 96.0));
        svg.labelled((x, 60.0), BOX, "linear");
        svg.arrow((middle, 60.0), (middle, 40.0));
        svg.text("mono", (middle, 32.0), &format!("{plaintext}"));
        svg.text("small", (middle + 10.0, 224.0), "x");
        svg.text("small", (middle + 10.0, 118.0), "h");
        for (state, y) in [("h", 150.0), ("c", 178.0)] {
            svg.arrow((x + BOX.0, y), (x + STEP, y));
            svg.text("small", (x + (BOX.0 + STEP) / 2.0, y - 6.0), state);
        }
    }
    for (state, y) in [("0", 150.0), ("0", 178.0)] {
        svg.text("small", (LEFT - 40.0, y + 4.0), state);
        svg.arrow((LEFT - 32.0, y), (LEFT, y));
    }
    svg.text("", (LEFT + 4.0 * STEP + 20.0, 168.0), "..");
    svg.finish()
}

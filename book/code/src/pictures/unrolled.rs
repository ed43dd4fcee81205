use super::svg::Svg;

const STEP: f64 = 150.0;
const LEFT: f64 = 110.0;
const BOX: (f64, f64) = (100.0, 36.0);

/// The network over the first symbols of a message: the same weights at every step, the shape of each
/// arrow, and where the gradient flows.
pub fn draw() -> String {
    let title = "The network, drawn once for each symbol";
    let right = LEFT + 3.0 * STEP + BOX.0;
    let mut svg = Svg::new(title, (right + 150.0, 400.0));
    for (place, (ciphertext, plaintext)) in "FUVE".chars().zip("THIS".chars()).enumerate() {
        let x = LEFT + place as f64 * STEP;
        let (up, down) = (x + BOX.0 / 2.0 - 10.0, x + BOX.0 / 2.0 + 10.0);
        svg.text("mono", (up, 346.0), &format!("{ciphertext}"));
        svg.arrow((up, 330.0), (up, 308.0));
        svg.labelled((x, 270.0), BOX, "embedding");
        svg.arrow((up, 270.0), (up, 220.0));
        svg.gradient((down, 218.0), (down, 268.0));
        svg.labelled((x, 160.0), (BOX.0, 58.0), "recurrent cell");
        svg.arrow((up, 160.0), (up, 114.0));
        svg.gradient((down, 112.0), (down, 158.0));
        svg.labelled((x, 76.0), BOX, "linear");
        svg.arrow((up, 76.0), (up, 44.0));
        svg.gradient((down, 42.0), (down, 74.0));
        svg.text("mono", (x + BOX.0 / 2.0, 34.0), &format!("{plaintext}"));
        if place < 3 {
            svg.arrow((x + BOX.0, 180.0), (x + STEP, 180.0));
            svg.gradient((x + STEP, 202.0), (x + BOX.0, 202.0));
        }
    }
    svg.text("small", (LEFT - 62.0, 184.0), "state 0");
    svg.arrow((LEFT - 34.0, 180.0), (LEFT, 180.0));
    for (y, label) in [
        (350.0, "ids: [batch, time]"),
        (250.0, "x: [batch, d_embedding]"),
        (184.0, "h: [batch, d_hidden]"),
        (142.0, "h: [batch, d_hidden]"),
        (62.0, "logits: [batch, 27]"),
    ] {
        svg.text("small left", (right + 10.0, y), label);
    }
    svg.arrow((LEFT, 380.0), (LEFT + 40.0, 380.0));
    svg.text("small left", (LEFT + 48.0, 384.0), "forward");
    svg.gradient((LEFT + 190.0, 380.0), (LEFT + 150.0, 380.0));
    svg.text("small left", (LEFT + 198.0, 384.0), "gradient, backwards");
    svg.finish()
}

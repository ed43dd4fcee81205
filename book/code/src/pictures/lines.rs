use super::svg::{BLUE, Svg};

const LEFT: f64 = 40.0;
const WIDTH: f64 = 520.0;
const TOP: f64 = 20.0;
const HEIGHT: f64 = 220.0;

/// Straight lines over the ids, of which each is on top at one id: tangents of a parabola.
pub fn draw() -> String {
    let title = "Twenty-seven straight lines, each on top at one id";
    let mut svg = Svg::new(title, (LEFT + WIDTH + 150.0, TOP + HEIGHT + 60.0));
    let place = |id: f64, logit: f64| {
        let y = TOP + HEIGHT * (1.0 - logit.clamp(-40.0, 170.0) / 170.0);
        (LEFT + WIDTH * id / 26.0, y.min(TOP + HEIGHT))
    };
    for symbol in 0..27 {
        // The tangent of (id - 13)^2 at this symbol.
        let at = f64::from(symbol) - 13.0;
        let tangent = |id: f64| 2.0 * at * (id - 13.0) - at * at;
        let points: Vec<(f64, f64)> = (0..=260)
            .map(|step| f64::from(step) / 10.0)
            .filter(|&id| tangent(id) >= 0.0)
            .map(|id| place(id, tangent(id)))
            .collect();
        svg.polyline(&points, "#8c959f", false);
    }
    let top: Vec<(f64, f64)> = (0..=26)
        .map(|id| place(f64::from(id), f64::from((id - 13) * (id - 13))))
        .collect();
    svg.polyline(&top, BLUE, false);
    for id in [0, 5, 10, 15, 20, 26] {
        let (x, _) = place(f64::from(id), 0.0);
        svg.text("small", (x, TOP + HEIGHT + 20.0), &format!("{id}"));
    }
    svg.text(
        "small",
        (LEFT + WIDTH / 2.0, TOP + HEIGHT + 44.0),
        "id of the ciphertext symbol",
    );
    svg.text("small left", (LEFT, TOP - 6.0), "logit");
    svg.colored_text((LEFT + WIDTH + 10.0, TOP + 30.0), BLUE, "the line on top");
    svg.finish()
}

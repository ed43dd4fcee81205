use super::svg::{ABOVE, BELOW, Svg};

const CELL: f64 = 26.0;
const LEFT: f64 = 90.0;
const TOP: f64 = 36.0;
/// The rows that are drawn; dots stand for the others.
const ROWS: [(usize, &str); 8] = [
    (0, "A"),
    (1, "B"),
    (2, "C"),
    (3, "D"),
    (4, "E"),
    (5, "F"),
    (25, "Z"),
    (26, "-"),
];

/// A table of embeddings, and the row that is looked up.
pub fn draw() -> String {
    let title = "An embedding: a table with a row of numbers for each symbol";
    let mut svg = Svg::new(title, (640.0, 330.0));
    svg.text("small left", (LEFT, 20.0), "[27, d_embedding]");
    svg.text("small", (LEFT - 60.0, 20.0), "symbol");
    svg.text("small", (LEFT - 22.0, 20.0), "id");
    for (place, (id, symbol)) in ROWS.into_iter().enumerate() {
        let gap = if id > 20 { 1.0 } else { 0.0 };
        let y = TOP + (place as f64 + gap) * CELL;
        svg.text("mono", (LEFT - 60.0, y + 18.0), symbol);
        svg.text("mono", (LEFT - 22.0, y + 18.0), &format!("{id}"));
        row(&mut svg, (LEFT, y), id);
        if symbol == "F" {
            svg.frame((LEFT - 4.0, y - 3.0), (8.0 * CELL + 8.0, CELL + 6.0));
            svg.arrow(
                (LEFT + 8.0 * CELL + 12.0, y + 13.0),
                (LEFT + 8.0 * CELL + 84.0, y + 13.0),
            );
            row(&mut svg, (LEFT + 8.0 * CELL + 92.0, y), id);
            let middle = LEFT + 12.0 * CELL + 92.0;
            svg.text(
                "small",
                (middle, y - 10.0),
                "x, the vector of F: [d_embedding]",
            );
        }
    }
    svg.text("", (LEFT + 4.0 * CELL, TOP + 6.0 * CELL + 16.0), "..");
    svg.finish()
}

/// Eight numbers from -1 to 1, always the same for a symbol.
fn row(svg: &mut Svg, (x, y): (f64, f64), id: usize) {
    for column in 0..8 {
        let value = f64::sin((17 * id + 5 * column + 3 * id * column) as f64);
        let color = if value < 0.0 { BELOW } else { ABOVE };
        svg.square((x + CELL * column as f64, y), CELL, color, value.abs());
    }
}

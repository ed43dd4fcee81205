use super::svg::{COLORS, Drawing};

const WIDTH: f64 = 480.0;
const HEIGHT: f64 = 540.0;
/// What is left free around the squares.
const LEFT: f64 = 44.0;
const TOP: f64 = 88.0;
/// Squares narrower than this have no room for a name beside each.
const NAMED: f64 = 11.0;

/// Shares as squares, the fuller the higher: rows are what was right, columns what was answered.
pub struct Matrix<'a> {
    pub title: &'a str,
    pub description: &'a str,
    pub rows: Vec<String>,
    pub columns: Vec<String>,
    /// Row, column, share of the row, and what it says in words. The others are 0.
    pub cells: Vec<(usize, usize, f64, String)>,
}

impl Matrix<'_> {
    pub fn draw(&self) -> Drawing {
        let mut drawing = Drawing::new((WIDTH, HEIGHT), self.title, self.description);
        drawing.text((8.0, 24.0), "start", "title", self.title);
        drawing.text(
            (8.0, 46.0),
            "start",
            "",
            "down: the right symbol; across: the network's answer",
        );
        let side = (WIDTH - LEFT - 4.0) / self.rows.len().max(self.columns.len()).max(1) as f64;
        let side = side.min(40.0);
        let at = |place: usize| place as f64 * side;
        let every = (NAMED / side).ceil() as usize;
        for (place, name) in self.columns.iter().enumerate().step_by(every) {
            let x = LEFT + at(place) + side / 2.0;
            drawing.text((x, TOP - 8.0), "middle", "small", name);
        }
        for (place, name) in self.rows.iter().enumerate().step_by(every) {
            let y = TOP + at(place) + side / 2.0 + 4.0;
            drawing.text((LEFT - 8.0, y), "end", "small", name);
        }
        let (right, bottom) = (LEFT + at(self.columns.len()), TOP + at(self.rows.len()));
        for (from, to) in [
            ((LEFT, TOP), (right, TOP)),
            ((LEFT, bottom), (right, bottom)),
            ((LEFT, TOP), (LEFT, bottom)),
            ((right, TOP), (right, bottom)),
        ] {
            drawing.line("grid", from, to);
        }
        for (row, column, share, words) in &self.cells {
            let place = (LEFT + at(*column), TOP + at(*row));
            let color = match self.rows[*row] == self.columns[*column] {
                true => COLORS[0],
                false => COLORS[1],
            };
            // The root shows what is rare too.
            drawing.cell(place, side, color, share.sqrt().max(0.08), words);
        }
        drawing
    }
}

use super::svg::{COLORS, Drawing};

const WIDTH: f64 = 480.0;
const HEIGHT: f64 = 570.0;
/// Margins of the squares.
const LEFT: f64 = 44.0;
const TOP: f64 = 118.0;
/// Smallest distance between two labels, in pixels.
const LABEL: f64 = 12.0;
/// First baseline of the colour scale, and the side of its squares.
const SCALE: f64 = 66.0;
const SCALE_SIDE: f64 = 12.0;

/// A confusion matrix as a heat map: a row for each correct symbol, a column for each answer.
/// Squares on the diagonal are right, the others wrong.
pub struct Matrix<'a> {
    pub title: &'a str,
    pub description: &'a str,
    pub rows: Vec<String>,
    pub columns: Vec<String>,
    /// Row, column, share of the row from 0 to 1, and tooltip. Missing cells have the share 0.
    pub cells: Vec<(usize, usize, f64, String)>,
}

impl Matrix<'_> {
    pub fn draw(&self) -> Drawing {
        let mut drawing = Drawing::new((WIDTH, HEIGHT), self.title, self.description);
        drawing.text((8.0, 24.0), "start", "title", self.title);
        let axes = "rows: correct symbol; columns: the network's answer";
        drawing.text((8.0, 46.0), "start", "", axes);
        draw_scale(&mut drawing);
        let side = (WIDTH - LEFT - 4.0) / self.rows.len().max(self.columns.len()).max(1) as f64;
        let side = side.min(40.0);
        self.draw_frame(&mut drawing, side);
        for (row, column, share, tip) in &self.cells {
            let place = (LEFT + *column as f64 * side, TOP + *row as f64 * side);
            let is_right = self.rows[*row] == self.columns[*column];
            drawing.cell(place, side, color(is_right), opacity(*share), tip);
        }
        drawing
    }

    /// The labels of rows and columns, and the border.
    fn draw_frame(&self, drawing: &mut Drawing, side: f64) {
        let at = |place: usize| place as f64 * side;
        let every = (LABEL / side).ceil() as usize;
        for (place, name) in self.columns.iter().enumerate().step_by(every) {
            let x = LEFT + at(place) + side / 2.0;
            drawing.text((x, TOP - 8.0), "middle", "small", name);
        }
        for (place, name) in self.rows.iter().enumerate().step_by(every) {
            let y = TOP + at(place) + side / 2.0 + 4.0;
            drawing.text((LEFT - 8.0, y), "end", "small", name);
        }
        let (right, bottom) = (LEFT + at(self.columns.len()), TOP + at(self.rows.len()));
        let corners = [(LEFT, TOP), (right, TOP), (right, bottom), (LEFT, bottom)];
        for (corner, &from) in corners.iter().enumerate() {
            drawing.line("grid", from, corners[(corner + 1) % 4]);
        }
    }
}

fn color(is_right: bool) -> &'static str {
    if is_right { COLORS[0] } else { COLORS[1] }
}

/// Opacity of a share; the square root makes rare answers visible.
fn opacity(share: f64) -> f64 {
    share.sqrt().max(0.08)
}

/// A legend of both colours at a few shares of a row.
fn draw_scale(drawing: &mut Drawing) {
    for (line, (name, is_right)) in [("right", true), ("wrong", false)].into_iter().enumerate() {
        let y = SCALE + 16.0 * line as f64;
        drawing.text((8.0, y), "start", "small", name);
        for (place, percent) in [1, 10, 50, 100].into_iter().enumerate() {
            let x = LEFT + 60.0 * place as f64;
            let opacity = opacity(f64::from(percent) / 100.0);
            let label = format!("{percent} %");
            let square = (x, y - SCALE_SIDE + 2.0);
            drawing.cell(square, SCALE_SIDE, color(is_right), opacity, &label);
            drawing.text((x + SCALE_SIDE + 4.0, y), "start", "small", &label);
        }
    }
}

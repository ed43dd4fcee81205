use super::svg::{COLORS, Drawing};

const SIDE: f64 = 480.0;
/// What is left free around the points.
const MARGIN: f64 = 36.0;
const TOP: f64 = 64.0;

/// Named points in a plane, in which both directions have one scale.
pub struct Scatter<'a> {
    pub title: &'a str,
    pub description: &'a str,
    pub x_label: &'a str,
    pub y_label: &'a str,
    pub points: Vec<(f64, f64, String)>,
}

impl Scatter<'_> {
    pub fn draw(&self) -> Drawing {
        let mut drawing = Drawing::new((SIDE, SIDE + TOP), self.title, self.description);
        drawing.text((8.0, 24.0), "start", "title", self.title);
        drawing.text((8.0, 46.0), "start", "", self.y_label);
        let farthest = self.points.iter().fold(0.0f64, |farthest, (x, y, _)| {
            farthest.max(x.abs()).max(y.abs())
        });
        let (middle_x, middle_y) = (SIDE / 2.0, TOP + SIDE / 2.0 - MARGIN / 2.0);
        let scale = (SIDE / 2.0 - MARGIN) / if farthest > 0.0 { farthest } else { 1.0 };
        let (left, right) = (MARGIN / 2.0, SIDE - MARGIN / 2.0);
        drawing.line("grid", (left, middle_y), (right, middle_y));
        drawing.line("grid", (middle_x, TOP), (middle_x, TOP + SIDE - MARGIN));
        for (x, y, name) in &self.points {
            let place = (middle_x + x * scale, middle_y - y * scale);
            drawing.circle(place, COLORS[0]);
            drawing.text((place.0 + 6.0, place.1 - 4.0), "start", "", name);
        }
        drawing.text((SIDE - 8.0, SIDE + TOP - 10.0), "end", "", self.x_label);
        drawing
    }
}

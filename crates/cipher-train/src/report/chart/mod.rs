//! Charts as SVG: the same bytes for the same numbers, readable in light and dark.

mod axis;
mod matrix;
mod scatter;
mod svg;

pub use axis::Axis;
pub use matrix::Matrix;
pub use scatter::Scatter;
pub use svg::Drawing;

use svg::COLORS;

/// Series that have a colour of their own.
pub const N_COLORS: usize = COLORS.len();

/// Margins around the plot, for titles and labels.
const LEFT: f64 = 64.0;
const RIGHT: f64 = 24.0;
const TOP: f64 = 96.0;
/// The first row of the legend, and the height of a row.
const FIRST_ROW: f64 = 48.0;
const ROW: f64 = 18.0;
const BOTTOM: f64 = 56.0;

/// A chart of series over two axes.
pub struct Chart<'a> {
    /// Width and height in pixels.
    pub size: (f64, f64),
    pub title: &'a str,
    /// Describes the chart for readers who cannot see it.
    pub description: &'a str,
    pub x: Axis<'a>,
    pub y: Axis<'a>,
    pub series: Vec<Series<'a>>,
}

/// A named series of points.
pub struct Series<'a> {
    pub name: &'a str,
    pub points: Vec<(f64, f64)>,
    pub mark: Mark,
}

/// How the points of a series are drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Line,
    DashedLine,
    Dots,
}

impl Chart<'_> {
    pub fn draw(&self) -> Drawing {
        let mut drawing = Drawing::new(self.size, self.title, self.description);
        drawing.text((LEFT, 24.0), "start", "title", self.title);
        self.axes(&mut drawing);
        let colors = COLORS.iter().cycle();
        for ((series, (x, y)), color) in self.series.iter().zip(self.legend()).zip(colors) {
            let points: Vec<_> = series.points.iter().map(|&point| self.at(point)).collect();
            draw_points(&mut drawing, &points, series.mark, color);
            let sample = match series.mark {
                Mark::Dots => vec![(x + 12.0, y)],
                Mark::Line | Mark::DashedLine => vec![(x, y), (x + 24.0, y)],
            };
            draw_points(&mut drawing, &sample, series.mark, color);
            drawing.text((x + 32.0, y + 4.0), "start", "", series.name);
        }
        drawing
    }

    /// Where the sample of each series is, in as many rows as the names need.
    fn legend(&self) -> Vec<(f64, f64)> {
        let (mut x, mut y) = (LEFT, FIRST_ROW);
        let places = self.series.iter().map(|series| {
            let width = 56.0 + 7.0 * series.name.chars().count() as f64;
            if x > LEFT && x + width > self.size.0 {
                (x, y) = (LEFT, y + ROW);
            }
            let place = (x, y);
            x += width;
            place
        });
        places.collect()
    }

    /// The upper end of the plot.
    fn top(&self) -> f64 {
        self.legend()
            .last()
            .map_or(TOP, |(_, last)| TOP + last - FIRST_ROW)
    }

    fn axes(&self, drawing: &mut Drawing) {
        let (right, bottom) = (self.size.0 - RIGHT, self.size.1 - BOTTOM);
        for (value, name) in &self.y.ticks {
            let (_, y) = self.at((0.0, *value));
            drawing.line("grid", (LEFT, y), (right, y));
            drawing.text((LEFT - 8.0, y + 4.0), "end", "", name);
        }
        for (value, name) in &self.x.ticks {
            let (x, _) = self.at((*value, 0.0));
            drawing.line("axis", (x, bottom), (x, bottom + 5.0));
            drawing.text((x, bottom + 20.0), "middle", "", name);
        }
        drawing.line("axis", (LEFT, bottom), (right, bottom));
        let middle = ((LEFT + right) / 2.0, self.size.1 - 12.0);
        drawing.text(middle, "middle", "", self.x.label);
        drawing.text((LEFT, self.top() - 14.0), "start", "", self.y.label);
    }

    /// Position in the picture, in pixels, of a point given in the axes' values.
    fn at(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let (width, height) = self.size;
        (
            LEFT + self.x.place(x) * (width - RIGHT - LEFT),
            height - BOTTOM - self.y.place(y) * (height - BOTTOM - self.top()),
        )
    }
}

fn draw_points(drawing: &mut Drawing, points: &[(f64, f64)], mark: Mark, color: &str) {
    match (mark, points) {
        // A single point has no line.
        (Mark::Dots, points) | (_, points @ [_]) => {
            points
                .iter()
                .for_each(|&point| drawing.circle(point, color));
        }
        (mark, points) => drawing.polyline(points, color, mark == Mark::DashedLine),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(title: &str) -> String {
        let series = Series {
            name: "a",
            points: vec![(4.0, 0.0), (16.0, 1.0)],
            mark: Mark::Line,
        };
        Chart {
            size: (720.0, 420.0),
            title,
            description: "",
            x: Axis::each("pairs", &[4.0, 8.0, 16.0]),
            y: Axis::share("accuracy"),
            series: vec![series],
        }
        .draw()
        .to_svg()
    }

    #[test]
    fn the_first_count_is_left_the_last_right_and_their_geometric_mean_between() {
        let svg = chart("");
        let x = |tick: &str| {
            let line = svg
                .lines()
                .find(|line| line.ends_with(&format!(">{tick}</text>")));
            let x = line.unwrap().split('"').nth(1).unwrap();
            x.parse::<f64>().unwrap()
        };
        assert!((x("8") - (x("4") + x("16")) / 2.0).abs() < 0.2);
        assert!(x("4") < x("16"));
    }

    #[test]
    fn hostile_text_stays_text() {
        let svg = chart("</title><script>alert(\"&\")\u{0}</script>");
        assert!(!svg.contains("<script"));
        assert!(svg.contains("&lt;script&gt;alert(&quot;&amp;&quot;)\u{fffd}"));
    }
}

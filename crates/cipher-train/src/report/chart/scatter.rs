use super::svg::{COLORS, Drawing};

const SIDE: f64 = 480.0;
/// Margin around the points.
const MARGIN: f64 = 36.0;
const TOP: f64 = 64.0;
/// Radius of a point with a little space around it.
const RADIUS: f64 = 5.0;
/// Height of a label, and how much of it is above its baseline.
const LINE: f64 = 18.0;
const ASCENT: f64 = 14.0;

/// Labelled points in a plane, both directions at one scale. A label that would cover another label
/// or a point is left out; the point's tooltip has it.
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
        let (middle_x, middle_y) = (SIDE / 2.0, TOP + SIDE / 2.0 - MARGIN / 2.0);
        let (left, right) = (MARGIN / 2.0, SIDE - MARGIN / 2.0);
        drawing.line("grid", (left, middle_y), (right, middle_y));
        drawing.line("grid", (middle_x, TOP), (middle_x, TOP + SIDE - MARGIN));

        let farthest = self.points.iter().fold(0.0f64, |farthest, (x, y, _)| {
            farthest.max(x.abs()).max(y.abs())
        });
        let scale = (SIDE / 2.0 - MARGIN) / if farthest > 0.0 { farthest } else { 1.0 };
        let places = self.points.iter();
        let places: Vec<_> = places
            .map(|(x, y, _)| (middle_x + x * scale, middle_y - y * scale))
            .collect();
        let names: Vec<&str> = self.points.iter().map(|(_, _, name)| &**name).collect();
        for (&place, name) in places.iter().zip(&names) {
            drawing.named_circle(place, COLORS[0], name);
        }
        for (label, name) in labels(&places, &names).iter().zip(&names) {
            if let Some(label) = label {
                let middle = (label.left + label.right) / 2.0;
                drawing.text((middle, label.top + ASCENT), "middle", "", name);
            }
        }
        drawing.text((SIDE - 8.0, SIDE + TOP - 10.0), "end", "", self.x_label);
        drawing
    }
}

#[derive(Debug, Clone, Copy)]
struct Area {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl Area {
    fn of_point((x, y): (f64, f64)) -> Self {
        Self {
            left: x - RADIUS,
            top: y - RADIUS,
            right: x + RADIUS,
            bottom: y + RADIUS,
        }
    }

    fn overlaps(&self, other: &Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    fn is_in_picture(&self) -> bool {
        self.left >= 0.0
            && self.right <= SIDE
            && self.top >= TOP - LINE
            && self.bottom <= SIDE + TOP
    }
}

/// Where each point's label goes: the first free place around the point, or none.
fn labels(points: &[(f64, f64)], names: &[&str]) -> Vec<Option<Area>> {
    let mut taken: Vec<Area> = points.iter().map(|&point| Area::of_point(point)).collect();
    let label = |(&point, name): (&(f64, f64), &&str)| {
        let is_free =
            |area: &Area| area.is_in_picture() && !taken.iter().any(|other| area.overlaps(other));
        let free = places_around(point, width(name)).into_iter().find(is_free);
        taken.extend(free);
        free
    };
    points.iter().zip(names).map(label).collect()
}

/// Places for a label: beside the point, above and below it, and at its corners.
fn places_around((x, y): (f64, f64), width: f64) -> [Area; 8] {
    let (aside, down) = (RADIUS + width / 2.0, RADIUS + LINE / 2.0);
    let middles = [
        (aside, -down / 2.0),
        (-aside, -down / 2.0),
        (aside, down / 2.0),
        (-aside, down / 2.0),
        (0.0, -down),
        (0.0, down),
        (aside, 0.0),
        (-aside, 0.0),
    ];
    middles.map(|(right, below)| Area {
        left: x + right - width / 2.0,
        right: x + right + width / 2.0,
        top: y + below - LINE / 2.0,
        bottom: y + below + LINE / 2.0,
    })
}

/// An upper estimate of a label's width at 16 pixels, the size of a page on a phone.
fn width(name: &str) -> f64 {
    let widths = name.chars().map(|character| match character {
        'M' | 'W' | 'm' | 'w' | '@' | '%' => 16.0,
        character if character.is_ascii() => 13.0,
        _ => LINE,
    });
    widths.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(points: &[(f64, f64)]) -> String {
        let points = points.iter().enumerate();
        Scatter {
            title: "",
            description: "",
            x_label: "x",
            y_label: "y",
            points: points.map(|(n, &(x, y))| (x, y, format!("s{n}"))).collect(),
        }
        .draw()
        .to_inline_svg()
    }

    #[test]
    fn points_apart_are_all_labelled() {
        let svg = drawn(&[(1.0, 1.0), (-1.0, 1.0), (0.0, -1.0)]);
        assert!((0..3).all(|n| svg.contains(&format!(">s{n}</text>"))));
    }

    #[test]
    fn of_points_in_one_place_each_stays_and_some_lose_their_label() {
        let svg = drawn(&[(0.5, 0.5); 20]);
        assert_eq!(svg.matches("<circle").count(), 20);
        assert!((0..20).all(|n| svg.contains(&format!("<title>s{n}</title>"))));
        let n_labels = svg.matches(">s").count() - 20;
        assert!((1..20).contains(&n_labels), "{n_labels}");
    }
}

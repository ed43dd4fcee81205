//! Line charts.

use super::svg::Svg;

/// One line of a chart.
pub struct Series {
    pub name: String,
    pub color: &'static str,
    pub dashed: bool,
    pub points: Vec<(f64, f64)>,
}

pub struct Axis {
    pub label: &'static str,
    pub from: f64,
    pub to: f64,
    pub ticks: Vec<f64>,
}

impl Axis {
    /// Where a value is between the ends, from 0 to 1.
    fn share(&self, value: f64) -> f64 {
        ((value - self.from) / (self.to - self.from)).clamp(0.0, 1.0)
    }
}

const LEFT: f64 = 64.0;
const TOP: f64 = 20.0;
const SIZE: (f64, f64) = (420.0, 220.0);
const NAMES: f64 = 200.0;

pub fn chart(title: &str, x: &Axis, y: &Axis, series: &[Series]) -> String {
    let (width, height) = SIZE;
    let mut svg = Svg::new(title, (LEFT + width + NAMES, TOP + height + 56.0));
    let place = |(a, b): (f64, f64)| (LEFT + width * x.share(a), TOP + height * (1.0 - y.share(b)));
    for &tick in &y.ticks {
        let (_, at) = place((x.from, tick));
        svg.grid((LEFT, at), (LEFT + width, at));
        svg.text("small end", (LEFT - 8.0, at + 4.0), &format!("{tick}"));
    }
    for &tick in &x.ticks {
        let (at, _) = place((tick, y.from));
        svg.text("small", (at, TOP + height + 20.0), &format!("{tick}"));
    }
    svg.text("small", (LEFT + width / 2.0, TOP + height + 44.0), x.label);
    svg.text("small left", (LEFT, TOP - 6.0), y.label);
    let mut lowest_free = TOP;
    let mut ends: Vec<(f64, &Series)> = Vec::new();
    for line in series {
        let points: Vec<(f64, f64)> = line.points.iter().map(|&point| place(point)).collect();
        svg.polyline(&points, line.color, line.dashed);
        ends.extend(points.last().map(|end| (end.1, line)));
    }
    // Each name stands beside the end of its line, below the name before.
    ends.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (at, line) in ends {
        let at = (at + 4.0).max(lowest_free);
        svg.colored_text((LEFT + width + 24.0, at), line.color, &line.name);
        lowest_free = at + 16.0;
    }
    svg.finish()
}

//! A line chart as SVG: the same bytes for the same numbers, readable in light and dark.

use std::fmt::Write;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 420.0;
/// What is left free around the plot, for titles and labels.
const LEFT: f64 = 64.0;
const RIGHT: f64 = 16.0;
const TOP: f64 = 96.0;
const BOTTOM: f64 = 56.0;

/// Colours that people of any colour vision tell apart: Okabe and Ito, Color Universal Design,
/// 2008.
const COLORS: [&str; 4] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7"];

const STYLE: &str = "\
text{font:13px system-ui,sans-serif;fill:#24292f}\
.title{font-size:16px;font-weight:600}\
.axis{stroke:#6e7781;stroke-width:1}\
.grid{stroke:#d0d7de;stroke-width:1}\
.back{fill:#fff}\
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.grid{stroke:#30363d}.back{fill:#0d1117}}";

/// Shares from 0 to 1 over counts, which are drawn on a logarithmic scale.
pub struct Chart<'a> {
    pub title: &'a str,
    /// What is counted.
    pub x_label: &'a str,
    pub y_label: &'a str,
    /// The counts that are named below the plot, rising.
    pub ticks: &'a [usize],
    pub series: Vec<Series<'a>>,
}

/// Points of one kind.
pub struct Series<'a> {
    pub name: &'a str,
    pub points: Vec<(f64, f64)>,
    pub mark: Mark,
}

/// How points are drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Line,
    DashedLine,
    Dots,
}

impl Chart<'_> {
    /// The picture as a file.
    pub fn to_svg(&self) -> String {
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\">\n\
             <title>{}</title>\n<style>{STYLE}</style>\n\
             <rect class=\"back\" width=\"{WIDTH}\" height=\"{HEIGHT}\"/>\n",
            escape(self.title)
        );
        text(&mut svg, (LEFT, 24.0), "start", "title", self.title);
        self.axes(&mut svg);
        let mut colors = COLORS.iter().cycle();
        let mut legend = LEFT;
        for (series, color) in self.series.iter().zip(&mut colors) {
            self.draw(&mut svg, series, color);
            let sample = match series.mark {
                Mark::Dots => vec![(legend + 12.0, 48.0)],
                Mark::Line | Mark::DashedLine => vec![(legend, 48.0), (legend + 24.0, 48.0)],
            };
            draw_points(&mut svg, &sample, series.mark, color);
            text(&mut svg, (legend + 32.0, 52.0), "start", "", series.name);
            legend += 56.0 + 7.0 * series.name.chars().count() as f64;
        }
        svg.push_str("</svg>\n");
        svg
    }

    fn axes(&self, svg: &mut String) {
        let (right, bottom) = (WIDTH - RIGHT, HEIGHT - BOTTOM);
        for fifth in 0..=5 {
            let share = f64::from(fifth) / 5.0;
            let y = y_of(share);
            line(svg, "grid", (LEFT, y), (right, y));
            let label = format!("{} %", fifth * 20);
            text(svg, (LEFT - 8.0, y + 4.0), "end", "", &label);
        }
        for &tick in self.ticks {
            let x = self.x_of(tick as f64);
            line(svg, "axis", (x, bottom), (x, bottom + 5.0));
            text(svg, (x, bottom + 20.0), "middle", "", &tick.to_string());
        }
        line(svg, "axis", (LEFT, bottom), (right, bottom));
        let middle = (LEFT + right) / 2.0;
        text(svg, (middle, HEIGHT - 12.0), "middle", "", self.x_label);
        text(svg, (LEFT, TOP - 14.0), "start", "", self.y_label);
    }

    fn draw(&self, svg: &mut String, series: &Series, color: &str) {
        let place = |&(x, y): &(f64, f64)| (self.x_of(x), y_of(y));
        let points: Vec<_> = series.points.iter().map(place).collect();
        draw_points(svg, &points, series.mark, color);
    }

    fn x_of(&self, count: f64) -> f64 {
        let first = self.ticks.first().map_or(1.0, |&tick| tick as f64);
        let last = self.ticks.last().map_or(1.0, |&tick| tick as f64);
        let share = (count / first).ln() / (last / first).ln().max(f64::MIN_POSITIVE);
        LEFT + 12.0 + share.clamp(0.0, 1.0) * (WIDTH - RIGHT - LEFT - 24.0)
    }
}

fn y_of(share: f64) -> f64 {
    HEIGHT - BOTTOM - share.clamp(0.0, 1.0) * (HEIGHT - BOTTOM - TOP)
}

fn draw_points(svg: &mut String, points: &[(f64, f64)], mark: Mark, color: &str) {
    if mark == Mark::Dots {
        for (x, y) in points {
            writeln_svg(
                svg,
                format_args!(
                    "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\" fill=\"{color}\" fill-opacity=\"0.6\"/>"
                ),
            );
        }
        return;
    }
    let dashes = match mark {
        Mark::DashedLine => " stroke-dasharray=\"6 4\"",
        _ => "",
    };
    let path: Vec<_> = points
        .iter()
        .map(|(x, y)| format!("{x:.1},{y:.1}"))
        .collect();
    writeln_svg(
        svg,
        format_args!(
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"2\"{dashes}/>",
            path.join(" ")
        ),
    );
}

fn line(svg: &mut String, class: &str, (x1, y1): (f64, f64), (x2, y2): (f64, f64)) {
    writeln_svg(
        svg,
        format_args!(
            "<line class=\"{class}\" x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\"/>"
        ),
    );
}

fn text(svg: &mut String, (x, y): (f64, f64), anchor: &str, class: &str, text: &str) {
    let text = escape(text);
    writeln_svg(
        svg,
        format_args!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" class=\"{class}\">{text}</text>"
        ),
    );
}

fn writeln_svg(svg: &mut String, element: std::fmt::Arguments) {
    writeln!(svg, "{element}").expect("a string takes all that is written");
}

/// Text that stands for itself in XML. Control characters, which XML cannot hold, become U+FFFD.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            character if character.is_control() => escaped.push(char::REPLACEMENT_CHARACTER),
            character => escaped.push(character),
        }
    }
    escaped
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
            title,
            x_label: "pairs",
            y_label: "accuracy",
            ticks: &[4, 8, 16],
            series: vec![series],
        }
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

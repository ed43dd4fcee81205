use std::fmt::Write;

/// Colours that readers with any colour vision can tell apart: Okabe and Ito, *Color Universal
/// Design*, 2008.
pub const BLUE: &str = "#0072b2";
pub const ORANGE: &str = "#d55e00";
/// Colours below and above 0, the same as in the page that `cipher-train explain` writes.
pub const BELOW: &str = "#9b51b5";
pub const ABOVE: &str = "#2e9b4f";

const STYLE: &str = "\
text{font:14px system-ui,sans-serif;fill:#24292f;text-anchor:middle}\
.left{text-anchor:start}.end{text-anchor:end}.mono{font-family:ui-monospace,monospace}.small{font-size:12px}\
.line{stroke:#6e7781;stroke-width:1.5;fill:none}\
.box{stroke:#6e7781;stroke-width:1.5;fill:#eef2f6}\
.cell{stroke:#d0d7de;stroke-width:1}.back{fill:#fff}\
.head{fill:#6e7781}.grad{stroke:#d55e00}.gradhead{fill:#d55e00}\
.grid{stroke:#d0d7de;stroke-width:1}.panel{fill:none;stroke:#8c959f;stroke-dasharray:4 4}\
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.back{fill:#0d1117}.box{fill:#21262d}\
.cell,.grid{stroke:#30363d}}";

/// A picture in the making.
pub struct Svg(String);

impl Svg {
    pub fn new(title: &str, (width, height): (f64, f64)) -> Self {
        Self(format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
             width=\"{width}\" height=\"{height}\" role=\"img\">\n<title>{title}</title>\n\
             <style>{STYLE}</style>\n<defs><marker id=\"head\" viewBox=\"0 0 8 8\" refX=\"7\" \
             refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\">\
             <path class=\"head\" d=\"M0,0 L8,4 L0,8 z\"/></marker><marker id=\"gradhead\" \
             viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" \
             orient=\"auto\"><path class=\"gradhead\" d=\"M0,0 L8,4 L0,8 z\"/></marker></defs>\n\
             <rect class=\"back\" width=\"{width}\" height=\"{height}\"/>\n"
        ))
    }

    pub fn text(&mut self, class: &str, (x, y): (f64, f64), text: &str) {
        self.add(format_args!(
            "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\">{text}</text>"
        ));
    }

    /// A rounded box with a text in its middle.
    pub fn labelled(&mut self, (x, y): (f64, f64), (width, height): (f64, f64), label: &str) {
        self.add(format_args!(
            "<rect class=\"box\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width}\" height=\"{height}\" \
             rx=\"4\"/>"
        ));
        self.text("", (x + width / 2.0, y + height / 2.0 + 5.0), label);
    }

    /// A square of a table, as strong as a number from 0 to 1.
    pub fn square(&mut self, (x, y): (f64, f64), size: f64, color: &str, strength: f64) {
        self.add(format_args!(
            "<rect class=\"cell\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{size}\" height=\"{size}\" \
             fill=\"{color}\" fill-opacity=\"{strength:.2}\"/>"
        ));
    }

    pub fn arrow(&mut self, (x1, y1): (f64, f64), (x2, y2): (f64, f64)) {
        self.add(format_args!(
            "<path class=\"line\" d=\"M{x1:.1},{y1:.1} L{x2:.1},{y2:.1}\" \
             marker-end=\"url(#head)\"/>"
        ));
    }

    /// An arrow along which a gradient flows.
    pub fn gradient(&mut self, (x1, y1): (f64, f64), (x2, y2): (f64, f64)) {
        self.add(format_args!(
            "<path class=\"line grad\" d=\"M{x1:.1},{y1:.1} L{x2:.1},{y2:.1}\" \
             stroke-dasharray=\"5 3\" marker-end=\"url(#gradhead)\"/>"
        ));
    }

    pub fn line(&mut self, (x1, y1): (f64, f64), (x2, y2): (f64, f64)) {
        self.add(format_args!(
            "<path class=\"line\" d=\"M{x1:.1},{y1:.1} L{x2:.1},{y2:.1}\"/>"
        ));
    }

    /// An arrow with corners.
    pub fn path(&mut self, points: &[(f64, f64)]) {
        let points = joined(points);
        self.add(format_args!(
            "<path class=\"line\" d=\"M{points}\" marker-end=\"url(#head)\"/>"
        ));
    }

    /// A line of a chart.
    pub fn polyline(&mut self, points: &[(f64, f64)], color: &str, dashed: bool) {
        let points = joined(points);
        let dashes = if dashed {
            " stroke-dasharray=\"6 4\""
        } else {
            ""
        };
        self.add(format_args!(
            "<path d=\"M{points}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"2\"{dashes}/>"
        ));
    }

    pub fn grid(&mut self, (x1, y1): (f64, f64), (x2, y2): (f64, f64)) {
        self.add(format_args!(
            "<path class=\"grid\" d=\"M{x1:.1},{y1:.1} L{x2:.1},{y2:.1}\"/>"
        ));
    }

    /// An operation on numbers.
    pub fn circle(&mut self, (x, y): (f64, f64), label: &str) {
        self.add(format_args!(
            "<circle class=\"box\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"14\"/>"
        ));
        self.text("", (x, y + 5.0), label);
    }

    /// A box with nothing in it.
    pub fn panel(&mut self, (x, y): (f64, f64), (width, height): (f64, f64)) {
        self.add(format_args!(
            "<rect class=\"panel\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width}\" height=\"{height}\" \
             rx=\"8\"/>"
        ));
    }

    /// A box around something that is meant.
    pub fn frame(&mut self, (x, y): (f64, f64), (width, height): (f64, f64)) {
        self.add(format_args!(
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width}\" height=\"{height}\" fill=\"none\" \
             stroke=\"{BLUE}\" stroke-width=\"2\" rx=\"3\"/>"
        ));
    }

    pub fn colored_text(&mut self, (x, y): (f64, f64), color: &str, text: &str) {
        self.add(format_args!(
            "<text class=\"left\" x=\"{x:.1}\" y=\"{y:.1}\" style=\"fill:{color}\">{text}</text>"
        ));
    }

    pub fn finish(mut self) -> String {
        self.0.push_str("</svg>\n");
        self.0
    }

    fn add(&mut self, element: std::fmt::Arguments) {
        // A string takes all that is written.
        let _ = writeln!(self.0, "{element}");
    }
}

fn joined(points: &[(f64, f64)]) -> String {
    let points = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}"));
    points.collect::<Vec<_>>().join(" L")
}

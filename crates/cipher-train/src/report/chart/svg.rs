//! A picture being drawn, and its two outputs: a file and a part of a page.

use std::fmt::{Arguments, Write};

/// Colours that readers with any colour vision can tell apart: Okabe and Ito, *Color Universal
/// Design*, 2008.
pub const COLORS: [&str; 6] = [
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9",
];

const STYLE: &str = "\
text{font:13px system-ui,sans-serif;fill:#24292f}\
.title{font-size:16px;font-weight:600}\
.small{font-size:11px}\
.axis{stroke:#6e7781;stroke-width:1}\
.grid{stroke:#d0d7de;stroke-width:1}\
.back{fill:#fff}\
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.grid{stroke:#30363d}.back{fill:#0d1117}}";

/// A picture. Its CSS classes are those of [`STYLE`]; a page may style them differently.
#[derive(Debug, Clone)]
pub struct Drawing {
    size: (f64, f64),
    title: String,
    description: String,
    elements: String,
}

impl Drawing {
    /// An empty picture. The description is for readers who cannot see it, and may be empty.
    pub fn new(size: (f64, f64), title: &str, description: &str) -> Self {
        Self {
            size,
            title: title.into(),
            description: description.into(),
            elements: String::new(),
        }
    }

    /// The picture as a file, with its style.
    pub fn to_svg(&self) -> String {
        let (width, height) = self.size;
        let back = format!("<rect class=\"back\" width=\"{width}\" height=\"{height}\"/>");
        self.element(&format!("<style>{STYLE}</style>\n{back}\n"))
    }

    /// The picture as a part of a page that has the style.
    pub fn to_inline_svg(&self) -> String {
        self.element("")
    }

    fn element(&self, before: &str) -> String {
        let (width, height) = self.size;
        let description = match self.description.as_str() {
            "" => String::new(),
            text => format!("<desc>{}</desc>\n", escape(text)),
        };
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\">\n\
             <title>{}</title>\n{description}{before}{}</svg>\n",
            escape(&self.title),
            self.elements
        )
    }

    pub fn line(&mut self, class: &str, (x1, y1): (f64, f64), (x2, y2): (f64, f64)) {
        self.add(format_args!(
            "<line class=\"{class}\" x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\"/>"
        ));
    }

    pub fn text(&mut self, (x, y): (f64, f64), anchor: &str, class: &str, text: &str) {
        let text = escape(text);
        self.add(format_args!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" class=\"{class}\">{text}</text>"
        ));
    }

    pub fn circle(&mut self, (x, y): (f64, f64), color: &str) {
        self.add(format_args!(
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\" fill=\"{color}\" fill-opacity=\"0.6\"/>"
        ));
    }

    /// A circle with a tooltip.
    pub fn named_circle(&mut self, (x, y): (f64, f64), color: &str, tip: &str) {
        let tip = escape(tip);
        self.add(format_args!(
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\" fill=\"{color}\" fill-opacity=\"0.6\">\
             <title>{tip}</title></circle>"
        ));
    }

    pub fn polyline(&mut self, points: &[(f64, f64)], color: &str, is_dashed: bool) {
        let dashes = if is_dashed {
            " stroke-dasharray=\"6 4\""
        } else {
            ""
        };
        let path: Vec<_> = points
            .iter()
            .map(|(x, y)| format!("{x:.1},{y:.1}"))
            .collect();
        self.add(format_args!(
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"2\"{dashes}/>",
            path.join(" ")
        ));
    }

    /// A square of some opacity, from 0 to 1, with a tooltip.
    pub fn cell(&mut self, (x, y): (f64, f64), side: f64, color: &str, opacity: f64, tip: &str) {
        let tip = escape(tip);
        self.add(format_args!(
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{side:.1}\" height=\"{side:.1}\" \
             fill=\"{color}\" fill-opacity=\"{opacity:.2}\"><title>{tip}</title></rect>"
        ));
    }

    fn add(&mut self, element: Arguments) {
        writeln!(self.elements, "{element}").expect("writing to a String never fails");
    }
}

/// Text escaped for XML. Control characters, which XML cannot contain, become U+FFFD.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // XML excludes these two code points as well.
            '\u{fffe}' | '\u{ffff}' => escaped.push(char::REPLACEMENT_CHARACTER),
            character if character.is_control() => escaped.push(char::REPLACEMENT_CHARACTER),
            character => escaped.push(character),
        }
    }
    escaped
}

//! The report page: the files of `page/` and the report's data in one HTML file.

use anyhow::{Context, Result};
use data_encoding::BASE64;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::{Explanation, Weights};

const HTML: &str = include_str!("../../../page/index.html");
const STYLE: &str = include_str!("../../../page/style.css");
/// Each module comes after those that it imports from; the last one starts the page.
const MODULES: [&str; 25] = [
    include_str!("../../../page/src/dom.js"),
    include_str!("../../../page/src/words.js"),
    include_str!("../../../page/src/safetensors.js"),
    include_str!("../../../page/src/reading.js"),
    include_str!("../../../page/src/alphabet.js"),
    include_str!("../../../page/src/key.js"),
    include_str!("../../../page/src/known-plaintext.js"),
    include_str!("../../../page/src/model.js"),
    include_str!("../../../page/src/units.js"),
    include_str!("../../../page/src/quantities.js"),
    include_str!("../../../page/src/heatmap.js"),
    include_str!("../../../page/src/save.js"),
    include_str!("../../../page/src/sections.js"),
    include_str!("../../../page/src/steps.js"),
    include_str!("../../../page/src/maps.js"),
    include_str!("../../../page/src/live.js"),
    include_str!("../../../page/src/random.js"),
    include_str!("../../../page/src/adam.js"),
    include_str!("../../../page/src/gradients.js"),
    include_str!("../../../page/src/training.js"),
    include_str!("../../../page/src/curve.js"),
    include_str!("../../../page/src/learning.js"),
    include_str!("../../../page/src/scroll.js"),
    include_str!("../../../page/src/theme.js"),
    include_str!("../../../page/src/main.js"),
];

/// Where a page is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// In a file, which never changes.
    File,
    /// From the server of a running training, which the page polls for updates.
    Served,
}

/// The data of a page, as JSON.
pub struct Page(String);

impl Page {
    pub fn of(explanation: &Explanation, weights: &Weights) -> Result<Self> {
        let pictures = explanation.pictures().into_iter();
        let pictures: Map<String, Value> = pictures
            .map(|picture| (picture.name.into(), picture.drawing.to_inline_svg().into()))
            .collect();
        let data = json!({
            "report": explanation,
            "pictures": pictures,
            "weights": BASE64.encode(&weights.bundle.model.to_safetensors()),
        });
        let data = serde_json::to_string(&data).context("cannot write the report as JSON")?;
        Ok(Self(data))
    }

    /// The page of a training that has nothing to show yet.
    pub fn empty() -> Self {
        Self("null".into())
    }

    pub fn json(&self) -> &str {
        &self.0
    }

    pub fn to_html(&self, used: Use) -> String {
        let script = script();
        // A browser hashes the text with these line ends, whatever the checkout has.
        let style = STYLE.replace("\r\n", "\n");
        let (connect, served) = match used {
            Use::File => ("", "false"),
            Use::Served => ("; connect-src 'self'", "true"),
        };
        let policy = format!(
            "default-src 'none'; script-src '{}'; style-src '{}'; img-src data:; base-uri 'none'; \
             form-action 'none'{connect}",
            hash(&script),
            hash(&style),
        );
        // Only a `<` could end the script element early.
        let data = self.0.replace('<', "\\u003c");
        let parts = [
            ("{{policy}}", policy.as_str()),
            ("{{served}}", served),
            ("{{style}}", &style),
            ("{{script}}", &script),
            ("{{data}}", &data),
        ];
        fill(HTML, &parts)
    }
}

/// All modules as one script. Without imports and exports their declarations share one scope, so an
/// import must be on one line and no name may be declared twice.
fn script() -> String {
    let lines = MODULES.iter().flat_map(|module| module.lines());
    let lines = lines.filter(|line| !line.starts_with("import "));
    lines
        .map(|line| line.strip_prefix("export ").unwrap_or(line))
        .flat_map(|line| [line, "\n"])
        .collect()
}

/// The source expression of a text in a content security policy.
fn hash(text: &str) -> String {
    format!("sha256-{}", BASE64.encode(&Sha256::digest(text)))
}

/// Replaces each placeholder by its part. Placeholders inside a part stay as they are.
fn fill(template: &str, parts: &[(&str, &str)]) -> String {
    let mut page = String::new();
    let mut rest = template;
    let next = |rest: &str| {
        let places = parts
            .iter()
            .filter_map(|(place, part)| Some((rest.find(place)?, place, part)));
        places
            .min_by_key(|&(at, ..)| at)
            .map(|(at, place, part)| (at, place.len(), *part))
    };
    while let Some((at, length, part)) = next(rest) {
        page.push_str(&rest[..at]);
        page.push_str(part);
        rest = &rest[at + length..];
    }
    page + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_inside_a_part_is_kept() {
        let page = fill("<a>{{x}}</a>{{y}}", &[("{{y}}", "2"), ("{{x}}", "{{y}}")]);
        assert_eq!(page, "<a>{{y}}</a>2");
    }

    #[test]
    fn the_data_of_a_page_cannot_end_its_script_element() {
        let hostile = Page(r#"{"symbols":["</script><script>alert(1)</script>","<!--"]}"#.into());
        let html = hostile.to_html(Use::File);
        assert!(!html.contains("alert(1)</script>"));
        assert!(html.contains(r"\u003c/script>\u003cscript>alert(1)\u003c/script>"));
        let empty = Page::empty().to_html(Use::File);
        assert_eq!(
            html.matches("<script").count(),
            empty.matches("<script").count()
        );
    }

    #[test]
    fn the_modules_become_one_script_without_imports() {
        let script = script();
        assert!(
            !script
                .lines()
                .any(|line| line.starts_with("import ") || line.starts_with("export "))
        );
        assert!(!script.to_lowercase().contains("</script"));
        assert!(!STYLE.to_lowercase().contains("</style"));
    }

    #[test]
    fn only_a_served_page_may_send_requests() {
        assert!(!Page::empty().to_html(Use::File).contains("connect-src"));
        assert!(
            Page::empty()
                .to_html(Use::Served)
                .contains("connect-src 'self'")
        );
    }
}

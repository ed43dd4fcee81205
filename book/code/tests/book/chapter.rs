//! A chapter as text and blocks, and what belongs into each block.

use std::fs;
use std::path::{Path, PathBuf};

/// A piece of a chapter: lines of text, or a block between two fences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    Text(String),
    Block(Block),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What stands behind the opening fence.
    pub language: String,
    /// The lines between the fences, each with its end.
    pub body: String,
    /// The line above the block, if it names the code: `<!-- path -->` or `<!-- path: anchor -->`.
    pub source: Option<Source>,
}

/// A file, from the root of the repository, or the lines of it between two anchors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    pub path: PathBuf,
    pub anchor: Option<String>,
}

impl Source {
    fn read(line: &str) -> Option<Self> {
        let inner = line.strip_prefix("<!-- ")?.strip_suffix(" -->")?;
        let (path, anchor) = match inner.split_once(": ") {
            Some((path, anchor)) => (path, Some(anchor.to_string())),
            None => (inner, None),
        };
        let path = PathBuf::from(path);
        Some(Self { path, anchor })
    }

    /// The lines of the file, without the marks of anchors.
    pub fn code(&self, root: &Path) -> String {
        let text = read(root.join(&self.path));
        let lines = text.lines().skip_while(|line| !self.opens(line));
        let lines = lines.take_while(|line| !self.closes(line));
        let lines = lines.filter(|line| !line.contains("ANCHOR"));
        let code: String = lines.flat_map(|line| [line, "\n"]).collect();
        assert!(!code.is_empty(), "no lines of {self:?}");
        format!("{}\n", code.trim_matches('\n'))
    }

    fn opens(&self, line: &str) -> bool {
        let anchor = self.anchor.as_ref();
        anchor.is_none_or(|anchor| line.ends_with(&format!("ANCHOR: {anchor}")))
    }

    fn closes(&self, line: &str) -> bool {
        let anchor = self.anchor.as_ref();
        anchor.is_some_and(|anchor| line.ends_with(&format!("ANCHOR_END: {anchor}")))
    }
}

pub struct Chapter {
    pub name: String,
    pub path: PathBuf,
    pub parts: Vec<Part>,
}

impl Chapter {
    pub fn text(&self) -> String {
        let part = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Block(block) => format!("```{}\n{}```\n", block.language, block.body),
        };
        self.parts.iter().map(part).collect()
    }

    pub fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.parts.iter().filter_map(|part| match part {
            Part::Block(block) => Some(block),
            Part::Text(_) => None,
        })
    }
}

/// Splits the text of a chapter at its fences.
pub fn parts(text: &str) -> Vec<Part> {
    let (mut parts, mut lines) = (Vec::new(), text.lines().peekable());
    while lines.peek().is_some() {
        let mut before = Vec::new();
        while let Some(line) = lines.next_if(|line| !line.starts_with("```")) {
            before.push(line);
        }
        if !before.is_empty() {
            let text = before.iter().flat_map(|line| [line, "\n"]).collect();
            parts.push(Part::Text(text));
        }
        let Some(fence) = lines.next() else { break };
        let body = lines.by_ref().take_while(|line| *line != "```");
        parts.push(Part::Block(Block {
            language: fence.trim_start_matches('`').to_string(),
            body: body.flat_map(|line| [line, "\n"]).collect(),
            source: before.last().and_then(|line| Source::read(line)),
        }));
    }
    parts
}

/// The chapters, in the order of the summary.
pub fn chapters(root: &Path) -> Vec<Chapter> {
    let folder = root.join("book/src");
    let summary = read(folder.join("SUMMARY.md"));
    let links = summary.lines().filter_map(|line| line.split_once("]("));
    let names = links.map(|(_, link)| link.trim_end_matches(')'));
    let chapter = |name: &str| {
        let path = folder.join(name);
        let parts = parts(&read(&path));
        let name = name.to_string();
        Chapter { name, path, parts }
    };
    names.map(chapter).collect()
}

pub fn read(path: impl AsRef<Path>) -> String {
    let path = path.as_ref();
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

use std::fmt;

use thiserror::Error;

use super::Format;
use super::line_end::{first_line_end, is_line_end};

/// The number of characters of a line that a problem shows at most.
const MAX_SHOWN: usize = 80;

/// Something wrong in a file of pairs.
///
/// It is displayed as `line:column: what is wrong; what to do`, followed by the line itself, so
/// that a caller can put the file's name and a colon in front.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// The line in the file, counted from 1.
    pub line: u64,
    /// The place in the line, counted from 1 in characters, whatever the unit of a symbol.
    pub column: usize,
    /// The kind of problem.
    pub kind: ProblemKind,
    /// About 80 characters of the line around the column. Control characters, accents without a
    /// letter and everything else that cannot be seen are written like `\u{301}`.
    pub shown: String,
}

/// A kind of problem in a line, with what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ProblemKind {
    /// A line with fewer fields than needed: how many it has, and how many are needed.
    #[error("{}", missing_field(*.0, *.1, *.2))]
    MissingField(Format, usize, usize),

    /// A line with more fields than this.
    #[error("there are more than {} fields; {}", if *.1 == 2 { "two".into() } else { .1.to_string() }, extra_field_advice(*.0))]
    ExtraField(Format, usize),

    /// A ciphertext, a plaintext or a key of no symbols.
    #[error("the {0} is empty; write it, or remove the line")]
    EmptySide(&'static str),

    /// Bytes that are not UTF-8.
    #[error("the text is not UTF-8 here; save the file as UTF-8, or say which encoding it has")]
    InvalidUtf8,

    /// A NUL character, which no text has.
    #[error("there is a NUL character here; save the file as UTF-8, or say which encoding it has")]
    Nul,

    /// A quote in a CSV field that has none around it, text after a closing quote, or a quote
    /// that is never closed.
    #[error(
        "this quote is misplaced; put quotes around the whole message, and double those inside it"
    )]
    BadQuoting,

    /// A line that is not a JSON object with the two strings.
    #[error("{0}; write {{\"ciphertext\": \"...\", \"plaintext\": \"...\"}}")]
    BadJson(String),
}

fn missing_field(format: Format, n_fields: usize, needed: usize) -> String {
    let separator = format.separator_name();
    match (n_fields, needed) {
        (1, 2) => format!(
            "there is only one field; write the ciphertext, a {separator}, and the plaintext"
        ),
        _ => format!(
            "there are {n_fields} fields instead of {needed}; separate them by a {separator}"
        ),
    }
}

fn extra_field_advice(format: Format) -> String {
    match format {
        Format::Bars => "write messages that hold bars as CSV or JSON Lines".into(),
        Format::Csv | Format::Semicolons => {
            format!(
                "put quotes around a message that holds a {}",
                format.separator_name()
            )
        }
        Format::Tsv | Format::JsonLines | Format::Json => {
            "remove all but one tab, or write messages that hold tabs as CSV or JSON Lines".into()
        }
    }
}

/// A kind of problem, and the byte of a record where it was found.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Flaw {
    pub(super) kind: ProblemKind,
    pub(super) offset: usize,
}

impl Flaw {
    /// The problem at its place in the file, where the record begins at `first_line`.
    pub(super) fn locate(self, first_line: u64, record: &[u8]) -> Problem {
        let mut line = first_line;
        let mut rest = record;
        let mut offset = self.offset.min(record.len());
        while let Some(end) = first_line_end(rest)
            && end.end <= offset
        {
            line += 1;
            offset -= end.end;
            rest = rest.split_at(end.end).1;
        }
        let (before, after) = rest.split_at(offset);
        let after = after
            .split(|&byte| is_line_end(byte))
            .next()
            .unwrap_or_default();
        let place = String::from_utf8_lossy(before).chars().count();
        let whole = [before, after].concat();
        Problem {
            line,
            column: place + 1,
            kind: self.kind,
            shown: excerpt(&String::from_utf8_lossy(&whole), place),
        }
    }
}

/// The characters around a place in a line, with invisible ones escaped.
fn excerpt(line: &str, place: usize) -> String {
    let length = line.chars().count();
    let start = place
        .saturating_sub(MAX_SHOWN / 2)
        .min(length.saturating_sub(MAX_SHOWN));
    let mut shown = String::new();
    if start > 0 {
        shown.push('…');
    }
    for character in line.chars().skip(start).take(MAX_SHOWN) {
        match character {
            // `escape_debug` escapes these, though they are visible.
            '"' | '\'' | '\\' => shown.push(character),
            _ => shown.extend(character.escape_debug()),
        }
    }
    if start + MAX_SHOWN < length {
        shown.push('…');
    }
    shown
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            line,
            column,
            kind,
            shown,
        } = self;
        write!(formatter, "{line}:{column}: {kind}\n    {shown}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flaw_at(offset: usize) -> Flaw {
        Flaw {
            kind: ProblemKind::BadQuoting,
            offset,
        }
    }

    #[test]
    fn a_problem_in_a_record_of_several_lines_is_shown_on_its_own_line() {
        for record in ["é\nab\tcd\nef", "é\rab\tcd\ref", "\r\n\nab\tcd\r\nef"] {
            let offset = record.find("cd").unwrap() + 2;
            let problem = flaw_at(offset).locate(5, record.as_bytes());
            let before = if record.starts_with('é') { 5 } else { 6 };
            assert_eq!(
                (problem.line, problem.column),
                (before + 1, 6),
                "{record:?}"
            );
            assert_eq!(problem.shown, "ab\\tcd");
        }
    }

    #[test]
    fn a_long_line_is_cut_around_the_column() {
        let line = format!("{}X{}", "a".repeat(200), "b".repeat(200));
        let shown = flaw_at(200).locate(1, line.as_bytes()).shown;
        assert_eq!(shown, format!("…{}X{}…", "a".repeat(40), "b".repeat(39)));
        let start = flaw_at(0).locate(1, line.as_bytes()).shown;
        assert_eq!(start, format!("{}…", "a".repeat(80)));
        let end = flaw_at(401).locate(1, line.as_bytes()).shown;
        assert_eq!(end, format!("…{}", "b".repeat(80)));
    }

    #[test]
    fn invisible_characters_are_escaped_and_quotes_are_not() {
        let line = "\"a\\'\u{1b}[31m e\u{301} \u{202e}é👩";
        let shown = flaw_at(0).locate(1, line.as_bytes()).shown;
        assert_eq!(shown, "\"a\\'\\u{1b}[31m e\\u{301} \\u{202e}é👩");
    }
}

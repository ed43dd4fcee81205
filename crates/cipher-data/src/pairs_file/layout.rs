//! How the text of a file is laid out: its format, its quotes, its header, its columns.

use std::fmt;

use super::bars;
use super::columns::{Columns, header};
use super::csv::{fields, unquoted_fields};
use super::detect::{detect, separator_line};
use super::field::Field;
use super::json::{Element, elements, key_name, side_names, undecided};
use super::names::sides_of;
use super::problem::Flaw;
use super::records::{Record, Records};
use super::{FileHints, Format};
use crate::DataError;

/// Records that the layout is found from.
pub(super) const MAX_SAMPLE: usize = 500;
/// Lines of comments before a header, at most.
const MAX_COMMENTS: usize = 50;

/// How a file is laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Layout {
    /// The format.
    pub format: Format,
    /// Whether quotes stand around messages and are no part of them.
    pub is_quoted: bool,
    /// Whether a first line names the columns.
    pub has_header: bool,
    /// Which columns hold the two sides.
    pub columns: Columns,
    /// Whether Excel's `sep=` line comes first.
    pub(super) has_separator_line: bool,
    /// Whether the second line is one of dashes, as below a header in Markdown.
    has_rule: bool,
    /// Lines of comments before the header.
    n_comments: usize,
    /// The names of the two sides in the first object of a JSON file.
    json_names: Option<[String; 2]>,
}

impl Layout {
    /// Finds how a text is laid out.
    ///
    /// # Errors
    ///
    /// [`DataError::Columns`].
    pub(super) fn of(text: &[u8], hints: &FileHints) -> Result<Self, DataError> {
        let said = separator_line(text);
        let format = hints.format.or(said).unwrap_or_else(|| detect(text, hints));
        let mut layout = Self {
            format,
            is_quoted: match format {
                Format::Tsv => is_well_quoted(text),
                Format::Csv | Format::Semicolons => true,
                Format::Bars | Format::JsonLines | Format::Json => false,
            },
            has_header: false,
            columns: Columns::default(),
            has_separator_line: said.is_some(),
            has_rule: false,
            n_comments: 0,
            json_names: None,
        };
        layout.n_comments = layout.comments_before_header(text);
        layout.has_rule = format == Format::Bars && {
            let second = layout.records(text).nth(1);
            let second = second.and_then(|record| str::from_utf8(record.bytes).ok());
            second.is_some_and(bars::is_rule)
        };
        if format.separator().is_none() {
            layout.columns = hints.columns.clone();
            let objects = first_objects(format, text);
            layout.json_names = objects.first().copied().and_then(side_names);
            if let (false, None, Some(sides)) = (
                hints.columns.is_named(),
                &layout.columns.key,
                &layout.json_names,
            ) {
                let mut objects = objects.iter();
                layout.columns.key = objects.find_map(|object| key_name(object, sides));
            }
            let first = layout.records(text).next().map(|record| record.bytes);
            let first = first.and_then(|first| str::from_utf8(first).ok());
            return match first.and_then(undecided) {
                Some(columns) if format == Format::JsonLines && !layout.columns.is_named() => {
                    Err(DataError::Columns {
                        columns,
                        reason: "two of them must be the pairs".into(),
                    })
                }
                _ => Ok(layout),
            };
        }
        let sample: Vec<Vec<String>> = layout
            .records(text)
            .filter_map(|record| {
                let text = str::from_utf8(record.bytes).ok()?;
                let fields = layout.fields(text)?.ok()?;
                Some(fields.into_iter().map(|field| field.text.into()).collect())
            })
            .take(MAX_SAMPLE)
            .collect();
        let found = header(&sample, &hints.columns, layout.has_rule)?;
        layout.has_header = found.is_header;
        layout.columns = found.columns;
        Ok(layout)
    }

    /// The records of a text, without the `sep=` line. A header is among them.
    pub(super) fn records<'a>(&self, text: &'a [u8]) -> impl Iterator<Item = Record<'a>> {
        let quoted = self.format.separator().filter(|_| self.is_quoted);
        let skipped = self.n_comments + usize::from(self.has_separator_line);
        let records = Records::new(text, quoted).skip(skipped);
        let rule = self.has_rule.then_some(1);
        let records = records
            .enumerate()
            .filter(move |(place, _)| Some(*place) != rule);
        records.map(|(_, record)| record)
    }

    /// The number of first lines that begin with `#`, if a header follows them.
    fn comments_before_header(&self, text: &[u8]) -> usize {
        let records: Vec<_> = self.records(text).take(MAX_COMMENTS).collect();
        let is_comment = |record: &&Record<'_>| record.bytes.starts_with(b"#");
        let n_comments = records.iter().take_while(is_comment).count();
        let header = records
            .get(n_comments)
            .and_then(|record| str::from_utf8(record.bytes).ok());
        let fields = header
            .and_then(|header| self.fields(header)?.ok())
            .unwrap_or_default();
        let names: Vec<&str> = fields.iter().map(|field| field.text.trim()).collect();
        if sides_of(&names).is_some() {
            n_comments
        } else {
            0
        }
    }

    /// The fields of a record; nothing in JSON.
    pub(super) fn fields<'a>(&self, record: &'a str) -> Option<Result<Vec<Field<'a>>, Flaw>> {
        let separator = self.format.separator()?;
        Some(if self.format == Format::Bars {
            Ok(bars::fields(record))
        } else if self.is_quoted {
            fields(record, separator)
        } else {
            Ok(unquoted_fields(record, separator))
        })
    }
}

/// The first values of a JSON file that has one for each pair.
fn first_objects(format: Format, text: &[u8]) -> Vec<&str> {
    let Ok(text) = str::from_utf8(text) else {
        return Vec::new();
    };
    if format == Format::JsonLines {
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        return lines.take(MAX_SAMPLE).collect();
    }
    let elements = elements(text).unwrap_or_default().into_iter();
    let values = elements.map_while(|element| match element {
        Element::Value(value) => Some(value),
        Element::Pair(..) => None,
    });
    values.take(MAX_SAMPLE).collect()
}

/// Whether the quotes of a tab-separated text stand around messages, as a spreadsheet writes them:
/// either around all fields, or around those with a comma, a quote, a tab or a line end and no others.
fn is_well_quoted(text: &[u8]) -> bool {
    if !text.contains(&b'"') {
        return false;
    }
    let needs_quotes = |field: &str| field.contains([',', '"', '\t', '\n', '\r']);
    let (mut are_all_quoted, mut are_needed) = (true, true);
    let mut n_columns = None;
    for record in Records::new(text, Some('\t')) {
        let Ok(record) = str::from_utf8(record.bytes) else {
            return false;
        };
        let Ok(fields) = fields(record, '\t') else {
            return false;
        };
        if fields.len() < 2 || fields.len() != *n_columns.get_or_insert(fields.len()) {
            return false;
        }
        for field in fields {
            let is_quoted = record.as_bytes().get(field.start) == Some(&b'"');
            // Without quotes, these are the ends of two lines.
            if field.text.contains('\t') && field.text.contains(['\n', '\r']) {
                return false;
            }
            are_all_quoted &= is_quoted;
            are_needed &= is_quoted == needs_quotes(&field.text);
        }
    }
    are_all_quoted || are_needed
}

impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.format {
            Format::Tsv => "tab-separated",
            Format::Csv => "comma-separated",
            Format::Semicolons => "separated by semicolons",
            Format::Bars => "separated by bars",
            Format::JsonLines => "JSON Lines",
            Format::Json => "JSON",
        })?;
        if self.is_quoted && self.format == Format::Tsv {
            f.write_str(" with quotes around messages")?;
        }
        if self.has_header {
            f.write_str(" with a header")?;
        }
        match (&self.columns, &self.json_names) {
            (columns, _) if columns.is_named() => write!(f, ", {columns}"),
            (_, Some([ciphertext, plaintext])) => {
                write!(
                    f,
                    ", ciphertexts in {ciphertext:?}, plaintexts in {plaintext:?}"
                )?;
                match &self.columns.key {
                    Some(key) => write!(f, ", keys in {key:?}"),
                    None => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }
}

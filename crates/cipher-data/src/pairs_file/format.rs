use std::path::Path;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::DataError;

/// How a file writes its pairs.
///
/// A line ends with a line feed, with a carriage return, or with both. Lines of nothing but spaces
/// are skipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// Fields with a tab between. They are in quotes only if all quotes of the file make sense as
    /// those of a spreadsheet; otherwise a quote is a symbol like any other.
    Tsv,
    /// Fields with a comma between. A message may be in double quotes. It must be if it holds a
    /// comma, a line break or a quote, which is then written twice (RFC 4180).
    Csv,
    /// As [`Self::Csv`], with a semicolon between, as spreadsheets write where a comma is the
    /// decimal point.
    Semicolons,
    /// As [`Self::Csv`], with `|` between.
    Bars,
    /// A JSON object or an array of two strings on each line.
    #[serde(rename = "jsonl")]
    JsonLines,
    /// One JSON value: an array of what JSON Lines have on each line, an object of ciphertexts with
    /// their plaintexts, or an object with a list of ciphertexts and a list of plaintexts.
    Json,
}

impl Format {
    /// The format of a file, by the extension of its name in any case: `.tsv`, `.tab` and `.txt`,
    /// `.csv`, `.jsonl` and `.ndjson`, `.json`.
    pub fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_lowercase().as_str() {
            "tsv" | "tab" | "txt" => Some(Self::Tsv),
            "csv" => Some(Self::Csv),
            "jsonl" | "ndjson" => Some(Self::JsonLines),
            "json" => Some(Self::Json),
            _ => None,
        }
    }

    /// What separates fields; nothing in JSON.
    pub(super) fn separator(self) -> Option<char> {
        match self {
            Self::Tsv => Some('\t'),
            Self::Csv => Some(','),
            Self::Semicolons => Some(';'),
            Self::Bars => Some('|'),
            Self::JsonLines | Self::Json => None,
        }
    }

    /// What separates fields, in words.
    pub(super) fn separator_name(self) -> &'static str {
        match self {
            Self::Csv => "comma",
            Self::Semicolons => "semicolon",
            Self::Bars => "bar",
            Self::Tsv | Self::JsonLines | Self::Json => "tab",
        }
    }
}

impl FromStr for Format {
    type Err = DataError;

    fn from_str(name: &str) -> Result<Self, DataError> {
        DataError::by_name(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_known_by_the_extension() {
        let of = |path| Format::of(Path::new(path));
        assert_eq!(of("pairs.tsv"), Some(Format::Tsv));
        assert_eq!(of("a.b/pairs.TXT"), Some(Format::Tsv));
        assert_eq!(of("pairs.tab"), Some(Format::Tsv));
        assert_eq!(of("pairs.csv"), Some(Format::Csv));
        assert_eq!(of("pairs.jsonl"), Some(Format::JsonLines));
        assert_eq!(of("pairs.ndjson"), Some(Format::JsonLines));
        assert_eq!(of("pairs.json"), Some(Format::Json));
        assert_eq!(of("pairs.dat"), None);
        assert_eq!(of("tsv"), None);
    }

    #[test]
    fn a_format_is_known_by_its_name_and_an_unknown_name_is_refused_with_those_there_are() {
        assert_eq!("jsonl".parse(), Ok(Format::JsonLines));
        let error = "xlsx".parse::<Format>().unwrap_err().to_string();
        let expected = "unknown variant `xlsx`, expected one of `tsv`, `csv`, `semicolons`, `bars`, \
                        `jsonl`, `json`";
        assert_eq!(error, expected);
    }
}

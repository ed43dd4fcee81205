use std::path::Path;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::DataError;

/// How a file writes its pairs.
///
/// In all of them the text is UTF-8 without NUL characters, and may begin with a byte-order mark. A
/// line ends with a line feed, with a carriage return, or with both. Lines of nothing but spaces are
/// skipped.
///
/// In the first two, a first line with the names `ciphertext` and `plaintext`, in either order and
/// in any case, is a header that says which column is which; without it the ciphertext is first.
/// No pair looks like such a header, as the two words differ in length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// A ciphertext, a tab and a plaintext on each line. Nothing is quoted or escaped: a message
    /// cannot hold a tab or a line break, and quotes are symbols like any other.
    Tsv,
    /// A ciphertext, a comma and a plaintext. A message may be in double quotes. It must be if it
    /// holds a comma, a line break or a quote, which is then written twice (RFC 4180).
    Csv,
    /// A JSON object on each line, with the strings `ciphertext` and `plaintext`, or an array of
    /// the two strings in this order. Other keys are ignored.
    #[serde(rename = "jsonl")]
    JsonLines,
}

impl Format {
    /// The format of a file, by the extension of its name in any case: `.tsv`, `.tab` and `.txt`,
    /// `.csv`, `.jsonl` and `.ndjson`.
    pub fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_lowercase().as_str() {
            "tsv" | "tab" | "txt" => Some(Self::Tsv),
            "csv" => Some(Self::Csv),
            "jsonl" | "ndjson" => Some(Self::JsonLines),
            _ => None,
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
        assert_eq!(of("pairs.json"), None);
        assert_eq!(of("tsv"), None);
    }

    #[test]
    fn a_format_is_known_by_its_name_and_an_unknown_name_is_refused_with_those_there_are() {
        assert_eq!("jsonl".parse(), Ok(Format::JsonLines));
        let error = "xlsx".parse::<Format>().unwrap_err().to_string();
        assert_eq!(
            error,
            "unknown variant `xlsx`, expected one of `tsv`, `csv`, `jsonl`"
        );
    }
}

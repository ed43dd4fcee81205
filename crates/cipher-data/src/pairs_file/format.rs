use std::path::Path;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::by_name;
use crate::DataError;

/// How a file writes its pairs.
///
/// In all of them the text is UTF-8, a byte-order mark may come first, and a line may end with
/// a carriage return and a line feed as well as with a line feed alone. Lines with nothing but
/// spaces are skipped: no pair depends on its neighbours, so nothing is lost with them.
///
/// In the first two, a first line with the names `ciphertext` and `plaintext`, in either order and
/// in any case, is a header that says which column is which; without it the ciphertext is first.
/// No pair can be taken for a header: the two words differ in length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// A ciphertext, a tab and a plaintext on each line. Nothing is quoted or escaped, so that a
    /// message cannot hold a tab or a line break, and quotes are symbols like any other.
    Tsv,
    /// A ciphertext, a comma and a plaintext. Double quotes may stand around a message, and must
    /// if it holds a comma, a line break or a quote, which is then written twice (RFC 4180).
    Csv,
    /// A JSON object on each line, with the strings `ciphertext` and `plaintext`. Other keys are
    /// ignored, and an array of the two strings in this order will do as well.
    #[serde(rename = "jsonl")]
    JsonLines,
}

/// Every format under the name it has in a config and on the command line.
const FORMATS: [(&str, Format); 3] = [
    ("tsv", Format::Tsv),
    ("csv", Format::Csv),
    ("jsonl", Format::JsonLines),
];

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
        by_name("format", &FORMATS, name)
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
    fn a_format_has_the_same_name_on_the_command_line_and_in_a_config() {
        for (name, format) in FORMATS {
            assert_eq!(name.parse(), Ok(format));
            assert_eq!(serde_json::to_value(format).unwrap(), name);
        }
    }

    #[test]
    fn an_unknown_format_is_refused_with_those_there_are() {
        let error = "xlsx".parse::<Format>().unwrap_err().to_string();
        assert_eq!(
            error,
            "there is no format \"xlsx\"; choose one of tsv, csv, jsonl"
        );
    }
}

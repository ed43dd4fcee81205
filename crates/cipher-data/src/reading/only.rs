use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use unicode_normalization::char::is_combining_mark;

use crate::DataError;

/// The symbols that a message is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Only {
    /// All symbols.
    #[default]
    All,
    /// Everything but white space.
    NoSpaces,
    /// Letters with their accents, digits, and white space.
    Words,
    /// Letters with their accents, and digits.
    Alphanumeric,
    /// Letters with their accents.
    Letters,
}

/// What happens to the symbols of a text that the message is not of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Others {
    /// They pass through: they stay at their places in the answer.
    #[default]
    Pass,
    /// They are left out of the answer.
    Drop,
}

impl Only {
    /// Whether a symbol belongs to a message. What it begins with decides.
    pub(crate) fn has(self, symbol: &str) -> bool {
        let Some(first) = symbol.chars().next() else {
            return false;
        };
        match self {
            Self::All => true,
            Self::NoSpaces => !first.is_whitespace(),
            Self::Words if first.is_whitespace() => true,
            Self::Words | Self::Alphanumeric => first.is_alphanumeric() || is_combining_mark(first),
            Self::Letters => first.is_alphabetic() || is_combining_mark(first),
        }
    }
}

impl fmt::Display for Only {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::All => "all symbols",
            Self::NoSpaces => "everything but white space",
            Self::Words => "only letters, digits and white space",
            Self::Alphanumeric => "only letters and digits",
            Self::Letters => "only letters",
        })
    }
}

impl fmt::Display for Others {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pass => "the rest stays where it is",
            Self::Drop => "the rest is left out",
        })
    }
}

impl FromStr for Only {
    type Err = DataError;

    fn from_str(name: &str) -> Result<Self, DataError> {
        DataError::by_name(name)
    }
}

impl FromStr for Others {
    type Err = DataError;

    fn from_str(name: &str) -> Result<Self, DataError> {
        DataError::by_name(name)
    }
}

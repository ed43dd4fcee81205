use std::borrow::Cow;
use std::str::FromStr;
use std::{fmt, iter};

use data_encoding::{BASE64, BASE64_NOPAD, HEXLOWER};
use serde::{Deserialize, Serialize};
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

use crate::DataError;

/// The unit of text that counts as one symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
#[non_exhaustive]
pub enum SymbolUnit {
    /// A Unicode scalar value: `e` and a combining acute accent after it are two symbols.
    #[default]
    Character,
    /// An extended grapheme cluster (Unicode Standard Annex 29), roughly what a reader sees as one
    /// character: an `e` with its accent, an emoji of a family, a flag.
    ///
    /// Clusters are compared by their code points, so `é` as one code point and `é` as two are
    /// different symbols, unless the reading [normalizes](super::Reading::normalize) them.
    Grapheme,
    /// What stands between two separators, such as a number or a word. White space separates, and
    /// one other character may.
    Token(Option<char>),
    /// Tokens, and the gaps between words, whose symbol is a space. Where a character separates
    /// tokens, white space is a gap; otherwise white space separates, and two or more white space
    /// characters are a gap.
    SpacedToken(Option<char>),
    /// Two tokens between white space, commas or slashes, such as the numbers of knocks of a tap code.
    TokenPair,
    /// A fixed number of characters, such as the two of a digit pair. White space between them counts
    /// for nothing, and nor does punctuation between letters and digits.
    Group(u8),
    /// A byte that is written as two hexadecimal digits of either case. White space, colons, commas and the
    /// prefixes `0x` and `\x` count for nothing. The symbol is the two digits, in lower case.
    HexByte,
    /// A byte of a text in UTF-8. The symbol is the byte's two hexadecimal digits.
    TextByte,
    /// A byte of Base64 or of its variant for URLs. The symbol is the byte's two hexadecimal digits.
    Base64Byte,
    /// The plaintext of one ciphertext symbol: none, one or several symbols of a text. An
    /// [alignment](crate::alignment) finds them; a text by itself is one chunk.
    Chunk,
}

/// The most characters of a group.
const MAX_GROUP: u8 = 9;

impl SymbolUnit {
    /// The text in the form that [`Self::symbols`] cuts: without what counts for nothing.
    pub(crate) fn prepare(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::Character | Self::Grapheme | Self::Token(_) | Self::Chunk => Cow::Borrowed(text),
            Self::SpacedToken(_) => Cow::Borrowed(text.trim()),
            Self::TokenPair => {
                let tokens = text.split(|c: char| c.is_whitespace() || c == ',' || c == '/');
                let tokens: Vec<&str> = tokens.filter(|token| !token.is_empty()).collect();
                Cow::Owned(tokens.join(" "))
            }
            Self::TextByte => Cow::Owned(HEXLOWER.encode(text.as_bytes())),
            Self::Group(_) if text.contains(char::is_alphanumeric) => {
                without(text, |c| !c.is_alphanumeric() && !is_combining_mark(c))
            }
            Self::Group(_) => without(text, char::is_whitespace),
            Self::HexByte => {
                let text = text
                    .replace("0x", " ")
                    .replace("0X", " ")
                    .replace("\\x", " ");
                let digits =
                    without(&text, |c| c.is_whitespace() || c == ':' || c == ',').to_lowercase();
                Cow::Owned(digits)
            }
            Self::Base64Byte => Cow::Owned(base64_to_hex(text)),
        }
    }

    /// Cuts a text into symbols. Groups and bytes are cut from a text that has nothing else in it:
    /// [`Alphabet::encode`](crate::Alphabet::encode) leaves out what counts for nothing.
    pub fn symbols(self, text: &str) -> impl Iterator<Item = &str> {
        let mut rest = text;
        iter::from_fn(move || {
            if let Self::SpacedToken(separator) = self {
                let is_token = |c| !separates(separator, c);
                let (between, token) = rest.split_at(rest.find(is_token).unwrap_or(rest.len()));
                let n_spaces = between.chars().filter(|c| c.is_whitespace()).count();
                let is_wide = n_spaces > usize::from(separator.is_none());
                let is_gap = is_wide && rest.len() < text.len() && !token.is_empty();
                rest = token;
                if is_gap {
                    return Some(" ");
                }
            }
            if let Self::Token(separator) = self {
                rest = rest.trim_start_matches(|c| separates(separator, c));
            }
            if self == Self::TokenPair {
                rest = rest.trim_start_matches(' ');
            }
            let first = rest.chars().next()?;
            let first_ends = match self {
                Self::TokenPair => {
                    let mut gaps = rest.match_indices(' ').map(|(place, _)| place);
                    gaps.nth(1).unwrap_or(rest.len())
                }
                Self::Character => first.len_utf8(),
                Self::Grapheme => rest.graphemes(true).next()?.len(),
                Self::Token(separator) | Self::SpacedToken(separator) => {
                    let end = rest.find(|c| separates(separator, c));
                    end.unwrap_or(rest.len())
                }
                Self::Group(length) => after(rest, length.into()),
                Self::HexByte | Self::Base64Byte | Self::TextByte => after(rest, 2),
                Self::Chunk => rest.len(),
            };
            let (symbol, after) = rest.split_at(first_ends);
            rest = after;
            Some(symbol)
        })
    }

    /// Whether a symbol is a byte, as two hexadecimal digits.
    pub fn is_bytes(self) -> bool {
        matches!(self, Self::HexByte | Self::Base64Byte | Self::TextByte)
    }

    /// Whether a symbol is the space of a gap between tokens.
    pub(crate) fn is_gap(self, symbol: &str) -> bool {
        matches!(self, Self::SpacedToken(_)) && symbol == " "
    }

    /// Whether a prepared text can be cut into whole symbols: it has no group that is too short, and
    /// bytes are written as such.
    pub(crate) fn is_whole(self, text: &str) -> bool {
        match self {
            Self::Group(length) => text.chars().count().is_multiple_of(length.into()),
            Self::TokenPair => {
                let n_tokens = text.split(' ').count();
                n_tokens.is_multiple_of(2)
            }
            Self::HexByte | Self::Base64Byte | Self::TextByte => {
                text.len().is_multiple_of(2) && text.chars().all(|c| c.is_ascii_hexdigit())
            }
            _ => true,
        }
    }

    /// Whether [`Self::join`] gives another text than that of the symbols one after the other.
    pub fn is_written_otherwise(self) -> bool {
        match self {
            Self::Token(_) | Self::SpacedToken(_) | Self::TokenPair => true,
            Self::Base64Byte | Self::TextByte => true,
            Self::Character | Self::Grapheme | Self::Group(_) | Self::HexByte | Self::Chunk => {
                false
            }
        }
    }

    /// Writes symbols as one text, which is cut into the same symbols again.
    ///
    /// Some graphemes merge where they meet, such as the halves of a flag, and are not.
    pub fn join<'a>(self, symbols: impl IntoIterator<Item = &'a str>) -> String {
        let mut text = String::new();
        let mut is_after_gap = true;
        for symbol in symbols {
            let is_gap = matches!(self, Self::SpacedToken(Some(_))) && symbol == " ";
            match self {
                Self::Token(separator) | Self::SpacedToken(separator)
                    if !is_gap && !is_after_gap =>
                {
                    text.push(separator.unwrap_or(' '));
                }
                Self::TokenPair if !is_after_gap => text.push(' '),
                _ => {}
            }
            is_after_gap = is_gap;
            text.push_str(symbol);
        }
        match self {
            Self::Base64Byte => hex_to_base64(&text).unwrap_or(text),
            Self::TextByte => hex_to_text(&text).unwrap_or(text),
            _ => text,
        }
    }
}

fn separates(separator: Option<char>, character: char) -> bool {
    character.is_whitespace() || Some(character) == separator
}

/// Where in a text the first `n` characters end.
fn after(text: &str, n: usize) -> usize {
    text.char_indices()
        .nth(n)
        .map_or(text.len(), |(end, _)| end)
}

fn without(text: &str, is_nothing: impl Fn(char) -> bool) -> Cow<'_, str> {
    if text.contains(&is_nothing) {
        Cow::Owned(text.chars().filter(|&c| !is_nothing(c)).collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// The bytes of Base64 in hexadecimal digits. What is no Base64 stays as it is: it has symbols that
/// no alphabet of bytes has.
fn base64_to_hex(text: &str) -> String {
    let compact = without(text, char::is_whitespace);
    let compact = compact
        .trim_end_matches('=')
        .replace('-', "+")
        .replace('_', "/");
    match BASE64_NOPAD.decode(compact.as_bytes()) {
        Ok(bytes) => HEXLOWER.encode(&bytes),
        Err(_) => text.into(),
    }
}

fn hex_to_base64(digits: &str) -> Option<String> {
    let bytes = HEXLOWER.decode(digits.as_bytes()).ok()?;
    Some(BASE64.encode(&bytes))
}

/// The text of bytes. What is no UTF-8 is shown as U+FFFD.
fn hex_to_text(digits: &str) -> Option<String> {
    let bytes = HEXLOWER.decode(digits.as_bytes()).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// The plural of the unit, such as "grapheme clusters".
impl fmt::Display for SymbolUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Character => f.write_str("characters"),
            Self::Grapheme => f.write_str("grapheme clusters"),
            Self::Token(None) => f.write_str("tokens between spaces"),
            Self::Token(Some(separator)) => {
                write!(f, "tokens between {separator:?} or spaces")
            }
            Self::SpacedToken(None) => f.write_str("tokens between spaces, with wide gaps"),
            Self::SpacedToken(Some(separator)) => {
                write!(f, "tokens between {separator:?}, with spaces")
            }
            Self::Group(length) => write!(f, "groups of {length} characters"),
            Self::TokenPair => f.write_str("pairs of tokens"),
            Self::TextByte => f.write_str("bytes of UTF-8"),
            Self::HexByte => f.write_str("bytes in hexadecimal"),
            Self::Base64Byte => f.write_str("bytes in Base64"),
            Self::Chunk => f.write_str("chunks"),
        }
    }
}

/// The name of the unit on a command line and in a config.
impl From<SymbolUnit> for String {
    fn from(unit: SymbolUnit) -> Self {
        match unit {
            SymbolUnit::Character => "characters".into(),
            SymbolUnit::Grapheme => "graphemes".into(),
            SymbolUnit::Token(None) => "tokens".into(),
            SymbolUnit::Token(Some(separator)) => format!("tokens:{separator}"),
            SymbolUnit::SpacedToken(None) => "spaced-tokens".into(),
            SymbolUnit::SpacedToken(Some(separator)) => format!("spaced-tokens:{separator}"),
            SymbolUnit::Group(length) => format!("groups:{length}"),
            SymbolUnit::TokenPair => "token-pairs".into(),
            SymbolUnit::TextByte => "utf-8".into(),
            SymbolUnit::HexByte => "hex".into(),
            SymbolUnit::Base64Byte => "base64".into(),
            SymbolUnit::Chunk => "chunks".into(),
        }
    }
}

impl FromStr for SymbolUnit {
    type Err = DataError;

    fn from_str(name: &str) -> Result<Self, DataError> {
        let (kind, detail) = match name.split_once(':') {
            Some((kind, detail)) => (kind, Some(detail)),
            None => (name, None),
        };
        let unit = match (kind, detail) {
            ("characters", None) => Some(Self::Character),
            ("graphemes", None) => Some(Self::Grapheme),
            ("tokens", None) => Some(Self::Token(None)),
            ("tokens", Some(separator)) => one_character(separator).map(|c| Self::Token(Some(c))),
            ("spaced-tokens", None) => Some(Self::SpacedToken(None)),
            ("spaced-tokens", Some(separator)) => {
                one_character(separator).map(|c| Self::SpacedToken(Some(c)))
            }
            ("groups", Some(length)) => {
                let length = length.parse().ok();
                let length = length.filter(|length| (1..=MAX_GROUP).contains(length));
                length.map(Self::Group)
            }
            ("token-pairs", None) => Some(Self::TokenPair),
            ("utf-8", None) => Some(Self::TextByte),
            ("hex", None) => Some(Self::HexByte),
            ("base64", None) => Some(Self::Base64Byte),
            ("chunks", None) => Some(Self::Chunk),
            _ => None,
        };
        unit.ok_or_else(|| DataError::UnknownUnit(name.into()))
    }
}

impl TryFrom<String> for SymbolUnit {
    type Error = DataError;

    fn try_from(name: String) -> Result<Self, DataError> {
        name.parse()
    }
}

/// The character of a text that is one, and separates tokens that can have letters and digits.
fn one_character(text: &str) -> Option<char> {
    let mut characters = text.chars();
    let first = characters.next()?;
    (characters.next().is_none() && !first.is_alphanumeric()).then_some(first)
}

#[cfg(test)]
mod tests;

//! The character encodings of files.

use std::borrow::Cow;
use std::fmt;
use std::str::{FromStr, Utf8Chunk};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use serde::{Deserialize, Serialize};

use crate::DataError;

/// The share of zero bytes at even or at odd places from which a text without a mark is UTF-16.
/// Tabs, line ends, digits and Latin letters each have one.
const MIN_ZEROS: f64 = 0.3;

/// Bytes that are no characters of Windows-1252.
const UNUSED: [u8; 5] = [0x81, 0x8d, 0x8f, 0x90, 0x9d];

/// A character encoding, by one of its names in the Encoding Standard, such as `utf-16le`,
/// `windows-1252` or `latin1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Encoding(&'static encoding_rs::Encoding);

impl Encoding {
    /// UTF-8.
    pub const UTF_8: Self = Self(UTF_8);

    /// The encoding of a text: that of its byte-order mark, UTF-16 if many zeros say so, UTF-8
    /// wherever it can be, and otherwise Windows-1252 if that is plain to see.
    ///
    /// # Errors
    ///
    /// [`DataError::NoText`] for bytes that no text has; [`DataError::UnknownEncoding`] where it is another
    /// encoding, with the one that it could be.
    pub(super) fn of(bytes: &[u8]) -> Result<Self, DataError> {
        if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(bytes) {
            return Ok(Self(encoding));
        }
        if let Some(encoding) = utf_16(bytes) {
            return Ok(Self(encoding));
        }
        if bytes.contains(&0) && str::from_utf8(bytes).is_err() {
            return Err(DataError::NoText);
        }
        let is_utf_8 = is_utf_8(bytes);
        if is_utf_8 && !hides_header(bytes) {
            return Ok(Self::UTF_8);
        }
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        detector.feed(bytes, true);
        let guess = detector.guess(None, Utf8Detection::Deny);
        let has_no_letter = bytes.iter().any(|byte| UNUSED.contains(byte));
        let guess = match guess == WINDOWS_1252 {
            true if has_no_letter => "macintosh".into(),
            // A few errors do not tell.
            true if !is_utf_8 => return Ok(Self(guess)),
            _ => guess.name().to_lowercase(),
        };
        Err(DataError::UnknownEncoding { guess })
    }

    /// The text as UTF-8, without a byte-order mark. UTF-8 stays as it is, with its errors.
    pub(super) fn decode(self, bytes: &[u8]) -> Cow<'_, [u8]> {
        if self.0 == UTF_8 {
            let mark = "\u{feff}".as_bytes();
            return Cow::Borrowed(bytes.strip_prefix(mark).unwrap_or(bytes));
        }
        match self.0.decode_with_bom_removal(bytes).0 {
            Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
            Cow::Owned(text) => Cow::Owned(text.into_bytes()),
        }
    }
}

/// UTF-16 without a mark, if the places of the zeros say so.
fn utf_16(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    if bytes.is_empty() || !bytes.len().is_multiple_of(2) {
        return None;
    }
    let zeros = |place: usize| {
        let bytes = bytes.iter().skip(place).step_by(2);
        bytes.filter(|&&byte| byte == 0).count()
    };
    let enough = (MIN_ZEROS * (bytes.len() / 2) as f64) as usize;
    match [zeros(0), zeros(1)] {
        [high, 0] if high > enough => Some(UTF_16BE),
        [0, low] if low > enough => Some(UTF_16LE),
        _ => None,
    }
}

/// Errors of UTF-8 from which a text can be in another encoding.
const MIN_ERRORS: usize = 3;

/// Whether a text is UTF-8, perhaps with errors: other encodings have hardly ever several bytes in a
/// row that are one character of UTF-8.
fn is_utf_8(bytes: &[u8]) -> bool {
    let mut n_bad = 0;
    let mut n_good = 0;
    for chunk in bytes.utf8_chunks() {
        n_good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        n_bad += usize::from(!chunk.invalid().is_empty());
    }
    n_bad < MIN_ERRORS || n_good >= n_bad
}

/// Whether the text is ASCII but for errors of UTF-8, and its first line has one: it would hide a name of the
/// header, such as `Schlüssel`.
fn hides_header(bytes: &[u8]) -> bool {
    let first = bytes.split(|&byte| byte == b'\n').next();
    let is_ascii = |chunk: Utf8Chunk| chunk.valid().is_ascii();
    first.is_some_and(|line| str::from_utf8(line).is_err()) && bytes.utf8_chunks().all(is_ascii)
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name())
    }
}

impl FromStr for Encoding {
    type Err = DataError;

    fn from_str(name: &str) -> Result<Self, DataError> {
        let encoding = encoding_rs::Encoding::for_label(name.as_bytes());
        encoding.map(Self).ok_or_else(|| {
            DataError::UnknownName(format!(
                "unknown encoding {name:?}; choose one such as utf-8, utf-16le, windows-1252 or latin1"
            ))
        })
    }
}

impl From<Encoding> for String {
    fn from(encoding: Encoding) -> Self {
        encoding.0.name().to_lowercase()
    }
}

impl TryFrom<String> for Encoding {
    type Error = DataError;

    fn try_from(name: String) -> Result<Self, DataError> {
        name.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf_16_bytes(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(to_bytes).collect()
    }

    fn read(bytes: &[u8]) -> (String, String) {
        let encoding = Encoding::of(bytes).unwrap();
        let text = String::from_utf8(encoding.decode(bytes).into_owned()).unwrap();
        (encoding.to_string(), text)
    }

    #[test]
    fn utf_16_is_read_with_a_mark_and_without() {
        let text = "KHOOR\tHELLO\n";
        for mark in ["", "\u{feff}"] {
            let marked = format!("{mark}{text}");
            let little = utf_16_bytes(&marked, u16::to_le_bytes);
            assert_eq!(read(&little), ("UTF-16LE".into(), text.into()));
            let big = utf_16_bytes(&marked, u16::to_be_bytes);
            assert_eq!(read(&big), ("UTF-16BE".into(), text.into()));
        }
        // Without Latin letters, the tabs and line ends are too few to tell.
        let marked = utf_16_bytes("\u{feff}ШИФР\tТЕКСТ\n", u16::to_le_bytes);
        assert_eq!(read(&marked), ("UTF-16LE".into(), "ШИФР\tТЕКСТ\n".into()));
    }

    #[test]
    fn western_text_that_is_not_utf_8_is_windows_1252() {
        let french = b"DRJ\tD\xe9j\xe0 vu, la fa\xe7ade \x9cuvre et le c\x93ur\n";
        let (encoding, text) = read(french);
        assert_eq!(encoding, "windows-1252");
        assert!(text.contains("Déjà vu, la façade œuvre"), "{text}");
    }

    #[test]
    fn another_encoding_is_named_and_not_guessed() {
        let (russian, _, _) =
            encoding_rs::WINDOWS_1251.encode("ЩИТ\tЭТО СЕКРЕТНОЕ СООБЩЕНИЕ, ЧИТАЙ");
        let error = Encoding::of(&russian).unwrap_err().to_string();
        assert!(error.contains("windows-1251"), "{error}");
        let encoding: Encoding = "windows-1251".parse().unwrap();
        assert!(
            String::from_utf8(encoding.decode(&russian).into_owned())
                .unwrap()
                .contains("СЕКРЕТ")
        );
    }

    #[test]
    fn a_letter_of_the_header_alone_is_no_guess() {
        let text = b"Chiffre\tKlartext\tSchl\xfcssel\nLXF\tATT\tLEM\n";
        let error = Encoding::of(text).unwrap_err().to_string();
        assert!(error.contains("windows-1252"), "{error}");
        let text = b"LXF\tATT\nLXF\tAT\xfc\n";
        assert_eq!(Encoding::of(text).unwrap(), Encoding::UTF_8);
    }

    #[test]
    fn bytes_with_zeros_that_are_no_text_in_utf_8_or_utf_16_are_those_of_another_program() {
        let picture = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06";
        assert!(matches!(Encoding::of(picture), Err(DataError::NoText)));
    }

    #[test]
    fn utf_8_with_a_damaged_byte_is_utf_8() {
        assert_eq!(Encoding::of("é è à ü".as_bytes()).unwrap(), Encoding::UTF_8);
        assert_eq!(
            Encoding::of("é è à ü\t\u{fffd}é".as_bytes()).unwrap(),
            Encoding::UTF_8
        );
        let damaged = ["é è à ü".as_bytes(), b"\t\xff"].concat();
        assert_eq!(Encoding::of(&damaged).unwrap(), Encoding::UTF_8);
    }
}

use std::borrow::Cow;

use super::columns::Columns;
use super::encoding::Encoding;
use super::json::{self, Element};
use super::layout::Layout;
use super::problem::Flaw;
use super::sides::Sides;
use super::{Format, PairTexts};
use crate::DataError;

/// What files begin with that people take for texts: ZIP, which Excel's and Word's files are, their
/// older format, PDF, gzip.
const NO_TEXTS: [&[u8]; 4] = [b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF-", b"\x1f\x8b"];

/// What is known of a file of pairs. The rest is found from its contents.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FileHints {
    /// The format.
    pub format: Option<Format>,
    /// The format that the file's name suggests.
    pub likely_format: Option<Format>,
    /// Which columns hold the sides.
    pub columns: Columns,
    /// The character encoding.
    pub encoding: Option<Encoding>,
}

impl From<Format> for FileHints {
    fn from(format: Format) -> Self {
        Self {
            format: Some(format),
            ..Self::default()
        }
    }
}

/// Reads a file of pairs. What the symbols of the texts are is decided later.
///
/// A line that is not a pair becomes a [`Problem`](super::Problem), and reading continues with the
/// next line. The first `max_problems` are stored and the others counted.
///
/// In addition to the file, this takes the memory of its messages and 40 bytes for each pair; for
/// other encodings than UTF-8, up to three times the file more.
///
/// # Errors
///
/// [`DataError::UnknownEncoding`], [`DataError::NoText`], and [`DataError::Columns`] where it cannot be told which columns
/// hold the pairs.
///
/// ```
/// use cipher_data::{FileHints, read_pairs};
///
/// let file = "FRPERG\tSECRET\nPELCGB\n";
/// let pairs = read_pairs(file.as_bytes(), &FileHints::default(), 10)?;
/// assert_eq!(pairs.plaintext(0), "SECRET");
/// assert_eq!(
///     pairs.problems()[0].to_string(),
///     "2:7: there is only one field; write the ciphertext, a tab, and the plaintext\n    PELCGB"
/// );
/// # Ok::<(), cipher_data::DataError>(())
/// ```
pub fn read_pairs(
    file: &[u8],
    hints: &FileHints,
    max_problems: usize,
) -> Result<PairTexts, DataError> {
    check_is_text(file)?;
    let encoding = hints.encoding.map_or_else(|| Encoding::of(file), Ok)?;
    let text = encoding.decode(file);
    let layout = Layout::of(&text, hints)?;
    let mut texts = PairTexts::with_capacity(text.len());
    if layout.format == Format::Json {
        read_json(&text, &layout, &mut texts, max_problems);
    } else {
        let records = layout.records(&text).skip(usize::from(layout.has_header));
        for record in records {
            read_pair(record.bytes, record.line, &layout, &mut texts, max_problems);
        }
    }
    texts.set_origin(encoding, layout);
    Ok(texts.cleaned())
}

/// Refuses the files of other programs.
pub(super) fn check_is_text(file: &[u8]) -> Result<(), DataError> {
    match NO_TEXTS.iter().any(|begin| file.starts_with(begin)) {
        true => Err(DataError::NoText),
        false => Ok(()),
    }
}

/// Reads a file that is one JSON value.
fn read_json(file: &[u8], layout: &Layout, texts: &mut PairTexts, max_problems: usize) {
    let text = match str::from_utf8(file) {
        Ok(text) => text,
        Err(_) => return read_pair(file, 1, layout, texts, max_problems),
    };
    if let Err(flaw) = json::check(text) {
        return texts.push_problem(max_problems, || flaw.locate(1, file));
    }
    let Some(elements) = json::elements(text) else {
        return read_pair(file, 1, layout, texts, max_problems);
    };
    let (mut line, mut place) = (1, 0);
    for element in elements {
        match element {
            Element::Value(value) => {
                let begin = value.as_ptr() as usize - text.as_ptr() as usize;
                let between = text.get(place..begin).unwrap_or_default();
                line += between.bytes().filter(|&byte| byte == b'\n').count() as u64;
                place = begin;
                read_pair(value.as_bytes(), line, layout, texts, max_problems);
            }
            Element::Pair(ciphertext, plaintext) => {
                push_checked(ciphertext, plaintext, texts, max_problems);
            }
        }
    }
}

/// Reads one record or JSON value.
fn read_pair(value: &[u8], line: u64, layout: &Layout, texts: &mut PairTexts, max_problems: usize) {
    match Sides::read(value, layout) {
        Ok(sides) => texts.push_sides(&sides, line),
        Err(flaw) => texts.push_problem(max_problems, || flaw.locate(line, value)),
    }
}

/// A pair without a line of its own is counted.
fn push_checked(
    ciphertext: Cow<'_, str>,
    plaintext: Cow<'_, str>,
    texts: &mut PairTexts,
    max_problems: usize,
) {
    let line = texts.len() as u64 + texts.n_problems() + 1;
    let sides = Sides {
        ciphertext,
        plaintext,
        key: None,
    };
    match sides.check([0; 3]) {
        Ok(()) => texts.push_sides(&sides, line),
        Err(Flaw { kind, offset }) => {
            let shown = format!("{}\t{}", sides.ciphertext, sides.plaintext);
            texts.push_problem(max_problems, || {
                Flaw { kind, offset }.locate(line, shown.as_bytes())
            });
        }
    }
}

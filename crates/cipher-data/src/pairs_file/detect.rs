//! The format of a text, from what it holds.

use serde_json::de::StrRead;
use serde_json::value::RawValue;
use serde_json::{Deserializer, StreamDeserializer};

use super::bars;
use super::columns::Columns;
use super::csv::fields;
use super::field::Field;
use super::json::{elements, has_member};
use super::layout::MAX_SAMPLE;
use super::names::sides_of;
use super::records::Records;
use super::{FileHints, Format};

/// The share of records that have as many fields as most, where a separator separates.
const MIN_REGULAR: f64 = 0.9;

/// The format that Excel's first line `sep=;` says.
pub(super) fn separator_line(text: &[u8]) -> Option<Format> {
    let first = Records::new(text, None).next()?;
    let separator = match first.bytes {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', separator] => char::from(*separator),
        _ => return None,
    };
    separated().find(|format| format.separator() == Some(separator))
}

fn separated() -> impl Iterator<Item = Format> {
    [Format::Tsv, Format::Semicolons, Format::Bars, Format::Csv].into_iter()
}

/// The format of a text, from what it holds.
pub(super) fn detect(text: &[u8], hints: &FileHints) -> Format {
    if let Some(json) = json_format(text, &hints.columns) {
        return json;
    }
    let likely = hints
        .likely_format
        .filter(|format| format.separator().is_some());
    let formats = likely.into_iter().chain(separated());
    let regular: Vec<Regular> = formats
        .filter_map(|format| Regular::of(text, format))
        .collect();
    // Separators can be in messages, too: what has two columns or names them is the format.
    let names_columns = |one: &&Regular| one.names_columns;
    let has_two = |one: &&Regular| one.n_columns == 2;
    let best = regular.iter().find(names_columns);
    let best = best.or(regular.iter().find(has_two)).or(regular.first());
    best.map(|one| one.format).or(likely).unwrap_or(Format::Tsv)
}

/// A format in which nearly all records have as many fields.
struct Regular {
    format: Format,
    n_columns: usize,
    /// Whether the first record has names for the sides.
    names_columns: bool,
}

impl Regular {
    fn of(text: &[u8], format: Format) -> Option<Self> {
        let separator = format.separator()?;
        let quoted = matches!(format, Format::Csv | Format::Semicolons).then_some(separator);
        let records: Vec<Vec<String>> = Records::new(text, quoted)
            .take(MAX_SAMPLE)
            .map(|record| {
                let text = String::from_utf8_lossy(record.bytes);
                let fields = match format {
                    Format::Bars => Ok(bars::fields(&text)),
                    _ => fields(&text, separator),
                };
                let texts = |fields: Vec<Field<'_>>| {
                    fields
                        .into_iter()
                        .map(|field| field.text.into_owned())
                        .collect()
                };
                fields.map_or_else(|_| Vec::new(), texts)
            })
            .collect();
        let n_of = |n_columns: usize| records.iter().filter(|r| r.len() == n_columns).count();
        let sizes = records
            .iter()
            .map(Vec::len)
            .filter(|&n_columns| n_columns > 1);
        let n_columns = sizes.max_by_key(|&n_columns| n_of(n_columns))?;
        let is_regular = n_of(n_columns) as f64 >= MIN_REGULAR * records.len() as f64;
        let names: Vec<&str> = records.first()?.iter().map(|name| name.trim()).collect();
        is_regular.then(|| Self {
            format,
            n_columns,
            names_columns: sides_of(&names).is_some(),
        })
    }
}

/// JSON Lines or JSON, if the text begins with an object or an array. An object alone that has one of
/// the columns is a pair.
fn json_format(text: &[u8], columns: &Columns) -> Option<Format> {
    let text = str::from_utf8(text).ok()?.trim_start();
    if !text.starts_with(['{', '[']) {
        return None;
    }
    let mut values: StreamDeserializer<'_, StrRead<'_>, &RawValue> =
        Deserializer::from_str(text).into_iter();
    let Ok(first) = values.next()? else {
        // An array with an error in it. Other texts may begin with a bracket.
        let inner = text.trim_start_matches('[').trim_start();
        let is_array = text.starts_with('[') && inner.starts_with(['{', '"']);
        return is_array.then_some(Format::Json);
    };
    let is_one_line = !first.get().contains(['\n', '\r']);
    match values.next() {
        None if first.get().starts_with('{')
            && is_one_line
            && (has_member(first.get(), columns) || elements(first.get()).is_none()) =>
        {
            Some(Format::JsonLines)
        }
        None => Some(Format::Json),
        Some(Ok(_)) => Some(Format::JsonLines),
        // A message may begin with a bracket.
        Some(Err(_)) if is_one_line && first.get().contains('"') => Some(Format::JsonLines),
        Some(Err(_)) => None,
    }
}

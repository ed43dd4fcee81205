//! Values with separators between and quotes around them, read strictly by RFC 4180.
//!
//! The `csv` crate reads anything: it reads `"a"b` as `ab`, takes the rest of the file for a field
//! whose quote is never closed, and does not say where in a record it is. With it a damaged message
//! would pass as a message. The tests compare the rules below with that crate.

use std::borrow::Cow;

use super::field::Field;
use super::problem::{Flaw, ProblemKind};

/// Where in a record a reader is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Before the first character of a field.
    FieldStart,
    /// Inside a field without quotes.
    Plain,
    /// Inside quotes, where separators and line breaks are part of the message.
    Quoted,
    /// After a quote inside quotes: it closes them, or another one follows and both mean one.
    QuoteInQuoted,
    /// After a quote that does not fit.
    Broken,
}

impl Place {
    /// The place after the next character.
    pub(super) fn after(self, character: char, separator: char) -> Self {
        match (self, character) {
            (Self::Quoted, '"') => Self::QuoteInQuoted,
            (Self::Quoted, _) => Self::Quoted,
            (Self::FieldStart | Self::QuoteInQuoted, '"') => Self::Quoted,
            (Self::Broken, _) | (Self::Plain, '"') => Self::Broken,
            (_, character) if character == separator => Self::FieldStart,
            (Self::QuoteInQuoted, _) => Self::Broken,
            (Self::FieldStart | Self::Plain, _) => Self::Plain,
        }
    }
}

/// The fields of one record, without the quotes around them.
pub(super) fn fields(record: &str, separator: char) -> Result<Vec<Field<'_>>, Flaw> {
    let bad_quoting = |offset| Flaw {
        kind: ProblemKind::BadQuoting,
        offset,
    };
    let mut fields = Vec::new();
    let mut place = Place::FieldStart;
    let mut start = 0;
    let mut text = String::new();
    if !record.contains('"') {
        return Ok(unquoted_fields(record, separator));
    }
    for (offset, character) in record.char_indices() {
        let before = place;
        place = before.after(character, separator);
        match (before, place) {
            // The quote before closed the field, and more of it follows.
            (Place::QuoteInQuoted, Place::Broken) => return Err(bad_quoting(offset - 1)),
            (_, Place::Broken) => return Err(bad_quoting(offset)),
            (_, Place::FieldStart) => {
                let text = Cow::Owned(std::mem::take(&mut text));
                fields.push(Field { start, text });
                start = offset + 1;
            }
            (_, Place::Plain) | (Place::Quoted | Place::QuoteInQuoted, Place::Quoted) => {
                text.push(character);
            }
            // A quote that opens or closes a field.
            (_, Place::Quoted | Place::QuoteInQuoted) => {}
        }
    }
    if place == Place::Quoted {
        return Err(bad_quoting(start));
    }
    let text = Cow::Owned(text);
    fields.push(Field { start, text });
    Ok(fields)
}

/// The fields of a record in which quotes are characters like any other.
pub(super) fn unquoted_fields(record: &str, separator: char) -> Vec<Field<'_>> {
    let mut start = 0;
    let fields = record.split(separator).map(|text| {
        let field = Field {
            start,
            text: Cow::Borrowed(text),
        };
        start += text.len() + separator.len_utf8();
        field
    });
    fields.collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The fields as the `csv` crate reads them.
    fn judge(record: &str) -> Vec<String> {
        let mut reader = ::csv::ReaderBuilder::new();
        let mut reader = reader.has_headers(false).from_reader(record.as_bytes());
        let record = reader.records().next().unwrap().unwrap();
        record.iter().map(String::from).collect()
    }

    proptest! {
        #[test]
        fn what_is_well_quoted_is_read_as_by_the_csv_crate(record in "[ab\",é]{1,12}") {
            if let Ok(fields) = fields(&record, ',') {
                let texts: Vec<String> = fields.iter().map(|field| field.text.to_string()).collect();
                prop_assert_eq!(texts, judge(&record));
            }
        }
    }

    #[test]
    fn a_quote_that_does_not_fit_is_found_where_it_stands() {
        let offset = |record| fields(record, ',').unwrap_err().offset;
        assert_eq!(offset("ab\"c,d"), 2);
        assert_eq!(offset("\"ab\"c,d"), 3);
        assert_eq!(offset("ab,\"cd"), 3);
    }
}

use std::borrow::Cow;

use serde::Deserialize;

use super::Format;
use super::csv;
use super::field::Field;
use super::problem::{Flaw, ProblemKind};
use crate::SymbolUnit;

/// The two sides of a pair, as they are in a record.
#[derive(Deserialize)]
pub(super) struct Sides<'a> {
    #[serde(borrow)]
    pub(super) ciphertext: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) plaintext: Cow<'a, str>,
}

/// Which of the two columns is which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Columns {
    CiphertextFirst,
    PlaintextFirst,
}

impl Columns {
    /// The order of the columns, if the record is a header.
    pub(super) fn of_header(record: &[u8], format: Format) -> Option<Self> {
        let record = str::from_utf8(record).ok()?;
        let [first, second] = two_fields(record, format)?.ok()?;
        match [first, second].map(|name| name.text.trim().to_lowercase()) {
            [first, second] if first == "ciphertext" && second == "plaintext" => {
                Some(Self::CiphertextFirst)
            }
            [first, second] if first == "plaintext" && second == "ciphertext" => {
                Some(Self::PlaintextFirst)
            }
            _ => None,
        }
    }
}

impl<'a> Sides<'a> {
    /// Reads a record, and checks that the two sides can be a pair.
    pub(super) fn read(
        record: &'a [u8],
        format: Format,
        columns: Columns,
        unit: SymbolUnit,
    ) -> Result<Self, Flaw> {
        let text = text(record)?;
        let Some(fields) = two_fields(text, format) else {
            let sides = json(text)?;
            sides.check([0, 0], unit)?;
            return Ok(sides);
        };
        let [first, second] = fields?;
        let (ciphertext, plaintext) = match columns {
            Columns::CiphertextFirst => (first, second),
            Columns::PlaintextFirst => (second, first),
        };
        let starts = [ciphertext.start, plaintext.start];
        let sides = Self {
            ciphertext: ciphertext.text,
            plaintext: plaintext.text,
        };
        sides.check(starts, unit)?;
        Ok(sides)
    }

    /// Refuses empty sides and sides of unequal lengths. `starts` has the byte of the record where
    /// each side starts.
    fn check(&self, starts: [usize; 2], unit: SymbolUnit) -> Result<(), Flaw> {
        let [ciphertext, plaintext] =
            [&self.ciphertext, &self.plaintext].map(|side| unit.symbols(side).count());
        let (kind, offset) = match (ciphertext, plaintext) {
            (0, _) => (ProblemKind::EmptySide("ciphertext"), starts[0]),
            (_, 0) => (ProblemKind::EmptySide("plaintext"), starts[1]),
            _ if ciphertext == plaintext => return Ok(()),
            _ => {
                let kind = ProblemKind::UnequalLengths {
                    ciphertext,
                    plaintext,
                    unit,
                };
                (kind, starts[0].max(starts[1]))
            }
        };
        Err(Flaw { kind, offset })
    }
}

fn text(record: &[u8]) -> Result<&str, Flaw> {
    let flaw = |kind, offset| Flaw { kind, offset };
    let text = str::from_utf8(record)
        .map_err(|error| flaw(ProblemKind::InvalidUtf8, error.valid_up_to()))?;
    match text.find('\0') {
        Some(offset) => Err(flaw(ProblemKind::Nul, offset)),
        None => Ok(text),
    }
}

/// The two fields of a record, or nothing for a format that has no columns.
fn two_fields(record: &str, format: Format) -> Option<Result<[Field<'_>; 2], Flaw>> {
    let fields = match format {
        Format::Tsv => Ok(tab_separated(record)),
        Format::Csv => csv::fields(record),
        Format::JsonLines => return None,
    };
    Some(fields.and_then(|fields| {
        let third = fields.get(2).map(|field| field.start);
        fields.try_into().map_err(|_| match third {
            Some(offset) => Flaw {
                kind: ProblemKind::ExtraField(format),
                offset,
            },
            None => Flaw {
                kind: ProblemKind::MissingField(format),
                offset: record.len(),
            },
        })
    }))
}

fn tab_separated(record: &str) -> Vec<Field<'_>> {
    let mut start = 0;
    let fields = record.split('\t').map(|text| {
        let field = Field {
            start,
            text: Cow::Borrowed(text),
        };
        start += text.len() + 1;
        field
    });
    fields.collect()
}

fn json(record: &str) -> Result<Sides<'_>, Flaw> {
    serde_json::from_str(record).map_err(|error| {
        let message = error.to_string();
        // serde_json appends a place in the record, which is not the place in the file.
        let place = format!(" at line {} column {}", error.line(), error.column());
        Flaw {
            kind: ProblemKind::BadJson(message.trim_end_matches(&place).into()),
            offset: record.floor_char_boundary(error.column().saturating_sub(1)),
        }
    })
}

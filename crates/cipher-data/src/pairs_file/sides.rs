use std::borrow::Cow;

use super::columns::Places;
use super::json;
use super::layout::Layout;
use super::problem::{Flaw, ProblemKind};

/// The two sides of a pair and its key, as they are in a record.
#[derive(Debug)]
pub(super) struct Sides<'a> {
    pub(super) ciphertext: Cow<'a, str>,
    pub(super) plaintext: Cow<'a, str>,
    /// `None` in a file without keys.
    pub(super) key: Option<Cow<'a, str>>,
}

impl<'a> Sides<'a> {
    /// Reads a record, and checks that the two sides can be a pair.
    pub(super) fn read(record: &'a [u8], layout: &Layout) -> Result<Self, Flaw> {
        let text = text(record)?;
        let Some(fields) = layout.fields(text) else {
            let sides = json::pair(text, &layout.columns)?;
            sides.check([0; 3])?;
            return Ok(sides);
        };
        let mut fields = fields?;
        let Places {
            ciphertext,
            plaintext,
            key,
            n_columns,
        } = layout.columns.places();
        let needed = n_columns.max(2);
        if let Some(extra) = fields.get(needed) {
            return Err(Flaw {
                kind: ProblemKind::ExtraField(layout.format, needed),
                offset: extra.start,
            });
        }
        if fields.len() < needed {
            return Err(Flaw {
                kind: ProblemKind::MissingField(layout.format, fields.len(), needed),
                offset: record.len(),
            });
        }
        let mut take = |place: usize| {
            let field = fields.get_mut(place);
            field.map_or((0, Cow::Borrowed("")), |field| {
                (field.start, std::mem::take(&mut field.text))
            })
        };
        let (ciphertext_start, ciphertext) = take(ciphertext);
        let (plaintext_start, plaintext) = take(plaintext);
        let (key_start, key) = key.map(&mut take).unzip();
        let sides = Self {
            ciphertext,
            plaintext,
            key,
        };
        let starts = [ciphertext_start, plaintext_start, key_start.unwrap_or(0)];
        sides.check(starts)?;
        Ok(sides)
    }

    /// Refuses empty sides and keys. `starts` has the byte of the record where each of the three starts.
    pub(super) fn check(&self, starts: [usize; 3]) -> Result<(), Flaw> {
        let parts = [
            ("ciphertext", Some(&self.ciphertext)),
            ("plaintext", Some(&self.plaintext)),
            ("key", self.key.as_ref()),
        ];
        for ((side, text), offset) in parts.into_iter().zip(starts) {
            let is_empty = |text: &Cow<'_, str>| match side {
                "key" => text.trim().is_empty(),
                _ => text.is_empty(),
            };
            if text.is_some_and(is_empty) {
                let kind = ProblemKind::EmptySide(side);
                return Err(Flaw { kind, offset });
            }
        }
        Ok(())
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

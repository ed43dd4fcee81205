//! Vertical bars between columns, as people and Markdown write them.

use super::field::Field;

const BAR: char = '|';

/// The fields of a record without the white space around them. A bar before the first field and one
/// after the last are no separators.
pub(super) fn fields(record: &str) -> Vec<Field<'_>> {
    let end = record.trim_end();
    let begin = end.trim_start();
    let inner = match begin.strip_prefix(BAR) {
        Some(inner) => inner.strip_suffix(BAR).unwrap_or(inner),
        None => begin,
    };
    let mut start = end.len() - begin.len() + (begin.len() > inner.len()) as usize;
    let fields = inner.split(BAR).map(|text| {
        let trimmed = text.trim_start();
        let field = Field {
            start: start + text.len() - trimmed.len(),
            text: trimmed.trim_end().into(),
        };
        start += text.len() + BAR.len_utf8();
        field
    });
    fields.collect()
}

/// Whether a record is the line of dashes that Markdown has below a header.
pub(super) fn is_rule(record: &str) -> bool {
    let is_dashes = |text: &str| text.contains('-') && text.chars().all(|c| c == '-' || c == ':');
    let fields = fields(record);
    fields.len() > 1 && fields.iter().all(|field| is_dashes(&field.text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_between_bars_and_around_them_is_nothing() {
        for (record, expected) in [
            ("AB | xy", vec![(0, "AB"), (5, "xy")]),
            ("| AB | xy |", vec![(2, "AB"), (7, "xy")]),
            (" |AB|xy", vec![(2, "AB"), (5, "xy")]),
            ("AB|", vec![(0, "AB"), (3, "")]),
            ("AB \"c\" | d", vec![(0, "AB \"c\""), (9, "d")]),
        ] {
            let found = fields(record);
            let found: Vec<_> = found.iter().map(|f| (f.start, &*f.text)).collect();
            assert_eq!(found, expected, "{record}");
        }
    }

    #[test]
    fn a_line_of_dashes_in_every_column_is_a_rule() {
        assert!(is_rule("| --- | :-: |") && is_rule("---|---"));
        assert!(!is_rule("-- | M") && !is_rule("----") && !is_rule("AB | xy"));
    }
}

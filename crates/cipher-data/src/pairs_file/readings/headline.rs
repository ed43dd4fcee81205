use super::Readings;
use crate::PairTexts;

/// The share of other pairs that are equally long where a first one that is not is a header.
const MOST: f64 = 0.9;
/// Fewer other pairs say nothing.
const MIN_OTHERS: usize = 4;
/// Other pairs that are looked at.
const MAX_OTHERS: usize = 1000;
/// The longest name of a column, in words and in characters.
const MAX_WORDS: usize = 3;
const MAX_CHARACTERS: usize = 30;

impl PairTexts {
    /// The pairs without a first line that is a header in words that nobody knows: two short names
    /// of different length above pairs whose sides are equally long.
    pub fn without_header(mut self, readings: &Readings) -> Self {
        let Some((encoding, mut layout)) = self.origin().cloned() else {
            return self;
        };
        let is_table = layout.format.separator().is_some();
        let n_others = self.len().saturating_sub(1).min(MAX_OTHERS);
        if layout.has_header || !is_table || n_others < MIN_OTHERS || self.is_equal(0, readings) {
            return self;
        }
        let [ciphertext, plaintext] = [self.ciphertext(0).trim(), self.plaintext(0).trim()];
        let n_equal = (1..=n_others).filter(|&index| self.is_equal(index, readings));
        if !is_name(ciphertext)
            || !is_name(plaintext)
            || (n_equal.count() as f64) < MOST * n_others as f64
        {
            return self;
        }
        layout.has_header = true;
        layout.columns.ciphertext = Some(ciphertext.into());
        layout.columns.plaintext = Some(plaintext.into());
        self = self.select(&(1..self.len()).collect::<Vec<_>>());
        self.set_origin(encoding, layout);
        self
    }
}

fn is_name(text: &str) -> bool {
    text.contains(char::is_alphabetic)
        && text.split_whitespace().count() <= MAX_WORDS
        && text.chars().count() <= MAX_CHARACTERS
}

#[cfg(test)]
mod tests {
    use crate::{FileHints, FoundReadings, PairTexts, ReadingHints, read_pairs};

    fn read(file: &str) -> PairTexts {
        let texts = read_pairs(file.as_bytes(), &FileHints::default(), 9).unwrap();
        let found = FoundReadings::of(&texts, &ReadingHints::default());
        texts.without_header(&found.readings)
    }

    const PAIRS: &str = "ab\tCD\nabc\tDEF\nabcd\tGHIJ\nba\tDC\n";

    #[test]
    fn names_of_different_length_above_equal_sides_are_a_header() {
        let texts = read(&format!("abc\tFGHI\n{PAIRS}"));
        assert_eq!((texts.len(), texts.line(0)), (4, 2));
        let (_, layout) = texts.origin().unwrap();
        assert_eq!(layout.columns.plaintext.as_deref(), Some("FGHI"));
    }

    #[test]
    fn a_first_pair_of_equal_sides_and_an_unequal_one_among_others_stay() {
        assert_eq!(read(&format!("abc\tGHI\n{PAIRS}")).len(), 5);
        assert_eq!(read(&format!("abc\tFGHI\nab\tDCE\n{PAIRS}")).len(), 6);
    }
}

//! What is around a message and no part of it.

use super::PairTexts;
use super::sides::Sides;

/// Pairs that are looked at to tell whether cleaning helps.
const MAX_SAMPLE: usize = 1000;

/// How many more of them must fit.
const MIN_GAIN: usize = 2;
/// The white space that is left around texts by accident.
const BLANKS: [char; 3] = [' ', '\t', '\u{a0}'];

impl PairTexts {
    /// The pairs without white space at the ends of the texts and without marks of direction and of
    /// no width, if more of them then begin together and are equally long in characters: editors and
    /// web pages leave such things on one side of a pair.
    pub(super) fn cleaned(self) -> Self {
        let indices = || self.sample(MAX_SAMPLE);
        let begin = |text: &str| text.len() - text.trim_start_matches(BLANKS).len();
        let fits = |[ciphertext, plaintext]: [&str; 2]| {
            ciphertext.chars().count() == plaintext.chars().count()
                && begin(ciphertext) == begin(plaintext)
        };
        let as_it_is =
            indices().filter(|&index| fits([self.ciphertext(index), self.plaintext(index)]));
        let cleaned = indices().filter(|&index| {
            let sides = [self.ciphertext(index), self.plaintext(index)].map(clean);
            fits(sides.each_ref().map(String::as_str))
        });
        if cleaned.count() < as_it_is.count() + MIN_GAIN {
            return self;
        }
        let mut texts = self.select(&[]);
        for index in 0..self.len() {
            let sides = Sides {
                ciphertext: clean(self.ciphertext(index)).into(),
                plaintext: clean(self.plaintext(index)).into(),
                key: self.key(index).map(|key| clean(key).into()),
            };
            texts.push_sides(&sides, self.line(index));
        }
        texts
    }
}

fn clean(text: &str) -> String {
    text.trim_matches(BLANKS)
        .chars()
        .filter(|&c| !is_mark(c))
        .collect()
}

/// Marks of direction, and of no width. A joiner of emoji is none of them.
fn is_mark(character: char) -> bool {
    matches!(
        character,
        '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
    )
}

#[cfg(test)]
mod tests {
    use crate::{FileHints, read_pairs};

    #[test]
    fn blanks_at_the_ends_and_marks_go_where_they_make_the_sides_unequal() {
        let read = |file: &str| read_pairs(file.as_bytes(), &FileHints::default(), 9).unwrap();
        let texts = read("KHOOR BRX\tHELLO YOU \nFDW\t\u{200f}CAT\nZH\tWE\n");
        assert_eq!(
            [texts.plaintext(0), texts.plaintext(1)],
            ["HELLO YOU", "CAT"]
        );
        let texts = read("KHOOR \t HELLO\nFDW \t CAT\n");
        assert_eq!(
            [texts.ciphertext(0), texts.plaintext(0)],
            ["KHOOR", "HELLO"]
        );
        let texts = read("KHOOR \tHELLO \nFDW\tCAT\n");
        assert_eq!(texts.plaintext(0), "HELLO ");
    }
}

//! Signs that people write where they could not read a letter.

use std::borrow::Cow;

use super::encode::LOST;

/// What stands for a letter inside a word; elsewhere it is punctuation.
const INSIDE_WORDS: [char; 2] = ['?', '*'];
/// What stands for a letter everywhere.
const ANYWHERE: &str = "[?]";

/// The text with U+FFFD for each sign that stands for a letter that nobody could read.
pub(crate) fn mark_unread(text: &str) -> Cow<'_, str> {
    if !text.contains(INSIDE_WORDS) {
        return text.into();
    }
    let text = text.replace(ANYWHERE, LOST);
    let mut marked = String::with_capacity(text.len());
    // Whether a letter is before, with nothing but such signs between.
    let mut is_after_letter = false;
    for (place, c) in text.char_indices() {
        let is_sign = INSIDE_WORDS.contains(&c);
        let rest = text[place..].trim_start_matches(INSIDE_WORDS);
        let is_unread = is_sign && is_after_letter && rest.starts_with(char::is_alphanumeric);
        marked.push_str(if is_unread {
            LOST
        } else {
            &text[place..place + c.len_utf8()]
        });
        is_after_letter = c.is_alphanumeric() || is_sign && is_after_letter;
    }
    marked.into()
}

/// The number of signs in a text that people write for a letter that they could not read: a `?` or a `*` inside a
/// word, `[?]` and U+FFFD.
pub fn n_unread_signs(text: &str) -> usize {
    mark_unread(text).matches(LOST).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_inside_a_word_is_unread_and_one_at_its_end_is_punctuation() {
        for (text, marked) in [
            ("ATT?CK AT D*WN", "ATT\u{fffd}CK AT D\u{fffd}WN"),
            (
                "b??d [?]og, 4[?]",
                "b\u{fffd}\u{fffd}d \u{fffd}og, 4\u{fffd}",
            ),
            ("Who? *him* or me?", "Who? *him* or me?"),
            ("? a ?b c?", "? a ?b c?"),
        ] {
            assert_eq!(mark_unread(text), marked);
        }
    }
}

//! Symbols in messages for a reader.

/// Characters of a list that are shown.
const MAX: usize = 100;

/// Symbols one after the other, with spaces between where some have several characters. Characters
/// that cannot be seen are escaped, and a long list is cut off.
pub fn list(symbols: &[String]) -> String {
    let is_long = symbols.iter().any(|symbol| symbol.chars().nth(1).is_some());
    let symbols = symbols.join(if is_long { " " } else { "" });
    shortened(&symbols, MAX)
}

/// The text with characters escaped that cannot be seen, cut off after `max` characters.
pub fn shortened(text: &str, max: usize) -> String {
    match text.char_indices().nth(max) {
        Some((end, _)) => format!("{} ..", shown(&text[..end])),
        None => shown(text),
    }
}

/// The text with characters escaped that cannot be seen.
pub fn shown(text: &str) -> String {
    text.chars().map(escape).collect()
}

/// Quotes and accents can be seen; everything else that `escape_debug` escapes cannot.
fn escape(character: char) -> String {
    if "\"'\\".contains(character) {
        return character.into();
    }
    // After a letter, an accent is not escaped.
    let escaped = format!("a{character}").escape_debug().to_string();
    escaped[1..].into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_cannot_be_seen_are_escaped_in_lists_of_symbols() {
        let text = "A\u{a0}\u{200b}\u{202e}\u{7}\"é e\u{301}👩";
        let expected = "A\\u{a0}\\u{200b}\\u{202e}\\u{7}\"é e\u{301}👩";
        assert_eq!(shown(text), expected);
    }

    #[test]
    fn a_list_has_spaces_between_symbols_of_several_characters_and_an_end() {
        let symbols = |symbols: &[&str]| symbols.iter().map(|&s| s.into()).collect::<Vec<String>>();
        assert_eq!(list(&symbols(&["A", "B"])), "AB");
        assert_eq!(list(&symbols(&["17", "2"])), "17 2");
        assert_eq!(list(&symbols(&["A"; 101])), "A".repeat(100) + " ..");
    }
}

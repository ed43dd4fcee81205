//! What is wrong with a config, and where, in words for its author.

use std::ops::Range;

use anyhow::anyhow;
use toml::de::{DeTable, DeValue};

/// An error of reading TOML, with its place in the text that is called `name`.
pub fn located(name: &str, text: &str, error: &toml::de::Error) -> anyhow::Error {
    let span = error.span().unwrap_or(0..0);
    let at = locate_unknown(text, error.message(), &span).unwrap_or(span.start);
    anyhow!("{name}:{}: {}", place(text, at), explain(error.message()))
}

/// The byte at which an unknown name stands, where the error has the place of the table that it is in.
fn locate_unknown(text: &str, message: &str, span: &Range<usize>) -> Option<usize> {
    let wrong = message.strip_prefix("unknown ")?.split('`').nth(1)?;
    let root = DeTable::parse(text).ok()?;
    let table = table_at(root.get_ref(), span)?;
    table.iter().find_map(|(key, value)| match value.get_ref() {
        _ if key.get_ref() == wrong => Some(key.span().start),
        DeValue::String(name) if name == wrong => Some(value.span().start),
        _ => None,
    })
}

/// The table whose header or braces begin where a span does.
fn table_at<'a>(outer: &'a DeTable<'a>, span: &Range<usize>) -> Option<&'a DeTable<'a>> {
    outer.iter().find_map(|(_, value)| {
        let table = value.get_ref().as_table()?;
        let is_it = value.span().start == span.start;
        is_it.then_some(table).or_else(|| table_at(table, span))
    })
}

/// `line:column`, counted from 1, of a byte of the text.
pub fn place(text: &str, at: usize) -> String {
    let before = &text[..text.floor_char_boundary(at)];
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|&c| c != '\n').count() + 1;
    format!("{line}:{column}")
}

/// The byte at which the value of a field such as `training.epochs` begins in a text that is known
/// to be TOML. Where the text lacks the field, its nearest outer table; 0 if there is none.
pub fn locate(text: &str, field: &str) -> usize {
    let Ok(table) = DeTable::parse(text) else {
        return 0;
    };
    let mut table = table.get_ref();
    let mut at = 0;
    for key in field.split('.') {
        let Some((_, value)) = table
            .iter()
            .find(|(name, _)| name.get_ref().as_ref() == key)
        else {
            break;
        };
        at = value.span().start;
        match value.get_ref().as_table() {
            Some(inner) => table = inner,
            None => break,
        }
    }
    at
}

/// Serde's words, with the nearest known name for an unknown one and types as people call them.
pub fn explain(message: &str) -> String {
    let names: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    if let [wrong, known @ ..] = names.as_slice()
        && message.starts_with("unknown ")
        && !known.is_empty()
    {
        let kind = message.split_whitespace().nth(1).unwrap_or("name");
        let distance = |name: &&&str| strsim::damerau_levenshtein(name, wrong);
        let nearest = known.iter().min_by_key(distance).unwrap_or(&known[0]);
        return if strsim::damerau_levenshtein(nearest, wrong) <= 1 + wrong.len() / 3 {
            format!(
                "unknown {kind} `{}`; did you mean `{nearest}`?",
                shorten(wrong)
            )
        } else {
            let known = known.join(", ");
            format!("unknown {kind} `{}`; known here: {known}", shorten(wrong))
        };
    }
    let message = shorten(message).trim_end().replace('\n', ", ");
    if message.contains("leading zero") {
        return format!("{message}; write a key of digits in quotes, such as \"0317\"");
    }
    match message.rsplit_once("expected ") {
        Some((rest, "usize" | "u64" | "u32")) => format!("{rest}expected a whole number from 0 up"),
        Some((rest, "i64")) => format!("{rest}expected a whole number"),
        Some((rest, "f64" | "f32")) => format!("{rest}expected a number"),
        Some((_, "string only")) => "expected a name in quotes".into(),
        Some((rest, "a sequence")) => format!("{rest}expected a list"),
        Some((rest, tuple)) if let Some(n) = tuple.strip_prefix("a tuple of size ") => {
            format!("{rest}expected a list of {n} values")
        }
        _ => message,
    }
}

/// At most 300 characters of a text that somebody typed.
pub fn shorten(text: &str) -> String {
    const MAX: usize = 300;
    match text.char_indices().nth(MAX) {
        Some((end, _)) => format!("{} ..", &text[..end]),
        None => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_names_are_answered_with_the_nearest_known_one() {
        let message = explain("unknown field `d_hiden`, expected one of `d_embedding`, `d_hidden`");
        assert_eq!(message, "unknown field `d_hiden`; did you mean `d_hidden`?");
        let message = explain("unknown variant `xyz`, expected `caesar` or `vigenere`");
        assert_eq!(
            message,
            "unknown variant `xyz`; known here: caesar, vigenere"
        );
    }

    #[test]
    fn types_are_called_what_people_call_them() {
        let message = explain("invalid type: unit variant, expected string only");
        assert_eq!(message, "expected a name in quotes");
        let message = explain("invalid length 1, expected a tuple of size 2");
        assert_eq!(message, "invalid length 1, expected a list of 2 values");
    }

    #[test]
    fn places_count_lines_and_characters_from_1() {
        assert_eq!(place("a\näb", 0), "1:1");
        assert_eq!(place("a\näb", 4), "2:2");
    }

    #[test]
    fn a_field_is_located_at_its_value() {
        let text = "seed = 1\n[training]\nepochs = 0\n";
        assert_eq!(place(text, locate(text, "training.epochs")), "3:10");
    }
}

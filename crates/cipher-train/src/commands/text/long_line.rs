//! A line that is too long to be in memory as a whole.

use std::io::{BufRead, Write};
use std::str::from_utf8;

use anyhow::{Context, Result};

use super::{
    ConvertParts, Converted, READ, Report, UNREADABLE, cut_line_end, not_utf8, read_up_to,
};

/// Converts a line part by part; `bytes` is its beginning. Where a part has an error, the answer to the
/// parts before it is marked, and the rest of the line is left out. Returns the number of characters.
pub fn convert(
    mut parts: Box<dyn ConvertParts + '_>,
    mut bytes: Vec<u8>,
    input: &mut impl BufRead,
    number: usize,
    (out, report): (&mut impl Write, &mut Report),
) -> Result<usize> {
    let mut n_characters = 0;
    let mut is_marked = false;
    let mut is_end = false;
    while !is_end {
        is_end = READ > read_up_to(input, READ, &mut bytes)?;
        if is_end || bytes.last() == Some(&b'\n') {
            is_end = true;
            cut_line_end(&mut bytes);
        }
        let place = || format!("stdin, line {number}");
        match convert_part(parts.as_mut(), &bytes, is_end, n_characters) {
            Ok((text, converted)) => {
                is_marked |= !converted.unknown.is_empty();
                report.marks(&converted.unknown, n_characters, place);
                write!(out, "{}", converted.text)?;
                n_characters += text.chars().count();
                let n_bytes = text.len();
                bytes.drain(..n_bytes);
            }
            Err(error) => {
                report.error(&error, place);
                write!(out, "{UNREADABLE}")?;
                if !is_end {
                    skip_line(input)?;
                }
                break;
            }
        }
    }
    report.n_marked += usize::from(is_marked);
    writeln!(out)?;
    out.flush()?;
    Ok(n_characters)
}

/// A part and what becomes of it; `n_before` characters came before.
fn convert_part<'a>(
    parts: &mut dyn ConvertParts,
    bytes: &'a [u8],
    is_end: bool,
    n_before: usize,
) -> Result<(&'a str, Converted)> {
    let text = complete(bytes, is_end).map_err(|valid| not_utf8(valid, n_before))?;
    let converted = parts.convert(text);
    let converted = match n_before {
        0 => converted,
        n => converted.with_context(|| format!("counted from character {}", n + 1)),
    };
    Ok((text, converted?))
}

/// The text of a part, without what belongs to the next one: the beginning of a character, or a carriage
/// return that may be of the line's end. If it is not UTF-8, the bytes of it that are.
fn complete(bytes: &[u8], is_end: bool) -> Result<&str, &[u8]> {
    let text = match from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let valid = &bytes[..error.valid_up_to()];
            let continues = error.error_len().is_none() && !is_end;
            if !continues {
                return Err(valid);
            }
            from_utf8(valid).map_err(|_| valid)?
        }
    };
    match text.strip_suffix('\r') {
        Some(before) if !is_end => Ok(before),
        _ => Ok(text),
    }
}

/// Reads to the end of the line without keeping it.
fn skip_line(input: &mut impl BufRead) -> Result<()> {
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        let n_read = read_up_to(input, READ, &mut bytes)?;
        if n_read < READ || bytes.last() == Some(&b'\n') {
            return Ok(());
        }
    }
}

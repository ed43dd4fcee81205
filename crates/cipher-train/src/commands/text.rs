//! Texts from the arguments, or the lines of stdin, to texts on stdout: a line out for each line in.
//!
//! A line with an error becomes an empty line, is reported on stderr, and the next line follows.

use std::io::{BufRead, BufReader, BufWriter, Read as _, Write, stdin, stdout};
use std::time::Instant;

use anyhow::{Context, Error, Result, anyhow, bail};

use super::bar::Busy;
use super::{Outcome, output};
use crate::report::thousands;

/// Bytes of stdin that are read at once, if there are that many.
const READ: usize = 1 << 18;
/// A command that takes longer than this, in seconds, logs its speed.
const SLOW: f64 = 1.0;
/// Errors that are reported one by one; the others are counted.
const MAX_REPORTED: usize = 20;

/// Turns texts into texts.
pub trait Convert {
    /// The new text for each of the texts, or what is wrong with it.
    fn convert(&self, texts: &[String]) -> Vec<Result<String>>;

    /// For a text that comes in parts; `None` if texts must be complete.
    fn parts(&self) -> Option<Box<dyn ConvertParts + '_>> {
        None
    }
}

/// Turns the next part of a long text into text.
pub trait ConvertParts {
    fn convert(&mut self, part: &str) -> Result<String>;
}

/// Converts the texts, or if there are none the lines of stdin.
///
/// # Errors
///
/// Those of stdin and stdout, and one for all texts that cannot be converted.
pub fn convert(texts: &[String], with: &impl Convert) -> Result<Outcome> {
    let mut out = BufWriter::new(stdout().lock());
    if let [text] = texts {
        let converted = with.convert(std::slice::from_ref(text)).remove(0);
        let converted = converted.with_context(|| format!("{text:?}"))?;
        writeln!(out, "{converted}")?;
        out.flush()?;
        return Ok(Outcome::Done);
    }
    let mut errors = Errors::default();
    if texts.is_empty() {
        let _busy = Busy::unless_read("reading stdin and writing stdout");
        let input = BufReader::with_capacity(READ, stdin().lock());
        convert_lines(with, input, &mut out, &mut errors)?;
    } else {
        let converted = with.convert(texts);
        for (text, converted) in texts.iter().zip(converted) {
            writeln!(
                out,
                "{}",
                errors.or_empty(converted, || format!("{text:?}"))
            )?;
        }
    }
    out.flush()?;
    errors.finish()
}

/// The errors of single texts.
#[derive(Default)]
struct Errors {
    n: usize,
}

impl Errors {
    fn or_empty(&mut self, converted: Result<String>, place: impl Fn() -> String) -> String {
        converted.unwrap_or_else(|error| {
            self.report(&error, place());
            String::new()
        })
    }

    fn report(&mut self, error: &Error, place: String) {
        self.n += 1;
        if self.n <= MAX_REPORTED {
            output::error(format!("{place}: {error:#}"));
        }
    }

    fn finish(self) -> Result<Outcome> {
        match self.n {
            0 => Ok(Outcome::Done),
            1 => bail!("1 text could not be converted; its line is empty"),
            n => bail!("{n} texts could not be converted; their lines are empty"),
        }
    }
}

/// Answers the lines that have arrived before it waits for more, which serves a person at a terminal
/// and a pipe.
fn convert_lines(
    with: &impl Convert,
    mut input: impl BufRead + Buffered,
    out: &mut impl Write,
    errors: &mut Errors,
) -> Result<()> {
    skip_byte_order_mark(&mut input)?;
    let start = Instant::now();
    let mut n_characters = 0;
    let mut first_line = 1;
    // A longer line is not held in memory as a whole, if that is not needed.
    let max_bytes = with.parts().map_or(usize::MAX, |_| READ);
    loop {
        let mut lines = Vec::new();
        let last = loop {
            match read_line(&mut input, max_bytes)? {
                Read::Line(line) => lines.push(line),
                other => break Some(other),
            }
            if !input.has_line() {
                break None;
            }
        };
        n_characters += convert_block(with, &lines, first_line, out, errors)?;
        first_line += lines.len();
        match (last, with.parts()) {
            (Some(Read::Begin(begin)), Some(parts)) => {
                n_characters += convert_long_line(parts, begin, &mut input, first_line, out)?;
                first_line += 1;
            }
            (Some(_), _) => break,
            (None, _) => {}
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    if seconds > SLOW {
        output::info(format!(
            "{} characters in {seconds:.1} s: {} characters/s",
            thousands(n_characters as f64),
            thousands(n_characters as f64 / seconds)
        ));
    }
    Ok(())
}

/// Some editors and shells put U+FEFF before a text; it is no part of the first line.
fn skip_byte_order_mark(input: &mut impl BufRead) -> Result<()> {
    const MARK: &[u8] = "\u{feff}".as_bytes();
    let begin = input.fill_buf().context("cannot read stdin")?;
    if begin.starts_with(MARK) {
        input.consume(MARK.len());
    }
    Ok(())
}

/// The lines as they came; one that is not UTF-8 is its own error. Returns the number of characters.
fn convert_block(
    with: &impl Convert,
    lines: &[Result<String>],
    first_line: usize,
    out: &mut impl Write,
    errors: &mut Errors,
) -> Result<usize> {
    let texts: Vec<String> = lines.iter().flatten().cloned().collect();
    let mut converted = with.convert(&texts).into_iter();
    for (line, number) in lines.iter().zip(first_line..) {
        let converted = match line {
            Ok(_) => converted.next().expect("one answer for each text"),
            Err(error) => Err(anyhow!("{error}")),
        };
        let place = || format!("stdin, line {number}");
        writeln!(out, "{}", errors.or_empty(converted, place))?;
    }
    out.flush()?;
    Ok(texts.iter().map(|text| text.chars().count()).sum())
}

/// Converts a line part by part; `bytes` is its beginning. Returns the number of its characters.
fn convert_long_line(
    mut parts: Box<dyn ConvertParts + '_>,
    mut bytes: Vec<u8>,
    input: &mut impl BufRead,
    number: usize,
    out: &mut impl Write,
) -> Result<usize> {
    let mut n_characters = 0;
    let mut is_end = false;
    while !is_end {
        is_end = READ > read_up_to(input, READ, &mut bytes)?;
        if is_end || bytes.last() == Some(&b'\n') {
            is_end = true;
            cut_line_end(&mut bytes);
        }
        let whole = match std::str::from_utf8(&bytes) {
            Ok(text) => text,
            // The character continues in the next part.
            Err(error) if error.error_len().is_none() && !is_end => {
                std::str::from_utf8(&bytes[..error.valid_up_to()])?
            }
            Err(error) => {
                let error = not_utf8(&bytes[..error.valid_up_to()], n_characters);
                return Err(error.context(format!("stdin, line {number}")));
            }
        };
        // A carriage return may belong to the line's end.
        let text = if is_end {
            whole
        } else {
            whole.trim_end_matches('\r')
        };
        let converted = parts.convert(text);
        write!(
            out,
            "{}",
            converted.with_context(|| format!("stdin, line {number}"))?
        )?;
        n_characters += text.chars().count();
        bytes.drain(..text.len());
    }
    writeln!(out)?;
    out.flush()?;
    Ok(n_characters)
}

/// The next piece of stdin.
enum Read {
    /// A line without its end, `\n` or `\r\n`, or why it is not a text.
    Line(Result<String>),
    /// The beginning of a longer line.
    Begin(Vec<u8>),
    End,
}

fn read_line(input: &mut impl BufRead, max_bytes: usize) -> Result<Read> {
    let mut line = Vec::new();
    let n_read = read_up_to(input, max_bytes, &mut line)?;
    if n_read == 0 {
        return Ok(Read::End);
    }
    if n_read == max_bytes && line.last() != Some(&b'\n') {
        return Ok(Read::Begin(line));
    }
    cut_line_end(&mut line);
    Ok(Read::Line(String::from_utf8(line).map_err(|error| {
        not_utf8(&error.as_bytes()[..error.utf8_error().valid_up_to()], 0)
    })))
}

/// Appends the rest of the line, at most `max` bytes. Returns how many there were.
fn read_up_to(input: &mut impl BufRead, max: usize, line: &mut Vec<u8>) -> Result<usize> {
    let n_read = input.take(max as u64).read_until(b'\n', line);
    n_read.context("cannot read stdin")
}

fn cut_line_end(line: &mut Vec<u8>) {
    for end in [b'\n', b'\r'] {
        if line.last() == Some(&end) {
            line.pop();
        }
    }
}

/// The error for bytes after a valid text and `n_before` characters before that.
fn not_utf8(valid: &[u8], n_before: usize) -> Error {
    let column = n_before + String::from_utf8_lossy(valid).chars().count() + 1;
    anyhow!("not UTF-8 at column {column}; convert the text to UTF-8")
}

/// Whether a complete line is in the buffer.
trait Buffered {
    fn has_line(&self) -> bool;
}

impl<R: std::io::Read> Buffered for BufReader<R> {
    fn has_line(&self) -> bool {
        self.buffer().contains(&b'\n')
    }
}

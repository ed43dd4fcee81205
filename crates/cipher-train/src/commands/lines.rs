//! Text from arguments or stdin to text on stdout, a line out for each line in.

use std::io::{BufRead, BufReader, BufWriter, Read as _, Write, stdin, stdout};
use std::time::Instant;

use anyhow::{Context, Error, Result, anyhow};

use crate::say;

/// As many bytes of stdin are read at once, if there are as many.
const READ: usize = 1 << 18;

/// Seconds after which it is told how fast it went.
const TELL_AFTER: f64 = 1.0;

/// Turns texts into texts, or says which of them cannot be turned, counted from 0, and why.
pub trait Convert {
    fn convert(&self, texts: &[String]) -> Result<Vec<String>, (usize, Error)>;

    /// For a text that comes in parts; none if it must be whole.
    fn parts(&self) -> Option<Box<dyn ConvertParts + '_>> {
        None
    }
}

/// Turns one text after the other, each the next part of a long one.
pub trait ConvertParts {
    fn convert(&mut self, part: &str) -> Result<String>;
}

/// Converts the texts, or if there are none the lines of stdin.
pub fn convert(texts: &[String], with: &impl Convert) -> Result<()> {
    let mut out = BufWriter::new(stdout().lock());
    if texts.is_empty() {
        let input = BufReader::with_capacity(READ, stdin().lock());
        return convert_lines(with, input, &mut out);
    }
    for text in texts {
        let converted = with.convert(std::slice::from_ref(text));
        let converted = converted.map_err(|(_, error)| error.context(format!("{text:?}")))?;
        writeln!(out, "{}", converted[0])?;
    }
    Ok(out.flush()?)
}

/// What has come in is answered before more is waited for, so that both a person at a terminal and a
/// pipe are served well. Lines before a bad one are answered too.
fn convert_lines(
    with: &impl Convert,
    mut input: impl BufRead + Buffered,
    out: &mut impl Write,
) -> Result<()> {
    let start = Instant::now();
    let mut n_characters = 0;
    let mut first_line = 1;
    // A longer line is not held whole, if it need not be.
    let most = with.parts().map_or(usize::MAX, |_| READ);
    loop {
        let mut lines = Vec::new();
        let stop = loop {
            match read_line(&mut input, first_line + lines.len(), most) {
                Ok(Read::Line(line)) => lines.push(line),
                stop => break Some(stop),
            }
            if !input.has_line() {
                break None;
            }
        };
        convert_block(with, &lines, first_line, out)?;
        first_line += lines.len();
        n_characters += lines.iter().map(|line| line.chars().count()).sum::<usize>();
        match (stop.transpose()?, with.parts()) {
            (Some(Read::Begin(begin)), Some(parts)) => {
                n_characters += convert_long_line(parts, begin, &mut input, first_line, out)?;
                first_line += 1;
            }
            (Some(_), _) => break,
            (None, _) => {}
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    if seconds > TELL_AFTER {
        let rate = n_characters as f64 / seconds;
        say::info(format!(
            "{n_characters} characters in {seconds:.1} s: {rate:.0} a second"
        ));
    }
    Ok(())
}

/// Converts a line part by part, from its beginning that was read. The number of its characters.
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
            // A character that goes on in the next part.
            Err(error) if error.error_len().is_none() && !is_end => {
                std::str::from_utf8(&bytes[..error.valid_up_to()])?
            }
            Err(error) => {
                return Err(not_utf8(
                    &bytes[..error.valid_up_to()],
                    number,
                    n_characters,
                ));
            }
        };
        // It may belong to the line's end.
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

fn convert_block(
    with: &impl Convert,
    lines: &[String],
    first_line: usize,
    out: &mut impl Write,
) -> Result<()> {
    let (converted, refused) = match with.convert(lines) {
        Ok(converted) => (converted, None),
        Err((place, error)) => {
            let before = with.convert(&lines[..place]);
            let error = error.context(format!("stdin, line {}", first_line + place));
            (before.unwrap_or_default(), Some(error))
        }
    };
    for line in converted {
        writeln!(out, "{line}")?;
    }
    out.flush()?;
    refused.map_or(Ok(()), Err)
}

/// What comes next on stdin.
enum Read {
    /// A line without its end, `\n` or `\r\n`.
    Line(String),
    /// The beginning of a line that is longer than asked for.
    Begin(Vec<u8>),
    End,
}

fn read_line(input: &mut impl BufRead, number: usize, most: usize) -> Result<Read> {
    let mut line = Vec::new();
    let n_read = read_up_to(input, most, &mut line)?;
    if n_read == 0 {
        return Ok(Read::End);
    }
    if n_read == most && line.last() != Some(&b'\n') {
        return Ok(Read::Begin(line));
    }
    cut_line_end(&mut line);
    let line = String::from_utf8(line).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        not_utf8(valid, number, 0)
    })?;
    Ok(Read::Line(line))
}

/// Appends what is left of the line, at most so many bytes. How many there were.
fn read_up_to(input: &mut impl BufRead, most: usize, line: &mut Vec<u8>) -> Result<usize> {
    let n_read = input.take(most as u64).read_until(b'\n', line);
    n_read.context("cannot read stdin")
}

fn cut_line_end(line: &mut Vec<u8>) {
    for end in [b'\n', b'\r'] {
        if line.last() == Some(&end) {
            line.pop();
        }
    }
}

/// The error for bytes behind valid text and characters before it.
fn not_utf8(valid: &[u8], line: usize, n_before: usize) -> Error {
    let column = n_before + String::from_utf8_lossy(valid).chars().count() + 1;
    anyhow!("stdin, line {line}, column {column}: not UTF-8; convert the text to UTF-8")
}

/// Whether a whole line has already been read in.
trait Buffered {
    fn has_line(&self) -> bool;
}

impl<R: std::io::Read> Buffered for BufReader<R> {
    fn has_line(&self) -> bool {
        self.buffer().contains(&b'\n')
    }
}

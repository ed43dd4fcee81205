//! Texts from the arguments, or the lines of stdin, to texts on stdout: a line out for each line in.
//!
//! A line with an error becomes a marked line, is reported on stderr, and the next line follows. So
//! are symbols that the alphabet lacks: the answer has a mark in their place.

mod long_line;

use std::io::{BufRead, BufReader, BufWriter, Read as _, Write, stdin, stdout};
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Error, Result, anyhow, bail};
use cipher_data::{Alphabet, UnknownSymbol};

use super::bar::Busy;
use super::{Outcome, output};
use crate::numbers::{count, thousands};

/// Bytes of stdin that are read at once, if there are that many.
const READ: usize = 1 << 18;
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();
/// A command that takes longer than this, in seconds, logs its speed.
const SLOW: f64 = 1.0;
/// Errors that are reported one by one; the others are counted.
const MAX_REPORTED: usize = 20;

/// What stands in the place of a text with an error.
pub const UNREADABLE: &str = "[unreadable]";

/// A new text.
pub struct Converted {
    pub text: String,
    /// The symbols that have a mark in their place.
    pub unknown: Vec<UnknownSymbol>,
}

/// Turns texts into texts.
pub trait Convert {
    /// The new text for each of the texts, or what is wrong with it.
    fn convert(&self, texts: &[&str]) -> Vec<Result<Converted>>;

    /// The line for a text that has an error; `None` for one that is no text at all.
    fn failed(&self, _text: Option<&str>, _error: &Error) -> String {
        UNREADABLE.into()
    }

    /// For a text that comes in parts; `None` if texts must be complete.
    fn parts(&self) -> Option<Box<dyn ConvertParts + '_>> {
        None
    }
}

/// Turns the next part of a long text into text.
pub trait ConvertParts {
    fn convert(&mut self, part: &str) -> Result<Converted>;
}

/// Converts the texts, or if there are none the lines of stdin.
///
/// # Errors
///
/// Those of stdin and stdout, and one for all texts that cannot be converted.
pub fn convert(texts: &[String], with: &impl Convert) -> Result<Outcome> {
    let mut out = BufWriter::new(stdout().lock());
    let mut report = Report::default();
    warn_of_files(texts);
    if let [text] = texts {
        let converted = with.convert(&[text]).remove(0);
        let converted = converted.with_context(|| format!("{text:?}"))?;
        writeln!(out, "{}", report.checked(converted, || format!("{text:?}")))?;
    } else if texts.is_empty() {
        let _busy = Busy::unless_read("reading stdin and writing stdout");
        let input = BufReader::with_capacity(READ, stdin().lock());
        convert_lines(with, input, &mut out, &mut report)?;
    } else {
        let all: Vec<&str> = texts.iter().map(String::as_str).collect();
        let converted = with.convert(&all);
        for (text, converted) in texts.iter().zip(converted) {
            let line = report.line(with, Some(text), converted, || format!("{text:?}"));
            writeln!(out, "{line}")?;
        }
    }
    out.flush()?;
    report.finish()
}

/// A name of a file is a text like any other, but hardly ever meant as one.
fn warn_of_files(texts: &[String]) {
    for text in texts.iter().filter(|text| Path::new(text).is_file()) {
        output::warning(format!(
            "{text:?} is taken as a text; for the lines of the file of that name, give it on stdin: < {text}"
        ));
    }
}

/// What could not be read.
#[derive(Default)]
struct Report {
    n_errors: usize,
    n_marks: usize,
    /// Texts with marks.
    n_marked: usize,
}

impl Report {
    /// The line for a text, whose marks or error are reported.
    fn line(
        &mut self,
        with: &impl Convert,
        text: Option<&str>,
        converted: Result<Converted>,
        place: impl Fn() -> String,
    ) -> String {
        match converted {
            Ok(converted) => self.checked(converted, place),
            Err(error) => {
                self.error(&error, place);
                with.failed(text, &error)
            }
        }
    }

    fn checked(&mut self, converted: Converted, place: impl Fn() -> String) -> String {
        self.n_marked += usize::from(!converted.unknown.is_empty());
        self.marks(&converted.unknown, 0, place);
        converted.text
    }

    /// Reports the unknown symbols of one text, or of a part of it after `n_before` symbols.
    fn marks(&mut self, unknown: &[UnknownSymbol], n_before: usize, place: impl Fn() -> String) {
        for UnknownSymbol { column, symbol, .. } in unknown {
            self.n_marks += 1;
            if self.n_marks <= MAX_REPORTED {
                output::warning(format!(
                    "{}: symbol {}, {symbol:?}, is unknown",
                    place(),
                    column + n_before
                ));
            }
        }
    }

    fn error(&mut self, error: &Error, place: impl Fn() -> String) {
        self.n_errors += 1;
        if self.n_errors <= MAX_REPORTED {
            output::error(format!("{}: {error:#}", place()));
        }
    }

    fn finish(self) -> Result<Outcome> {
        let marks = format!(
            "{} in {}; {} stands in each place",
            count(self.n_marks, "unknown symbol"),
            count(self.n_marked, "text"),
            Alphabet::UNKNOWN
        );
        let errors = format!("{} could not be converted", count(self.n_errors, "text"));
        match (self.n_errors, self.n_marks) {
            (0, 0) => Ok(Outcome::Done),
            (0, _) => bail!("{marks}"),
            (_, 0) => bail!("{errors}"),
            (_, _) => bail!("{errors}; {marks}"),
        }
    }
}

/// Answers the lines that have arrived before it waits for more, which serves a person at a terminal
/// and a pipe.
fn convert_lines(
    with: &impl Convert,
    mut input: impl BufRead + Buffered,
    out: &mut impl Write,
    report: &mut Report,
) -> Result<()> {
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
        n_characters += convert_block(with, &lines, first_line, out, report)?;
        first_line += lines.len();
        match (last, with.parts()) {
            (Some(Read::Begin(begin)), Some(parts)) => {
                n_characters +=
                    long_line::convert(parts, begin, &mut input, first_line, (out, report))?;
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

/// The lines as they came; one that is not UTF-8 is its own error. Returns the number of characters.
fn convert_block(
    with: &impl Convert,
    lines: &[Result<String>],
    first_line: usize,
    out: &mut impl Write,
    report: &mut Report,
) -> Result<usize> {
    let texts: Vec<&str> = lines.iter().flatten().map(String::as_str).collect();
    let mut converted = with.convert(&texts).into_iter();
    for (line, number) in lines.iter().zip(first_line..) {
        let place = || format!("stdin, line {number}");
        let answer = match line {
            Ok(_) => converted.next().expect("one answer for each text"),
            Err(error) => Err(anyhow!("{error}")),
        };
        let shown = report.line(with, line.as_deref().ok(), answer, place);
        writeln!(out, "{shown}")?;
    }
    out.flush()?;
    Ok(texts.iter().map(|text| text.chars().count()).sum())
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
    // Editors and shells put a mark before a text, and texts are put together.
    if line.starts_with(BYTE_ORDER_MARK) {
        line.drain(..BYTE_ORDER_MARK.len());
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

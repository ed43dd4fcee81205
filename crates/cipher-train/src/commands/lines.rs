//! Text from arguments or stdin to text on stdout, a line out for each line in.

use std::io::{BufRead, BufReader, BufWriter, Write, stdin, stdout};
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
    loop {
        let mut lines = Vec::new();
        let end = loop {
            match read_line(&mut input, first_line + lines.len()) {
                Ok(Some(line)) => lines.push(line),
                end => break end.map(|_| true),
            }
            if !input.has_line() {
                break Ok(false);
            }
        };
        convert_block(with, &lines, first_line, out)?;
        first_line += lines.len();
        n_characters += lines.iter().map(|line| line.chars().count()).sum::<usize>();
        if end? {
            break;
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

/// The next line without its end, `\n` or `\r\n`.
fn read_line(input: &mut impl BufRead, number: usize) -> Result<Option<String>> {
    let mut line = Vec::new();
    if input
        .read_until(b'\n', &mut line)
        .context("cannot read stdin")?
        == 0
    {
        return Ok(None);
    }
    for end in [b'\n', b'\r'] {
        if line.last() == Some(&end) {
            line.pop();
        }
    }
    let line = String::from_utf8(line).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let column = String::from_utf8_lossy(valid).chars().count() + 1;
        anyhow!("stdin, line {number}, column {column}: not UTF-8; convert the text to UTF-8")
    })?;
    Ok(Some(line))
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

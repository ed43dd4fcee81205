use std::io::{BufRead, BufReader, BufWriter, Write, stdin, stdout};

use std::time::Instant;

use anyhow::{Context, Result, anyhow};
use cipher_model::Decryptor;

use super::open;
use crate::cli::{DecryptArgs, DeviceName};
use crate::run_folder::RunFolder;

/// As many bytes of stdin are read at once, if there are as many.
const READ: usize = 1 << 18;

/// Seconds after which it is told how fast it went.
const TELL_AFTER: f64 = 1.0;

pub fn run(args: DecryptArgs, device: Option<DeviceName>) -> Result<()> {
    let run = RunFolder::open(args.run.as_deref())?;
    let (_, device) = open(device)?;
    let decryptor = Decryptor::load(run.bundle(), &device)?;
    let mut out = BufWriter::new(stdout().lock());
    if args.text.is_empty() {
        let input = BufReader::with_capacity(READ, stdin().lock());
        return decrypt_lines(&decryptor, input, &mut out);
    }
    for text in &args.text {
        let decryption = decryptor
            .decrypt(text)
            .with_context(|| format!("{text:?}"))?;
        writeln!(out, "{}", decryption.plaintext)?;
    }
    Ok(out.flush()?)
}

/// A line out for each line in. What has come in is answered before more is waited for, so that
/// both a person at a terminal and a pipe are served well. Lines before a bad one are answered too.
fn decrypt_lines(
    decryptor: &Decryptor,
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
        answer(decryptor, &lines, first_line, out)?;
        first_line += lines.len();
        n_characters += lines.iter().map(|line| line.chars().count()).sum::<usize>();
        if end? {
            break;
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    if seconds > TELL_AFTER {
        let rate = n_characters as f64 / seconds;
        eprintln!("{n_characters} characters in {seconds:.1} s: {rate:.0} a second");
    }
    Ok(())
}

fn answer(
    decryptor: &Decryptor,
    lines: &[String],
    first_line: usize,
    out: &mut impl Write,
) -> Result<()> {
    let (lines, refused) = match decryptor.decrypt_all(lines) {
        Ok(decryptions) => (decryptions, None),
        Err((place, error)) => {
            let before = decryptor.decrypt_all(&lines[..place]);
            let error = anyhow!(error).context(format!("stdin, line {}", first_line + place));
            (before.unwrap_or_default(), Some(error))
        }
    };
    for decryption in lines {
        writeln!(out, "{}", decryption.plaintext)?;
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

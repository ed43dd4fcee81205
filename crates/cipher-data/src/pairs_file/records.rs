use std::io::{self, BufRead, Cursor};

use super::Format;
use super::csv::Place;
use super::line_end::is_line_end;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The part of a file that holds one pair: a line, or the lines of a quoted CSV field.
pub(super) struct Record<'a> {
    /// The number of its first line.
    pub(super) line: u64,
    /// Its bytes, without the last line's end.
    pub(super) bytes: &'a [u8],
}

/// Cuts a file into records.
pub(super) struct Records<R> {
    input: R,
    /// Lines that were read in search of a closing quote and have to be read again. Where there are
    /// any, the input is at its end.
    again: Cursor<Vec<u8>>,
    format: Format,
    record: Vec<u8>,
    next_line: u64,
}

impl<R: BufRead> Records<R> {
    pub(super) fn new(input: R, format: Format) -> Self {
        Self {
            input,
            again: Cursor::default(),
            format,
            record: Vec::new(),
            next_line: 1,
        }
    }

    /// The next record, or nothing at the end of the file.
    pub(super) fn next(&mut self) -> io::Result<Option<Record<'_>>> {
        let line = self.next_line;
        self.record.clear();
        if !self.read_line()? {
            return Ok(None);
        }
        if line == 1 && self.record.starts_with(BYTE_ORDER_MARK) {
            self.record.drain(..BYTE_ORDER_MARK.len());
        }
        if self.format == Format::Csv {
            self.read_quoted_lines()?;
        }
        let bytes = without_line_end(&self.record);
        Ok(Some(Record { line, bytes }))
    }

    /// Appends lines for as long as the record ends inside quotes.
    ///
    /// A quote that is never closed would take in the rest of the file, and the problems there
    /// would not be found. The record is then its first line alone, and the others are read again.
    /// This happens once at most: a misplaced quote ends its record, so an unclosed quote is
    /// followed by complete pairs of quotes, and no later one can be unclosed as well.
    fn read_quoted_lines(&mut self) -> io::Result<()> {
        let first_line_end = self.record.len();
        let first_line = self.next_line;
        let mut place = Place::FieldStart;
        let mut scanned = 0;
        loop {
            let unscanned = without_line_end(&self.record).iter().skip(scanned);
            place = unscanned
                // Only quotes and commas matter, and in UTF-8 they are no part of other characters.
                .fold(place, |place, &byte| place.after(char::from(byte)));
            if place != Place::Quoted {
                return Ok(());
            }
            scanned = self.record.len();
            if !self.read_line()? {
                self.again = Cursor::new(self.record.split_off(first_line_end));
                self.next_line = first_line;
                return Ok(());
            }
        }
    }

    /// Appends a line with its end to the record. False at the end of the file.
    fn read_line(&mut self) -> io::Result<bool> {
        let is_read = read_line(&mut self.again, &mut self.record)?
            || read_line(&mut self.input, &mut self.record)?;
        self.next_line += u64::from(is_read);
        Ok(is_read)
    }
}

/// Appends a line with its end, which [`first_line_end`](super::line_end::first_line_end)
/// describes. False at the end of the input.
fn read_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    let mut is_read = false;
    loop {
        let buffer = filled(input)?;
        is_read |= !buffer.is_empty();
        let end = buffer.iter().position(|&byte| is_line_end(byte));
        let (taken, _) = buffer.split_at(end.map_or(buffer.len(), |end| end + 1));
        line.extend_from_slice(taken);
        let n_taken = taken.len();
        input.consume(n_taken);
        if end.is_some() || n_taken == 0 {
            break;
        }
    }
    if is_read && line.last() == Some(&b'\r') && filled(input)?.first() == Some(&b'\n') {
        line.push(b'\n');
        input.consume(1);
    }
    Ok(is_read)
}

/// The next bytes of the input; none at its end.
fn filled(input: &mut impl BufRead) -> io::Result<&[u8]> {
    while let Err(error) = input.fill_buf() {
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
    input.fill_buf()
}

fn without_line_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

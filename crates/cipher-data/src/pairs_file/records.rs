use std::io::{self, BufRead, Cursor};

use super::Format;
use super::csv::Place;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// One pair's share of a file: a line, or the lines that a quoted CSV field runs over.
pub(super) struct Record<'a> {
    /// The number of its first line.
    pub(super) line: u64,
    /// Its bytes, without the last line's end.
    pub(super) bytes: &'a [u8],
}

/// Cuts a file into records.
pub(super) struct Records<R> {
    input: R,
    /// Lines that were read in search of a closing quote, and are to be read again. The input is
    /// at its end when there are any.
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
    /// A quote that is never closed would take the rest of the file with it, and the problems
    /// there would not be found. Only its first line is kept then, and the others are read again.
    /// This happens once at most: a quote that does not fit ends its record, so an unclosed one
    /// is followed by whole pairs of quotes, and no later one can be unclosed as well.
    fn read_quoted_lines(&mut self) -> io::Result<()> {
        let first_line_end = self.record.len();
        let first_line = self.next_line;
        let mut place = Place::FieldStart;
        let mut scanned = 0;
        loop {
            let unscanned = without_line_end(&self.record).iter().skip(scanned);
            place = unscanned
                // Only quotes and commas matter, and no byte of another character looks like one.
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
        let mut read = self.again.read_until(b'\n', &mut self.record)?;
        if read == 0 {
            read = self.input.read_until(b'\n', &mut self.record)?;
        }
        self.next_line += u64::from(read > 0);
        Ok(read > 0)
    }
}

fn without_line_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

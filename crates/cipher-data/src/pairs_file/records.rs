use super::csv::Place;
use super::line_end::first_line_end;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The part of a file that holds one pair: a line, or the lines of a quoted field.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record<'a> {
    /// The number of its first line, from 1.
    pub(super) line: u64,
    /// Its bytes, without the last line's end and without a byte-order mark at its beginning, as
    /// files that were joined have them.
    pub(super) bytes: &'a [u8],
}

/// Cuts a file into records. Lines of nothing but spaces are skipped.
#[derive(Debug, Clone)]
pub(super) struct Records<'a> {
    rest: &'a [u8],
    /// What separates fields, if they may be in quotes.
    quoted: Option<char>,
    next_line: u64,
}

impl<'a> Records<'a> {
    /// `quoted` is what separates fields that may be in quotes, or nothing if each line is a record.
    pub(super) fn new(file: &'a [u8], quoted: Option<char>) -> Self {
        Self {
            rest: file,
            quoted,
            next_line: 1,
        }
    }

    /// The next record, which may be blank.
    fn take(&mut self) -> Option<Record<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let (mut bytes, mut rest) = first_line(self.rest);
        let mut n_lines = 1;
        if let Some(separator) = self.quoted
            && let Some((n, length)) = quoted_lines(self.rest, separator)
        {
            n_lines = n;
            let (record, after) = self.rest.split_at(length);
            (bytes, rest) = (without_line_end(record), after);
        }
        let line = self.next_line;
        self.next_line += n_lines;
        self.rest = rest;
        let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
        Some(Record { line, bytes })
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        loop {
            let record = self.take()?;
            if record.bytes.iter().any(|&byte| byte != b' ') {
                return Some(record);
            }
        }
    }
}

/// The number of lines and of bytes of a record that has line ends inside quotes.
///
/// A quote that is never closed would take in the rest of the file, and the problems there would not
/// be found. Such a record is its first line alone, and there is nothing.
fn quoted_lines(file: &[u8], separator: char) -> Option<(u64, usize)> {
    let mut place = Place::FieldStart;
    let (mut n_lines, mut rest) = (0, file);
    loop {
        if rest.is_empty() {
            return None;
        }
        let (line, after) = first_line(rest);
        // Only quotes and separators matter, and in UTF-8 they are no part of other characters.
        place = line.iter().fold(place, |place, &byte| {
            place.after(char::from(byte), separator)
        });
        n_lines += 1;
        rest = after;
        if place != Place::Quoted {
            return Some((n_lines, file.len() - rest.len()));
        }
    }
}

/// The first line without its end, and what follows.
fn first_line(file: &[u8]) -> (&[u8], &[u8]) {
    match first_line_end(file) {
        Some(end) => {
            let (first, rest) = file.split_at(end.end);
            (first.get(..end.start).unwrap_or(first), rest)
        }
        None => (file, &[]),
    }
}

fn without_line_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

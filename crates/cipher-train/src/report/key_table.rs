//! What each code of a run's pairs stands for.

use std::collections::BTreeSet;
use std::fmt::{self, Display, Formatter};

use anyhow::{Context, Result};
use cipher_data::{CodeBook, CodeEntry, PairTable};
use serde::Serialize;

use crate::data::Data;
use crate::numbers::percent;
use crate::symbols::shown;

/// What is written where a code stands for nothing.
const NOTHING: &str = "∅";
/// Other chunks of a code that are shown.
const MAX_RIVALS: usize = 4;
/// Codes in one list.
const MAX_LISTED: usize = 200;
/// The share of a range of numbers that must be codes for the others to be listed ..
const MIN_DENSITY: f64 = 0.5;
/// .. unless the range is as small as this.
const SMALL_RANGE: u64 = 100;
/// The share of places that must be explained for a table to be a key.
const MIN_EXPLAINED: f64 = 0.8;

/// A table of codes.
#[derive(Debug, Serialize)]
pub struct KeyTable {
    /// The codes, those of numbers in the order of these.
    pub codes: Vec<KeyRow>,
    /// Numbers in the range of the codes that no pair has.
    pub unseen: Vec<String>,
    /// The share of all places where a code stands for its commonest chunk.
    pub explained: f64,
}

/// A code.
#[derive(Debug, Serialize)]
pub struct KeyRow {
    /// The code.
    pub code: String,
    /// What it stands for, empty for a null; `None` if that is doubtful everywhere.
    pub stands_for: Option<String>,
    /// How often it was seen.
    pub seen: usize,
    /// In what share of these it stands for that.
    pub share: f64,
    /// What else it stands for, and how often.
    pub rivals: Vec<(String, usize)>,
    /// How often what it stands for is doubtful.
    pub doubtful: usize,
}

impl KeyTable {
    /// What the pairs of a run show; `None` for random messages of a cipher.
    pub fn of(data: &Data) -> Option<Self> {
        let table = data.table()?;
        let book = match &data.aligned {
            Some(aligned) => aligned.full_code_book(),
            None => of_symbols(table, data.plaintext_alphabet.len()),
        };
        let mut codes: Vec<KeyRow> = book.entries().map(|entry| row(entry, data)).collect();
        codes.sort_by_cached_key(|row| (number(&row.code), row.code.clone()));
        let n_seen: usize = codes.iter().map(|row| row.seen).sum();
        let explained = codes.iter().map(|row| row.share * row.seen as f64);
        Some(Self {
            explained: explained.sum::<f64>() / n_seen.max(1) as f64,
            unseen: unseen(&codes),
            codes,
        })
    }

    /// Whether it explains enough of the pairs to be their key.
    pub fn is_key(&self) -> bool {
        self.explained >= MIN_EXPLAINED
    }

    /// As a CSV file with a header.
    ///
    /// # Errors
    ///
    /// None in practice: the file is made in memory.
    pub fn to_csv(&self) -> Result<String> {
        let mut csv = csv::Writer::from_writer(Vec::new());
        csv.write_record(["code", "stands for", "seen", "share", "rivals", "doubtful"])?;
        for row in &self.codes {
            csv.write_record([
                &row.code,
                row.stands_for.as_deref().unwrap_or("?"),
                &row.seen.to_string(),
                &format!("{:.4}", row.share),
                &rivals(row, usize::MAX, str::to_string),
                &row.doubtful.to_string(),
            ])?;
        }
        for code in &self.unseen {
            csv.write_record([code, "?", "0", "", "", ""])?;
        }
        let bytes = csv.into_inner().context("cannot write the table")?;
        Ok(String::from_utf8(bytes)?)
    }
}

/// What each ciphertext symbol stands for where both sides have the same length.
fn of_symbols(table: &PairTable, n_plaintext_symbols: usize) -> CodeBook {
    let pairs =
        (0..table.len()).map(|index| table.ciphertext(index).iter().zip(table.plaintext(index)));
    let places = pairs.flatten().map(|(&code, &symbol)| {
        let is_known = usize::from(symbol) < n_plaintext_symbols;
        (code, is_known.then_some(symbol))
    });
    CodeBook::of_symbols(places)
}

fn row(entry: &CodeEntry, data: &Data) -> KeyRow {
    let text = |chunk| data.plaintext_alphabet.symbol(chunk).to_string();
    let commonest = entry.commonest();
    let rivals = entry.chunks.iter().skip(1);
    KeyRow {
        code: data.ciphertext_alphabet.decode(&entry.code),
        stands_for: commonest.map(|(chunk, _)| text(chunk)),
        seen: entry.n_seen(),
        share: commonest.map_or(0.0, |(_, share)| share),
        rivals: rivals.map(|&(chunk, n)| (text(chunk), n)).collect(),
        doubtful: entry.n_doubtful,
    }
}

/// The number that a code is, after all codes that are none.
fn number(code: &str) -> (bool, u64) {
    let is_number = code.bytes().all(|byte| byte.is_ascii_digit());
    match code.parse() {
        Ok(number) if is_number => (false, number),
        _ => (true, 0),
    }
}

/// The numbers between the first and the last code that are no code, if these are numbers of one width
/// or without zeros in front, and most are codes.
fn unseen(codes: &[KeyRow]) -> Vec<String> {
    let names: BTreeSet<&str> = codes.iter().map(|row| row.code.as_str()).collect();
    let numbers = codes.iter().map(|row| number(&row.code));
    let numbers: Option<Vec<u64>> = numbers
        .map(|(is_text, n)| (!is_text).then_some(n))
        .collect();
    let Some((Some(first), Some(last))) =
        numbers.map(|n| (n.iter().min().copied(), n.iter().max().copied()))
    else {
        return Vec::new();
    };
    let width = codes.first().map_or(0, |row| row.code.len());
    let is_of_one_width = codes.iter().all(|row| row.code.len() == width);
    let is_plain = codes
        .iter()
        .all(|row| row.code == "0" || !row.code.starts_with('0'));
    let n_range = last - first + 1;
    let is_dense = codes.len() as f64 >= MIN_DENSITY * n_range as f64;
    if !(is_of_one_width || is_plain) || !is_dense && n_range > SMALL_RANGE {
        return Vec::new();
    }
    let width = if is_of_one_width { width } else { 0 };
    let all = (first..=last).map(|n| format!("{n:0width$}"));
    all.filter(|name| !names.contains(name.as_str())).collect()
}

fn rivals(row: &KeyRow, max: usize, show: impl Fn(&str) -> String) -> String {
    let shown = row
        .rivals
        .iter()
        .take(max)
        .map(|(chunk, n)| format!("{} {n}", show(chunk)));
    let mut shown: Vec<String> = shown.collect();
    if row.rivals.len() > max {
        shown.push(format!("{} more", row.rivals.len() - max));
    }
    shown.join(", ")
}

/// A chunk for a reader.
fn visible(chunk: &str) -> String {
    if chunk.is_empty() {
        NOTHING.into()
    } else {
        shown(chunk)
    }
}

impl Display for KeyTable {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let widest = |text: &dyn Fn(&KeyRow) -> String, least: usize| {
            let widths = self.codes.iter().map(|row| text(row).chars().count());
            widths.max().unwrap_or(0).max(least)
        };
        let meaning = |row: &KeyRow| row.stands_for.as_deref().map_or("?".into(), visible);
        let of_code = widest(&|row| shown(&row.code), "code".len());
        let of_chunk = widest(&meaning, "stands for".len());
        writeln!(
            f,
            "{:of_code$}  {:of_chunk$}    seen  share    else",
            "code", "stands for"
        )?;
        for row in &self.codes {
            let mut others = rivals(row, MAX_RIVALS, visible);
            if row.doubtful > 0 {
                let comma = if others.is_empty() { "" } else { ", " };
                others += &format!("{comma}doubtful {}", row.doubtful);
            }
            let line = format!(
                "{:of_code$}  {:of_chunk$}  {:>6}  {:7}  {others}",
                shown(&row.code),
                meaning(row),
                row.seen,
                percent(row.share),
            );
            writeln!(f, "{}", line.trim_end())?;
        }
        let list = |name: &str, codes: Vec<&str>, f: &mut Formatter<'_>| match codes.len() {
            0 => Ok(()),
            n => {
                let more = if n > MAX_LISTED { " .." } else { "" };
                let first: Vec<String> = codes
                    .iter()
                    .take(MAX_LISTED)
                    .map(|code| shown(code))
                    .collect();
                writeln!(f, "{name}: {}{more}", first.join(" "))
            }
        };
        let of = |wanted: Option<&str>| {
            let rows = self
                .codes
                .iter()
                .filter(|row| row.stands_for.as_deref() == wanted);
            rows.map(|row| row.code.as_str()).collect()
        };
        list("nulls, which stand for nothing", of(Some("")), f)?;
        list("doubtful everywhere", of(None), f)?;
        let unseen = self.unseen.iter().map(String::as_str).collect();
        list("in the range of these codes, but in no pair", unseen, f)?;
        write!(
            f,
            "{} of all places are explained by this table",
            percent(self.explained)
        )?;
        if !self.is_key() {
            write!(
                f,
                ": what a code stands for depends on more than the code, such as its place, or the \
                 pairs have many errors"
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(codes: &[&str]) -> Vec<KeyRow> {
        let row = |code: &&str| KeyRow {
            code: (*code).into(),
            stands_for: Some("A".into()),
            seen: 1,
            share: 1.0,
            rivals: Vec::new(),
            doubtful: 0,
        };
        codes.iter().map(row).collect()
    }

    #[test]
    fn numbers_between_the_codes_that_no_pair_has_are_unseen() {
        assert_eq!(unseen(&rows(&["01", "02", "04", "05"])), ["03"]);
        assert_eq!(unseen(&rows(&["8", "9", "11"])), ["10"]);
        // Few of the numbers from 1 to 900 are codes.
        assert!(unseen(&rows(&["1", "900"])).is_empty());
        // Of two widths, with a zero in front: no range.
        assert!(unseen(&rows(&["01", "2", "3"])).is_empty());
        assert!(unseen(&rows(&["A", "C"])).is_empty());
    }

    #[test]
    fn a_chunk_with_a_comma_or_a_quote_can_be_read_back_from_the_csv() {
        let mut codes = rows(&["1"]);
        codes[0].stands_for = Some("say, \"no\"".into());
        let table = KeyTable {
            codes,
            unseen: Vec::new(),
            explained: 1.0,
        };
        let written = table.to_csv().unwrap();
        let mut csv = csv::Reader::from_reader(written.as_bytes());
        let record = csv.records().next().unwrap().unwrap();
        assert_eq!(&record[1], "say, \"no\"");
    }
}

use std::io::{self, BufRead};

use super::records::{Record, Records};
use super::sides::{Columns, Sides};
use super::{Format, PairTexts};
use crate::SymbolUnit;

/// Reads a file of pairs line by line. The two sides of a pair must have the same number of symbols
/// of the unit.
///
/// A line that is not a pair becomes a [`Problem`](super::Problem), and reading continues with the
/// next line. The first `max_problems` are stored and the others counted.
///
/// Reading takes at most three times the memory of the messages, 72 bytes for each pair, and a few
/// times the longest line. While the end of a CSV quote is looked for, it takes up to three times
/// the size of the file in addition.
///
/// # Errors
///
/// The errors of the input.
///
/// ```
/// use cipher_data::{Format, SymbolUnit, read_pairs};
///
/// let file = "FRPERG\tSECRET\nPELCGB\n";
/// let pairs = read_pairs(file.as_bytes(), Format::Tsv, SymbolUnit::Character, 10)?;
/// assert_eq!(pairs.plaintext(0), "SECRET");
/// assert_eq!(
///     pairs.problems()[0].to_string(),
///     "2:7: there is only one field; write the ciphertext, a tab, and the plaintext\n    PELCGB"
/// );
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn read_pairs(
    input: impl BufRead,
    format: Format,
    unit: SymbolUnit,
    max_problems: usize,
) -> io::Result<PairTexts> {
    let mut texts = PairTexts::new(unit);
    let mut records = Records::new(input, format);
    let mut columns = None;
    while let Some(Record { line, bytes }) = records.next()? {
        if bytes.iter().all(|&byte| byte == b' ') {
            continue;
        }
        if columns.is_none() {
            columns = Columns::of_header(bytes, format);
            if columns.is_some() {
                continue;
            }
        }
        let columns = *columns.get_or_insert(Columns::CiphertextFirst);
        match Sides::read(bytes, format, columns, unit) {
            Ok(sides) => texts.push(&sides.ciphertext, &sides.plaintext, line),
            Err(flaw) => texts.push_problem(max_problems, || flaw.locate(line, bytes)),
        }
    }
    Ok(texts)
}

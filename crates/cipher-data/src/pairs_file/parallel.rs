//! Two files: the ciphertexts in one, the plaintexts in the other.

use super::PairTexts;
use super::encoding::Encoding;
use super::read::check_is_text;
use crate::DataError;

/// The lines of two files as pairs, and the two files as one pair.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ParallelTexts {
    /// A pair for each line. `None` where the files have different numbers of lines.
    pub by_line: Option<PairTexts>,
    /// One pair.
    pub whole: PairTexts,
    /// The lines of each file that are not blank.
    pub n_lines: [usize; 2],
}

/// Reads two files of which the second has the decryptions of the first. Blank lines are skipped.
///
/// # Errors
///
/// [`DataError::UnknownEncoding`]; [`DataError::NoText`]; [`DataError::NoPairs`] if either file is blank.
pub fn read_parallel(
    [ciphertexts, plaintexts]: [&[u8]; 2],
    encoding: Option<Encoding>,
) -> Result<ParallelTexts, DataError> {
    let text = |file: &[u8]| -> Result<String, DataError> {
        check_is_text(file)?;
        let encoding = encoding.map_or_else(|| Encoding::of(file), Ok)?;
        let text = encoding.decode(file);
        Ok(String::from_utf8_lossy(&text)
            .replace("\r\n", "\n")
            .replace('\r', "\n"))
    };
    let [ciphertexts, plaintexts] = [text(ciphertexts)?, text(plaintexts)?];
    let whole = |text: &str| String::from(text.trim_matches('\n'));
    let [ciphertext, plaintext] = [whole(&ciphertexts), whole(&plaintexts)];
    if ciphertext.trim().is_empty() || plaintext.trim().is_empty() {
        return Err(DataError::NoPairs);
    }
    let lines = |text: &str| -> Vec<(u64, String)> {
        let lines = (1..).zip(text.lines());
        let lines = lines.filter(|(_, line)| !line.trim().is_empty());
        lines.map(|(number, line)| (number, line.into())).collect()
    };
    let [ciphertexts, plaintexts] = [lines(&ciphertexts), lines(&plaintexts)];
    let mut one = PairTexts::default();
    one.push(&ciphertext, &plaintext, 1);
    let by_line = (ciphertexts.len() == plaintexts.len()).then(|| {
        let mut texts = PairTexts::default();
        for ((line, ciphertext), (_, plaintext)) in ciphertexts.iter().zip(&plaintexts) {
            texts.push(ciphertext, plaintext, *line);
        }
        texts.cleaned()
    });
    Ok(ParallelTexts {
        by_line,
        n_lines: [ciphertexts.len(), plaintexts.len()],
        whole: one,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_two_files_are_pairs_and_so_are_the_files() {
        let read = |one: &str, other: &str| {
            read_parallel([one.as_bytes(), other.as_bytes()], None).unwrap()
        };
        let texts = read("\u{feff}AB\r\n\r\nCD\r\n", "xy\nzw\n");
        let lines = texts.by_line.unwrap();
        assert_eq!([lines.ciphertext(1), lines.plaintext(1)], ["CD", "zw"]);
        assert_eq!(lines.line(1), 3);
        assert_eq!(texts.whole.ciphertext(0), "AB\n\nCD");
        assert!(read("AB\nCD\n", "xyzw").by_line.is_none());
        let blank = read_parallel([b"\n \n", b"x"], None);
        assert_eq!(blank.err(), Some(DataError::NoPairs));
    }
}

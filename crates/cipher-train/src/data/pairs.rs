//! A file of pairs, from its name to ids.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Write, stdin};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};
use cipher_data::{
    Alphabet, ConflictingPairs, Duplicates, Format, PairTable, PairTexts, find_alphabets,
    read_pairs, unseen,
};
use serde_json::{Value, json};

use crate::config::PairsSource;

/// Problems and conflicts that are listed; the others are counted.
const MAX_SHOWN: usize = 20;
/// The name that means stdin.
const STDIN: &str = "-";

/// The pairs of a file, and what was found in it.
pub struct Pairs {
    /// The name of the file, for messages.
    pub name: String,
    /// The pairs as ids.
    pub table: Arc<PairTable>,
    /// The alphabet that was found for the ciphertexts.
    pub ciphertext_alphabet: Alphabet,
    /// The alphabet that was found for the plaintexts.
    pub plaintext_alphabet: Alphabet,
    /// Symbols of the ciphertext's and of the plaintext's alphabet that the file lacks.
    pub unseen: [Vec<String>; 2],
    /// Repeated and conflicting pairs.
    pub duplicates: Duplicates,
}

impl Pairs {
    /// Reads a file whose every line is a pair.
    ///
    /// # Errors
    ///
    /// See [`read_texts`].
    pub fn read(config: &PairsSource) -> Result<Self> {
        let located = |error| anyhow!("{}: {error}", config.file.display());
        let (texts, duplicates) = settle(read(config)?, config)?;
        let (ciphertext, plaintext) = find_alphabets(&texts).map_err(located)?;
        Ok(Self {
            name: config.file.display().to_string(),
            table: Arc::new(PairTable::new(&texts, &ciphertext, &plaintext).map_err(located)?),
            unseen: unseen(&texts, &ciphertext, &plaintext),
            ciphertext_alphabet: ciphertext,
            plaintext_alphabet: plaintext,
            duplicates,
        })
    }

    /// What the file holds, as an object.
    pub fn to_json(&self) -> Value {
        let lengths = || (0..self.table.len()).map(|index| self.table.plaintext(index).len());
        json!({
            "file": self.name,
            "n_pairs": self.table.len(),
            "min_length": lengths().min(),
            "max_length": lengths().max(),
            "n_characters": self.table.n_symbols(),
            "ciphertext_symbols": self.ciphertext_alphabet.symbols(),
            "plaintext_symbols": self.plaintext_alphabet.symbols(),
            "unseen_ciphertext_symbols": self.unseen[0],
            "unseen_plaintext_symbols": self.unseen[1],
            "n_repeated": self.duplicates.identical,
            "n_conflicts": self.duplicates.n_conflicts,
        })
    }

    /// Writes what the file holds: a few lines for a reader.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn describe(&self, out: &mut impl Write) -> io::Result<()> {
        let lengths = (0..self.table.len()).map(|index| self.table.plaintext(index).len());
        let (min, max) = (lengths.clone().min(), lengths.clone().max());
        writeln!(
            out,
            "{} of {} to {} characters, {} in all on each side",
            count(self.table.len(), "pair"),
            min.unwrap_or(0),
            max.unwrap_or(0),
            self.table.n_symbols()
        )?;
        for (side, alphabet, unseen) in [
            ("ciphertext", &self.ciphertext_alphabet, &self.unseen[0]),
            ("plaintext", &self.plaintext_alphabet, &self.unseen[1]),
        ] {
            writeln!(
                out,
                "{side:10}  {} symbols: {}",
                alphabet.len(),
                shorten(&alphabet.symbols().concat())
            )?;
            if !unseen.is_empty() {
                writeln!(
                    out,
                    "warning: {} {side} symbols of the alphabet are never seen: {}",
                    unseen.len(),
                    shorten(&unseen.concat())
                )?;
            }
        }
        let Duplicates {
            identical,
            n_conflicts,
            ..
        } = self.duplicates;
        if identical > 0 {
            writeln!(
                out,
                "{} repeated; each was read once",
                count(identical, "pair")
            )?;
        }
        if n_conflicts > 0 {
            writeln!(
                out,
                "warning: {} share a ciphertext with another pair, but not the plaintext",
                count(n_conflicts, "pair")
            )?;
        }
        Ok(())
    }
}

/// The pairs of a file as texts, each once.
///
/// # Errors
///
/// One error for all problems of the file, each with its line and column.
pub fn read_texts(config: &PairsSource) -> Result<PairTexts> {
    let (texts, _) = settle(read(config)?, config)?;
    Ok(texts)
}

fn read(config: &PairsSource) -> Result<PairTexts> {
    let (file, name) = (&config.file, config.file.display());
    let format = config
        .format
        .or_else(|| Format::of(file))
        .with_context(|| {
            format!("{name}: the name tells no format; say --format tsv, csv or jsonl")
        })?;
    let input: Box<dyn BufRead> = if file.as_path() == Path::new(STDIN) {
        Box::new(stdin().lock())
    } else {
        Box::new(BufReader::new(open(file)?))
    };
    let texts = read_pairs(input, format, config.unit(), MAX_SHOWN);
    let texts = texts.with_context(|| format!("cannot read {name}"))?;
    if texts.n_problems() > 0 {
        bail!("{}", problems(file, &texts));
    }
    Ok(texts)
}

/// A pipe or a device could block for ever or never end.
fn open(file: &Path) -> Result<File> {
    let name = file.display();
    let metadata = fs::metadata(file).with_context(|| format!("cannot read {name}"))?;
    if metadata.is_dir() {
        bail!("{name} is a folder; give a file of pairs");
    }
    if !metadata.is_file() {
        bail!("{name} is not an ordinary file; give one, or pipe the pairs to stdin and give -");
    }
    File::open(file).with_context(|| format!("cannot read {name}"))
}

/// Each pair once, conflicts handled as the source says, and what was found of both.
fn settle(texts: PairTexts, source: &PairsSource) -> Result<(PairTexts, Duplicates)> {
    let settled = texts.without_duplicates(source.conflicts, MAX_SHOWN);
    settled
        .map_err(|ConflictingPairs(duplicates)| anyhow!("{}", conflicts(&source.file, &duplicates)))
}

fn problems(file: &Path, texts: &PairTexts) -> String {
    let name = file.display();
    let mut lines: Vec<String> = texts
        .problems()
        .iter()
        .map(|problem| format!("{name}:{problem}"))
        .collect();
    let n = texts.n_problems();
    match n.saturating_sub(lines.len() as u64) {
        0 => {}
        more => lines.push(format!("and {more} more problems")),
    }
    format!(
        "{} of {name} cannot be read as pairs\n{}",
        count(n as usize, "line"),
        lines.join("\n")
    )
}

fn conflicts(file: &Path, duplicates: &Duplicates) -> String {
    let name = file.display();
    let mut lines: Vec<String> = duplicates
        .conflicts
        .iter()
        .map(|conflict| format!("{name}: {conflict}"))
        .collect();
    match duplicates.n_conflicts - duplicates.conflicts.len() {
        0 => {}
        more => lines.push(format!("and {more} more")),
    }
    format!(
        "the same ciphertext stands for different plaintexts; \
         choose --conflicts keep or --conflicts drop, or fix the file\n{}",
        lines.join("\n")
    )
}

fn count(n: usize, what: &str) -> String {
    if n == 1 {
        format!("1 {what}")
    } else {
        format!("{n} {what}s")
    }
}

/// The text with characters escaped that cannot be seen, cut off where it gets long.
fn shorten(text: &str) -> String {
    const MAX: usize = 100;
    let escaped: String = text.chars().take(MAX).map(escape).collect();
    if text.chars().count() > MAX {
        format!("{escaped} ..")
    } else {
        escaped
    }
}

/// Quotes and accents can be seen; everything else that `escape_debug` escapes cannot.
fn escape(character: char) -> String {
    if "\"'\\".contains(character) {
        return character.into();
    }
    // After a letter, an accent is not escaped.
    let escaped = format!("a{character}").escape_debug().to_string();
    escaped[1..].into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_cannot_be_seen_are_escaped_in_lists_of_symbols() {
        let text = "A\u{a0}\u{200b}\u{202e}\u{7}\"é e\u{301}👩";
        let expected = "A\\u{a0}\\u{200b}\\u{202e}\\u{7}\"é e\u{301}👩";
        assert_eq!(shorten(text), expected);
    }
}

//! A file of pairs, from its name to what a network trains on.

use std::fs::File;
use std::io::{BufRead, BufReader, Write, stdin};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};
use cipher_data::{
    Alphabet, Conflicts, Duplicates, Format, PairTable, PairTexts, find_alphabets, read_pairs,
    unseen,
};

use crate::config::PairsConfig;

/// Problems and conflicts that are shown; the rest are counted.
const MOST_SHOWN: usize = 20;
/// What stands for stdin.
const STDIN: &str = "-";

/// The pairs of a file, and what was found in it.
pub struct Pairs {
    /// The file's, for messages.
    pub name: String,
    pub table: Arc<PairTable>,
    pub ciphertext_alphabet: Alphabet,
    pub plaintext_alphabet: Alphabet,
    /// Symbols of each alphabet that the file does not have.
    pub unseen: [Vec<String>; 2],
    pub duplicates: Duplicates,
}

impl Pairs {
    /// Reads a file whose every line is a pair.
    ///
    /// # Errors
    ///
    /// See [`texts`].
    pub fn read(config: &PairsConfig) -> Result<Self> {
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

    /// What is in the file, a few lines for a reader.
    pub fn describe(&self, out: &mut impl Write) -> Result<()> {
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
                "warning: {} with a ciphertext that stands there with another plaintext too",
                count(n_conflicts, "pair")
            )?;
        }
        Ok(())
    }
}

/// The different pairs of a file as texts.
///
/// # Errors
///
/// One error for all problems of the file, each with its line and column.
pub fn texts(config: &PairsConfig) -> Result<PairTexts> {
    let (texts, _) = settle(read(config)?, config)?;
    Ok(texts)
}

fn read(config: &PairsConfig) -> Result<PairTexts> {
    let (file, name) = (&config.file, config.file.display());
    let format = config
        .format
        .or_else(|| Format::of(file))
        .with_context(|| {
            format!("{name}: no format goes with that name; say --format tsv, csv or jsonl")
        })?;
    let input: Box<dyn BufRead> = match file.as_path() == Path::new(STDIN) {
        true => Box::new(stdin().lock()),
        false => {
            if file.is_dir() {
                bail!("{name} is a folder; give a file of pairs");
            }
            let file = File::open(file).with_context(|| format!("cannot read {name}"))?;
            Box::new(BufReader::new(file))
        }
    };
    let texts = read_pairs(input, format, config.unit(), MOST_SHOWN);
    let texts = texts.with_context(|| format!("cannot read {name}"))?;
    match texts.n_problems() {
        0 => Ok(texts),
        _ => bail!("{}", problems(file, &texts)),
    }
}

/// Each pair once, conflicts as asked, and what was found of both.
fn settle(texts: PairTexts, config: &PairsConfig) -> Result<(PairTexts, Duplicates)> {
    let duplicates = texts.duplicates(MOST_SHOWN);
    if config.conflicts == Conflicts::Fail && duplicates.n_conflicts > 0 {
        bail!("{}", conflicts(&config.file, &duplicates));
    }
    // Looking for them takes a while in millions of pairs, so not again where there are none.
    if duplicates.identical == 0 && duplicates.n_conflicts == 0 {
        return Ok((texts, duplicates));
    }
    let texts = texts.without_duplicates(config.conflicts);
    let texts = texts.map_err(|error| anyhow!("{}: {error}", config.file.display()))?;
    Ok((texts, duplicates))
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
        "{n} of the lines of {name} are no pairs\n{}",
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
         choose --conflicts keep or --conflicts drop, or mend the file\n{}",
        lines.join("\n")
    )
}

fn count(n: usize, what: &str) -> String {
    match n {
        1 => format!("1 {what}"),
        n => format!("{n} {what}s"),
    }
}

/// The text with control characters escaped, cut off where it gets long.
fn shorten(text: &str) -> String {
    const MOST: usize = 100;
    let escaped: String = text.chars().take(MOST).flat_map(escape).collect();
    match text.chars().count() > MOST {
        true => format!("{escaped} .."),
        false => escaped,
    }
}

fn escape(character: char) -> Vec<char> {
    match character.is_control() {
        true => character.escape_default().collect(),
        false => vec![character],
    }
}

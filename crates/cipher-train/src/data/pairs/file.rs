//! The files that pairs are in.

use std::fs::{self, File};
use std::io::{Read, stdin};
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use cipher_data::{
    ConflictingPairs, DataError, Duplicates, FileHints, Format, FoundReadings, PairTexts,
    ReadingHints, Readings, read_pairs, read_parallel,
};

use crate::config::{PairsSource, Unequal};
use crate::numbers::count;

/// Problems and conflicts that are listed; the others are counted.
const MAX_SHOWN: usize = 20;
/// The name that means stdin.
const STDIN: &str = "-";
/// The share of lines of two files that are equally long if they are pairs.
const MIN_EQUAL: f64 = 0.9;

/// The pairs of a file as texts, each once.
///
/// # Errors
///
/// One error for all problems of the file, each with its line and column.
pub fn read_texts(config: &PairsSource) -> Result<PairTexts> {
    read_settled(config).map(|(texts, _)| texts)
}

/// [`read_texts`], with what was repeated.
pub(super) fn read_settled(config: &PairsSource) -> Result<(PairTexts, Duplicates)> {
    let texts = match &config.plaintexts {
        Some(plaintexts) => read_two(config, plaintexts)?,
        None => read_one(config)?,
    };
    settle(texts, config)
}

fn read_one(config: &PairsSource) -> Result<PairTexts> {
    let hints = FileHints {
        format: config.format,
        likely_format: Format::of(&config.file),
        columns: config.columns.clone(),
        encoding: config.encoding,
    };
    parse(&bytes(&config.file)?, &hints, config)
}

/// The pairs of a file's contents. What is open of how they are read is found from them.
pub(super) fn parse(file: &[u8], hints: &FileHints, config: &PairsSource) -> Result<PairTexts> {
    let texts = read_pairs(file, hints, MAX_SHOWN);
    let texts = texts.map_err(|error| {
        let option = match &error {
            DataError::Columns { .. } => ", with --columns ciphertext=NAME,plaintext=NAME (and key=NAME if each message has its own key)",
            DataError::UnknownEncoding { .. } => " (--encoding)",
            _ => "",
        };
        anyhow!("{}: {error}{option}", config.file.display())
    })?;
    if texts.n_problems() > 0 {
        bail!("{}", problems(&config.file, &texts));
    }
    let readings = match &config.readings {
        Some(readings) => readings.clone(),
        None => FoundReadings::of(&texts, &config.hints()).readings,
    };
    Ok(texts.without_header(&readings))
}

/// A file of ciphertexts and one of their plaintexts: line by line, or each as one text if that fits
/// better.
fn read_two(config: &PairsSource, plaintexts: &Path) -> Result<PairTexts> {
    let files = [bytes(&config.file)?, bytes(plaintexts)?];
    let texts = read_parallel([&files[0], &files[1]], config.encoding);
    let texts = texts.map_err(|error| {
        anyhow!(
            "{} and {}: {error}",
            config.file.display(),
            plaintexts.display()
        )
    })?;
    let equal = |texts: &PairTexts| {
        let found = FoundReadings::of(texts, &config.hints());
        found.n_equal as f64 / found.n_pairs.max(1) as f64
    };
    if let ([one, other], None) = (texts.n_lines, &texts.by_line)
        && equal(&texts.whole) < 1.0
    {
        bail!(
            "{} has {} of text and {} has {other}, and as one text each they are not equally long \
             either; write each plaintext in the line that its ciphertext has",
            config.file.display(),
            count(one, "line"),
            plaintexts.display()
        );
    }
    Ok(match texts.by_line {
        Some(lines) if equal(&lines) >= MIN_EQUAL || equal(&texts.whole) < 1.0 => lines,
        _ => texts.whole,
    })
}

/// The pairs whose sides are equally long, and the number of the others.
pub(super) fn equally_long(
    texts: PairTexts,
    readings: &Readings,
    source: &PairsSource,
) -> Result<(PairTexts, usize)> {
    let (first, n_unequal) = texts.unequal(readings, MAX_SHOWN);
    if n_unequal == 0 {
        return Ok((texts, 0));
    }
    if source.unequal == Unequal::Drop {
        return Ok((texts.equally_long(readings), n_unequal));
    }
    let name = source.file.display();
    let mut lines: Vec<String> = first.iter().map(|pair| format!("{name}:{pair}")).collect();
    match n_unequal - first.len() {
        0 => {}
        more => lines.push(format!("and {more} more")),
    }
    bail!(
        "sides of different length in {n_unequal} of {} of {name}, where {readings}; {}\n{}",
        count(texts.len(), "pair"),
        advice(&texts, n_unequal),
        lines.join("\n")
    )
}

/// What to do about pairs whose sides have different lengths.
fn advice(texts: &PairTexts, n_unequal: usize) -> String {
    let free = FoundReadings::of(texts, &ReadingHints::default());
    let n_equal = texts.len() - n_unequal;
    if free.n_equal * texts.len() > n_equal * free.n_pairs {
        return format!("without the options that say how to read them, {free}");
    }
    "correct them, leave them out with --unequal drop, or, if the cipher changes the length, have all \
     pairs aligned with --unequal align"
        .into()
}

/// The contents of a file.
pub(super) fn bytes(file: &Path) -> Result<Vec<u8>> {
    let name = file.display();
    let mut bytes = Vec::new();
    let read = if file == Path::new(STDIN) {
        stdin().lock().read_to_end(&mut bytes)
    } else {
        open(file)?.read_to_end(&mut bytes)
    };
    read.with_context(|| format!("cannot read {name}"))?;
    Ok(bytes)
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
    if source.are_settled {
        return Ok((texts, Duplicates::default()));
    }
    let has_unread = texts
        .origin()
        .is_some_and(|(_, layout)| layout.columns.has_unread());
    let settled = texts.without_duplicates(source.conflicts, MAX_SHOWN);
    settled.map_err(|ConflictingPairs(duplicates)| {
        let conflicts = conflicts(&source.file, &duplicates);
        match has_unread {
            true => anyhow!(
                "{conflicts}\nif another column has the key of each message, name it: --columns \
                 ciphertext=NAME,plaintext=NAME,key=NAME"
            ),
            false => anyhow!("{conflicts}"),
        }
    })
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

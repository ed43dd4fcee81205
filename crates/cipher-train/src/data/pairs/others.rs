//! Some pairs to learn from, and others to measure on: of a file, or of a config's cipher.

use anyhow::{Result, anyhow, bail};
use cipher_data::{Format, KeySet, PairTable, PairTexts, Reading, find_alphabets, streams};
use rand::seq::SliceRandom;
use serde_json::json;

use super::file::{equally_long, parse};
use super::{HowToRead, Pairs, read_texts};
use crate::config::{CipherSetup, Config, PairsSource};
use crate::data::random_messages;
use crate::numbers::count;

/// Messages that are measured on, at most.
const MAX_OTHERS: usize = 1000;

/// Pairs to measure on, which decide nothing but how texts are read.
pub struct Others {
    /// The pairs, at most 1,000.
    pub texts: PairTexts,
    /// How plaintexts are read.
    pub plaintext: Reading,
    /// The number of pairs to learn from.
    pub n_known: usize,
}

/// Some pairs of a file, which ones follows from the seed, and others, which share no text with them.
///
/// # Errors
///
/// Those of the file, and when there are too few pairs.
pub fn some_of_file(source: &PairsSource, n_known: usize, seed: u64) -> Result<(Pairs, Others)> {
    let texts = read_texts(source)?;
    let how = HowToRead::find(&texts, source)?;
    let (texts, table) = read_all(texts, &how, source)?;
    let Some([known, mut others]) = divide(&table, n_known, seed) else {
        bail!(
            "{} has {}, and where {n_known} are learned from, none is left that shares no text with them, to \
             measure on; give a smaller number with --pairs, or more pairs",
            source.file.display(),
            count(texts.len(), "different pair")
        );
    };
    others.shuffle(&mut streams::file_order(seed));
    others.truncate(MAX_OTHERS);
    some(&texts, [&known, &others], &how, source)
}

/// A number of pairs, and all that share no text with them; `None` if there are no such.
fn divide(table: &PairTable, n_known: usize, seed: u64) -> Option<[Vec<usize>; 2]> {
    // A set of a given size takes whole groups of pairs that share text, and may end up smaller.
    let mut size = n_known;
    loop {
        let split = table.split(0, size, seed);
        let mut known = split.test;
        if known.len() >= n_known {
            known.shuffle(&mut streams::file_order(seed));
            known.truncate(n_known);
            return Some([known, split.training]).filter(|[_, others]| !others.is_empty());
        }
        if size >= table.len() {
            return None;
        }
        size += (size - known.len()).max(1);
    }
}

/// The pairs that can be read, and a row of ids for each.
fn read_all(
    texts: PairTexts,
    how: &HowToRead,
    source: &PairsSource,
) -> Result<(PairTexts, PairTable)> {
    let located = |error| anyhow!("{}: {error}", source.file.display());
    let texts = match how.alignment {
        None => equally_long(texts, &how.readings, source)?.0,
        Some(_) => texts,
    };
    let alphabets = find_alphabets(&texts, &how.readings).map_err(located)?;
    let table = |texts: &PairTexts| match how.alignment {
        None => PairTable::new(texts, &alphabets.ciphertext, &alphabets.plaintext),
        Some(_) => PairTable::of_unequal(texts, &alphabets.ciphertext, &alphabets.plaintext),
    };
    // A pair without a symbol has no row.
    let has_row = |&index: &usize| table(&texts.select(&[index])).is_ok_and(|row| !row.is_empty());
    let readable: Vec<usize> = (0..texts.len()).filter(has_row).collect();
    let texts = texts.select(&readable);
    let table = table(&texts).map_err(located)?;
    Ok((texts, table))
}

/// Random messages of a cipher: those of `generate`, and held-out ones as others.
///
/// # Errors
///
/// When messages have keys of their own, or there are too few different ones.
pub fn some_of_cipher(
    config: &Config,
    source: &PairsSource,
    n_known: usize,
) -> Result<(Pairs, Others)> {
    check_one_key(config)?;
    let setup = config.cipher()?.init()?;
    let mut lines = json_lines(config, &setup, KeySet::Training, n_known)?;
    lines += &json_lines(config, &setup, KeySet::Test, MAX_OTHERS)?;
    let texts = parse(lines.as_bytes(), &Format::JsonLines.into(), source)?;
    let how = HowToRead::find(&texts, source)?;
    let (known, others): (Vec<usize>, Vec<usize>) =
        (0..texts.len()).partition(|&index| index < n_known);
    some(&texts, [&known, &others], &how, source)
}

/// Refuses a config without a cipher, or whose messages have keys of their own.
///
/// # Errors
///
/// For such a config.
pub fn check_one_key(config: &Config) -> Result<()> {
    match config.cipher()?.key_lengths {
        None => Ok(()),
        Some(_) => bail!(
            "a number of pairs is for messages of one key; give a config whose cipher.key is a key"
        ),
    }
}

/// The pairs at some indices, and those at others. How texts are read is found of all: of few, it may differ.
fn some(
    texts: &PairTexts,
    [known, others]: [&[usize]; 2],
    how: &HowToRead,
    source: &PairsSource,
) -> Result<(Pairs, Others)> {
    let n_known = known.len();
    let known = Pairs::of_texts(texts.select(known), how, source)?;
    if known.keys.is_some() {
        bail!(
            "{}: --pairs is for messages of one key, and the file gives each a key of its own; leave the \
             keys out by naming the columns to read, --columns ciphertext=NAME,plaintext=NAME",
            source.file.display()
        );
    }
    let others = Others {
        texts: texts.select(others),
        plaintext: how.readings.plaintext.clone(),
        n_known,
    };
    Ok((known, others))
}

fn json_lines(config: &Config, setup: &CipherSetup, set: KeySet, n: usize) -> Result<String> {
    let messages = random_messages(config, setup, set, n)?;
    let mut lines = String::new();
    for pair in messages.pairs(0..n)? {
        let line = json!({
            "ciphertext": setup.texts.ciphertext.decode(pair.ciphertext()),
            "plaintext": setup.texts.plaintext.decode(pair.plaintext()),
        });
        lines += &format!("{line}\n");
    }
    Ok(lines)
}

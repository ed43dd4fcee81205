//! Some pairs to learn from, and others to measure on: of a file, or of a config's cipher.

use anyhow::{Result, bail};
use cipher_data::{Format, KeySet, PairTexts, Reading, streams};
use rand::seq::SliceRandom;
use serde_json::json;

use super::file::parse;
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

/// Some pairs of a file, in an order that follows from the seed, and others. With more known pairs of the same
/// seed, the first ones stay the same, and so do the others as long as there are enough.
///
/// # Errors
///
/// Those of the file, and when there are no others.
pub fn some_of_file(source: &PairsSource, n_known: usize, seed: u64) -> Result<(Pairs, Others)> {
    let texts = read_texts(source)?;
    if texts.len() <= n_known {
        bail!(
            "{} has {}, and {n_known} to learn from leave none to measure on; give a smaller number with \
             --pairs",
            source.file.display(),
            count(texts.len(), "pair")
        );
    }
    let mut order: Vec<usize> = (0..texts.len()).collect();
    order.shuffle(&mut streams::file_order(seed));
    divide(&texts, &order, n_known, source)
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
    if config.cipher()?.key_lengths.is_some() {
        bail!(
            "{}: --pairs is for messages of one key; give a config whose cipher.key is a key",
            source.file.display()
        );
    }
    let setup = config.cipher()?.init()?;
    let mut lines = json_lines(config, &setup, KeySet::Training, n_known)?;
    lines += &json_lines(config, &setup, KeySet::Test, MAX_OTHERS)?;
    let texts = parse(lines.as_bytes(), &Format::JsonLines.into(), source)?;
    let order: Vec<usize> = (0..texts.len()).collect();
    divide(&texts, &order, n_known, source)
}

/// The first pairs of an order, and the last ones. How texts are read is found of all: of few, it may differ.
fn divide(
    texts: &PairTexts,
    order: &[usize],
    n_known: usize,
    source: &PairsSource,
) -> Result<(Pairs, Others)> {
    let how = HowToRead::find(texts, source)?;
    let (known, others) = order.split_at(n_known.min(order.len()));
    let first = others.len().saturating_sub(MAX_OTHERS);
    let known = Pairs::of_texts(texts.select(known), &how, source)?;
    if known.keys.is_some() {
        bail!(
            "{}: --pairs is for messages of one key, and the file gives each a key of its own; leave the \
             keys out by naming the columns to read, --columns ciphertext=NAME,plaintext=NAME",
            source.file.display()
        );
    }
    let others = Others {
        texts: texts.select(&others[first..]),
        plaintext: how.readings.plaintext,
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

//! What was learned from some pairs gets right of others.

use std::collections::HashSet;

use anyhow::Result;
use burn::tensor::Device;
use cipher_data::{PairTable, PairTexts, Score, explain};
use cipher_model::{Bundle, Decryptor};

use super::measure::Measure;
use super::{Assessment, OnOtherPairs};
use crate::data::{Data, Others};
use crate::run::{OnOthers, RunFolder, RunRule};

/// Measures what a run has learned, the network or the rule that replaces it, and notes that in its folder.
///
/// # Errors
///
/// Those of the device, of texts that cannot be read, and of the file.
pub fn measure_others(
    run: &RunFolder,
    assessment: &Assessment,
    bundle: &Bundle,
    data: &Data,
    others: &Others,
    device: &Device,
) -> Result<OnOthers> {
    let rule = assessment.rule.as_ref();
    let rule = rule.filter(|rule| rule.replaces_network);
    let rule = rule.map(|solving| &solving.rule);
    let texts = &others.texts;
    let (network, used, seen) = match &data.aligned {
        Some(aligned) => {
            let decryptor = Decryptor::new(bundle.clone(), device);
            let network = OnOtherPairs::by_edits(&decryptor, texts, &others.plaintext)?.score;
            let used = match rule {
                Some(RunRule::Table(_)) => {
                    OnOtherPairs::of_book(aligned, texts, &others.plaintext)?
                }
                _ => network,
            };
            (network, used, None)
        }
        None => symbol_by_symbol(rule, bundle, data, texts, device)?,
    };
    let used = match rule {
        Some(RunRule::Key(key)) => key.score(texts.pairs())?,
        _ => used,
    };
    let on_others = OnOthers {
        bundle_sha256: Bundle::fingerprint(run.bundle())?,
        n_pairs: others.n_known,
        n_characters: data.table().map_or(0, PairTable::n_symbols),
        measure: Measure::of(&bundle.plaintext_alphabet).name().into(),
        n_others: texts.len(),
        character_accuracy: used.character_accuracy(),
        message_accuracy: used.message_accuracy(),
        network_character_accuracy: network.character_accuracy(),
        network_message_accuracy: network.message_accuracy(),
        rule: rule.map(RunRule::name),
        seen,
    };
    run.set_others(&on_others)?;
    Ok(on_others)
}

/// The scores of the network and of what is used, and the share of symbols that were seen.
fn symbol_by_symbol(
    rule: Option<&RunRule>,
    bundle: &Bundle,
    data: &Data,
    texts: &PairTexts,
    device: &Device,
) -> Result<(Score, Score, Option<f64>)> {
    let [ciphertext, plaintext] = [&data.ciphertext_alphabet, &data.plaintext_alphabet];
    // With alphabets of few pairs, the sides of another may differ in length: its answer cannot be right.
    let is_read =
        |&index: &usize| PairTable::new(&texts.select(&[index]), ciphertext, plaintext).is_ok();
    let (read, unread): (Vec<usize>, Vec<usize>) = (0..texts.len()).partition(is_read);
    let unread = unread.iter().map(|&index| wrong(texts.plaintext(index)));
    let unread: Score = unread.collect::<Vec<_>>().iter().sum();
    let others = PairTable::new(&texts.select(&read), ciphertext, plaintext)?;
    let seen = data
        .table()
        .map(|known| seen(known, &others, plaintext.len()));
    let by_rule = match rule {
        Some(RunRule::Table(rule)) => {
            let pairs: Vec<_> = (0..others.len()).filter_map(|i| others.get(i)).collect();
            Some(explain(rule, &pairs))
        }
        _ => None,
    };
    let mut network = OnOtherPairs::of(bundle, others, device)?.score;
    let mut used = by_rule.unwrap_or(network);
    network += unread;
    used += unread;
    Ok((network, used, seen))
}

/// An answer of which nothing is right.
fn wrong(plaintext: &str) -> Score {
    let n_symbols = plaintext.chars().count();
    Score {
        n_symbols,
        wrong_symbols: n_symbols,
        n_messages: 1,
        wrong_messages: 1,
    }
}

/// The share of the others' ciphertext symbols that occur in the known pairs. The place of one that
/// no alphabet has is padding in the plaintext, whose alphabet has `n_plaintext_symbols`.
fn seen(known: &PairTable, others: &PairTable, n_plaintext_symbols: usize) -> f64 {
    let symbols = (0..known.len()).flat_map(|index| known.ciphertext(index));
    let known: HashSet<_> = symbols.collect();
    let places = (0..others.len())
        .flat_map(|index| others.ciphertext(index).iter().zip(others.plaintext(index)));
    let is_seen = |&(symbol, answer): &(_, &u16)| {
        usize::from(*answer) != n_plaintext_symbols && known.contains(symbol)
    };
    places.filter(is_seen).count() as f64 / others.n_symbols().max(1) as f64
}

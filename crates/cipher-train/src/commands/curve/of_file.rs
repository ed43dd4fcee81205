use std::collections::HashSet;

use anyhow::{Result, anyhow, bail};
use burn::tensor::Device;
use cipher_data::{Dependence, FoundReadings, PairTable, PairTexts, Readings, explain, streams};
use cipher_model::{Backend, Decryptor};
use rand::seq::SliceRandom;
use serde_json::{Value, json};

use super::{Messages, N_OTHER, Point};
use crate::commands::scratch;
use crate::config::{Config, PairsSource, Source, plan};
use crate::data::{Data, Pairs, read_texts};
use crate::report::{Assessment, OnOtherPairs};
use crate::training::Stop;

/// Pairs of a file.
pub struct OfFile {
    source: PairsSource,
    readings: Readings,
    texts: PairTexts,
    /// The largest number of pairs to learn from.
    max_count: usize,
}

impl OfFile {
    pub fn new(source: PairsSource, counts: &[usize]) -> Result<Self> {
        let texts = read_texts(&source)?;
        let max_count = counts.last().copied().unwrap_or(0);
        if texts.is_empty() {
            bail!("{}: there are no pairs", source.file.display());
        }
        if texts.len() <= max_count {
            bail!(
                "{} has {} pairs, and {max_count} to learn from leave none to measure on; give \
                 smaller numbers with --pairs",
                source.file.display(),
                texts.len()
            );
        }
        // What is found of few pairs may differ from what is found of all.
        let readings = match &source.readings {
            None => FoundReadings::of(&texts, &source.hints()).readings,
            Some(said) => said.clone(),
        };
        Ok(Self {
            source,
            readings,
            texts,
            max_count,
        })
    }

    /// A number of pairs to learn from, and others. With more pairs of the same seed, the first
    /// ones and the others stay the same.
    fn divide(&self, n_pairs: usize, seed: u64) -> [PairTexts; 2] {
        let mut order: Vec<usize> = (0..self.texts.len()).collect();
        order.shuffle(&mut streams::file_order(seed));
        let (first, others) = order.split_at(self.max_count);
        let others = &others[..others.len().min(N_OTHER)];
        [&first[..n_pairs], others].map(|indices| self.texts.select(indices))
    }
}

impl Messages for OfFile {
    fn learn(
        &self,
        n_pairs: usize,
        seed: u64,
        (backend, device): (Backend, &Device),
        stop: &Stop,
    ) -> Result<Point> {
        let [known, others] = self.divide(n_pairs, seed);
        let known = Pairs::of_texts(known, &self.readings, &self.source)?;
        let [ciphertext, plaintext] = [&known.ciphertext_alphabet, &known.plaintext_alphabet];
        let others = PairTable::new(&others, ciphertext, plaintext);
        let others = others.map_err(|error| anyhow!("{}: {error}", known.name))?;
        let source = Source::Pairs(self.source.clone());
        let needs_later = Dependence::of(&known.table).needs_later();
        let config = Config {
            seed,
            ..plan(&known.table, source, needs_later)
        };
        let data = Data::of_file(&config, &known)?;
        let trained = scratch::train(&config, &data, (backend, device), stop)?;
        let assessment = Assessment::of(&Decryptor::new(trained.bundle.clone(), device), &data)?;
        let seen = seen(&known.table, &others, plaintext.len());
        let rule = assessment.rule.filter(|rule| rule.replaces_network);
        let score = match rule {
            Some(solving) => {
                let pairs: Vec<_> = (0..others.len()).filter_map(|i| others.get(i)).collect();
                explain(&solving.rule, &pairs)
            }
            None => OnOtherPairs::of(&trained.bundle, others, device)?.score,
        };
        Ok(Point {
            pairs: n_pairs,
            characters: known.table.n_symbols(),
            seed,
            character_accuracy: score.character_accuracy(),
            seen: Some(seen),
        })
    }

    fn limit(&self, counts: &[usize], points: &[Point]) -> Result<Vec<(f64, f64)>> {
        let mean = |n_pairs: usize| {
            let of_count = points.iter().filter(|point| point.pairs == n_pairs);
            let seen: Vec<f64> = of_count.filter_map(|point| point.seen).collect();
            (n_pairs as f64, seen.iter().sum::<f64>() / seen.len() as f64)
        };
        Ok(counts.iter().map(|&n_pairs| mean(n_pairs)).collect())
    }

    fn describe(&self) -> Result<Value> {
        Ok(json!({ "pairs": self.source, "n_pairs": self.texts.len() }))
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

use std::collections::HashSet;

use anyhow::{Result, anyhow, bail};
use burn::tensor::Device;
use cipher_data::{PairTable, PairTexts, Score, explain, streams};
use cipher_model::{Backend, Bundle, Decryptor};
use rand::seq::SliceRandom;
use serde_json::{Value, json};

use super::{Messages, N_OTHER, Point};
use crate::commands::scratch;
use crate::config::{Config, PairsSource};
use crate::data::{Aligned, Data, HowToRead, Pairs, read_texts};
use crate::report::measure::Measure;
use crate::report::{Assessment, OnOtherPairs};
use crate::run::RunRule;
use crate::training::Stop;

/// Pairs of a file.
pub struct OfFile {
    source: PairsSource,
    how: HowToRead,
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
        let how = HowToRead::find(&texts, &source)?;
        Ok(Self {
            source,
            how,
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

    /// What the network or the code book gets right of other pairs, by edit distance.
    fn by_edits(
        &self,
        aligned: &Aligned,
        is_by_book: bool,
        network: &Decryptor,
        others: &PairTexts,
    ) -> Result<(Score, Option<f64>)> {
        let plaintext = &self.how.readings.plaintext;
        if !is_by_book {
            let measured = OnOtherPairs::by_edits(network, others, plaintext)?;
            return Ok((measured.score, None));
        }
        let score = OnOtherPairs::of_book(aligned, others, plaintext)?;
        Ok((score, None))
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
        let known = Pairs::of_texts(known, &self.how, &self.source)?;
        let (planned, _) = known.plan(self.source.clone());
        let config = Config { seed, ..planned };
        let data = Data::of_file(&config, &known)?;
        let trained = scratch::train(&config, &data, (backend, device), stop)?;
        let decryptor = Decryptor::new(trained.bundle.clone(), device);
        let assessment = Assessment::of(&decryptor, &data)?;
        let rule = assessment.rule.filter(|rule| rule.replaces_network);
        let rule = rule.map(|solving| solving.rule);
        if let Some(RunRule::Key(key)) = &rule {
            return Ok(Point {
                pairs: n_pairs,
                characters: known.table.n_symbols(),
                seed,
                character_accuracy: key.score(others.pairs())?.character_accuracy(),
                seen: None,
            });
        }
        let (score, seen) = match &data.aligned {
            Some(aligned) => self.by_edits(aligned, rule.is_some(), &decryptor, &others)?,
            None => symbol_by_symbol(&known, rule.as_ref(), &trained.bundle, &others, device)?,
        };
        Ok(Point {
            pairs: n_pairs,
            characters: known.table.n_symbols(),
            seed,
            character_accuracy: score.character_accuracy(),
            seen,
        })
    }

    fn limit(&self, counts: &[usize], points: &[Point]) -> Result<Vec<(f64, f64)>> {
        let mean = |n_pairs: usize| {
            let of_count = points.iter().filter(|point| point.pairs == n_pairs);
            let seen: Option<Vec<f64>> = of_count.map(|point| point.seen).collect();
            let seen = seen?;
            Some((n_pairs as f64, seen.iter().sum::<f64>() / seen.len() as f64))
        };
        Ok(counts.iter().filter_map(|&n_pairs| mean(n_pairs)).collect())
    }

    fn measure(&self) -> Measure {
        match self.how.alignment {
            Some(_) => Measure::Edits,
            None => Measure::Symbols,
        }
    }

    fn describe(&self) -> Result<Value> {
        Ok(json!({ "pairs": self.source, "n_pairs": self.texts.len() }))
    }
}

/// What is right of other pairs, and the share of their symbols that the known pairs have.
fn symbol_by_symbol(
    known: &Pairs,
    rule: Option<&RunRule>,
    bundle: &Bundle,
    others: &PairTexts,
    device: &Device,
) -> Result<(Score, Option<f64>)> {
    let [ciphertext, plaintext] = [&known.ciphertext_alphabet, &known.plaintext_alphabet];
    let others = PairTable::new(others, ciphertext, plaintext);
    let others = others.map_err(|error| anyhow!("{}: {error}", known.name))?;
    let seen = seen(&known.table, &others, plaintext.len());
    let score = match rule {
        Some(RunRule::Table(rule)) => {
            let pairs: Vec<_> = (0..others.len()).filter_map(|i| others.get(i)).collect();
            explain(rule, &pairs)
        }
        _ => OnOtherPairs::of(bundle, others, device)?.score,
    };
    Ok((score, Some(seen)))
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

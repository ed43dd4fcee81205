use std::sync::Arc;

use anyhow::{Result, bail};
use burn::tensor::Device;
use cipher_data::{KeySet, PairTable};
use cipher_model::Backend;
use serde_json::{Value, json};

use super::{Messages, N_OTHER, Point};
use crate::commands::scratch;
use crate::config::{CipherSetup, Config, plan};
use crate::data::{Data, random_messages};
use crate::report::OnOtherPairs;
use crate::training::Stop;

/// Points of the limit between two counts.
const LIMIT_POINTS: usize = 16;

/// Random messages of a cipher.
pub struct OfCipher {
    config: Config,
}

impl OfCipher {
    pub fn new(config: Config) -> Result<Self> {
        if config.cipher()?.key_lengths.is_some() {
            bail!(
                "`curve` is for a network that decrypts messages of one key; give a config with cipher.key \
                 as it is, without model.key_input and task"
            );
        }
        Ok(Self { config })
    }
}

impl Messages for OfCipher {
    fn learn(
        &self,
        n_pairs: usize,
        seed: u64,
        (backend, device): (Backend, &Device),
        stop: &Stop,
    ) -> Result<Point> {
        let messages = Config {
            seed,
            ..self.config.clone()
        };
        let setup = messages.cipher()?.init()?;
        let known = Arc::new(table(&messages, &setup, KeySet::Training, n_pairs)?);
        let planned = Config {
            seed,
            ..plan(&known, self.config.source.clone(), false)
        };
        let alphabets = [
            setup.texts.ciphertext.clone(),
            setup.texts.plaintext.clone(),
        ];
        let data = Data::of_table(&planned, &known, alphabets)?;
        let trained = scratch::train(&planned, &data, (backend, device), stop)?;
        let other = table(&messages, &setup, KeySet::Test, N_OTHER)?;
        let score = OnOtherPairs::of(&trained.bundle, other, device)?.score;
        Ok(Point {
            pairs: n_pairs,
            characters: known.n_symbols(),
            seed,
            character_accuracy: score.character_accuracy(),
            seen: None,
        })
    }

    /// In random messages of N characters, a symbol occurs at a given place of the period with
    /// probability 1 - (1 - 1/n)^(N/p), where n is the number of symbols and p the period. What
    /// never occurred cannot be known, except by a learner that knows the kind of cipher.
    fn limit(&self, counts: &[usize], _points: &[Point]) -> Result<Vec<(f64, f64)>> {
        let setup = self.config.cipher()?.init()?;
        let (Some(period), Some(&first), Some(&last)) =
            (setup.texts.cipher.period(), counts.first(), counts.last())
        else {
            return Ok(Vec::new());
        };
        let length = (setup.lengths.min() + setup.lengths.max()) as f64 / 2.0;
        let unseen = 1.0 - 1.0 / setup.texts.plaintext.len() as f64;
        let step = (last as f64 / first as f64).powf(1.0 / LIMIT_POINTS as f64);
        let n_pairs = (0..=LIMIT_POINTS).map(|point| first as f64 * step.powi(point as i32));
        Ok(n_pairs
            .map(|n| (n, 1.0 - unseen.powf(n * length / period as f64)))
            .collect())
    }

    fn describe(&self) -> Result<Value> {
        let source = self.config.cipher()?;
        Ok(json!({
            "cipher": source.texts.cipher,
            "messages": { "min_length": source.min_length, "max_length": source.max_length },
        }))
    }
}

fn table(config: &Config, setup: &CipherSetup, set: KeySet, n_pairs: usize) -> Result<PairTable> {
    let messages = random_messages(config, setup, set, n_pairs)?;
    Ok(PairTable::of(messages.pairs(0..n_pairs)?))
}

//! The messages as a network reads them.

use std::collections::HashSet;
use std::sync::Arc;

use anyhow::Result;
use burn::data::dataset::{Dataset, InMemDataset};
use burn::tensor::Device;
use cipher_data::{
    BucketLoader, InputIds, Pair, PairBatcher, PairSource, RandomPrefixes, SymbolDropout, SymbolId,
};

use super::{Data, first_pairs};
use crate::config::Config;

impl Data {
    /// The training pairs as the network reads them: prefixes, and with dropout of symbols, if the config says so.
    pub fn training_input(&self, config: &Config) -> Arc<dyn PairSource> {
        let mut training = self.training.clone();
        if config.training.random_prefixes {
            training = Arc::new(RandomPrefixes::new(training, config.seed));
        }
        let share = config.training.symbol_dropout;
        if share == 0.0 {
            return training;
        }
        Arc::new(SymbolDropout::new(
            training,
            share,
            self.ciphertext_alphabet.len(),
            self.plaintext_alphabet.len(),
            config.seed,
        ))
    }

    /// The validation pairs, in which nothing is asked of ciphertext symbols that no training pair has: no training
    /// could learn them, and so it would never reach its target. If they have no others, all is asked.
    ///
    /// # Errors
    ///
    /// Those of the pairs.
    pub fn validation_input(&self) -> Result<Arc<dyn PairSource>> {
        let untrained: HashSet<SymbolId> = self.untrained()?.into_iter().collect();
        if untrained.is_empty() {
            return Ok(self.validation.clone());
        }
        let nothing = self.plaintext_alphabet.len() as SymbolId;
        let mut is_any_asked = false;
        let mut asked = Vec::new();
        for pair in first_pairs(&self.validation, usize::MAX)? {
            let symbols = pair.ciphertext().iter().zip(pair.plaintext());
            let plaintext: Vec<SymbolId> = symbols
                .map(|(id, &label)| {
                    if untrained.contains(id) {
                        nothing
                    } else {
                        label
                    }
                })
                .collect();
            is_any_asked |= plaintext.iter().any(|&label| label < nothing);
            let (ciphertext, key) = (pair.ciphertext().to_vec(), pair.key().to_vec());
            asked.push(Pair::new(ciphertext, plaintext)?.with_key(key));
        }
        Ok(match is_any_asked {
            true => Arc::new(Arc::new(InMemDataset::new(asked)) as Arc<dyn Dataset<Pair>>),
            false => self.validation.clone(),
        })
    }

    /// Pairs in batches, padded and grouped by length.
    ///
    /// # Errors
    ///
    /// See [`Self::inputs`].
    pub fn loader(
        &self,
        source: &Arc<dyn PairSource>,
        config: &Config,
        device: &Device,
    ) -> Result<BucketLoader> {
        let batcher = PairBatcher::new(self.inputs(config)?, self.plaintext_alphabet.len());
        let batch_size = config.training.batch_size;
        let source = source.clone();
        Ok(BucketLoader::new(
            source,
            batcher,
            batch_size,
            config.seed,
            device,
        ))
    }

    /// What the network reads.
    ///
    /// # Errors
    ///
    /// When there are too many symbols.
    pub fn inputs(&self, config: &Config) -> Result<InputIds> {
        let n_key = self
            .trained_keys
            .as_ref()
            .map_or(0, |keys| keys.alphabet.len());
        Ok(config.model.inputs(self.ciphertext_alphabet.len(), n_key)?)
    }
}

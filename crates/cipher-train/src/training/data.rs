//! What a run is trained and measured on.

use std::ops::Range;
use std::sync::Arc;

use anyhow::Result;
use burn::data::dataset::Dataset;
use burn::data::dataset::transform::PartialDataset;
use burn::tensor::Device;
use cipher_data::{Alphabet, BucketLoader, MessageDataset, Pair, PairBatcher, PairSource, Split};

use crate::config::{Config, Parts};

/// Three sets of pairs that share no message, and the alphabets of their sides.
pub struct Data {
    pub ciphertext_alphabet: Alphabet,
    pub plaintext_alphabet: Alphabet,
    /// What the weights are changed for.
    pub training: Arc<dyn PairSource>,
    /// What decides when to stop, and which epoch was the best.
    pub held_out: Arc<dyn PairSource>,
    /// What the accuracy is reported for, and nothing else.
    pub test: Arc<dyn PairSource>,
}

impl Data {
    /// Random messages of the config's cipher.
    pub fn random(config: &Config) -> Result<Self> {
        let parts = config.init()?;
        let messages = &config.messages;
        let n_held_out = messages.held_out + messages.test;
        let held_out = random_messages(config, &parts, Split::HeldOut, n_held_out)?;
        let part = |range: Range<usize>| -> Arc<dyn PairSource> {
            let part = PartialDataset::new(held_out.clone(), range.start, range.end);
            let part: Arc<dyn Dataset<Pair>> = Arc::new(part);
            Arc::new(part)
        };
        let training = random_messages(config, &parts, Split::Training, messages.per_epoch)?;
        Ok(Self {
            training: Arc::new(training),
            held_out: part(0..messages.held_out),
            test: part(messages.held_out..n_held_out),
            ciphertext_alphabet: parts.alphabet.clone(),
            plaintext_alphabet: parts.alphabet,
        })
    }

    /// Pairs of these alphabets in batches.
    pub fn loader(
        &self,
        source: &Arc<dyn PairSource>,
        config: &Config,
        device: &Device,
    ) -> BucketLoader {
        let batcher = PairBatcher::new(
            self.ciphertext_alphabet.len(),
            self.plaintext_alphabet.len(),
        );
        BucketLoader::new(
            source.clone(),
            batcher,
            config.training.batch_size,
            config.seed,
            device,
        )
    }
}

/// The first `len` random messages of a split.
pub fn random_messages(
    config: &Config,
    parts: &Parts,
    split: Split,
    len: usize,
) -> Result<MessageDataset> {
    Ok(MessageDataset::new(
        parts.cipher.clone(),
        parts.alphabet.len(),
        parts.lengths,
        config.seed,
        split,
        len,
    )?)
}

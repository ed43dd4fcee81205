use std::sync::Arc;

use burn::data::dataset::{Dataset, DatasetError};
use cipher_data::alignment::Channel;
use cipher_data::{Pair, PairSource, SymbolId, streams};
use rand::RngExt;

/// The share of pairs that are as they stand in the file.
const AS_THEY_ARE: f64 = 0.25;

/// Pairs that are enciphered again in every epoch, with other homophones, nulls and errors.
#[derive(Clone)]
pub struct Enciphered {
    channel: Arc<Channel>,
    /// The pairs as they are.
    pairs: Arc<[Pair]>,
    /// For each pair the chunks that were to be enciphered; `None` where they cannot be told.
    intended: Arc<[Option<Vec<SymbolId>>]>,
    seed: u64,
    per_epoch: usize,
    epoch: u64,
}

impl Enciphered {
    /// These pairs, `per_epoch` in each epoch.
    pub fn new(
        channel: Channel,
        pairs: Vec<Pair>,
        intended: Vec<Option<Vec<SymbolId>>>,
        per_epoch: usize,
        seed: u64,
    ) -> Self {
        Self {
            channel: Arc::new(channel),
            pairs: pairs.into(),
            intended: intended.into(),
            seed,
            per_epoch,
            epoch: 0,
        }
    }
}

impl PairSource for Enciphered {
    fn pairs_at(&self, epoch: u64) -> Arc<dyn Dataset<Pair>> {
        Arc::new(Self {
            epoch,
            ..self.clone()
        })
    }
}

impl Dataset<Pair> for Enciphered {
    fn get(&self, index: usize) -> Result<Pair, DatasetError> {
        let begin = u128::from(self.epoch) * self.per_epoch as u128;
        let place = ((begin + index as u128) % self.pairs.len() as u128) as usize;
        let pair = &self.pairs[place];
        let enciphered = self.intended[place].as_ref().and_then(|intended| {
            let mut rng = streams::enciphered(self.seed, self.epoch, index, pair.len());
            if rng.random_bool(AS_THEY_ARE) {
                return None;
            }
            self.channel.encipher(intended, &mut rng)
        });
        Ok(enciphered.unwrap_or_else(|| pair.clone()))
    }

    fn len(&self) -> usize {
        self.per_epoch
    }
}

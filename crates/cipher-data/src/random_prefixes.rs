use std::sync::Arc;

use burn::data::dataset::{Dataset, DatasetError};
use rand::RngExt;

use crate::{Pair, PairSource, SymbolId, streams};

/// Pairs of which every epoch has a prefix of random length, even from one symbol to the whole message.
///
/// A network that reads in one direction answers at the places of a prefix as it does in the whole message, so
/// nothing is lost but the places after it. What is gained: the first places come more often than the last, and
/// a cipher whose key feeds on the message has to be learned from the first place on. A network that also reads
/// backwards needs whole messages.
#[derive(Clone)]
pub struct RandomPrefixes {
    source: Arc<dyn PairSource>,
    seed: u64,
}

impl RandomPrefixes {
    /// Prefixes of these pairs.
    pub fn new(source: Arc<dyn PairSource>, seed: u64) -> Self {
        Self { source, seed }
    }
}

impl PairSource for RandomPrefixes {
    fn pairs_at(&self, epoch: u64) -> Arc<dyn Dataset<Pair>> {
        Arc::new(PrefixEpoch {
            pairs: self.source.pairs_at(epoch),
            seed: self.seed,
            epoch,
        })
    }
}

struct PrefixEpoch {
    pairs: Arc<dyn Dataset<Pair>>,
    seed: u64,
    epoch: u64,
}

impl Dataset<Pair> for PrefixEpoch {
    #[allow(clippy::expect_used)] // both sides are cut at the same place
    fn get(&self, index: usize) -> Result<Pair, DatasetError> {
        let pair = self.pairs.get(index)?;
        let mut rng = streams::prefix(self.seed, self.epoch, index);
        let length = rng.random_range(1..=pair.len().max(1));
        let cut = |side: &[SymbolId]| side.iter().take(length).copied().collect();
        let prefix = Pair::new(cut(pair.ciphertext()), cut(pair.plaintext()));
        let prefix = prefix.expect("sides of equal length");
        Ok(prefix.with_key(pair.key().to_vec()))
    }

    fn len(&self) -> usize {
        self.pairs.len()
    }
}

#[cfg(test)]
mod tests {
    use burn::data::dataset::InMemDataset;

    use super::*;

    fn prefixes(seed: u64) -> RandomPrefixes {
        let pair = Pair::new((0..8).collect(), (8..16).collect()).unwrap();
        let pairs = vec![pair.with_key(vec![7]); 8000];
        let pairs: Arc<dyn Dataset<Pair>> = Arc::new(InMemDataset::new(pairs));
        RandomPrefixes::new(Arc::new(pairs), seed)
    }

    #[test]
    fn each_length_is_as_frequent_as_any_other_and_both_sides_end_at_the_same_place() {
        let pairs = prefixes(1).pairs_at(0);
        let mut counts = [0; 8];
        for index in 0..pairs.len() {
            let pair = pairs.get(index).unwrap();
            let whole: Vec<u16> = (0..16).collect();
            assert_eq!(pair.ciphertext(), &whole[..pair.len()]);
            assert_eq!(pair.plaintext(), &whole[8..8 + pair.len()]);
            assert_eq!(pair.key(), [7]);
            counts[pair.len() - 1] += 1;
        }
        // 1000 expected; 5 standard deviations are 148.
        let is_even = |&count: &i32| count.abs_diff(1000) < 148;
        assert!(counts.iter().all(is_even), "{counts:?}");
    }

    #[test]
    fn the_lengths_follow_from_seed_epoch_and_index_and_change_with_each() {
        let lengths = |seed, epoch| {
            let pairs = prefixes(seed).pairs_at(epoch);
            let lengths = (0..50).map(|index| pairs.get(index).unwrap().len());
            lengths.collect::<Vec<_>>()
        };
        assert_eq!(lengths(1, 2), lengths(1, 2));
        assert_ne!(lengths(1, 2), lengths(1, 3));
        assert_ne!(lengths(1, 2), lengths(2, 2));
    }
}

use std::sync::Arc;

use burn::data::dataset::{Dataset, DatasetError};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use crate::{Pair, PairSource, SymbolId};

/// Random words set aside for each pair of an epoch.
const WORDS_PER_PAIR_LOG2: u32 = 20;

/// Pairs of which, every epoch anew, a share of the ciphertext symbols is replaced by random ones;
/// what is asked in their place is padding, so no answer to them counts.
///
/// A network with few pairs at hand soon tells them apart and knows each by heart, before it has
/// found what they have in common. It cannot, if their symbols change. What it learns is then that
/// a plaintext symbol follows from its own ciphertext symbol and its place, whatever stands
/// around: true of substitutions and of ciphers with a repeating key, and not of ciphers that feed
/// on the message. It is the word dropout of language models (Iyyer et al., 2015).
#[derive(Clone)]
pub struct Masked {
    source: Arc<dyn PairSource>,
    share: f64,
    n_ciphertext_symbols: usize,
    plaintext_padding: SymbolId,
    seed: u64,
}

impl Masked {
    /// Masks a `share` of the symbols, from 0 to 1, of pairs over alphabets of these lengths.
    pub fn new(
        source: Arc<dyn PairSource>,
        share: f64,
        n_ciphertext_symbols: usize,
        n_plaintext_symbols: usize,
        seed: u64,
    ) -> Self {
        Self {
            source,
            share: share.clamp(0.0, 1.0),
            n_ciphertext_symbols,
            plaintext_padding: n_plaintext_symbols as SymbolId,
            seed,
        }
    }
}

impl PairSource for Masked {
    fn pairs_at(&self, epoch: u64) -> Arc<dyn Dataset<Pair>> {
        Arc::new(MaskedEpoch {
            pairs: self.source.pairs_at(epoch),
            masked: self.clone(),
            epoch,
        })
    }
}

struct MaskedEpoch {
    pairs: Arc<dyn Dataset<Pair>>,
    masked: Masked,
    epoch: u64,
}

impl MaskedEpoch {
    #[allow(clippy::expect_used)] // each symbol is put in the place of one
    fn mask(&self, index: usize, pair: &Pair) -> Pair {
        let Masked {
            share,
            n_ciphertext_symbols,
            plaintext_padding,
            seed,
            ..
        } = self.masked;
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        // Apart from the streams of messages (no high bit) and of shuffles (the top bit).
        rng.set_stream(self.epoch | 1 << 62);
        rng.set_word_pos((index as u128) << WORDS_PER_PAIR_LOG2);
        let symbols = pair.ciphertext().iter().zip(pair.plaintext());
        let (ciphertext, plaintext) = symbols
            .map(|(&ciphertext, &plaintext)| match rng.random_bool(share) {
                true => {
                    let other = rng.random_range(0..n_ciphertext_symbols as u32);
                    (other as SymbolId, plaintext_padding)
                }
                false => (ciphertext, plaintext),
            })
            .unzip();
        Pair::new(ciphertext, plaintext).expect("sides of equal length")
    }
}

impl Dataset<Pair> for MaskedEpoch {
    fn get(&self, index: usize) -> Result<Pair, DatasetError> {
        Ok(self.mask(index, &self.pairs.get(index)?))
    }

    fn len(&self) -> usize {
        self.pairs.len()
    }
}

#[cfg(test)]
mod tests {
    use burn::data::dataset::InMemDataset;

    use super::*;

    fn masked(share: f64) -> Masked {
        let pair = Pair::new(vec![3; 1000], vec![4; 1000]).unwrap();
        let pairs: Arc<dyn Dataset<Pair>> = Arc::new(InMemDataset::new(vec![pair; 10]));
        Masked::new(Arc::new(pairs), share, 27, 30, 1)
    }

    #[test]
    fn the_asked_share_is_masked_and_what_is_masked_is_not_asked() {
        let pairs = masked(0.3).pairs_at(0);
        let mut n_masked = 0;
        for index in 0..10 {
            let pair = pairs.get(index).unwrap();
            for (&ciphertext, &plaintext) in pair.ciphertext().iter().zip(pair.plaintext()) {
                assert!(ciphertext < 27);
                assert!(plaintext == 30 || (ciphertext, plaintext) == (3, 4));
                n_masked += usize::from(plaintext == 30);
            }
        }
        // 3000 expected of 10,000; 5 standard deviations are 229.
        assert!(n_masked.abs_diff(3000) < 229, "{n_masked}");
    }

    #[test]
    fn a_mask_follows_from_seed_epoch_and_index_and_changes_with_each() {
        let mask = |epoch, index: usize| masked(0.5).pairs_at(epoch).get(index).unwrap();
        assert_eq!(mask(2, 7), mask(2, 7));
        assert_ne!(mask(2, 7), mask(3, 7));
        assert_ne!(mask(2, 7), mask(2, 8));
    }
}

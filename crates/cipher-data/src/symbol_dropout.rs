use std::sync::Arc;

use burn::data::dataset::{Dataset, DatasetError};
use rand::RngExt;

use crate::{Alphabet, Pair, PairSource, SymbolId, streams};

/// Dropout of input symbols: in every epoch another random share of the ciphertext symbols is
/// replaced by random ones. The plaintext symbols in their places become padding, so that no answer
/// to them counts.
///
/// With few pairs, a network overfits: it recognizes each message before it has found what the
/// messages have in common. Where the symbols change all the time, it cannot. It then learns that
/// a plaintext symbol follows from its own ciphertext symbol and its place, whatever surrounds it.
/// That is true of substitutions and of ciphers with a repeating key, but not of ciphers whose key
/// depends on the message. It is the word dropout of language models (Iyyer et al., 2015).
#[derive(Clone)]
pub struct SymbolDropout {
    source: Arc<dyn PairSource>,
    share: f64,
    n_ciphertext_symbols: usize,
    plaintext_padding: SymbolId,
    seed: u64,
}

impl SymbolDropout {
    /// Drops a `share` of the symbols, from 0 to 1, of pairs over alphabets of these lengths.
    ///
    /// # Panics
    ///
    /// When `share` is not from 0 to 1, or no alphabet has such a length.
    pub fn new(
        source: Arc<dyn PairSource>,
        share: f64,
        n_ciphertext_symbols: usize,
        n_plaintext_symbols: usize,
        seed: u64,
    ) -> Self {
        assert!(
            (0.0..=1.0).contains(&share),
            "a share of {share} is not from 0 to 1"
        );
        for n_symbols in [n_ciphertext_symbols, n_plaintext_symbols] {
            assert!(
                (1..=Alphabet::MAX_LEN).contains(&n_symbols),
                "no alphabet has {n_symbols} symbols"
            );
        }
        Self {
            source,
            share,
            n_ciphertext_symbols,
            plaintext_padding: n_plaintext_symbols as SymbolId,
            seed,
        }
    }

    #[allow(clippy::expect_used)] // each symbol takes the place of one
    fn drop_symbols(&self, epoch: u64, index: usize, pair: &Pair) -> Pair {
        let mut rng = streams::symbol_dropout(self.seed, epoch, index);
        let symbols = pair.ciphertext().iter().zip(pair.plaintext());
        let (ciphertext, plaintext) = symbols
            .map(|(&ciphertext, &plaintext)| {
                if rng.random_bool(self.share) {
                    let other = rng.random_range(0..self.n_ciphertext_symbols as u32);
                    (other as SymbolId, self.plaintext_padding)
                } else {
                    (ciphertext, plaintext)
                }
            })
            .unzip();
        let dropped = Pair::new(ciphertext, plaintext).expect("sides of equal length");
        dropped.with_key(pair.key().to_vec())
    }
}

impl PairSource for SymbolDropout {
    fn pairs_at(&self, epoch: u64) -> Arc<dyn Dataset<Pair>> {
        Arc::new(DropoutEpoch {
            pairs: self.source.pairs_at(epoch),
            dropout: self.clone(),
            epoch,
        })
    }
}

struct DropoutEpoch {
    pairs: Arc<dyn Dataset<Pair>>,
    dropout: SymbolDropout,
    epoch: u64,
}

impl Dataset<Pair> for DropoutEpoch {
    fn get(&self, index: usize) -> Result<Pair, DatasetError> {
        let pair = self.pairs.get(index)?;
        Ok(self.dropout.drop_symbols(self.epoch, index, &pair))
    }

    fn len(&self) -> usize {
        self.pairs.len()
    }
}

#[cfg(test)]
mod tests {
    use burn::data::dataset::InMemDataset;

    use super::*;

    fn dropout(share: f64) -> SymbolDropout {
        let pair = Pair::new(vec![3; 1000], vec![4; 1000]).unwrap();
        let pairs: Arc<dyn Dataset<Pair>> = Arc::new(InMemDataset::new(vec![pair; 10]));
        SymbolDropout::new(Arc::new(pairs), share, 27, 30, 1)
    }

    #[test]
    fn a_share_of_the_symbols_is_dropped_and_no_answer_to_them_counts() {
        let pairs = dropout(0.3).pairs_at(0);
        let mut n_dropped = 0;
        for index in 0..10 {
            let pair = pairs.get(index).unwrap();
            for (&ciphertext, &plaintext) in pair.ciphertext().iter().zip(pair.plaintext()) {
                assert!(ciphertext < 27);
                assert!(plaintext == 30 || (ciphertext, plaintext) == (3, 4));
                n_dropped += usize::from(plaintext == 30);
            }
        }
        // 3000 expected of 10,000; 5 standard deviations are 229.
        assert!(n_dropped.abs_diff(3000) < 229, "{n_dropped}");
    }

    #[test]
    fn the_dropped_symbols_follow_from_seed_epoch_and_index_and_change_with_each() {
        let pair = |epoch, index: usize| dropout(0.5).pairs_at(epoch).get(index).unwrap();
        assert_eq!(pair(2, 7), pair(2, 7));
        assert_ne!(pair(2, 7), pair(3, 7));
        assert_ne!(pair(2, 7), pair(2, 8));
    }

    #[test]
    #[should_panic(expected = "a share of NaN is not from 0 to 1")]
    fn a_share_that_is_no_number_is_refused() {
        dropout(f64::NAN);
    }
}

use burn::data::dataloader::batcher::Batcher;
use burn::tensor::{Device, Int, Tensor, TensorData};

use crate::{Alphabet, Pair, SymbolId};

/// Pairs side by side. Shorter messages are filled up with padding at the end.
#[derive(Debug, Clone)]
pub struct Batch {
    /// Ids of the ciphertexts: `[batch, time]`.
    pub ciphertext: Tensor<2, Int>,
    /// Ids of the plaintexts: `[batch, time]`.
    pub plaintext: Tensor<2, Int>,
    /// Length of each message without padding, in symbols: `[batch]`.
    pub lengths: Vec<usize>,
    /// Number of plaintext symbols in the batch, padding not counted.
    pub n_symbols: usize,
}

/// Makes padded batches. The padding id of a side is the id after its last symbol.
#[derive(Debug, Clone, Copy)]
pub struct PairBatcher {
    /// Padding of the ciphertexts: the length of their alphabet.
    pub ciphertext_padding: SymbolId,
    /// Padding of the plaintexts: the length of their alphabet.
    pub plaintext_padding: SymbolId,
}

impl PairBatcher {
    /// A batcher for ciphertexts and plaintexts over alphabets of these lengths.
    ///
    /// # Panics
    ///
    /// When a length is above [`Alphabet::MAX_LEN`], so that no id is left for padding.
    pub fn new(n_ciphertext_symbols: usize, n_plaintext_symbols: usize) -> Self {
        for n_symbols in [n_ciphertext_symbols, n_plaintext_symbols] {
            assert!(
                n_symbols <= Alphabet::MAX_LEN,
                "no alphabet has {n_symbols} symbols"
            );
        }
        Self {
            ciphertext_padding: n_ciphertext_symbols as SymbolId,
            plaintext_padding: n_plaintext_symbols as SymbolId,
        }
    }

    /// The messages as rows, each filled up to the length of the longest: `[batch, time]`.
    pub fn pad(messages: &[&[SymbolId]], padding: SymbolId, device: &Device) -> Tensor<2, Int> {
        let time = messages.iter().map(|m| m.len()).max().unwrap_or(0);
        let mut ids = Vec::with_capacity(messages.len() * time);
        for (row, message) in messages.iter().enumerate() {
            ids.extend(message.iter().map(|&id| i64::from(id)));
            ids.resize((row + 1) * time, i64::from(padding));
        }
        Tensor::from_data(TensorData::new(ids, [messages.len(), time]), device)
    }
}

impl Batcher<Pair, Batch> for PairBatcher {
    fn batch(&self, pairs: Vec<Pair>, device: &Device) -> Batch {
        let ciphertexts: Vec<_> = pairs.iter().map(Pair::ciphertext).collect();
        let plaintexts: Vec<_> = pairs.iter().map(Pair::plaintext).collect();
        Batch {
            ciphertext: Self::pad(&ciphertexts, self.ciphertext_padding, device),
            plaintext: Self::pad(&plaintexts, self.plaintext_padding, device),
            lengths: pairs.iter().map(Pair::len).collect(),
            n_symbols: plaintexts
                .iter()
                .flat_map(|plaintext| plaintext.iter())
                .filter(|&&id| id < self.plaintext_padding)
                .count(),
        }
    }
}

/// The share of padding, from 0 to 1, in batches of `batch_size` messages of these lengths, in this
/// order. A `batch_size` of 0 counts as 1.
pub fn padding_share(lengths: &[usize], batch_size: usize) -> f64 {
    let filled: usize = lengths.iter().sum();
    let padded: usize = lengths
        .chunks(batch_size.max(1))
        .map(|batch| batch.len() * batch.iter().max().unwrap_or(&0))
        .sum();
    if padded == 0 {
        return 0.0;
    }
    1.0 - filled as f64 / padded as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_messages_are_filled_up_with_padding_at_the_end() {
        let pairs = vec![
            Pair::new(vec![1, 2, 3], vec![4, 5, 6]).unwrap(),
            Pair::new(vec![7], vec![8]).unwrap(),
        ];
        let batch = PairBatcher::new(27, 30).batch(pairs, &Device::flex());
        assert_eq!(batch.lengths, [3, 1]);
        assert_eq!(batch.n_symbols, 4);
        let ids = |side: Tensor<2, Int>| side.into_data().iter::<i64>().collect::<Vec<_>>();
        assert_eq!(ids(batch.ciphertext), [1, 2, 3, 7, 27, 27]);
        assert_eq!(ids(batch.plaintext), [4, 5, 6, 8, 30, 30]);
    }

    #[test]
    #[should_panic(expected = "no alphabet has 65536 symbols")]
    fn an_alphabet_that_leaves_no_id_for_padding_is_refused() {
        PairBatcher::new(27, 1 << 16);
    }

    #[test]
    fn padding_share_is_what_a_hand_count_gives() {
        // [3 1 | 4 4]: 2 of the first block's 6 places are padding, none of the second's 8.
        let share = padding_share(&[3, 1, 4, 4], 2);
        assert!((share - 2.0 / 14.0).abs() < 1e-12, "{share}");
        assert_eq!(padding_share(&[], 2), 0.0);
    }
}

use std::borrow::Cow;

use burn::data::dataloader::batcher::Batcher;
use burn::tensor::{Device, Int, Tensor, TensorData};

use crate::{Alphabet, InputIds, Pair, Share, SymbolId};

/// Pairs side by side. Shorter messages are filled up with padding at the end.
#[derive(Debug, Clone)]
pub struct Batch {
    /// What the network reads, the [`InputIds`] of the ciphertexts: `[batch, time]`.
    pub ciphertext: Tensor<2, Int>,
    /// Ids of the plaintexts: `[batch, time]`, with padding where nothing is asked.
    pub plaintext: Tensor<2, Int>,
    /// Length of each row without padding, in ids: `[batch]`.
    pub lengths: Vec<usize>,
    /// Number of plaintext symbols in the batch, padding not counted.
    pub n_symbols: usize,
    /// The part that these are of the symbols of a batch that several processes share, from 0 to 1: their
    /// gradients count by it.
    pub weight: f64,
}

/// Makes padded batches. The padding id of a side is the id after its last symbol.
#[derive(Debug, Clone, Copy)]
pub struct PairBatcher {
    /// What the network reads of a pair. Their padding is the id after their last.
    pub inputs: InputIds,
    /// Padding of the plaintexts: the length of their alphabet.
    pub plaintext_padding: SymbolId,
}

impl PairBatcher {
    /// A batcher for ciphertexts over an alphabet of a length, or with keys, and plaintexts over an
    /// alphabet of a length.
    ///
    /// # Panics
    ///
    /// When a length is above [`Alphabet::MAX_LEN`], so that no id is left for padding.
    pub fn new(inputs: impl Into<InputIds>, n_plaintext_symbols: usize) -> Self {
        let inputs = inputs.into();
        for n_symbols in [inputs.n_ids(), n_plaintext_symbols] {
            assert!(
                n_symbols <= Alphabet::MAX_LEN,
                "no alphabet has {n_symbols} symbols"
            );
        }
        Self {
            inputs,
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

    /// One process's share of a batch. Where there is no message for it, the batch's first one, with a weight of
    /// 0: every process takes every step.
    pub(crate) fn share(&self, pairs: Vec<Pair>, share: Share, device: &Device) -> Batch {
        if share == Share::ALL {
            return self.batch(pairs, device);
        }
        let n_symbols = self.n_symbols(&pairs);
        let first = pairs.first().cloned();
        let of_rank = share.of(pairs);
        if of_rank.is_empty() {
            return Batch {
                weight: 0.0,
                ..self.batch(first.into_iter().collect(), device)
            };
        }
        let batch = self.batch(of_rank, device);
        let weight = batch.n_symbols as f64 / n_symbols.max(1) as f64;
        Batch { weight, ..batch }
    }

    /// Plaintext symbols that count, padding and dropped ones left out.
    fn n_symbols(&self, pairs: &[Pair]) -> usize {
        let ids = pairs.iter().flat_map(Pair::plaintext);
        ids.filter(|&&id| id < self.plaintext_padding).count()
    }

    /// The plaintext, after padding where the network reads the key.
    fn answers<'a>(&self, pair: &'a Pair) -> Cow<'a, [SymbolId]> {
        match self.inputs.n_before(pair.key()) {
            0 => Cow::Borrowed(pair.plaintext()),
            n => {
                let before = std::iter::repeat_n(self.plaintext_padding, n);
                before.chain(pair.plaintext().iter().copied()).collect()
            }
        }
    }
}

impl Batcher<Pair, Batch> for PairBatcher {
    fn batch(&self, pairs: Vec<Pair>, device: &Device) -> Batch {
        let inputs = pairs
            .iter()
            .map(|pair| self.inputs.of(pair.key(), pair.ciphertext()));
        let inputs: Vec<_> = inputs.collect();
        let inputs: Vec<&[SymbolId]> = inputs.iter().map(Cow::as_ref).collect();
        let answers = pairs.iter().map(|pair| self.answers(pair));
        let answers: Vec<_> = answers.collect();
        let plaintexts: Vec<&[SymbolId]> = answers.iter().map(Cow::as_ref).collect();
        Batch {
            ciphertext: Self::pad(&inputs, self.inputs.n_ids() as SymbolId, device),
            plaintext: Self::pad(&plaintexts, self.plaintext_padding, device),
            lengths: inputs.iter().map(|ids| ids.len()).collect(),
            n_symbols: self.n_symbols(&pairs),
            weight: 1.0,
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
    fn nothing_is_asked_while_the_network_reads_the_key() {
        let pair = Pair::new(vec![1, 2], vec![4, 5]).unwrap();
        let inputs = InputIds::keyed(crate::KeyInput::Prefix, 27, 27).unwrap();
        let batcher = PairBatcher::new(inputs, 30);
        let batch = batcher.batch(vec![pair.with_key(vec![7])], &Device::flex());
        assert_eq!((batch.lengths, batch.n_symbols), (vec![4], 2));
        let ids = |side: Tensor<2, Int>| side.into_data().iter::<i64>().collect::<Vec<_>>();
        assert_eq!(ids(batch.ciphertext), [34, 54, 1, 2]);
        assert_eq!(ids(batch.plaintext), [30, 30, 4, 5]);
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

use std::sync::Arc;

use burn::data::dataset::{Dataset, DatasetError};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use sha2::{Digest, Sha256};

use crate::{Cipher, DataError, Pair, SymbolId};

/// One message in this many is held out.
const HELD_OUT_ONE_IN: u64 = 8;

/// Draws after which a split counts as empty. At one message in eight, a split that is not empty
/// is missed this often with a chance of (7/8)^4096.
const MAX_DRAWS: usize = 4096;

/// Random words set aside for each index of the stream: 2^20.
const WORDS_PER_INDEX_LOG2: u32 = 20;

/// Which part of all possible messages a dataset draws from. No message is in both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Split {
    /// New messages every epoch.
    Training,
    /// The same messages every epoch, and none that training could ever see.
    HeldOut,
}

impl Split {
    /// The split a plaintext belongs to, by its hash: both datasets ask this of every message
    /// they draw, so that they cannot share one however short the messages are.
    pub fn of(plaintext: &[SymbolId]) -> Self {
        let mut hash = Sha256::new();
        for id in plaintext {
            hash.update(id.to_le_bytes());
        }
        let digest: [u8; 32] = hash.finalize().into();
        let [a, b, c, d, e, f, g, h, ..] = digest;
        if u64::from_le_bytes([a, b, c, d, e, f, g, h]).is_multiple_of(HELD_OUT_ONE_IN) {
            Self::HeldOut
        } else {
            Self::Training
        }
    }
}

/// The lengths of messages, in symbols, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lengths {
    min: usize,
    max: usize,
}

impl Lengths {
    /// The longest message that can be drawn at random.
    pub const MAX: usize = 1 << 16;

    /// Lengths from `min` to `max`; equal for messages of one length, as in the tutorial.
    ///
    /// # Errors
    ///
    /// When one is 0 or above [`Self::MAX`], or `min` is above `max`.
    pub fn new(min: usize, max: usize) -> Result<Self, DataError> {
        for length in [min, max] {
            if !(1..=Self::MAX).contains(&length) {
                return Err(DataError::LengthOutOfRange(length));
            }
        }
        if min > max {
            return Err(DataError::LengthsReversed { min, max });
        }
        Ok(Self { min, max })
    }

    /// The shortest.
    pub fn min(&self) -> usize {
        self.min
    }

    /// The longest.
    pub fn max(&self) -> usize {
        self.max
    }
}

/// Random messages and their ciphertexts: a pure function of (seed, split, epoch, index).
///
/// The random bits are ChaCha8's: the seed is its key, (epoch, split) its stream, and the index
/// its position in the stream, so any pair is made without making those before it.
#[derive(Debug, Clone)]
pub struct MessageDataset {
    cipher: Arc<dyn Cipher>,
    n_symbols: usize,
    lengths: Lengths,
    seed: u64,
    split: Split,
    epoch: u64,
    len: usize,
}

impl MessageDataset {
    /// `len` pairs of the given split, for the first epoch (0). The cipher must be made for
    /// `n_symbols`.
    ///
    /// # Errors
    ///
    /// [`DataError::TooFewMessages`] when no message of such lengths falls into the split.
    pub fn new(
        cipher: Arc<dyn Cipher>,
        n_symbols: usize,
        lengths: Lengths,
        seed: u64,
        split: Split,
        len: usize,
    ) -> Result<Self, DataError> {
        let dataset = Self {
            cipher,
            n_symbols,
            lengths,
            seed,
            split,
            epoch: 0,
            len,
        };
        dataset.pair(0)?;
        Ok(dataset)
    }

    /// The same dataset in another epoch. Held-out pairs do not change.
    pub fn at_epoch(&self, epoch: u64) -> Self {
        Self {
            epoch,
            ..self.clone()
        }
    }

    /// The pair at `index`.
    ///
    /// # Errors
    ///
    /// [`DataError::TooFewMessages`], as for [`Self::new`].
    pub fn pair(&self, index: usize) -> Result<Pair, DataError> {
        let mut rng = self.rng(index);
        for _ in 0..MAX_DRAWS {
            let length = rng.random_range(self.lengths.min as u32..=self.lengths.max as u32);
            let plaintext: Vec<SymbolId> = (0..length)
                .map(|_| rng.random_range(0..self.n_symbols as u32) as SymbolId)
                .collect();
            if Split::of(&plaintext) == self.split {
                return Pair::new(self.cipher.encrypt(&plaintext), plaintext);
            }
        }
        Err(DataError::TooFewMessages {
            max: self.lengths.max,
            n_symbols: self.n_symbols,
        })
    }

    fn rng(&self, index: usize) -> ChaCha8Rng {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        rng.set_stream(match self.split {
            Split::HeldOut => 0,
            Split::Training => self.epoch + 1,
        });
        rng.set_word_pos((index as u128) << WORDS_PER_INDEX_LOG2);
        rng
    }
}

impl Dataset<Pair> for MessageDataset {
    fn get(&self, index: usize) -> Result<Pair, DatasetError> {
        assert!(index < self.len, "index {index} of {} pairs", self.len);
        self.pair(index).map_err(DatasetError::new)
    }

    fn len(&self) -> usize {
        self.len
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::Caesar;

    fn dataset(split: Split, min: usize, max: usize) -> MessageDataset {
        let caesar = Arc::new(Caesar::new(27, 13).unwrap());
        let lengths = Lengths::new(min, max).unwrap();
        MessageDataset::new(caesar, 27, lengths, 7, split, 1000).unwrap()
    }

    #[test]
    fn a_pair_depends_only_on_seed_epoch_and_index() {
        let dataset = dataset(Split::Training, 32, 32);
        let forwards: Vec<_> = (0..50).map(|index| dataset.pair(index)).collect();
        let mut backwards: Vec<_> = (0..50).rev().map(|index| dataset.pair(index)).collect();
        backwards.reverse();
        assert_eq!(forwards, backwards);
        assert_ne!(dataset.pair(3), dataset.at_epoch(1).pair(3));
        assert_ne!(dataset.pair(3), dataset.pair(4));
    }

    #[test]
    fn training_and_held_out_share_no_message_even_when_there_are_only_756() {
        let messages = |split| -> HashSet<_> {
            let dataset = dataset(split, 1, 2);
            let epochs = (0..4).map(|epoch| dataset.at_epoch(epoch));
            epochs
                .flat_map(|epoch| (0..1000).map(move |index| epoch.pair(index).unwrap()))
                .map(|pair| pair.plaintext().to_vec())
                .collect()
        };
        let (training, held_out) = (messages(Split::Training), messages(Split::HeldOut));
        assert!(training.is_disjoint(&held_out));
        assert!(training.len() > 500 && held_out.len() > 50);
    }

    #[test]
    fn lengths_are_drawn_evenly_from_the_whole_range() {
        let dataset = dataset(Split::Training, 5, 8);
        let mut counts = [0_usize; 9];
        for index in 0..1000 {
            counts[dataset.pair(index).unwrap().len()] += 1;
        }
        assert_eq!(counts[..5], [0; 5]);
        // 250 expected each; 5 standard deviations are 68.
        assert!(
            counts[5..].iter().all(|&count| count.abs_diff(250) < 68),
            "{counts:?}"
        );
    }

    #[test]
    fn the_held_out_pairs_are_the_same_in_every_epoch() {
        let dataset = dataset(Split::HeldOut, 32, 32);
        assert_eq!(dataset.pair(5), dataset.at_epoch(9).pair(5));
    }

    #[test]
    fn a_message_space_without_a_held_out_message_is_refused() {
        let caesar = Arc::new(Caesar::new(2, 1).unwrap());
        let lengths = Lengths::new(1, 1).unwrap();
        let splits = [Split::Training, Split::HeldOut];
        let made = splits
            .map(|split| MessageDataset::new(caesar.clone(), 2, lengths, 0, split, 10).is_ok());
        assert!(made.contains(&false), "two messages filled both splits");
    }
}

use std::ops::Range;
use std::sync::Arc;

use burn::data::dataset::{Dataset, DatasetError};
use rand::RngExt;

use crate::{
    Alphabet, Cipher, Curriculum, DataError, KeySet, KeyedCipher, LengthRange, Pair, Split,
    SymbolId, streams,
};

/// Draws after which a split counts as empty. With one message in eight held out, the chance that
/// this many draws miss a split that is not empty is (7/8)^4096.
const MAX_DRAWS: usize = 4096;

/// Random messages and their ciphertexts, under one key or each under a random key: a pure function
/// of (seed, split, epoch, index).
///
/// The index is a position in a [stream](crate::streams::messages) of random numbers, so any pair
/// is made without making those before it.
#[derive(Debug, Clone)]
pub struct MessageDataset {
    keys: Keys,
    n_symbols: usize,
    lengths: LengthRange,
    /// The lengths of training messages in each epoch.
    curriculum: Curriculum,
    seed: u64,
    split: Split,
    epoch: u64,
    len: usize,
}

/// Where the key of a message comes from.
#[derive(Debug, Clone)]
enum Keys {
    /// All messages have the same.
    One(Arc<dyn Cipher>),
    /// Each has its own, of a set.
    Drawn(Arc<KeyedCipher>, KeySet),
}

impl MessageDataset {
    /// `len` pairs of a split, in the first epoch (0), under a cipher over an alphabet of
    /// `n_symbols`.
    ///
    /// # Errors
    ///
    /// [`DataError::AlphabetLength`] when no alphabet has `n_symbols` symbols;
    /// [`DataError::TooFewMessages`] when no message of such lengths falls into the split.
    pub fn new(
        cipher: Arc<dyn Cipher>,
        n_symbols: usize,
        lengths: LengthRange,
        seed: u64,
        split: Split,
        len: usize,
    ) -> Result<Self, DataError> {
        Self::of(Keys::One(cipher), n_symbols, lengths, seed, split, len)
    }

    /// `len` pairs, each with a random key of a set, in the first epoch (0), over an alphabet of
    /// `n_symbols`. The messages are held out unless the keys are for training.
    ///
    /// # Errors
    ///
    /// As for [`Self::new`]; [`DataError::TooFewKeys`] when the set has no key.
    pub fn keyed(
        cipher: Arc<KeyedCipher>,
        set: KeySet,
        n_symbols: usize,
        lengths: LengthRange,
        seed: u64,
        len: usize,
    ) -> Result<Self, DataError> {
        let (keys, split) = (Keys::Drawn(cipher, set), set.split());
        Self::of(keys, n_symbols, lengths, seed, split, len)
    }

    fn of(
        keys: Keys,
        n_symbols: usize,
        lengths: LengthRange,
        seed: u64,
        split: Split,
        len: usize,
    ) -> Result<Self, DataError> {
        if !(2..=Alphabet::MAX_LEN).contains(&n_symbols) {
            return Err(DataError::AlphabetLength(n_symbols));
        }
        let dataset = Self {
            keys,
            n_symbols,
            lengths,
            curriculum: Curriculum::default(),
            seed,
            split,
            epoch: 0,
            len,
        };
        dataset.pair(0)?;
        Ok(dataset)
    }

    /// The same dataset, whose training messages follow a curriculum.
    pub fn with_curriculum(self, curriculum: Curriculum) -> Self {
        Self { curriculum, ..self }
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
        let max = self.lengths.max();
        let mut rng = streams::messages(self.seed, self.split, self.epoch, index, max);
        let (key, cipher) = match &self.keys {
            Keys::One(cipher) => (Vec::new(), cipher.clone()),
            Keys::Drawn(cipher, set) => {
                let key = cipher.draw(*set, &mut rng)?;
                let cipher = cipher.with_key(&key)?.into();
                (key, cipher)
            }
        };
        let lengths = match self.split {
            Split::Training => self.curriculum.lengths(self.lengths, self.epoch),
            Split::HeldOut => self.lengths,
        };
        for _ in 0..MAX_DRAWS {
            let length = lengths.draw(&mut rng);
            let plaintext: Vec<SymbolId> = (0..length)
                .map(|_| rng.random_range(0..self.n_symbols as u32) as SymbolId)
                .collect();
            if Split::of(&plaintext) == self.split {
                let padded = cipher.padded(&plaintext);
                return Ok(Pair::new(cipher.encrypt(&plaintext), padded)?.with_key(key));
            }
        }
        Err(DataError::TooFewMessages {
            max,
            n_symbols: self.n_symbols,
        })
    }

    /// The pairs at these indices.
    ///
    /// # Errors
    ///
    /// [`DataError::TooFewMessages`], as for [`Self::new`].
    pub fn pairs(&self, indices: Range<usize>) -> Result<Vec<Pair>, DataError> {
        indices.map(|index| self.pair(index)).collect()
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
    use crate::{Caesar, CipherConfig};

    fn dataset(split: Split, min: usize, max: usize) -> MessageDataset {
        let caesar = Arc::new(Caesar::new(27, 13));
        let lengths = LengthRange::new(min, max).unwrap();
        MessageDataset::new(caesar, 27, lengths, 7, split, 1000).unwrap()
    }

    #[test]
    fn a_pair_depends_only_on_seed_epoch_and_index() {
        let dataset = dataset(Split::Training, 32, 32);
        let forwards = dataset.pairs(0..50).unwrap();
        let backwards = (0..50).rev().map(|index| dataset.pair(index).unwrap());
        assert!(forwards.into_iter().rev().eq(backwards));
        assert_ne!(dataset.pair(3), dataset.at_epoch(1).pair(3));
        assert_ne!(dataset.pair(3), dataset.pair(4));
    }

    #[test]
    fn training_and_held_out_share_no_message_even_when_there_are_only_756() {
        let messages = |split| -> HashSet<_> {
            let dataset = dataset(split, 1, 2);
            let epochs = (0..4).map(|epoch| dataset.at_epoch(epoch));
            epochs
                .flat_map(|epoch| epoch.pairs(0..1000).unwrap())
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
        for pair in dataset.pairs(0..1000).unwrap() {
            counts[pair.len()] += 1;
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
    fn a_keyed_pair_is_of_its_key_and_no_key_is_in_two_sets() {
        let letters = Alphabet::letters_and_dash();
        let vigenere = CipherConfig::Vigenere { key: String::new() };
        let key_lengths = LengthRange::new(1, 6).unwrap();
        let cipher = Arc::new(KeyedCipher::new(vigenere, &letters, key_lengths).unwrap());
        let lengths = LengthRange::new(14, 14).unwrap();
        let keys = [KeySet::Training, KeySet::Validation, KeySet::Test].map(|set| {
            let dataset = MessageDataset::keyed(cipher.clone(), set, 27, lengths, 7, 300).unwrap();
            let keys = dataset.pairs(0..300).unwrap().into_iter().map(|pair| {
                let cipher = cipher.with_key(pair.key()).unwrap();
                assert_eq!(cipher.decrypt(pair.ciphertext()), pair.plaintext());
                pair.key().to_vec()
            });
            // Of shorter ones there are too few to hold any out.
            keys.filter(|key| key.len() > 2).collect::<HashSet<_>>()
        });
        assert!(keys[0].is_disjoint(&keys[1]) && keys[0].is_disjoint(&keys[2]));
        assert!(keys[1].is_disjoint(&keys[2]));
        assert!(keys.iter().all(|keys| keys.len() > 150));
    }

    #[test]
    fn an_alphabet_without_symbols_is_refused() {
        let caesar = Arc::new(Caesar::new(27, 13));
        let lengths = LengthRange::new(1, 1).unwrap();
        let new = |n_symbols| {
            MessageDataset::new(caesar.clone(), n_symbols, lengths, 0, Split::Training, 1)
        };
        for n_symbols in [0, 1, 1 << 16] {
            let error = new(n_symbols).unwrap_err();
            assert_eq!(error, DataError::AlphabetLength(n_symbols));
        }
    }

    #[test]
    fn a_message_space_without_a_held_out_message_is_refused() {
        let caesar = Arc::new(Caesar::new(2, 1));
        let lengths = LengthRange::new(1, 1).unwrap();
        let splits = [Split::Training, Split::HeldOut];
        let made = splits
            .map(|split| MessageDataset::new(caesar.clone(), 2, lengths, 0, split, 10).is_ok());
        assert!(made.contains(&false), "two messages filled both splits");
    }
}

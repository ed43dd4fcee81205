use crate::split::hash;
use crate::{Split, SymbolId};

/// One key in this many is for validation, and one for the test.
const ONE_IN: u64 = 16;

/// Which keys a dataset draws from. No key is in two of the sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeySet {
    /// The network is trained with these.
    Training,
    /// These decide when to stop, and which epoch is the best.
    Validation,
    /// The accuracy is measured with these.
    Test,
}

impl KeySet {
    /// The split of the messages that have a key of this set.
    pub fn split(self) -> Split {
        match self {
            Self::Training => Split::Training,
            Self::Validation | Self::Test => Split::HeldOut,
        }
    }

    /// The set of a key, by its hash. A key and its repetitions, which are the same key for most
    /// ciphers, are in the same set.
    pub fn of(key: &[SymbolId]) -> Self {
        match hash("key", once(key)) % ONE_IN {
            0 => Self::Validation,
            1 => Self::Test,
            _ => Self::Training,
        }
    }
}

/// The shortest key that gives this one when it is repeated.
#[allow(clippy::indexing_slicing)] // a period is at most the length
pub fn once(key: &[SymbolId]) -> &[SymbolId] {
    let repeats = |period: &usize| {
        let starts = key.iter().zip(&key[*period..]);
        key.len().is_multiple_of(*period) && starts.into_iter().all(|(one, later)| one == later)
    };
    let period = (1..key.len()).find(repeats).unwrap_or(key.len());
    &key[..period]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_in_the_set_of_its_repetitions() {
        for key in [&[1, 2, 3][..], &[7], &[1, 1, 2], &[1, 2, 1]] {
            assert_eq!(once(key), key);
            for times in 2..5 {
                assert_eq!(once(&key.repeat(times)), key);
            }
        }
        assert!(once(&[]).is_empty());
        assert_eq!(once(&[1, 2, 1, 2, 1]), [1, 2, 1, 2, 1]);
    }

    #[test]
    fn a_sixteenth_of_the_keys_is_for_validation_and_as_many_for_the_test() {
        let keys = (0..26).flat_map(|a| (0..26).flat_map(move |b| (0..26).map(move |c| [a, b, c])));
        let mut counts = [0_i32; 3];
        keys.for_each(|key| counts[KeySet::of(&key) as usize] += 1);
        // 1098.5 expected; 5 standard deviations are 160.
        assert!(
            (counts[1] - 1098).abs() < 160 && (counts[2] - 1098).abs() < 160,
            "{counts:?}"
        );
    }
}

//! Every stream of random numbers of a training, by name.
//!
//! A stream is a part of the key stream of ChaCha8. The seed is the key, so every seed has its own
//! 2^64 streams of 2^68 words. The functions here say which stream and which words of it belong to
//! whom, and no two of them share a word. The exceptions are [`file_order`] and [`enciphered`]: they
//! share streams with the messages, since a training either draws its messages or reads them from a
//! file.
//!
//! | streams                  | words                            | function           |
//! |--------------------------|----------------------------------|--------------------|
//! | 0                        | 2^20 or 2^30 for each index      | [`messages`], held out |
//! | 1 + epoch                | 2^20 or 2^30 for each index      | [`messages`], training |
//! | 2^62 + epoch             | the first 2^19 of 2^20 for each index | [`symbol_dropout`] |
//! | 2^62 + epoch             | the other 2^19 of 2^20           | [`prefix`]         |
//! | 2^63 + epoch             | all                              | [`shuffle`]        |
//! | 2^64 - 2                 | 2 for each step                  | [`dropout_seed`]   |
//! | 2^64 - 1                 | all                              | [`weights`]        |
//! | 0                        | all                              | [`file_order`]     |
//! | 1 + epoch                | 2^20 or 2^30 for each index      | [`enciphered`]     |
//!
//! Epochs are below 2^62 - 1. Saved runs depend on every line of this table.

use rand::Rng;
use rand_chacha::rand_core::SeedableRng;

/// The generator behind every stream.
pub use rand_chacha::ChaCha8Rng;

use crate::Split;

/// Words for each index, as a power of two.
const INDEX_WORDS_LOG2: u32 = 20;

/// Words for each index of long messages, as a power of two. A message may take more than 4,000
/// draws of 65,537 words each.
const LONG_INDEX_WORDS_LOG2: u32 = 30;

/// Messages above this length are long. 2^20 words are enough for 127 draws of this length, and
/// more draws are needed with a chance of (7/8)^127, or 4e-8.
const LONG_MESSAGE: usize = 1 << 13;

const SYMBOL_DROPOUT: u64 = 1 << 62;
const SHUFFLE: u64 = 1 << 63;
const DROPOUT: u64 = u64::MAX - 1;
const WEIGHTS: u64 = u64::MAX;

/// Draws the message at `index` of an epoch, where no message is longer than `max_length`. The
/// held-out messages are the same in every epoch.
pub fn messages(
    seed: u64,
    split: Split,
    epoch: u64,
    index: usize,
    max_length: usize,
) -> ChaCha8Rng {
    let stream = match split {
        Split::HeldOut => 0,
        Split::Training => epoch + 1,
    };
    let words_log2 = if max_length > LONG_MESSAGE {
        LONG_INDEX_WORDS_LOG2
    } else {
        INDEX_WORDS_LOG2
    };
    at(seed, stream, (index as u128) << words_log2)
}

/// Chooses the input symbols that are dropped from the pair at `index` of an epoch.
pub fn symbol_dropout(seed: u64, epoch: u64, index: usize) -> ChaCha8Rng {
    let position = (index as u128) << INDEX_WORDS_LOG2;
    at(seed, SYMBOL_DROPOUT | epoch, position)
}

/// Draws how long a prefix of the pair at `index` of an epoch is read.
pub fn prefix(seed: u64, epoch: u64, index: usize) -> ChaCha8Rng {
    let position = (index as u128) << INDEX_WORDS_LOG2;
    let half = 1 << (INDEX_WORDS_LOG2 - 1);
    at(seed, SYMBOL_DROPOUT | epoch, position + half)
}

/// Enciphers the pair at `index` of an epoch again, which has this many chunks.
pub fn enciphered(seed: u64, epoch: u64, index: usize, n_chunks: usize) -> ChaCha8Rng {
    // A chunk takes no more draws than a symbol of a message may.
    messages(seed, Split::Training, epoch, index, n_chunks)
}

/// Shuffles the pairs of an epoch, and then their batches.
pub fn shuffle(seed: u64, epoch: u64) -> ChaCha8Rng {
    at(seed, SHUFFLE | epoch, 0)
}

/// The seed of the device's own generator for dropout between layers, at a training step counted
/// from 0.
pub fn dropout_seed(seed: u64, step: usize) -> u64 {
    at(seed, DROPOUT, 2 * step as u128).next_u64()
}

/// Draws a model's first weights.
pub fn weights(seed: u64) -> ChaCha8Rng {
    at(seed, WEIGHTS, 0)
}

/// Shuffles the training pairs of a file once, before the first epoch.
pub fn file_order(seed: u64) -> ChaCha8Rng {
    at(seed, 0, 0)
}

fn at(seed: u64, stream: u64, word: u128) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(stream);
    rng.set_word_pos(word);
    rng
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The stream, the first word and the word after the last.
    type Words = (u64, u128, u128);

    const ALL: u128 = 1 << 68;
    const MAX_EPOCH: u64 = (1 << 62) - 2;

    fn words(rng: &ChaCha8Rng, n_words: u128) -> Words {
        let begin = rng.get_word_pos();
        (rng.get_stream(), begin, begin + n_words)
    }

    /// The words of every function that both kinds of training use, at the ends of their ranges.
    fn of_any_training() -> Vec<Words> {
        let mut all = vec![words(&weights(7), ALL)];
        let mut rng = at(7, DROPOUT, 0);
        for step in [0, 1, 2, 1 << 40] {
            rng.set_word_pos(2 * step as u128);
            assert_eq!(rng.next_u64(), dropout_seed(7, step));
            all.push((DROPOUT, 2 * step as u128, rng.get_word_pos()));
        }
        for epoch in [0, 1, 2, MAX_EPOCH] {
            all.push(words(&shuffle(7, epoch), ALL));
            for index in [0, 1, 2, 1 << 32] {
                all.push(words(&symbol_dropout(7, epoch, index), 1 << 19));
                all.push(words(&prefix(7, epoch, index), 1 << 19));
            }
        }
        all
    }

    fn assert_disjoint(mut all: Vec<Words>) {
        all.sort_unstable();
        for pair in all.windows(2) {
            let ((stream, _, end), (next_stream, begin, _)) = (pair[0], pair[1]);
            assert!(stream < next_stream || end <= begin, "{pair:?}");
        }
    }

    #[test]
    fn no_two_streams_of_a_training_on_drawn_messages_share_a_word() {
        for (max_length, n_words) in [(1, 1 << 20), (8192, 1 << 20), (8193, 1 << 30)] {
            let mut all = of_any_training();
            for index in [0, 1, 2, 1 << 32] {
                let held_out = messages(7, Split::HeldOut, 5, index, max_length);
                all.push(words(&held_out, n_words));
                for epoch in [0, 1, 2, MAX_EPOCH] {
                    let training = messages(7, Split::Training, epoch, index, max_length);
                    all.push(words(&training, n_words));
                }
            }
            assert_disjoint(all);
        }
    }

    #[test]
    fn no_two_streams_of_a_training_on_a_file_share_a_word() {
        let mut all = of_any_training();
        all.push(words(&file_order(7), ALL));
        assert_disjoint(all);
    }

    #[test]
    fn every_index_has_words_enough_for_all_draws_of_the_longest_messages() {
        let max_draws = 4096;
        let words_per_draw = 1 + crate::LengthRange::MAX as u64;
        assert!(max_draws * words_per_draw < 1 << LONG_INDEX_WORDS_LOG2);
    }

    /// Recorded when each user set up its own generator: saved runs resume to the same bits.
    #[test]
    fn the_streams_have_not_changed() {
        let first = |mut rng: ChaCha8Rng| rng.next_u64();
        assert_eq!(
            [
                first(messages(7, Split::HeldOut, 3, 5, 32)),
                first(messages(7, Split::Training, 3, 5, 32)),
                first(symbol_dropout(7, 3, 5)),
                first(shuffle(7, 3)),
                dropout_seed(7, 5),
                first(weights(7)),
                first(file_order(7)),
            ],
            [
                0x4e82_c669_50f7_a799,
                0x1b7f_d83e_272e_e1c6,
                0xf9c2_0ffe_0cc8_7cdf,
                0xe5f0_8158_bcf7_8ec7,
                0x2a7e_9ece_c27c_1bea,
                0x56ed_a9e4_22a0_3128,
                0x2865_5334_23d7_43bb,
            ]
        );
    }
}

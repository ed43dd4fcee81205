//! Alphabets, ciphers, pairs, and the padded batches that a network reads.
//!
//! From text to a batch:
//!
//! 1. an [`Alphabet`] turns text into symbol ids and back;
//! 2. a [`Cipher`] turns one message of ids into another of the same length;
//! 3. a [`MessageDataset`] draws random [`Pair`]s, which depend on (seed, epoch, index) only;
//! 4. a [`PairBatcher`] pads pairs of unequal length into a [`Batch`] of tensors;
//! 5. a [`BucketLoader`] groups pairs of similar length, so that little of a batch is padding.
//!
//! A [`KeyedCipher`] has another key for each message; [`InputIds`] are then what the network reads.
//!
//! Messages whose cipher is unknown are read from a file, together with their decryptions, by
//! [`read_pairs`], and stored in a [`PairTable`].
//!
//! [`find_keys`] finds the cipher and its key from a few pairs, and [`find_rules`] fits tables to many;
//! neither needs a network. A [`Score`] counts the wrong answers of a rule or of a network.
//!
//! Everything random comes from the [`streams`], so the same seed gives the same training.
//!
//! ```
//! use cipher_data::{Alphabet, CipherConfig};
//!
//! let alphabet = Alphabet::letters_and_dash();
//! let cipher = CipherConfig::Caesar { key: 13 }.init(&alphabet)?;
//! let message = alphabet.encode("This is a secret")?;
//! let ciphertext = cipher.encrypt(&message.ids);
//! assert_eq!(alphabet.decode(&ciphertext), "FUVEMVEMNMERPDRF");
//! # Ok::<(), cipher_data::DataError>(())
//! ```
//!
//! These ciphers are for learning. None of them is secure.

// Input must never make a library panic. Where an error is impossible, a comment says why.
#![warn(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::indexing_slicing
)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

pub mod alignment;
mod alphabet;
mod batch;
mod ciphers;
mod curriculum;
mod dataset;
mod dependence;
mod error;
mod keyed;
mod known_plaintext;
mod length_range;
mod loader;
mod pair;
mod pair_source;
mod pairs_file;
mod random_prefixes;
mod reading;
mod rules;
mod score;
mod segmentation;
mod split;
pub mod streams;
mod symbol_dropout;
mod tally;

pub use alphabet::{
    Alphabet, AlphabetConfig, Case, Encoded, Outside, Piece, Pieces, SymbolRange, SymbolsConfig,
    UnknownSymbol, n_unread_signs,
};
pub use batch::{Batch, PairBatcher, padding_share};
pub use ciphers::{
    Adfgvx, Affine, Arrangement, Atbash, Autokey, Beaufort, Bifid, ByteKey, Caesar, Changed,
    Cipher, CipherConfig, CodeSigns, CodeTable, ColumnarTransposition, DoubleColumnar, Enigma,
    EnigmaConfig, EnigmaModel, Feedback, Fill, FourSquare, Gromark, Gronsfeld, HexKey, Hill,
    HillKey, Keyword, MixedAlphabet, Myszkowski, NO_SYMBOL, Nihilist, Parts, Playfair, Polybius,
    Porta, PortaTable, ProgressiveKey, Quagmire, RailFence, ReflectorName, Reversal, Rotation,
    RotorName, RunningKey, Signs, Substitution, TextCipher, TextCipherConfig, Trifid, Trithemius,
    TwoSquare, VariantBeaufort, Vigenere, Xor,
};
pub use curriculum::Curriculum;
pub use dataset::MessageDataset;
pub use dependence::{CiphertextPlace, Dependence, LaterPlace};
pub use error::DataError;
pub use keyed::{InputIds, KeyInput, KeyRecovery, KeySet, KeyedCipher, key_ids};
pub use known_plaintext::{FoundKey, TextPair, find_keys, find_keys_of};
pub use length_range::LengthRange;
pub use loader::{BucketLoader, Share};
pub use pair::Pair;
pub use pair_source::PairSource;
pub use pairs_file::{
    Alphabets, Columns, Conflict, ConflictingPairs, Conflicts, Duplicates, Encoding, FileHints,
    Format, FoundReadings, Layout, PairSplit, PairTable, PairTexts, ParallelTexts, Problem,
    ProblemKind, ReadingHints, Readings, RunnerUp, UnequalPair, find_alphabets, find_key_alphabet,
    read_pairs, read_parallel,
};
pub use random_prefixes::RandomPrefixes;
pub use reading::{Codes, Normalize, Only, Others, Reading, SymbolUnit};
pub use rules::{CodeBook, CodeEntry, Rule, explain, find_rules, known_answers};
pub use score::Score;
pub use split::Split;
pub use symbol_dropout::SymbolDropout;

/// A symbol's place in its alphabet, from 0.
pub type SymbolId = u16;

/// Burn's trait, which [`MessageDataset`] implements.
pub use burn::data::dataset::Dataset;

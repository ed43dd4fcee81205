//! Alphabets, ciphers, pairs, and the padded batches a network reads them in.
//!
//! The way from text to a batch:
//!
//! 1. an [`Alphabet`] turns text into symbol ids and back;
//! 2. a [`Cipher`] turns one message of ids into another of the same length;
//! 3. a [`MessageDataset`] makes random [`Pair`]s, a pure function of (seed, epoch, index);
//! 4. a [`PairBatcher`] pads pairs of unequal length into a [`Batch`] of tensors;
//! 5. a [`BucketLoader`] groups pairs of similar length, so that little of a batch is padding.
//!
//! Beside the network stand the simple rules of [`find_rules`], fitted on the same pairs: where one
//! of them explains the held-out messages, no network is needed.
//!
//! Who has messages with their decryptions and no cipher reads them from a file with
//! [`read_pairs`], and makes a [`PairTable`] of them.
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
//! These ciphers are for learning. None of them keeps a secret.

// Input must never make a library panic. Where an error is impossible, an `allow` says why.
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

mod alphabet;
mod batch;
mod ciphers;
mod dataset;
mod dependence;
mod error;
mod loader;
mod masking;
mod pair;
mod pairs_file;
mod rules;
mod symbol_unit;
mod tally;

pub use alphabet::{Alphabet, AlphabetConfig, Encoded, Outside, SymbolId, SymbolsConfig};
pub use batch::{Batch, PairBatcher, padding_share};
pub use ciphers::{
    Affine, Atbash, Autokey, Beaufort, Caesar, Cipher, CipherConfig, ColumnarTransposition, Enigma,
    EnigmaConfig, EnigmaModel, Feedback, Gronsfeld, Porta, RailFence, ReflectorName, RotorName,
    RunningKey, Substitution, Trithemius, VariantBeaufort, Vigenere,
};
pub use dataset::{Lengths, MessageDataset, Split};
pub use dependence::{CiphertextPlace, Dependence, LaterPlace};
pub use error::DataError;
pub use loader::{BucketLoader, PairSource};
pub use masking::Masked;
pub use pair::Pair;
pub use pairs_file::{
    Conflict, Conflicts, Duplicates, Format, PairSplit, PairTable, PairTexts, Problem, ProblemKind,
    find_alphabets, read_pairs, unseen,
};
pub use rules::{Explained, Rule, explain, find_rules};
pub use symbol_unit::SymbolUnit;

/// Burn's trait, which [`MessageDataset`] implements.
pub use burn::data::dataset::Dataset;

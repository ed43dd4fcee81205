//! Embedding -> LSTM -> Linear on Burn, and the decryptor that a trained model becomes.
//!
//! # Decrypting
//!
//! A [`Decryptor`] is a trained model, loaded from its folder:
//!
//! ```no_run
//! let device = cipher_model::Backend::default().open()?;
//! let decryptor = cipher_model::Decryptor::load("runs/caesar/bundle", &device)?;
//! println!("{}", decryptor.decrypt("FUVEMVEMNMERPDRF")?.plaintext);
//! # Ok::<(), cipher_model::ModelError>(())
//! ```
//!
//! A model that is told the key of each message takes it by [`Decryptor::with_key`], or the keys of many messages by
//! [`Decryptor::decrypt_all_with_keys`]; one that finds keys answers [`Decryptor::recover_key`]:
//!
//! ```no_run
//! let device = cipher_model::Backend::default().open()?;
//! let decryptor = cipher_model::Decryptor::load("runs/keyed-aligned/bundle", &device)?;
//! println!("{}", decryptor.with_key("LEMON")?.decrypt("LXFOPVEFRNHR")?.plaintext);
//! # Ok::<(), cipher_model::ModelError>(())
//! ```
//!
//! # Training
//!
//! A [`CipherModelConfig`] makes a [`CipherModel`]. A training loop feeds it batches of
//! `cipher-data`, minimises its [`loss`](CipherModel::loss), which does not count padding, and
//! [evaluates](CipherModel::evaluate) it on other messages. A [`Bundle`] saves the result:
//!
//! ```
//! use std::sync::Arc;
//!
//! use burn::data::dataloader::DataLoader;
//! use burn::module::Module;
//! use cipher_data::{
//!     Alphabet, BucketLoader, CipherConfig, LengthRange, MessageDataset, PairBatcher, Split,
//! };
//! use cipher_model::{Backend, CipherModelConfig, Device};
//!
//! let alphabet = Alphabet::letters_and_dash();
//! let loader = |split, device: &Device| {
//!     let cipher = CipherConfig::Caesar { key: 13 }.init(&alphabet)?;
//!     let lengths = LengthRange::new(5, 9)?;
//!     let messages = MessageDataset::new(cipher.into(), alphabet.len(), lengths, 1, split, 64)?;
//!     let batcher = PairBatcher::new(alphabet.len(), alphabet.len());
//!     let batch_size = 32;
//!     Ok::<_, cipher_data::DataError>(BucketLoader::new(
//!         Arc::new(messages), batcher, batch_size, 1, device,
//!     ))
//! };
//!
//! let device = Backend::default().open()?;
//! let training = loader(Split::Training, &device.clone().autodiff())?;
//! let validation = loader(Split::HeldOut, &device)?;
//! let seed = 1;
//! let model = CipherModelConfig::default().init(27, 27, seed, &device.clone().autodiff())?;
//! for batch in training.iter() {
//!     let batch = batch?;
//!     let loss = model.loss(batch.ciphertext, batch.plaintext, &batch.lengths);
//!     let gradients = loss.mean.backward();
//!     // model = optimizer.step(learning_rate, model, ..), with an optimizer from burn::optim
//! }
//! let score = model.valid().evaluate(&validation)?;
//! assert_eq!(score.n_messages, 64);
//! # Ok::<(), cipher_model::ModelError>(())
//! ```
//!
//! The repository's `examples/training_loop.rs` is the whole program. The [`Lstm`] is usable on its
//! own; its page has the equations, which the book in `book/src` derives.
//!
//! # Threads
//!
//! [`CipherModel`], [`Bundle`] and [`Decryptor`] are [`Send`] and [`Sync`], and decrypting takes
//! `&self`: threads can share one `Decryptor`. On a CPU, a large call uses all threads of rayon's
//! global pool, or of the pool that it is made in; on any number of threads it returns the same bits.
//! A thread of the pool may run another job of the pool while it waits for the rest of a call, as
//! everywhere in rayon. So do not hold a lock during a call that such a job takes too, and do not let
//! all threads of the pool wait for the result of a call.

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
// Without a CPU backend nothing uses the operations written for them.
#![cfg_attr(not(any(feature = "ndarray", feature = "flex")), allow(unused))]

mod answer;
mod backend;
mod bundle;
mod cpu;
mod error;
mod evaluate;
#[doc(hidden)]
pub mod files;
mod inference;
mod init;
mod linear;
mod loss;
mod lstm;
mod model;
mod optimizer;
mod score;
mod torch;
mod weights;

pub use backend::{Backend, FoundDevice, vector_instructions};
pub use bundle::{Bundle, FORMAT_VERSION, Measured, TrainedKeys};
pub use error::ModelError;
pub use inference::{Candidate, Decryption, Decryptor, MessageParts};
pub use loss::{Loss, masked_cross_entropy};
pub use lstm::{Lstm, LstmConfig, LstmDirection, LstmInput, LstmKernel, LstmLayer, LstmState};
pub use model::{CipherModel, CipherModelConfig};
pub use optimizer::{AdamW, clip_by_global_norm};
pub use score::count_wrong;

/// The counts that a model is measured by.
pub use cipher_data::Score;

/// Burn's device, from [`Backend::open`].
pub use burn::tensor::Device;

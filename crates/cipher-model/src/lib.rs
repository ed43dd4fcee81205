//! Embedding -> LSTM -> Linear on Burn, and the decryptor that a trained one becomes.
//!
//! To decrypt with a trained model, three lines are enough:
//!
//! ```no_run
//! let device = cipher_model::Backend::default().open()?;
//! let decryptor = cipher_model::Decryptor::load("runs/caesar/bundle", &device)?;
//! println!("{}", decryptor.decrypt("FUVEMVEMNMERPDRF")?.plaintext);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! To train one, make a [`CipherModel`] from a [`CipherModelConfig`], feed it batches of
//! `cipher-data`, and minimise its [`loss`](CipherModel::loss), which does not count padding:
//!
//! ```
//! use burn::tensor::{Int, Tensor};
//! use cipher_model::{Backend, CipherModelConfig};
//!
//! let device = Backend::default().open()?.autodiff();
//! let model = CipherModelConfig::default().init(27, 27, 1, &device)?;
//! // Two messages, of three symbols and of one, [batch, time]; 27 is padding.
//! let ciphertext = Tensor::<2, Int>::from_data([[20, 3, 21], [0, 27, 27]], &device);
//! let plaintext = Tensor::<2, Int>::from_data([[7, 17, 8], [14, 27, 27]], &device);
//! let loss = model.loss(ciphertext, plaintext, &[3, 1]);
//! let gradients = loss.mean.backward();
//! # Ok::<(), cipher_model::ModelError>(())
//! ```
//!
//! The [`Lstm`] stands on its own as well; its equations are there. The book of the project, in
//! `book/src`, derives them.

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

mod backend;
mod bundle;
mod cpu;
mod decryptor;
mod devices;
mod error;
mod files;
mod init;
mod loss;
mod lstm;
mod model;
mod score;
mod torch;
mod weights;

pub use backend::Backend;
pub use bundle::{Bundle, FORMAT_VERSION, Manifest, Measured};
pub use decryptor::{Decryption, Decryptor, MessageParts};
pub use devices::FoundDevice;
pub use error::ModelError;
pub use files::{TEMPORARY, make_folder, tidy_folder, write_whole};
pub use loss::{Loss, masked_cross_entropy};
pub use lstm::{Lstm, LstmConfig, LstmDirection, LstmInput, LstmLayer, LstmPath, LstmState};
pub use model::{CipherModel, CipherModelConfig};
pub use score::count_wrong;

/// The counts that a model is measured by.
pub use cipher_data::Score;

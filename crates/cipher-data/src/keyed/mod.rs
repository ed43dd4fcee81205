//! Networks that are told the key: one network for every key of a cipher.
//!
//! A [`KeyedCipher`] draws a key for each message, a [`KeySet`] says which keys are for training and
//! which are never seen there, and [`InputIds`] is what the network then reads. With [`KeyRecovery`] it answers with the key instead.

mod cipher;
mod input;
mod key_set;
mod recovery;
mod text;

/// Where there are fewer keys, training has all of them: it would learn which ones there never are.
pub(crate) const FEWEST_KEYS_TO_HOLD_OUT: usize = 1000;

pub use cipher::KeyedCipher;
pub use input::{InputIds, KeyInput};
pub use key_set::KeySet;
pub(crate) use key_set::once;
pub use recovery::KeyRecovery;
pub use text::key_ids;
pub(crate) use text::{SEPARATORS, parts};

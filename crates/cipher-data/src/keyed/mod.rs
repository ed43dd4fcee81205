//! Networks that are told the key: one network for every key of a cipher.
//!
//! A [`KeyedCipher`] draws a key for each message, a [`KeySet`] says which keys are for training and
//! which are never seen there, and [`InputIds`] is what the network then reads.

mod cipher;
mod input;
mod key_set;

pub use cipher::{KeyedCipher, key_ids};
pub use input::{InputIds, KeyInput};
pub use key_set::KeySet;

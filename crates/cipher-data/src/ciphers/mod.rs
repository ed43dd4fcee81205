//! The ciphers, one file each.
//!
//! A cipher sees nothing but the ids of its alphabet's symbols. Symbols that pass through
//! ([`Outside::Keep`](crate::Outside::Keep)) are not encrypted and do not advance the key.
//! Characters that are folded into a symbol ([`Outside::Fold`](crate::Outside::Fold)) are symbols
//! like any other, and do. Nothing is carried over from one message to the next: the key starts
//! from its beginning with each.
//!
//! In the equations n is the number of symbols, p the place of a plaintext symbol in the alphabet,
//! c the place of its ciphertext symbol, and k the place of the key's symbol, all counted from 0.

#![allow(clippy::indexing_slicing)] // a key is checked when its cipher is made

mod affine;
mod atbash;
mod autokey;
mod beaufort;
mod caesar;
mod cipher;
mod columnar_transposition;
mod config;
mod enigma;
mod gronsfeld;
mod key;
mod key_stream;
mod porta;
mod rail_fence;
mod running_key;
mod substitution;
#[cfg(test)]
mod testing;
mod transposition;
mod trithemius;
mod variant_beaufort;
mod vigenere;

pub use affine::Affine;
pub use atbash::Atbash;
pub use autokey::{Autokey, Feedback};
pub use beaufort::Beaufort;
pub use caesar::Caesar;
pub use cipher::Cipher;
pub use columnar_transposition::ColumnarTransposition;
pub use config::CipherConfig;
pub use enigma::{Enigma, EnigmaConfig, EnigmaModel, ReflectorName, RotorName};
pub use gronsfeld::Gronsfeld;
pub use porta::Porta;
pub use rail_fence::RailFence;
pub use running_key::RunningKey;
pub use substitution::Substitution;
pub use trithemius::Trithemius;
pub use variant_beaufort::VariantBeaufort;
pub use vigenere::Vigenere;

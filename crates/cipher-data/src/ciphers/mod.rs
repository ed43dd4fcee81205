//! The ciphers, one file each, in a folder for each family.
//!
//! A [`Cipher`] sees nothing but the ids of its alphabet's symbols. Symbols that pass through
//! ([`Outside::Keep`](crate::Outside::Keep)) are not encrypted and do not advance the key.
//! Characters that are folded into a symbol ([`Outside::Fold`](crate::Outside::Fold)) are symbols
//! like any other, and do. Nothing is carried over from one message to the next: the key starts
//! from its beginning with each. A [`TextCipher`] puts a cipher and its alphabets together.
//!
//! In the equations n is the number of symbols, p the place of a plaintext symbol in the alphabet,
//! c the place of its ciphertext symbol, and k the place of the key's symbol, all counted from 0.

#![allow(clippy::indexing_slicing)] // a key is checked when its cipher is made

mod byte_key;
mod cipher;
mod codes;
mod config;
mod describe;
pub(crate) mod enigma;
mod fractionating;
mod key;
mod mixed_alphabet;
mod modular;
mod monoalphabetic;
mod padding;
mod polyalphabetic;
mod polygraphic;
mod square;
#[cfg(test)]
mod testing;
mod text_cipher;
mod transposition;

pub use byte_key::{ByteKey, HexKey};
pub use cipher::{Cipher, NO_SYMBOL};
pub use codes::{CodeSigns, CodeTable, Nihilist, Polybius, Signs};
pub(crate) use codes::{has_morse, morse_symbols};
pub use config::CipherConfig;
pub use enigma::{Enigma, EnigmaConfig, EnigmaModel, ReflectorName, RotorName};
pub use fractionating::{Adfgvx, Bifid, Trifid};
pub(crate) use key::refuse;
pub use mixed_alphabet::{Fill, Keyword, MixedAlphabet};
pub(crate) use modular::inverse;
pub use monoalphabetic::{Affine, Atbash, Caesar, Substitution};
pub use polyalphabetic::{
    Autokey, Beaufort, Feedback, Gromark, Gronsfeld, Porta, PortaTable, ProgressiveKey, Quagmire,
    RunningKey, Trithemius, VariantBeaufort, Vigenere, Xor,
};
pub use polygraphic::{Arrangement, FourSquare, Hill, HillKey, Playfair, TwoSquare};
pub(crate) use text_cipher::of_signs;
pub use text_cipher::{Changed, TextCipher, TextCipherConfig};
pub use transposition::{
    ColumnarTransposition, DoubleColumnar, Myszkowski, Parts, RailFence, Reversal, Rotation,
};

//! Codes: what each symbol becomes is a sign of the ciphertext's own alphabet, such as a number.

mod a1z26;
mod bacon;
mod code_table;
mod morse;
mod nihilist;
mod polybius;
mod signs;

pub use code_table::{CodeSigns, CodeTable};
pub use morse::{has_morse, morse_symbols};
pub use nihilist::Nihilist;
pub use polybius::Polybius;
pub use signs::Signs;

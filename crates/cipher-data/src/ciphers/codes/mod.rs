//! Codes: what each symbol becomes is a sign of the ciphertext's own alphabet, such as a number.

mod bacon;
mod code_table;
mod morse;
mod nihilist;
mod number;
mod polybius;

pub use bacon::Bacon;
pub use code_table::{CodeSigns, CodeTable};
pub use morse::Morse;
pub use nihilist::Nihilist;
pub use number::Number;
pub use polybius::Polybius;

//! A table for each place of a message, by a key that is repeated or continues.

mod autokey;
mod beaufort;
mod gromark;
mod gronsfeld;
mod key_stream;
mod porta;
mod progressive_key;
mod quagmire;
mod running_key;
mod trithemius;
mod variant_beaufort;
mod vigenere;
mod xor;

pub use autokey::{Autokey, Feedback};
pub use beaufort::Beaufort;
pub use gromark::Gromark;
pub use gronsfeld::Gronsfeld;
pub use porta::{Porta, PortaTable};
pub use progressive_key::ProgressiveKey;
pub use quagmire::Quagmire;
pub use running_key::RunningKey;
pub use trithemius::Trithemius;
pub use variant_beaufort::VariantBeaufort;
pub use vigenere::Vigenere;
pub use xor::Xor;

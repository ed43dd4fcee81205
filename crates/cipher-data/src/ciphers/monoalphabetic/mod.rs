//! One table for every place of a message.

mod affine;
mod atbash;
mod caesar;
mod substitution;

pub use affine::Affine;
pub use atbash::Atbash;
pub use caesar::Caesar;
pub use substitution::Substitution;

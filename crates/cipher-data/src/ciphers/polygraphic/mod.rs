//! Groups of symbols are replaced together.

mod four_square;
mod hill;
mod padding;
mod playfair;
mod two_square;

pub use four_square::FourSquare;
pub use hill::{Hill, HillKey};
pub use playfair::Playfair;
pub use two_square::{Arrangement, TwoSquare};

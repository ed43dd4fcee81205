//! Transpositions write a message symbol by symbol into a figure with several parts, such as rails
//! or columns, and read it out part by part. That is a stable sort of the places by their part.

mod columnar;
mod double_columnar;
mod myszkowski;
mod parts;
mod rail_fence;
mod reversal;
mod rotation;

pub use columnar::ColumnarTransposition;
pub use double_columnar::DoubleColumnar;
pub use myszkowski::Myszkowski;
pub use parts::Parts;
pub use rail_fence::RailFence;
pub use reversal::Reversal;
pub use rotation::Rotation;

use crate::SymbolId;

/// The places of a message of `len` symbols in the order in which they are read out.
fn reading_order(len: usize, part: impl Fn(usize) -> usize) -> Vec<usize> {
    let mut places: Vec<usize> = (0..len).collect();
    places.sort_by_key(|&place| part(place));
    places
}

/// Reads a message out part by part, where `part` gives the part of a place.
fn read_out(message: &[SymbolId], part: impl Fn(usize) -> usize) -> Vec<SymbolId> {
    let order = reading_order(message.len(), part);
    order.into_iter().map(|place| message[place]).collect()
}

/// Puts the symbols of a message that was read out back into their places.
fn put_back(message: &[SymbolId], part: impl Fn(usize) -> usize) -> Vec<SymbolId> {
    let order = reading_order(message.len(), part);
    let mut original = vec![0; message.len()];
    for (place, &symbol) in order.into_iter().zip(message) {
        original[place] = symbol;
    }
    original
}

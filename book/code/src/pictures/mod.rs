//! The pictures of the book, as SVG: the same bytes from the same code, readable in light and dark.

mod gates;
mod padded_batch;
mod svg;
mod unrolled;

use crate::Result;

/// Each picture's file name and its bytes.
///
/// # Errors
///
/// When the model that one of them shows cannot be loaded.
pub fn all() -> Result<[(&'static str, String); 3]> {
    Ok([
        ("unrolled.svg", unrolled::draw()),
        ("padded_batch.svg", padded_batch::draw()?),
        ("gates.svg", gates::draw()?),
    ])
}

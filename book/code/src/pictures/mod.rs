//! The pictures of the book, as SVG: the same bytes from the same code, readable in light and dark.

mod activations;
mod buckets;
mod cell;
mod chart;
mod curves;
mod embedding;
mod gates;
mod lines;
mod outputs;
mod padded_batch;
mod svg;
mod unrolled;

use crate::Result;

/// Each picture's file name and its bytes.
///
/// # Errors
///
/// When the model that one of them shows cannot be loaded, or a chapter lacks the numbers for one.
pub fn all() -> Result<[(&'static str, String); 11]> {
    Ok([
        ("lines.svg", lines::draw()),
        ("embedding.svg", embedding::draw()),
        ("unrolled.svg", unrolled::draw()),
        ("cell.svg", cell::draw()),
        ("activations.svg", activations::draw()),
        ("distance.svg", curves::distance()?),
        ("padded_batch.svg", padded_batch::draw()?),
        ("buckets.svg", buckets::draw()),
        ("rates.svg", curves::rates()?),
        ("overfitting.svg", curves::overfitting()?),
        ("gates.svg", gates::draw()?),
    ])
}

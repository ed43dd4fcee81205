//! Alignment of pairs whose sides have different lengths.
//!
//! Where a cipher has nulls, codes of several symbols, or codes for syllables and words, nothing in a
//! pair says which ciphertext symbols stand for which plaintext symbols. An [`Aligner`] finds it from
//! many pairs, as joint-sequence models do for spelling and pronunciation (Bisani and Ney, 2008,
//! *Joint-sequence models for grapheme-to-phoneme conversion*): it cuts both sides into steps, each a
//! *code* of one or a few ciphertext symbols and a *chunk* of none to several plaintext symbols, and
//! finds by expectation-maximization how likely each code stands for each chunk.
//!
//! A network then learns to name, at each ciphertext symbol, the chunk that it completes.

#![allow(clippy::indexing_slicing)] // rows, places and chunks are numbered by their lists

mod aligned;
mod aligner;
mod band;
mod channel;
mod lattice;
mod model;
mod plan;
mod step;
mod support;
mod table;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod trie;

pub use aligned::{AlignedPairs, cut_into};
pub use aligner::{Aligner, AlignerConfig};
pub use channel::Channel;
pub use plan::AlignmentPlan;
pub use step::Step;

use crate::SymbolId;

/// The two sides of a pair.
type Sides<'a> = (&'a [SymbolId], &'a [SymbolId]);

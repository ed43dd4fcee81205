//! The LSTM on a CPU: the equations of [`lstm`](super) written by hand, forward and backward.
//!
//! What makes it fast:
//!
//! - The rows of a batch do not depend on each other, so they are cut into shares, and a thread
//!   takes a share through all time steps without waiting for another ([`shares`](crate::cpu::shares)).
//! - What each step needs of the input is there before the steps begin: a row of a small table for
//!   each symbol ([`Input`]).
//! - A step is one matrix product, straight into the place where the gates are kept for the
//!   backward pass ([`multiply`](crate::cpu::matrix::multiply)), and one loop over the gates ([`activation`](crate::cpu::activation)).
//! - The gradient of the recurrent weights is one long product over all steps together.
//!
//! Hidden sizes are filled up to a multiple of [`LANES`], so that every loop is whole vectors. The
//! units added have no weights: they stay 0, and so do their gradients.
//!
//! What is kept for the backward pass is six numbers a unit and character: the four gates and the
//! two states, 24 bytes a padded unit. Time and memory grow in proportion to the length.
//!
//! Shares and sums are the same on any number of threads, and so is every bit of the result.

#![allow(clippy::indexing_slicing)] // lengths follow from the shapes

mod backward;
mod forward;

pub use backward::{Outer, backward};
pub use forward::{Forward, Kept, forward};

use crate::cpu::LANES;

/// What the gates take from the input, `x W + b`.
#[derive(Debug, Clone)]
pub enum Input {
    /// `[batch, time, 4 * d_hidden]`
    Steps(Vec<f32>),
    /// Rows of a table, for inputs that are symbols.
    Rows {
        /// `[n_rows, 4 * d_hidden]`
        table: Vec<f32>,
        /// `[batch, time]`, each below `n_rows`.
        ids: Vec<u32>,
    },
}

/// One direction of one layer, and what it reads.
#[derive(Debug, Clone)]
pub struct Sequence {
    pub input: Input,
    /// `[d_hidden, 4 * d_hidden]`
    pub hidden_weights: Vec<f32>,
    /// `[batch, d_hidden]`
    pub begin_hidden: Vec<f32>,
    /// `[batch, d_hidden]`
    pub begin_cell: Vec<f32>,
    /// Steps of each row, `batch` of them, none above `time`.
    pub lengths: Vec<usize>,
    pub time: usize,
    pub d_hidden: usize,
    /// Whether each row is read from its end to its beginning.
    pub reversed: bool,
}

impl Sequence {
    fn batch(&self) -> usize {
        self.lengths.len()
    }

    /// The hidden size filled up to whole vectors.
    fn d_padded(&self) -> usize {
        self.d_hidden.next_multiple_of(LANES)
    }

    /// The place in the message that a row reads at a step.
    fn place(&self, row: usize, step: usize) -> usize {
        match self.reversed {
            true => self.lengths[row] - 1 - step,
            false => step,
        }
    }
}

/// Rows that a thread takes through time together, at most.
fn rows_per_share(d_padded: usize) -> usize {
    // Large weights do not stay in a core's own cache: each share reads them anew every step, so
    // it should have many rows to use them for.
    if d_padded < 256 { 32 } else { 64 }
}

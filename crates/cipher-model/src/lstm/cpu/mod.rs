//! The LSTM on a CPU: the equations of [`lstm`](super) written by hand, forward and backward.
//!
//! What makes it fast:
//!
//! - The rows of a batch do not depend on each other, so they are cut into shares, and a thread
//!   takes a share through all time steps without waiting for another ([`shares`]).
//! - What each step needs of the input is there before the steps begin: a row of a small table for
//!   each symbol ([`Input`]).
//! - A step is one matrix product, straight into the place where the gates are kept for the
//!   backward pass ([`matrix`]), and one loop over the gates ([`activation`]).
//! - The gradient of the recurrent weights is one long product over all steps together.
//!
//! Hidden sizes are filled up to a multiple of [`LANES`], so that every loop is whole vectors. The
//! units added have no weights: they stay 0, and so do their gradients.
//!
//! Shares and sums are the same on any number of threads, and so is every bit of the result.

mod activation;
mod backward;
mod forward;
mod matrix;
mod shares;

pub use backward::{Outer, backward};
pub use forward::{Kept, forward};

/// Numbers in the widest vector register, AVX-512's.
pub const LANES: usize = 16;

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

/// `[rows, groups * from]` to `[rows, groups * to]`: each group of columns is cut off or filled up
/// with 0.
fn resize_groups(values: &[f32], groups: usize, from: usize, to: usize) -> Vec<f32> {
    if from == to {
        return values.to_vec();
    }
    let n_groups = values.len() / from.max(1);
    debug_assert_eq!(n_groups % groups, 0);
    let kept = from.min(to);
    let mut resized = vec![0.0; n_groups * to];
    for (new, old) in resized.chunks_exact_mut(to).zip(values.chunks_exact(from)) {
        new[..kept].copy_from_slice(&old[..kept]);
    }
    resized
}

//! The LSTM on a CPU: the equations of [`lstm`](super) written by hand, forward and backward.
//!
//! What makes it fast:
//!
//! - The rows of a batch are independent, so they are split into chunks, and a thread takes a chunk
//!   through all time steps without waiting for another ([`row_chunks`](crate::cpu::row_chunks)).
//! - The input part of the gates is computed before the steps begin: for symbols, one row of a
//!   small table per symbol ([`GateValues`]).
//! - A step is one loop over the recurrent product and the gates: the sums of a few rows and units stay
//!   in registers until they are gates, and only what the backward pass needs is written to memory
//!   ([`step`]). Gates are stored in the order that suits this loop ([`blocks`]).
//! - The gradient of the recurrent weights is a product of several steps together, while their gates are
//!   still in the second cache.
//!
//! Hidden sizes are padded to a multiple of [`LANES`], so that every loop is whole vectors. The
//! extra units have no weights: they and their gradients stay 0.
//!
//! For the backward pass six numbers are saved per unit and character: the four gates and the two
//! states, 24 bytes per padded unit. Time and memory are linear in the length.
//!
//! Chunks and the order of sums do not depend on the number of threads, so neither does any bit of
//! the result.

#![allow(clippy::indexing_slicing)] // lengths follow from the shapes

mod backward;
pub mod blocks;
mod forward;
mod op;
pub mod step;
mod step_gradients;

pub use backward::{OutputGrad, backward};
pub use forward::{Forward, Saved, forward, pack};

use crate::cpu::{Floats, LANES};

/// i, f, g and o.
pub const N_GATES: usize = 4;

/// `x W + b` for every time step: see [`GateInputs`](super::gates::GateInputs).
#[derive(Debug, Clone)]
pub struct GateValues {
    /// `[batch, time, 4 * d_hidden]`; or with ids, `[n_rows, 4 * d_hidden]`.
    pub values: Floats,
    /// `[batch, time]`, each below `n_rows`.
    pub ids: Option<Vec<u32>>,
}

/// The arguments of one direction of one layer.
#[derive(Debug, Clone)]
pub struct LstmCall {
    pub gates: GateValues,
    /// Recurrent weights, `[d_hidden, 4 * d_hidden]`.
    pub hidden_weights: Floats,
    /// Hidden states before the first step, `[batch, d_hidden]`.
    pub initial_hidden: Floats,
    /// Cell states, same layout as `initial_hidden`.
    pub initial_cell: Floats,
    /// Steps of each row, `batch` of them, none above `time`.
    pub lengths: Vec<usize>,
    pub time: usize,
    pub d_hidden: usize,
    /// Whether each row is read from its end to its beginning.
    pub reversed: bool,
}

/// About how many operations a step of one row takes: the product, and the gates of each unit.
pub fn n_operations_of_step(d_padded: usize) -> usize {
    const OF_UNIT: usize = 200;
    d_padded * (2 * N_GATES * d_padded + OF_UNIT)
}

impl LstmCall {
    fn batch(&self) -> usize {
        self.lengths.len()
    }

    /// About how many operations a pass takes.
    fn n_operations(&self) -> usize {
        let n_steps: usize = self.lengths.iter().sum();
        n_steps * n_operations_of_step(self.d_padded())
    }

    /// The hidden size, padded to whole vectors.
    fn d_padded(&self) -> usize {
        self.d_hidden.next_multiple_of(LANES)
    }

    /// The place in the message that a row reads at a step.
    fn place(&self, row: usize, step: usize) -> usize {
        if self.reversed {
            self.lengths[row] - 1 - step
        } else {
            step
        }
    }
}

/// About how many rows a thread takes through time together: few enough that all threads have work. The
/// weights of more than 256 units do not fit into a second cache of 1 MiB. A chunk reads them again at
/// every step, so that more rows should use them.
fn rows_per_chunk(batch: usize, d_hidden: usize) -> usize {
    const FEWEST: usize = 18;
    const MOST: usize = 66;
    match d_hidden {
        ..=256 => FEWEST,
        _ => batch.div_ceil(2).clamp(FEWEST, MOST),
    }
}

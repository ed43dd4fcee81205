//! The LSTM on a CPU: the equations of [`lstm`](super) written by hand, forward and backward.
//!
//! What makes it fast:
//!
//! - The rows of a batch are independent, so they are split into chunks, and a thread takes a chunk
//!   through all time steps without waiting for another ([`row_chunks`](crate::cpu::row_chunks)).
//! - The input part of the gates is computed before the steps begin: for symbols, one row of a
//!   small table per symbol ([`GateValues`]).
//! - A step is one matrix product, straight into the place where the gates are saved for the
//!   backward pass ([`multiply`](crate::cpu::matrix::multiply)), and one loop over the gates
//!   ([`activation`](crate::cpu::activation)).
//! - The gradient of the recurrent weights is one long product over all steps together.
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
mod forward;
mod op;
mod step_gradients;

pub use backward::{OutputGrad, backward};
pub use forward::{Forward, Saved, forward};

use crate::cpu::LANES;

/// `x W + b` for every time step: see [`GateInputs`](super::gates::GateInputs).
#[derive(Debug, Clone)]
pub struct GateValues {
    /// `[batch, time, 4 * d_hidden]`; or with ids, `[n_rows, 4 * d_hidden]`.
    pub values: Vec<f32>,
    /// `[batch, time]`, each below `n_rows`.
    pub ids: Option<Vec<u32>>,
}

/// The arguments of one direction of one layer.
#[derive(Debug, Clone)]
pub struct LstmCall {
    pub gates: GateValues,
    /// Recurrent weights, `[d_hidden, 4 * d_hidden]`.
    pub hidden_weights: Vec<f32>,
    /// Hidden states before the first step, `[batch, d_hidden]`.
    pub initial_hidden: Vec<f32>,
    /// Cell states, same layout as `initial_hidden`.
    pub initial_cell: Vec<f32>,
    /// Steps of each row, `batch` of them, none above `time`.
    pub lengths: Vec<usize>,
    pub time: usize,
    pub d_hidden: usize,
    /// Whether each row is read from its end to its beginning.
    pub reversed: bool,
}

impl LstmCall {
    fn batch(&self) -> usize {
        self.lengths.len()
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

/// The largest number of rows that a thread takes through time together.
fn rows_per_chunk(d_padded: usize) -> usize {
    // Large weights do not stay in a core's own cache: each chunk reads them again at every step,
    // so it should have many rows to use them for.
    if d_padded < 256 { 32 } else { 64 }
}

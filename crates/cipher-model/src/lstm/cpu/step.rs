//! One step in time of some rows: the recurrent product, the gates and the new states in one loop.

use std::ops::Range;

use pulp::Simd;

use super::N_GATES;
use crate::cpu::LANES;
use crate::cpu::activation::{sigmoid_and_tanh, sigmoids, tanh, without_tiny};
use crate::cpu::product::{PANEL, Panels, RowProduct, Sums, multiply_rows};

/// Where a step begins and what becomes of it. States are `[rows, d_padded]`, gates
/// `[rows, 4 * d_padded]` in [blocks](super::blocks).
pub struct Step<'a> {
    /// Gate inputs, one after the other.
    pub inputs: &'a [f32],
    /// Which of the inputs each row reads; `None` if the row has ended.
    pub read: &'a [Option<usize>],
    pub hidden_before: &'a [f32],
    pub cell_before: &'a [f32],
    pub hidden: &'a mut [f32],
    pub cell: &'a mut [f32],
    /// Where the gates are saved, after their activations.
    pub gates: Option<&'a mut [f32]>,
    pub d_padded: usize,
}

impl Step<'_> {
    /// Advances the states of all rows. A row that has ended keeps its state, and its gates are 0.
    ///
    /// - weights: `[d_hidden, 4 * d_padded]` in blocks
    pub fn run(mut self, weights: &Panels) {
        let (before, d_padded) = (self.hidden_before, self.d_padded);
        multiply_rows(before, d_padded, self.read.len(), weights, &mut self);
    }
}

impl RowProduct for Step<'_> {
    #[inline(always)]
    fn start(&self, row: usize) -> &[f32] {
        let n_gates = N_GATES * self.d_padded;
        &self.inputs[self.read[row].unwrap_or(0) * n_gates..][..n_gates]
    }

    #[inline(always)]
    fn take<S: Simd>(&mut self, _simd: S, row: usize, columns: Range<usize>, sums: &mut Sums) {
        // The new cell states of all rows before the first hidden state: that of a row has to wait for its
        // cell state through a long chain of operations, and does so while those of other rows are computed.
        for (row, sums) in (row..).zip(&mut *sums) {
            let units = self.units(row, &columns);
            let cell = &mut self.cell[units.clone()];
            cell.copy_from_slice(&self.cell_before[units]);
            match self.read[row] {
                Some(_) => advance_cell::<S>(sums, cell),
                None => sums.fill(0.0),
            }
        }
        for (row, sums) in (row..).zip(&*sums) {
            let units = self.units(row, &columns);
            let hidden = &mut self.hidden[units.clone()];
            match self.read[row] {
                Some(_) => output::<S>(sums, &self.cell[units], hidden),
                None => hidden.copy_from_slice(&self.hidden_before[units]),
            }
        }
        if let Some(gates) = &mut self.gates {
            for (row, sums) in (row..).zip(sums) {
                let begin = row * N_GATES * self.d_padded + columns.start;
                gates[begin..][..sums.len()].copy_from_slice(sums);
            }
        }
    }
}

impl Step<'_> {
    /// Where a row's states are of the units whose gates are in these columns.
    #[inline(always)]
    fn units(&self, row: usize, columns: &Range<usize>) -> Range<usize> {
        let first = row * self.d_padded + columns.start / N_GATES;
        first..first + LANES
    }
}

/// Activates the gates of one block, `[4, LANES]`, and advances the cell states of its units.
#[inline(always)]
fn advance_cell<S: Simd>(gates: &mut [f32; PANEL], cell: &mut [f32]) {
    let ([i, f, g, o], [cell]) = (
        gates.as_chunks_mut::<LANES>().0,
        cell.as_chunks_mut::<LANES>().0,
    ) else {
        return;
    };
    for lane in 0..LANES {
        (i[lane], f[lane]) = sigmoids::<S>(i[lane], f[lane]);
        (o[lane], g[lane]) = sigmoid_and_tanh::<S>(o[lane], g[lane]);
        cell[lane] = without_tiny(f[lane] * cell[lane] + i[lane] * g[lane]);
    }
}

/// The hidden states of a block's units, from their output gates and new cell states.
#[inline(always)]
fn output<S: Simd>(gates: &[f32; PANEL], cell: &[f32], hidden: &mut [f32]) {
    let ([_, _, _, o], [cell], [hidden]) = (
        gates.as_chunks::<LANES>().0,
        cell.as_chunks::<LANES>().0,
        hidden.as_chunks_mut::<LANES>().0,
    ) else {
        return;
    };
    for lane in 0..LANES {
        hidden[lane] = without_tiny(o[lane] * tanh::<S>(cell[lane]));
    }
}

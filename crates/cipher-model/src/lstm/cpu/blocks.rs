//! Gates in blocks: the four gates of [`LANES`] units side by side, then those of the next units, so
//! that a loop over a few units finds all that it needs in one place.

use super::N_GATES;
use crate::cpu::LANES;
use crate::cpu::product::PANEL;

/// `[rows, 4 * d_hidden]` to `[rows, 4 * d_padded]` in blocks, padded with 0.
pub fn to_blocks(values: &[f32], d_hidden: usize) -> Vec<f32> {
    let d_padded = d_hidden.next_multiple_of(LANES);
    let mut blocks = vec![0.0; values.len() / d_hidden * d_padded];
    let rows = values.chunks_exact(N_GATES * d_hidden);
    for (blocks, row) in blocks.chunks_exact_mut(N_GATES * d_padded).zip(rows) {
        row_to_blocks(row, blocks);
    }
    blocks
}

/// The inverse of [`to_blocks`].
pub fn from_blocks(blocks: &[f32], d_hidden: usize) -> Vec<f32> {
    let d_padded = d_hidden.next_multiple_of(LANES);
    let mut values = vec![0.0; blocks.len() / d_padded * d_hidden];
    let rows = blocks.chunks_exact(N_GATES * d_padded);
    for (row, blocks) in values.chunks_exact_mut(N_GATES * d_hidden).zip(rows) {
        row_from_blocks(blocks, row);
    }
    values
}

/// One row of [`to_blocks`]. It does not write the padding.
pub fn row_to_blocks(row: &[f32], blocks: &mut [f32]) {
    let d_hidden = row.len() / N_GATES;
    for (gate, values) in row.chunks_exact(d_hidden).enumerate() {
        let blocks = blocks.chunks_exact_mut(PANEL);
        for (block, values) in blocks.zip(values.chunks(LANES)) {
            block[gate * LANES..][..values.len()].copy_from_slice(values);
        }
    }
}

/// One row of [`from_blocks`].
pub fn row_from_blocks(blocks: &[f32], row: &mut [f32]) {
    let d_hidden = row.len() / N_GATES;
    for (gate, values) in row.chunks_exact_mut(d_hidden).enumerate() {
        for (block, values) in blocks.chunks_exact(PANEL).zip(values.chunks_mut(LANES)) {
            values.copy_from_slice(&block[gate * LANES..][..values.len()]);
        }
    }
}

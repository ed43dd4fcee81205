//! How the fused kernels divide a batch among the units of a GPU.

use burn_cubecl::cubecl::ir::HardwareProperties;
use burn_cubecl::cubecl::prelude::*;

use super::LstmCall;

/// The largest hidden size: a row of a cube reads `16 * d_hidden^2` bytes of weights at each step.
/// Above some size that takes longer than the two launches per step of the other kernel. This size is
/// an estimate that no GPU has confirmed; on a software adapter it is below 128.
const MAX_HIDDEN: usize = 128;
/// Units of a cube to aim at: two groups of 32, the number that GPUs run together.
const UNITS: usize = 64;
/// The largest number of cubes in a launch that every adapter supports.
const MAX_CUBES: usize = 65_535;

/// How the work is laid out. A kernel is compiled for each.
#[derive(Debug, Clone, Copy, Hash, PartialEq, Eq)]
pub struct Layout {
    pub d_hidden: usize,
    /// Rows of the batch that a cube takes.
    pub rows: usize,
    /// The number of rows of the recurrent weights that are kept on chip, of `d_hidden`.
    pub on_chip: usize,
    /// The number of rows of the transposed weights that are kept on chip, of `4 * d_hidden`.
    pub on_chip_transposed: usize,
}

impl Layout {
    /// The layout for a device, if it can hold one.
    pub fn fitting(hardware: &HardwareProperties, batch: usize, d_hidden: usize) -> Option<Self> {
        let rows = (UNITS / d_hidden.max(1)).max(1);
        let floats = hardware.max_shared_memory_size / size_of::<f32>();
        // The states of two steps, and going back, the gates of two.
        let weights = floats.checked_sub(2 * rows * d_hidden)? / (4 * d_hidden).max(1);
        let transposed = floats.checked_sub(2 * rows * 4 * d_hidden)? / d_hidden.max(1);
        let fits = (1..=MAX_HIDDEN).contains(&d_hidden)
            && rows * d_hidden <= hardware.max_units_per_cube as usize
            && batch.div_ceil(rows) <= MAX_CUBES;
        fits.then_some(Self {
            d_hidden,
            rows,
            on_chip: weights.min(d_hidden),
            on_chip_transposed: transposed.min(4 * d_hidden),
        })
    }

    #[allow(clippy::expect_used)] // the path was chosen because it fits
    pub fn of(call: &LstmCall) -> Self {
        let hardware = &call.client().properties().hardware;
        Self::fitting(hardware, call.batch, call.d_hidden).expect("a layout that fits")
    }

    pub fn cubes(&self, batch: usize) -> (CubeCount, CubeDim) {
        let count = CubeCount::Static(batch.div_ceil(self.rows) as u32, 1, 1);
        let dim = CubeDim::new_2d(self.d_hidden as u32, self.rows as u32);
        (count, dim)
    }
}

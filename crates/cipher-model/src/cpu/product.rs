//! Products of rows by a matrix that is packed once and used many times.
//!
//! The sums of a few rows and one panel of columns stay in registers, and are used while they are in
//! the first cache: [`RowProduct::take`] says for what. Each sum adds its products in the same order,
//! whatever the number of rows, so a message has the same bits alone and in a batch.

#![allow(clippy::indexing_slicing)] // lengths follow from the shapes

use std::ops::Range;

use pulp::{Simd, WithSimd};

use super::matrix::View;
use super::{LANES, vectorized};

/// The columns of a panel: four of the widest vectors, one for each gate of [`LANES`] units.
pub const PANEL: usize = 4 * LANES;
/// The most rows whose sums are in registers at once. With four vectors each they fill 24 of
/// AVX-512's 32 registers; where there are 16 registers, half as many rows fill 12.
pub const MAX_ROWS: usize = 6;

/// A right factor, stored as panels of columns that are each contiguous.
#[derive(Debug, Clone)]
pub struct Panels {
    /// Each panel `[rows, PANEL]`; the last may have fewer columns.
    values: Vec<f32>,
    rows: usize,
    /// Padded to whole vectors.
    columns: usize,
}

impl Panels {
    /// Copies a matrix into panels. Its columns are padded with 0 to a multiple of [`LANES`].
    pub fn new(matrix: View) -> Self {
        let [rows, n_columns] = matrix.size();
        let columns = n_columns.next_multiple_of(LANES);
        let mut values = vec![0.0; rows * columns];
        let panels = values.chunks_mut((rows * PANEL).max(1));
        for (panel, first) in panels.zip((0..).step_by(PANEL)) {
            let width = (columns - first).min(PANEL);
            let real = first..(first + width).min(n_columns);
            // A few rows at a time, as those of a transposed matrix are far apart.
            let blocks = panel.chunks_mut(LANES * width);
            for (block, first_row) in blocks.zip((0..).step_by(LANES)) {
                let rows = first_row..(first_row + LANES).min(rows);
                matrix.copy_part(rows, real.clone(), block, width);
            }
        }
        Self {
            values,
            rows,
            columns,
        }
    }

    /// The number of columns, padding included.
    pub fn columns(&self) -> usize {
        self.columns
    }
}

/// The sums of some rows in one panel.
pub type Sums = [[f32; PANEL]];

/// What the sums of a product start from, and what they are for.
pub trait RowProduct {
    /// What the sums of a row start from, one for each column.
    fn start(&self, row: usize) -> &[f32];

    /// Takes the sums of some rows, from `row` on, in one panel, which has these columns. Panels come in
    /// their order.
    ///
    /// Implementations need `#[inline(always)]`. A long chain of operations should be a loop of its own
    /// over the rows: then a processor has the chains of several rows under way.
    fn take<S: Simd>(&mut self, simd: S, row: usize, columns: Range<usize>, sums: &mut Sums);
}

/// Stores the sums, which start from the same numbers in all rows.
pub struct Store<'a> {
    /// As many as the matrix has columns, padding included.
    pub start: &'a [f32],
    /// `[rows, n_columns]`
    pub sums: &'a mut [f32],
    /// How many columns are stored.
    pub n_columns: usize,
}

impl RowProduct for Store<'_> {
    #[inline(always)]
    fn start(&self, _row: usize) -> &[f32] {
        self.start
    }

    #[inline(always)]
    fn take<S: Simd>(&mut self, _simd: S, row: usize, columns: Range<usize>, sums: &mut Sums) {
        let n = columns.end.min(self.n_columns) - columns.start;
        for (row, sums) in (row..).zip(sums) {
            self.sums[row * self.n_columns + columns.start..][..n].copy_from_slice(&sums[..n]);
        }
    }
}

/// Multiplies rows, `row_stride` apart, by a matrix of panels.
///
/// # Panics
///
/// When a row is shorter than the matrix has rows, or a start than it has columns.
pub fn multiply_rows(
    rows: &[f32],
    row_stride: usize,
    n_rows: usize,
    panels: &Panels,
    product: &mut impl RowProduct,
) {
    vectorized(Multiply {
        rows,
        row_stride,
        n_rows,
        panels,
        product,
    });
}

struct Multiply<'a, P> {
    rows: &'a [f32],
    row_stride: usize,
    n_rows: usize,
    panels: &'a Panels,
    product: &'a mut P,
}

impl<P: RowProduct> WithSimd for Multiply<'_, P> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let (mut of_one, mut of_many);
        let sums: &mut Sums = match self.n_rows {
            1 => {
                of_one = [[0.0; PANEL]];
                &mut of_one
            }
            _ => {
                of_many = [[0.0; PANEL]; MAX_ROWS];
                &mut of_many
            }
        };
        let mut rest = self.panels.values.as_slice();
        for first in (0..self.panels.columns).step_by(PANEL) {
            let width = (self.panels.columns - first).min(PANEL);
            let (panel, later) = rest.split_at(self.panels.rows * width);
            rest = later;
            let most = if S::REGISTER_COUNT < 32 {
                MAX_ROWS / 2
            } else {
                MAX_ROWS
            };
            let mut row = 0;
            while row < self.n_rows {
                let columns = first..first + width;
                row += match most.min(self.n_rows - row) {
                    1 => self.tile::<S, 1>(simd, row, panel, columns, sums),
                    2 => self.tile::<S, 2>(simd, row, panel, columns, sums),
                    3 => self.tile::<S, 3>(simd, row, panel, columns, sums),
                    4 => self.tile::<S, 4>(simd, row, panel, columns, sums),
                    5 => self.tile::<S, 5>(simd, row, panel, columns, sums),
                    _ => self.tile::<S, MAX_ROWS>(simd, row, panel, columns, sums),
                };
            }
        }
    }
}

impl<P: RowProduct> Multiply<'_, P> {
    /// The sums of `R` rows in a panel. Returns the number of rows.
    #[inline(always)]
    fn tile<S: Simd, const R: usize>(
        &mut self,
        simd: S,
        row: usize,
        panel: &[f32],
        columns: Range<usize>,
        sums: &mut Sums,
    ) -> usize {
        let n = self.panels.rows;
        // A function of its own: otherwise the constants of what is done with the sums would take
        // the registers.
        let (mut starts, mut rows) = ([&[][..]; R], [&[][..]; R]);
        // `std::array::from_fn` is a call that is not inlined here, for each row.
        for index in 0..R {
            starts[index] = &self.product.start(row + index)[columns.clone()];
            rows[index] = &self.rows[(row + index) * self.row_stride..][..n];
        }
        simd.vectorize(Tile::<R> {
            rows,
            starts,
            panel,
            sums,
        });
        self.product.take(simd, row, columns, &mut sums[..R]);
        R
    }
}

/// A few rows and one panel.
struct Tile<'a, const R: usize> {
    rows: [&'a [f32]; R],
    /// What the sums start from, as many as the panel has columns.
    starts: [&'a [f32]; R],
    panel: &'a [f32],
    sums: &'a mut Sums,
}

impl<const R: usize> WithSimd for Tile<'_, R> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let n_vectors = self.starts[0].len() / S::F32_LANES;
        for first in (0..n_vectors).step_by(4) {
            match n_vectors - first {
                1 => self.part::<S, 1>(simd, first, n_vectors),
                2 => self.part::<S, 2>(simd, first, n_vectors),
                3 => self.part::<S, 3>(simd, first, n_vectors),
                _ => self.part::<S, 4>(simd, first, n_vectors),
            }
        }
    }
}

impl<const R: usize> Tile<'_, R> {
    /// The sums in `V` of the panel's vectors.
    #[inline(always)]
    fn part<S: Simd, const V: usize>(&mut self, simd: S, first: usize, n_vectors: usize) {
        let columns = first * S::F32_LANES..(first + V) * S::F32_LANES;
        let sums: [[S::f32s; V]; R] = std::array::from_fn(|row| {
            let start = S::as_simd_f32s(&self.starts[row][columns.clone()]).0;
            std::array::from_fn(|vector| start[vector])
        });
        let panel = S::as_simd_f32s(self.panel).0;
        let sums = if n_vectors == V {
            add_products(simd, self.rows, panel.as_chunks::<V>().0.iter(), sums)
        } else {
            let vectors = panel.chunks_exact(n_vectors);
            let vectors = vectors.filter_map(|row| row.get(first..)?.first_chunk::<V>());
            add_products(simd, self.rows, vectors, sums)
        };
        for (found, sums) in self.sums.iter_mut().zip(&sums) {
            let found = S::as_mut_simd_f32s(&mut found[columns.clone()]).0;
            found.copy_from_slice(sums);
        }
    }
}

/// Adds to the sums of each row its numbers, multiplied by the vectors of the same places.
///
/// The sums come and go by value, and are indexed: only so does the compiler keep them in registers.
#[inline(always)]
#[allow(clippy::needless_range_loop)]
fn add_products<'a, S: Simd, const R: usize, const V: usize>(
    simd: S,
    rows: [&[f32]; R],
    vectors: impl Iterator<Item = &'a [S::f32s; V]>,
    mut sums: [[S::f32s; V]; R],
) -> [[S::f32s; V]; R] {
    for (place, vectors) in vectors.enumerate() {
        for row in 0..R {
            let value = simd.splat_f32s(rows[row][place]);
            for vector in 0..V {
                sums[row][vector] = simd.mul_add_e_f32s(value, vectors[vector], sums[row][vector]);
            }
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(place: usize) -> f32 {
        ((place * 7) % 13) as f32 - 6.0
    }

    fn check(rows: usize, inner: usize, columns: usize) {
        let a: Vec<f32> = (0..rows * (inner + 3)).map(value).collect();
        let b: Vec<f32> = (0..inner * columns).map(|place| value(place + 5)).collect();
        let panels = Panels::new(View::rows(&b, inner, columns, columns));
        let padded = panels.columns();
        let start: Vec<f32> = (0..padded).map(|column| column as f32).collect();
        let mut found = vec![f32::NAN; rows * columns];
        let mut store = Store {
            start: &start,
            sums: &mut found,
            n_columns: columns,
        };
        multiply_rows(&a, inner + 3, rows, &panels, &mut store);
        for row in 0..rows {
            for column in 0..columns {
                let mut expected = column as f32;
                for k in 0..inner {
                    expected += a[row * (inner + 3) + k] * b[k * columns + column];
                }
                assert_eq!(found[row * columns + column], expected);
            }
        }
    }

    #[test]
    fn products_of_every_size_are_those_of_the_definition() {
        for rows in 0..15 {
            for (inner, columns) in [
                (1, 1),
                (5, 17),
                (16, 33),
                (9, 48),
                (3, 64),
                (20, 130),
                (0, 16),
            ] {
                check(rows, inner, columns);
            }
        }
    }
}

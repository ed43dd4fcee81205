//! Matrix products over slices. The only place with unsafe code.

use std::ops::Range;

/// A matrix in a slice: element (row, column) is at `row * row_stride + column * column_stride`. One of
/// the strides is 1.
#[derive(Clone, Copy)]
pub struct View<'a> {
    values: &'a [f32],
    rows: usize,
    columns: usize,
    row_stride: usize,
    column_stride: usize,
}

impl<'a> View<'a> {
    /// Consecutive rows, each `row_stride` long, of which the first `columns` belong to the matrix.
    pub fn rows(values: &'a [f32], rows: usize, columns: usize, row_stride: usize) -> Self {
        Self {
            values,
            rows,
            columns,
            row_stride,
            column_stride: 1,
        }
    }

    /// The transposed matrix.
    pub fn transposed(self) -> Self {
        Self {
            rows: self.columns,
            columns: self.rows,
            row_stride: self.column_stride,
            column_stride: self.row_stride,
            ..self
        }
    }

    /// The number of rows and of columns.
    pub fn size(&self) -> [usize; 2] {
        [self.rows, self.columns]
    }

    /// Copies some of the columns of some rows into rows of `width`, whose other places are not written.
    pub fn copy_part(
        &self,
        rows: Range<usize>,
        columns: Range<usize>,
        out: &mut [f32],
        width: usize,
    ) {
        let first = |row, column| row * self.row_stride + column * self.column_stride;
        if self.column_stride == 1 {
            for (row, out) in rows.zip(out.chunks_exact_mut(width)) {
                let values = &self.values[first(row, columns.start)..][..columns.len()];
                out[..columns.len()].copy_from_slice(values);
            }
            return;
        }
        debug_assert_eq!(self.row_stride, 1, "the transposed matrix of one of rows");
        for (place, column) in columns.enumerate() {
            let values = &self.values[first(rows.start, column)..][..rows.len()];
            for (value, out) in values.iter().zip(out.chunks_exact_mut(width)) {
                out[place] = *value;
            }
        }
    }

    fn is_inside(&self) -> bool {
        is_inside(
            self.values.len(),
            self.rows,
            self.row_stride,
            self.columns,
            self.column_stride,
        )
    }
}

fn is_inside(
    len: usize,
    rows: usize,
    row_stride: usize,
    columns: usize,
    column_stride: usize,
) -> bool {
    rows == 0 || columns == 0 || (rows - 1) * row_stride + (columns - 1) * column_stride < len
}

/// Whether a product replaces the destination or is added to it.
#[derive(Clone, Copy, PartialEq)]
pub enum Into {
    Replace,
    Add,
}

/// `out = a b` or `out = out + a b`, where `out` has rows `row_stride` apart. Runs on one thread, as
/// the others are busy with other chunks.
pub fn multiply(out: &mut [f32], row_stride: usize, into: Into, a: View, b: View) {
    assert_eq!(a.columns, b.rows, "the inner sizes are equal");
    assert!(
        a.is_inside() && b.is_inside(),
        "the factors are inside their slices"
    );
    let (rows, columns) = (a.rows, b.columns);
    assert!(columns <= row_stride, "rows of the product do not overlap");
    assert!(
        is_inside(out.len(), rows, row_stride, columns, 1),
        "the product is inside its slice"
    );
    // gemm is fastest where its destination is contiguous along its first dimension, so we ask for
    // the transposed product, of b' and a'.
    //
    // SAFETY: gemm reads elements (i, j) of its factors and reads and writes those of its
    // destination at the strides given, for i and j below the sizes given. The assertions above
    // keep all of them inside the slices. `out` is borrowed mutably, so nothing else refers to it.
    // No stride can exceed isize::MAX, since the slices are in memory.
    unsafe {
        gemm::gemm(
            columns,
            rows,
            a.columns,
            out.as_mut_ptr(),
            row_stride as isize,
            1,
            into == Into::Add,
            b.values.as_ptr(),
            b.row_stride as isize,
            b.column_stride as isize,
            a.values.as_ptr(),
            a.row_stride as isize,
            a.column_stride as isize,
            1.0,
            1.0,
            false,
            false,
            false,
            gemm::Parallelism::None,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_of_every_layout_are_those_of_the_definition() {
        for (rows, inner, columns) in [
            (1, 1, 1),
            (3, 5, 2),
            (7, 16, 48),
            (33, 20, 17),
            (2, 0, 3),
            (1, 9, 130),
            (100, 9, 130),
        ] {
            let value = |i: usize| ((i * 7) % 13) as f32 - 6.0;
            let a: Vec<f32> = (0..rows * inner).map(value).collect();
            let b: Vec<f32> = (0..inner * columns).map(value).collect();
            let product = |row: usize, column: usize| -> f32 {
                (0..inner)
                    .map(|k| a[row * inner + k] * b[k * columns + column])
                    .sum()
            };
            let expected: Vec<f32> = (0..rows * columns)
                .map(|i| product(i / columns, i % columns))
                .collect();

            let mut out = vec![f32::NAN; rows * columns];
            let [view_a, view_b] = [
                View::rows(&a, rows, inner, inner),
                View::rows(&b, inner, columns, columns),
            ];
            multiply(&mut out, columns, Into::Replace, view_a, view_b);
            assert_eq!(out, expected);
            multiply(&mut out, columns, Into::Add, view_a, view_b);
            assert!(
                out.iter()
                    .zip(&expected)
                    .all(|(out, expected)| *out == 2.0 * expected)
            );

            let mut transposed = vec![f32::NAN; rows * columns];
            let [left, right] = [view_b.transposed(), view_a.transposed()];
            multiply(&mut transposed, rows, Into::Replace, left, right);
            let back = (0..rows * columns).map(|i| transposed[(i % columns) * rows + i / columns]);
            assert_eq!(back.collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    #[should_panic = "inside their slices"]
    fn a_factor_that_is_too_short_is_refused() {
        let view = View::rows(&[0.0; 5], 2, 3, 3);
        multiply(
            &mut [0.0; 6],
            3,
            Into::Replace,
            View::rows(&[0.0; 4], 2, 2, 2),
            view,
        );
    }
}

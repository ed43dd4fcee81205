//! Matrix products over slices. The only place with unsafe code.

/// A matrix in a slice: element (row, column) is at `row * row_stride + column * column_stride`.
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

/// Columns of a panel: the number that gemm works on at once.
const PANEL: usize = 64;
/// Rows that are multiplied by a panel at a time: for more rows gemm would copy the panel again.
const ROWS: usize = 48;

/// A right factor for many products, stored as panels of columns that are each contiguous.
pub struct Panels {
    /// Each `[rows, PANEL]`; the last may have fewer columns.
    panels: Vec<Vec<f32>>,
    rows: usize,
    columns: usize,
}

impl Panels {
    /// Copies a matrix into panels.
    pub fn new(matrix: View) -> Self {
        assert!(matrix.is_inside(), "the matrix is inside its slice");
        let begins = (0..matrix.columns).step_by(PANEL);
        let panels = begins.map(|begin| {
            let columns = begin..(begin + PANEL).min(matrix.columns);
            let mut panel = Vec::with_capacity(matrix.rows * columns.len());
            for row in 0..matrix.rows {
                let values = &matrix.values[row * matrix.row_stride..];
                match matrix.column_stride {
                    1 => panel.extend_from_slice(&values[columns.clone()]),
                    stride => panel.extend(columns.clone().map(|column| values[column * stride])),
                }
            }
            panel
        });
        Self {
            panels: panels.collect(),
            rows: matrix.rows,
            columns: matrix.columns,
        }
    }
}

/// [`multiply`] by a matrix of panels.
pub fn multiply_panels(out: &mut [f32], row_stride: usize, into: Into, a: View, b: &Panels) {
    for (index, panel) in b.panels.iter().enumerate() {
        let columns = (b.columns - index * PANEL).min(PANEL);
        let panel = View::rows(panel, b.rows, columns, columns);
        if a.rows == 1 {
            multiply_row(&mut out[index * PANEL..][..columns], into, a, panel);
            continue;
        }
        for begin in (0..a.rows).step_by(ROWS) {
            let rows = View {
                values: &a.values[begin * a.row_stride..],
                rows: (a.rows - begin).min(ROWS),
                ..a
            };
            let out = &mut out[begin * row_stride + index * PANEL..];
            multiply(out, row_stride, into, rows, panel);
        }
    }
}

/// `out = row panel` or `out = out + row panel`. gemm treats a single row as a special case that is
/// several times slower than its ordinary one, so it gets the same row twice.
fn multiply_row(out: &mut [f32], into: Into, row: View, panel: View) {
    let mut products = [0.0; 2 * PANEL];
    let twice = View {
        rows: 2,
        row_stride: 0,
        ..row
    };
    multiply(&mut products, PANEL, Into::Replace, twice, panel);
    for (out, product) in out.iter_mut().zip(products) {
        *out = if into == Into::Add { *out } else { 0.0 } + product;
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

            let mut by_panels = vec![f32::NAN; rows * columns];
            let panels = Panels::new(view_b);
            multiply_panels(&mut by_panels, columns, Into::Replace, view_a, &panels);
            assert_eq!(by_panels, expected);
            multiply_panels(&mut by_panels, columns, Into::Add, view_a, &panels);
            assert_eq!(by_panels, out);

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

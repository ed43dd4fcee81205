//! The values of a tensor in the host's memory.

use std::ops::Deref;

#[cfg(feature = "ndarray")]
use ndarray::{ArcArray, IxDyn};

/// The values of a tensor, row by row. They are not copied unless that is the only way.
#[derive(Debug, Clone)]
pub enum Floats {
    Owned(Vec<f32>),
    /// Those of a tensor that others may hold as well; its rows are next to each other.
    #[cfg(feature = "ndarray")]
    Shared(ArcArray<f32, IxDyn>),
}

impl Floats {
    /// Copies them only if somebody else holds them.
    pub fn into_vec(self) -> Vec<f32> {
        match self {
            Self::Owned(values) => values,
            #[cfg(feature = "ndarray")]
            Self::Shared(values) if values.is_unique() => {
                let len = values.len();
                let (mut values, offset) = values.into_owned().into_raw_vec_and_offset();
                let begin = offset.unwrap_or(0);
                values.truncate(begin + len);
                values.drain(..begin);
                values
            }
            #[cfg(feature = "ndarray")]
            Self::Shared(_) => self.to_vec(),
        }
    }
}

impl From<Vec<f32>> for Floats {
    fn from(values: Vec<f32>) -> Self {
        Self::Owned(values)
    }
}

#[cfg(feature = "ndarray")]
impl From<ArcArray<f32, IxDyn>> for Floats {
    fn from(values: ArcArray<f32, IxDyn>) -> Self {
        if values.is_standard_layout() {
            Self::Shared(values)
        } else {
            Self::Owned(values.iter().copied().collect())
        }
    }
}

impl Deref for Floats {
    type Target = [f32];

    #[allow(clippy::expect_used)] // other layouts are copied when they become `Floats`
    fn deref(&self) -> &[f32] {
        match self {
            Self::Owned(values) => values,
            #[cfg(feature = "ndarray")]
            Self::Shared(values) => values.as_slice().expect("rows next to each other"),
        }
    }
}

#[cfg(all(test, feature = "ndarray"))]
mod tests {
    use ndarray::{ArcArray, Array2, s};

    use super::*;

    #[test]
    fn values_are_those_of_the_tensor_row_by_row_whatever_its_layout() {
        let whole: ArcArray<f32, _> =
            Array2::from_shape_fn((4, 3), |(row, column)| (10 * row + column) as f32).into_shared();
        let layouts = [
            whole.clone(),
            whole.clone().reversed_axes(),
            whole.clone().slice_move(s![1..3, ..]),
            whole.clone().slice_move(s![.., 1..2]),
        ];
        for values in layouts {
            let expected: Vec<f32> = values.iter().copied().collect();
            let shared = Floats::from(values.clone().into_dyn());
            assert_eq!(&shared[..], expected);
            assert_eq!(shared.into_vec(), expected);
            // The same where nobody else holds the values.
            let alone = values.into_owned().into_shared();
            assert_eq!(Floats::from(alone.into_dyn()).into_vec(), expected);
        }
        drop(whole);
        let part = Array2::from_shape_fn((4, 2), |(row, _)| row as f32).into_shared();
        let part = part.slice_move(s![1..3, ..]).into_dyn();
        assert_eq!(Floats::from(part).into_vec(), [1.0, 1.0, 2.0, 2.0]);
    }
}

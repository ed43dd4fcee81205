use rand::{Rng, RngExt};

use crate::DataError;

/// The lengths of messages or of keys, in symbols, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LengthRange {
    min: usize,
    max: usize,
}

impl LengthRange {
    /// The longest message that can be drawn at random, in symbols.
    pub const MAX: usize = 1 << 16;

    /// Lengths from `min` to `max`. They are equal for messages of one length, as in the tutorial.
    ///
    /// # Errors
    ///
    /// When one is 0 or above [`Self::MAX`], or `min` is above `max`.
    pub fn new(min: usize, max: usize) -> Result<Self, DataError> {
        for length in [min, max] {
            if !(1..=Self::MAX).contains(&length) {
                return Err(DataError::LengthOutOfRange {
                    length,
                    max: Self::MAX,
                });
            }
        }
        if min > max {
            return Err(DataError::LengthsReversed { min, max });
        }
        Ok(Self { min, max })
    }

    /// A random length; all are as likely.
    pub fn draw(&self, rng: &mut impl Rng) -> usize {
        rng.random_range(self.min as u32..=self.max as u32) as usize
    }

    /// The same lengths without those above a bound.
    pub fn up_to(self, longest: usize) -> Self {
        let max = longest.clamp(self.min, self.max);
        Self { max, ..self }
    }

    /// The shortest length.
    pub fn min(&self) -> usize {
        self.min
    }

    /// The longest length.
    pub fn max(&self) -> usize {
        self.max
    }
}

use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};

use crate::DataError;

/// The lengths of messages, in symbols, both ends included, and how one is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LengthRange {
    min: usize,
    max: usize,
    draw: LengthDraw,
}

/// How often each length is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LengthDraw {
    /// All lengths are as likely.
    #[default]
    Even,
    /// Short ones are likelier: a bound is drawn first, and then a length up to it. What a network does at
    /// the beginning of a message it learns much sooner from short messages.
    MostlyShort,
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
        let draw = LengthDraw::default();
        Ok(Self { min, max, draw })
    }

    /// The same lengths, drawn in another way.
    pub fn with_draw(self, draw: LengthDraw) -> Self {
        Self { draw, ..self }
    }

    /// A random length.
    pub fn draw(&self, rng: &mut impl Rng) -> usize {
        let mut up_to = |max: u32| rng.random_range(self.min as u32..=max);
        let max = self.max as u32;
        let length = match self.draw {
            LengthDraw::Even => up_to(max),
            LengthDraw::MostlyShort => {
                let bound = up_to(max);
                up_to(bound)
            }
        };
        length as usize
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::streams;

    #[test]
    fn of_mostly_short_lengths_each_is_as_likely_as_the_law_says() {
        let lengths = LengthRange::new(3, 6)
            .unwrap()
            .with_draw(LengthDraw::MostlyShort);
        let mut rng = streams::weights(1);
        let mut counts = [0_i32; 7];
        for _ in 0..4800 {
            counts[lengths.draw(&mut rng)] += 1;
        }
        // A bound b of 3 to 6 has a chance of 1/4, and each length up to it then one of 1/(b - 2).
        let expected = [0, 0, 0, 2500, 1300, 700, 300];
        for (found, expected) in counts.into_iter().zip(expected) {
            assert!((found - expected).abs() < 5 * 35, "{counts:?}");
        }
    }
}

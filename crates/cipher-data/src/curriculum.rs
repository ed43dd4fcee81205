use serde::{Deserialize, Serialize};

use crate::{DataError, LengthRange};

/// How long training messages are from epoch to epoch: points of an epoch, counted from 0, and the longest message
/// in it, with straight lines between them. After the last point messages have all lengths.
///
/// A network that begins with short messages learns sooner what it has to remember. (Bengio et al., "Curriculum
/// learning", 2009.)
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Curriculum(Vec<(u64, usize)>);

impl Curriculum {
    /// A curriculum of points; without any, messages have all lengths from the first epoch on.
    pub fn new(points: Vec<(u64, usize)>) -> Self {
        Self(points)
    }

    /// Whether there are no points.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Checks the points for messages of these lengths.
    ///
    /// # Errors
    ///
    /// [`DataError::Curriculum`] when epochs do not increase, or no message is that short.
    pub fn check(&self, all: LengthRange) -> Result<(), DataError> {
        let refused = |reason: String| Err(DataError::Curriculum { reason });
        if let Some((epoch, longest)) = self.0.iter().find(|(_, longest)| *longest < all.min()) {
            return refused(format!(
                "the longest message of epoch {epoch} cannot have {longest} symbols, as the shortest of all has {}",
                all.min()
            ));
        }
        let mut next = self.0.iter().zip(self.0.iter().skip(1));
        match next.find(|((one, _), (other, _))| one >= other) {
            Some(((one, _), (other, _))) => {
                refused(format!("epoch {other} is not after epoch {one}"))
            }
            None => Ok(()),
        }
    }

    /// The lengths of an epoch, counted from 0: those of `all` that are not above the longest of the epoch, and at
    /// least its shortest.
    pub fn lengths(&self, all: LengthRange, epoch: u64) -> LengthRange {
        let after = self.0.iter().position(|(at, _)| *at > epoch);
        let point = |index: usize| self.0.get(index).copied();
        let before = after.and_then(|after| point(after.checked_sub(1)?));
        match (before, after.and_then(point)) {
            (_, None) => all,
            (None, Some((_, length))) => all.up_to(length),
            (Some((from, short)), Some((to, long))) => {
                let [from, to, epoch] = [from, to, epoch].map(i128::from);
                let grown = (long as i128 - short as i128) * (epoch - from) / (to - from).max(1);
                all.up_to((short as i128 + grown) as usize)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lengths() -> LengthRange {
        LengthRange::new(2, 12).unwrap()
    }

    #[test]
    fn the_longest_message_follows_the_lines_between_the_points() {
        let curriculum = Curriculum::new(vec![(2, 4), (4, 6), (8, 2)]);
        assert_eq!(curriculum.check(lengths()), Ok(()));
        let longest = |epoch| curriculum.lengths(lengths(), epoch).max();
        assert_eq!(
            [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(longest),
            [4, 4, 4, 5, 6, 5, 4, 3, 12, 12]
        );
        assert_eq!(Curriculum::default().lengths(lengths(), 0), lengths());
    }

    #[test]
    fn points_out_of_order_and_messages_that_are_too_short_are_refused() {
        let refused = |points| {
            let checked = Curriculum::new(points).check(lengths());
            checked.unwrap_err().to_string()
        };
        assert!(refused(vec![(0, 1)]).contains("epoch 0 cannot have 1 symbols"));
        assert!(refused(vec![(3, 4), (3, 5)]).contains("epoch 3 is not after epoch 3"));
    }

    #[test]
    fn lengths_are_never_outside_those_of_all_messages() {
        let curriculum = Curriculum::new(vec![(0, 1), (2, 64)]);
        let found = [0, 1, 2].map(|epoch| curriculum.lengths(lengths(), epoch));
        assert_eq!(
            found.map(|lengths| (lengths.min(), lengths.max())),
            [(2, 2), (2, 12), (2, 12)]
        );
    }
}

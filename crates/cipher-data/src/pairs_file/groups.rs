/// A division of the numbers from 0 into groups, which can be joined (a "union-find").
///
/// Each number points to another of its group, and in the end to the one that stands for it.
pub(super) struct Groups {
    next: Vec<usize>,
}

#[allow(clippy::indexing_slicing)] // each number points to one of them
impl Groups {
    /// A group for each number.
    pub(super) fn new(len: usize) -> Self {
        Self {
            next: (0..len).collect(),
        }
    }

    /// The number that stands for the group of `number`.
    pub(super) fn representative(&mut self, mut number: usize) -> usize {
        while self.next[number] != number {
            // Skips a step on every way that is gone, so that the ways stay short.
            self.next[number] = self.next[self.next[number]];
            number = self.next[number];
        }
        number
    }

    /// Makes one group of those of two numbers.
    pub(super) fn join(&mut self, one: usize, other: usize) {
        let one = self.representative(one);
        let other = self.representative(other);
        self.next[one] = other;
    }

    /// Joins the numbers that have equal keys.
    pub(super) fn join_equal<K: Ord>(&mut self, key: impl Fn(usize) -> K) {
        let mut order: Vec<usize> = (0..self.next.len()).collect();
        order.sort_unstable_by_key(|&number| key(number));
        for (&one, &next) in order.iter().zip(order.iter().skip(1)) {
            if key(one) == key(next) {
                self.join(one, next);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joining_reaches_through_what_was_joined_before() {
        let mut groups = Groups::new(5);
        groups.join(0, 1);
        groups.join(3, 4);
        groups.join(1, 3);
        let representatives: Vec<_> = (0..5).map(|number| groups.representative(number)).collect();
        assert!(
            [1, 3, 4]
                .iter()
                .all(|&number| representatives[number] == representatives[0])
        );
        assert_eq!(representatives[2], 2);
    }

    #[test]
    fn numbers_with_equal_keys_are_joined() {
        let mut groups = Groups::new(9);
        groups.join_equal(|number| number % 3);
        assert_eq!(groups.representative(1), groups.representative(7));
        assert_ne!(groups.representative(1), groups.representative(6));
    }
}

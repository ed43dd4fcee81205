use super::training::Training;

/// The length of the longest key, and the largest number of tables, that are looked for.
pub(super) const MAX_PERIOD: usize = 64;

/// The shortest period, up to [`MAX_PERIOD`] and the longest message, that explains the
/// training symbols about as well as the best does. `right` gives the number of symbols that a
/// period predicts when each is left out of the counts.
///
/// The multiples of a period explain as much as it does, and a little more by accident. *About as
/// well* is the one-standard-error rule: a period is good if it predicts at most one standard error
/// fewer symbols than the best. If the best predicts everything, that error is 0, and a good period
/// predicts everything too.
///
/// # Panics
///
/// When there is no training symbol.
#[allow(clippy::expect_used)] // documented: there is a symbol
pub(super) fn shortest_good_period(training: &Training, right: impl Fn(usize) -> usize) -> usize {
    let longest = MAX_PERIOD.min(training.longest());
    let right: Vec<usize> = (1..=longest).map(right).collect();
    let best = *right.iter().max().expect("a training symbol");
    let wrong = training.n_symbols() - best;
    let standard_error = (best as f64 * wrong as f64 / training.n_symbols() as f64).sqrt();
    let good = |right: &usize| (best - right) as f64 <= standard_error;
    1 + right.iter().position(good).expect("the best is good")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Pair;

    fn shortest(right: impl Fn(usize) -> usize) -> usize {
        let pair = Pair::new(vec![0; 100], vec![0; 100]).unwrap();
        shortest_good_period(&Training::new([&pair]), right)
    }

    #[test]
    fn a_multiple_that_explains_a_little_more_by_accident_is_not_taken() {
        // The best, 81 of 100, could be off by 4.
        let right = |period| match period {
            3 => 78,
            6 => 81,
            9 => 79,
            _ => 20,
        };
        assert_eq!(shortest(right), 3);
    }

    #[test]
    fn a_period_that_explains_everything_gives_way_to_no_other() {
        let right = |period| match period {
            3 => 99,
            6 | 12 => 100,
            _ => 20,
        };
        assert_eq!(shortest(right), 6);
    }
}

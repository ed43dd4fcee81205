//! Confidence intervals of a share that was counted on some messages.

/// 95 % of a normal distribution is within this number of standard deviations.
const Z: f64 = 1.959_964;

/// The 95 % interval of a share of which `right` of `n` were counted (Wilson, 1927). Unlike the
/// textbook's it says something sensible when all or none are right.
pub fn wilson(right: f64, n: f64) -> [f64; 2] {
    if n <= 0.0 {
        return [0.0, 1.0];
    }
    let share = right / n;
    let z2 = Z * Z / n;
    let middle = share + z2 / 2.0;
    let half = Z * (share * (1.0 - share) / n + z2 / (4.0 * n)).sqrt();
    [middle - half, middle + half].map(|end| (end / (1.0 + z2)).clamp(0.0, 1.0))
}

/// Wrong messages that the design effect below needs before it counts more than its prior value.
const PRIOR_WEIGHT: f64 = 4.0;

/// The 95 % interval of the share of right characters, from (right, all) of each message.
///
/// Characters of one message are not independent: a network that loses its place gets everything
/// after it wrong. So `n` characters count as `n` divided by the design effect (Kish, *Survey
/// Sampling*, 1965): how much more the counts vary than those of independent characters would.
/// Where few messages are wrong, that cannot be estimated; there it is close to the mean length, as
/// if each message were right or wrong as a whole.
pub fn of_characters(messages: &[(usize, usize)]) -> [f64; 2] {
    let right: usize = messages.iter().map(|(right, _)| right).sum();
    let n: usize = messages.iter().map(|(_, all)| all).sum();
    // The effect is estimated from the messages that have the rarer of the two outcomes.
    let n_right = messages.iter().filter(|(right, _)| *right > 0).count();
    let n_wrong = messages.iter().filter(|(right, all)| right < all).count();
    let n_informative = n_right.min(n_wrong) as f64;
    let (right, n, n_messages) = (right as f64, n as f64, messages.len() as f64);
    let share = right / n.max(1.0);
    let independent = n * share * (1.0 - share);
    let squares = messages.iter().map(|&(right, all)| {
        let deviation = right as f64 - share * all as f64;
        deviation * deviation
    });
    let variance = squares.sum::<f64>() * n_messages / (n_messages - 1.0).max(1.0);
    let observed = if independent > 0.0 {
        variance / independent
    } else {
        0.0
    };
    let mean_length = n / n_messages.max(1.0);
    let design_effect =
        (n_informative * observed + PRIOR_WEIGHT * mean_length) / (n_informative + PRIOR_WEIGHT);
    let design_effect = design_effect.max(1.0);
    wilson(right / design_effect, n / design_effect)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From Newcombe, *Two-sided confidence intervals for the single proportion* (1998), table I.
    #[test]
    fn wilsons_interval_is_that_of_newcombes_table() {
        for (right, n, expected) in [
            (81.0, 263.0, [0.2553, 0.3662]),
            (15.0, 148.0, [0.0624, 0.1605]),
            (0.0, 20.0, [0.0, 0.1611]),
            (1.0, 29.0, [0.0061, 0.1718]),
        ] {
            let found = wilson(right, n);
            for (found, expected) in found.iter().zip(expected) {
                assert!((found - expected).abs() < 5e-5, "{right} of {n}: {found}");
            }
        }
    }

    #[test]
    fn messages_that_are_right_or_wrong_as_a_whole_count_once_each() {
        let whole: Vec<_> = (0..100)
            .map(|m| (if m % 4 == 0 { 0 } else { 30 }, 30))
            .collect();
        let [low, high] = of_characters(&whole);
        let [expected_low, expected_high] = wilson(75.0, 100.0);
        assert!((low - expected_low).abs() < 0.002, "{low}");
        assert!((high - expected_high).abs() < 0.002, "{high}");
    }

    #[test]
    fn characters_that_are_all_right_count_as_whole_messages() {
        let all_right = vec![(32, 32); 100];
        assert_eq!(of_characters(&all_right), wilson(100.0, 100.0));
        // One wrong character makes the interval neither much narrower nor much wider.
        let mut one_wrong = all_right;
        one_wrong[0].0 = 31;
        let [low, _] = of_characters(&one_wrong);
        assert!((low - wilson(100.0, 100.0)[0]).abs() < 0.01, "{low}");
    }

    #[test]
    fn independent_characters_count_nearly_one_by_one() {
        // 10 % wrong at random places of 2,000 messages of 30.
        let mut hash = 1_u64;
        let mut is_right = || {
            hash = hash.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            !(hash >> 33).is_multiple_of(10)
        };
        let messages: Vec<_> = (0..2000)
            .map(|_| ((0..30).filter(|_| is_right()).count(), 30))
            .collect();
        let right: usize = messages.iter().map(|(right, _)| right).sum();
        let [low, high] = of_characters(&messages);
        let [expected_low, expected_high] = wilson(right as f64, 60_000.0);
        let width = (high - low) / (expected_high - expected_low);
        assert!((0.9..1.2).contains(&width), "{width}");
    }
}

//! How far a share counted on some messages may be from the truth.

/// Standard deviations of a normal distribution that hold 95 % of it on both sides.
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

/// The 95 % interval of the share of right characters, from (right, all) of each message.
///
/// Characters of one message are not independent: a network that loses its place gets all that
/// follow wrong. So they count for as many as would vary as much if they were (Kish, *Survey
/// Sampling*, 1965: the design effect).
pub fn of_characters(messages: &[(usize, usize)]) -> [f64; 2] {
    let right: usize = messages.iter().map(|(right, _)| right).sum();
    let n: usize = messages.iter().map(|(_, all)| all).sum();
    let (right, n, n_messages) = (right as f64, n as f64, messages.len() as f64);
    let share = right / n.max(1.0);
    let independent = n * share * (1.0 - share);
    let squares = messages.iter().map(|&(right, all)| {
        let deviation = right as f64 - share * all as f64;
        deviation * deviation
    });
    let observed = squares.sum::<f64>() * n_messages / (n_messages - 1.0).max(1.0);
    let design_effect = match independent > 0.0 {
        true => (observed / independent).max(1.0),
        false => 1.0,
    };
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
}

use serde::Serialize;

/// The number of bins that confidences are sorted into.
const N_BINS: usize = 15;

/// Answers with confidences in one range.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Bin {
    pub n: usize,
    pub right: usize,
    /// The mean confidence, from 0 to 1.
    pub confidence: f64,
}

/// Sorts characters by their confidence into 15 bins of equal width, and returns those that are not
/// empty (Guo, Pleiss, Sun and Weinberger, *On Calibration of Modern Neural Networks*, 2017). Each
/// answer is its confidence and whether it was right.
pub fn bins(answers: &[(f32, bool)]) -> Vec<Bin> {
    let mut bins = [Bin::default(); N_BINS];
    for &(confidence, is_right) in answers {
        let bin = (f64::from(confidence) * N_BINS as f64) as usize;
        let bin = &mut bins[bin.min(N_BINS - 1)];
        bin.n += 1;
        bin.right += usize::from(is_right);
        bin.confidence += f64::from(confidence);
    }
    let held = bins.into_iter().filter(|bin| bin.n > 0);
    held.map(|bin| Bin {
        confidence: bin.confidence / bin.n as f64,
        ..bin
    })
    .collect()
}

/// The expected calibration error: the mean distance between the confidence of a bin and the share of
/// its answers that are right.
pub fn expected_calibration_error(answers: &[(f32, bool)]) -> f64 {
    let surplus = bins(answers)
        .into_iter()
        .map(|bin| (bin.confidence * bin.n as f64 - bin.right as f64).abs());
    surplus.sum::<f64>() / answers.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_that_are_right_as_often_as_their_confidence_says_are_calibrated() {
        let answers: Vec<_> = (0..100).map(|i| (0.75, i % 4 != 0)).collect();
        assert!(expected_calibration_error(&answers) < 1e-9);
    }

    #[test]
    fn half_right_at_full_confidence_is_off_by_a_half() {
        let answers: Vec<_> = (0..100).map(|i| (1.0, i % 2 == 0)).collect();
        assert!((expected_calibration_error(&answers) - 0.5).abs() < 1e-9);
    }
}

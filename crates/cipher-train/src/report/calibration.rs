/// Classes that confidences are sorted into.
const N_CLASSES: usize = 15;

/// How far, on average, the confidence of answers is from the share of them that are right, over 15
/// classes of equal width (Guo, Pleiss, Sun and Weinberger, *On Calibration of Modern Neural
/// Networks*, 2017). From (confidence, whether right) of each character.
pub fn expected_calibration_error(answers: &[(f32, bool)]) -> f64 {
    let mut surplus = [0.0; N_CLASSES];
    for &(confidence, is_right) in answers {
        let class = (f64::from(confidence) * N_CLASSES as f64) as usize;
        surplus[class.min(N_CLASSES - 1)] += f64::from(confidence) - f64::from(u8::from(is_right));
    }
    surplus
        .iter()
        .map(|surplus: &f64| surplus.abs())
        .sum::<f64>()
        / answers.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_as_often_right_as_they_are_sure_are_calibrated() {
        let answers: Vec<_> = (0..100).map(|i| (0.75, i % 4 != 0)).collect();
        assert!(expected_calibration_error(&answers) < 1e-9);
    }

    #[test]
    fn half_right_and_wholly_sure_is_off_by_a_half() {
        let answers: Vec<_> = (0..100).map(|i| (1.0, i % 2 == 0)).collect();
        assert!((expected_calibration_error(&answers) - 0.5).abs() < 1e-9);
    }
}

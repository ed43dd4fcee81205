use serde::Serialize;

/// Classes that confidences are sorted into.
const N_CLASSES: usize = 15;

/// Answers of about one confidence.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Class {
    pub n: usize,
    pub right: usize,
    /// The mean of theirs, from 0 to 1.
    pub confidence: f64,
}

/// (confidence, whether right) of each character, in 15 classes of equal width (Guo, Pleiss, Sun
/// and Weinberger, *On Calibration of Modern Neural Networks*, 2017); those that hold any.
pub fn classes(answers: &[(f32, bool)]) -> Vec<Class> {
    let mut classes = [Class::default(); N_CLASSES];
    for &(confidence, is_right) in answers {
        let class = (f64::from(confidence) * N_CLASSES as f64) as usize;
        let class = &mut classes[class.min(N_CLASSES - 1)];
        class.n += 1;
        class.right += usize::from(is_right);
        class.confidence += f64::from(confidence);
    }
    let held = classes.into_iter().filter(|class| class.n > 0);
    held.map(|class| Class {
        confidence: class.confidence / class.n as f64,
        ..class
    })
    .collect()
}

/// How far, on average, the confidence of answers is from the share of them that are right, over
/// these classes.
pub fn expected_calibration_error(answers: &[(f32, bool)]) -> f64 {
    let surplus = classes(answers)
        .into_iter()
        .map(|class| (class.confidence * class.n as f64 - class.right as f64).abs());
    surplus.sum::<f64>() / answers.len().max(1) as f64
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

/// One step of an alignment.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Step {
    /// The ciphertext symbols of the code.
    pub n_ciphertext: u8,
    /// The plaintext symbols of the chunk.
    pub n_plaintext: u8,
    /// The probability, from 0 to 1, that the pair has this step. It is low where others are as likely.
    pub probability: f32,
    /// The probability that it has the step and that the code stands for the chunk elsewhere, too. It is
    /// low where the pair has an error.
    pub certainty: f32,
}

impl Step {
    /// Whether it is as likely as not that the code stands for something else here, or for nothing
    /// that it stands for elsewhere.
    pub fn is_doubtful(&self) -> bool {
        self.certainty <= 0.5
    }

    /// Whether others are as likely.
    pub fn is_ambiguous(&self) -> bool {
        self.probability < 0.5
    }
}

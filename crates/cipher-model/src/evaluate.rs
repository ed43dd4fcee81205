use burn::data::dataloader::DataLoader;
use cipher_data::BucketLoader;

use crate::{CipherModel, ModelError, Score};

impl CipherModel {
    /// Counts a model's right and wrong answers to one epoch of a loader, one batch at a time. A
    /// model that is being trained is evaluated through its `valid()`, without dropout.
    ///
    /// # Errors
    ///
    /// When the loader cannot read a pair, or the device fails.
    pub fn evaluate(&self, loader: &BucketLoader) -> Result<Score, ModelError> {
        let mut score = Score::default();
        for batch in loader.iter() {
            let batch = batch?;
            let loss = self.loss(batch.ciphertext, batch.plaintext, &batch.lengths);
            let wrong = loss.wrong.try_into_data(); // [2]
            let wrong = wrong.map_err(|error| ModelError::of_device(&error.to_string()))?;
            let mut wrong = wrong.iter::<i64>().map(|count| count as usize);
            score += Score {
                n_symbols: batch.n_symbols,
                wrong_symbols: wrong.next().unwrap_or(0),
                n_messages: batch.lengths.len(),
                wrong_messages: wrong.next().unwrap_or(0),
            };
        }
        Ok(score)
    }
}

use cipher_model::Score;
use serde::{Deserialize, Serialize};

/// The counts of one batch.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct StepCounts {
    /// Cross-entropy in nats, the mean over the symbols.
    pub loss: f64,
    /// Right and wrong answers.
    pub score: Score,
    /// The norm of the gradients before clipping; 0 in validation.
    pub gradient_norm: f64,
}

/// The counts of the batches of an epoch, added up in their order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct EpochTotals {
    /// Batches.
    pub n_steps: usize,
    /// Cross-entropy in nats, summed over the symbols.
    pub loss: f64,
    /// The norms of the gradients before clipping, summed over the steps.
    pub gradient_norm: f64,
    /// The time that the batches took.
    pub seconds: f64,
    /// Right and wrong answers.
    pub score: Score,
}

impl EpochTotals {
    /// Adds a batch.
    pub fn add(&mut self, step: &StepCounts) {
        self.n_steps += 1;
        self.loss += step.loss * step.score.n_symbols as f64;
        self.score += step.score;
        self.gradient_norm += step.gradient_norm;
    }

    /// Cross-entropy in nats, the mean over the symbols: a batch counts by its symbols.
    pub fn mean_loss(&self) -> f64 {
        self.loss / self.score.n_symbols.max(1) as f64
    }

    /// The norm of the gradients before clipping, the mean over the steps.
    pub fn mean_gradient_norm(&self) -> f64 {
        self.gradient_norm / self.n_steps.max(1) as f64
    }
}

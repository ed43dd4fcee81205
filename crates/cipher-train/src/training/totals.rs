use cipher_model::Score;
use serde::{Deserialize, Serialize};

use crate::ranks::Ranks;

/// The counts of one batch.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct StepCounts {
    /// The part of a batch that ranks share, from 0 to 1.
    pub weight: f64,
    /// Cross-entropy in nats, the mean over the symbols.
    pub loss: f64,
    /// Right and wrong answers.
    pub score: Score,
    /// The norm of the gradients before clipping; 0 in validation.
    pub gradient_norm: f64,
}

impl StepCounts {
    /// The counts of a whole batch from those of each rank's share of it.
    pub fn sum_over(self, ranks: Ranks) -> Self {
        if ranks.is_alone() {
            return self;
        }
        let Score {
            n_symbols,
            wrong_symbols,
            n_messages,
            wrong_messages,
        } = self.score;
        let counts = [n_symbols, wrong_symbols, n_messages, wrong_messages];
        let [a, b, c, d] = counts.map(|count| count as f64);
        // A rank without a message has computed one of another's.
        let here = match self.weight {
            0.0 => [0.0; 5],
            weight => [weight * self.loss, a, b, c, d],
        };
        let all = ranks.all(&here);
        let sum = |place: usize| all.iter().skip(place).step_by(here.len()).sum::<f64>();
        let n = |place: usize| sum(place) as usize;
        Self {
            weight: 1.0,
            loss: sum(0),
            score: Score {
                n_symbols: n(1),
                wrong_symbols: n(2),
                n_messages: n(3),
                wrong_messages: n(4),
            },
            ..self
        }
    }
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

use serde::{Deserialize, Serialize};

use super::step::StepValues;

/// What the steps of an epoch counted, added up in their order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Sums {
    pub n_steps: usize,
    /// Over all symbols, in nats.
    pub loss: f64,
    pub n_symbols: usize,
    pub wrong_symbols: usize,
    pub n_messages: usize,
    pub wrong_messages: usize,
    /// Of the gradients before they were scaled down.
    pub gradient_norm: f64,
    /// Time the steps took.
    pub seconds: f64,
}

impl Sums {
    pub fn add(&mut self, step: &StepValues) {
        self.n_steps += 1;
        self.loss += step.loss * step.n_symbols as f64;
        self.n_symbols += step.n_symbols;
        self.wrong_symbols += step.wrong_symbols;
        self.n_messages += step.n_messages;
        self.wrong_messages += step.wrong_messages;
        self.gradient_norm += step.gradient_norm;
    }

    /// Cross-entropy in nats a symbol. A batch weighs as much as it has real symbols.
    pub fn loss(&self) -> f64 {
        self.loss / self.n_symbols.max(1) as f64
    }

    /// The share of symbols answered rightly, from 0 to 1.
    pub fn character_accuracy(&self) -> f64 {
        1.0 - self.wrong_symbols as f64 / self.n_symbols.max(1) as f64
    }

    /// The share of messages answered rightly as a whole, from 0 to 1.
    pub fn message_accuracy(&self) -> f64 {
        1.0 - self.wrong_messages as f64 / self.n_messages.max(1) as f64
    }

    /// The mean over the steps.
    pub fn gradient_norm(&self) -> f64 {
        self.gradient_norm / self.n_steps.max(1) as f64
    }
}

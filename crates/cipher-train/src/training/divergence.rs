//! When the loss diverges.

use std::fmt::{self, Display, Formatter};

use serde::{Deserialize, Serialize};

/// The share of the past in the smoothed loss: an average over about fifty steps.
const MEMORY: f64 = 0.98;

/// Where the loss was and is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct LossMonitor {
    /// The exponential moving average of the loss, in nats a symbol.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    smoothed: Option<f64>,
    /// The lowest value of the average.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lowest: Option<f64>,
    /// The loss of the last step alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last: Option<f64>,
}

/// How the loss diverged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Divergence {
    /// The loss of a step or the norm of its gradients is not finite.
    NotFinite {
        /// In nats a symbol.
        loss: f64,
        /// Before clipping.
        gradient_norm: f64,
    },
    /// The loss has risen too far.
    Risen {
        /// Its lowest average, in nats a symbol.
        from: f64,
        /// Its average now.
        to: f64,
    },
    /// The validation loss is not finite.
    Validation,
}

impl LossMonitor {
    /// Records the loss of a step, whose gradients may already have changed the weights.
    ///
    /// The average may rise by the loss of a network that knows nothing, which is the logarithm of
    /// the number of symbols, or by 1 if that is more: beyond that the network is worse than at its
    /// start, or has lost more than it could ever learn.
    pub fn record(
        &mut self,
        loss: f64,
        gradient_norm: f64,
        n_symbols: usize,
    ) -> Option<Divergence> {
        if !loss.is_finite() || !gradient_norm.is_finite() {
            return Some(Divergence::NotFinite {
                loss,
                gradient_norm,
            });
        }
        let to = self
            .smoothed
            .map_or(loss, |past| MEMORY * past + (1.0 - MEMORY) * loss);
        let from = self.lowest.map_or(to, |lowest| lowest.min(to));
        (self.smoothed, self.lowest, self.last) = (Some(to), Some(from), Some(loss));
        let allowed = (n_symbols as f64).ln().max(1.0);
        (to > from + allowed).then_some(Divergence::Risen { from, to })
    }

    /// Whether the loss is far enough below its bound for the weights to be saved.
    pub fn is_sound(&self, n_symbols: usize) -> bool {
        let allowed = (n_symbols as f64).ln().max(1.0);
        let bound = self.lowest.map(|lowest| lowest + allowed / 2.0);
        let is_above = |loss: Option<f64>| loss > bound && bound.is_some();
        !is_above(self.smoothed) && !is_above(self.last)
    }
}

impl Display for Divergence {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFinite { loss, .. } if !loss.is_finite() => write!(f, "the loss is {loss}"),
            Self::NotFinite { gradient_norm, .. } => {
                write!(f, "the norm of the gradients is {gradient_norm}")
            }
            Self::Validation => f.write_str("the validation loss is not finite"),
            Self::Risen { from, to } => {
                write!(f, "the loss has risen from {from:.3} to {to:.3} nats")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loss_that_falls_with_noise_is_sound() {
        let mut monitor = LossMonitor::default();
        for step in 0..1000 {
            let loss = 3.3 / (1.0 + f64::from(step) / 50.0) + f64::from(step % 7) * 0.1;
            assert_eq!(monitor.record(loss, 1.0, 27), None, "step {step}");
            assert!(monitor.is_sound(27), "step {step}");
        }
    }

    #[test]
    fn one_bad_batch_is_no_divergence_and_many_are() {
        let mut monitor = LossMonitor::default();
        monitor.record(0.1, 1.0, 27);
        assert_eq!(monitor.record(30.0, 1.0, 27), None);
        let steps = (0..).find(|_| monitor.record(30.0, 1.0, 27).is_some());
        assert!(steps.unwrap() < 20, "{steps:?}");
    }

    #[test]
    fn a_loss_that_is_not_finite_is_reported_and_not_recorded() {
        for (loss, norm) in [(f64::NAN, 1.0), (f64::INFINITY, 1.0), (1.0, f64::NAN)] {
            let mut monitor = LossMonitor::default();
            assert!(monitor.record(loss, norm, 27).is_some());
            assert_eq!(monitor, LossMonitor::default());
        }
    }
}

//! When a training has got out of hand.

use std::fmt::{self, Display, Formatter};

use serde::{Deserialize, Serialize};

/// The share of the past in the smoothed loss: a step counts for about fifty.
const MEMORY: f64 = 0.98;

/// Where the loss was and is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Health {
    /// The loss of the steps so far, the last ones most, in nats a symbol.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    smoothed: Option<f64>,
    /// The lowest that this was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lowest: Option<f64>,
    /// That of the last step alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last: Option<f64>,
}

/// How a training got out of hand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Divergence {
    NotFinite {
        loss: f64,
        gradient_norm: f64,
    },
    Risen {
        from: f64,
        to: f64,
    },
    /// That of the held-out messages is not finite.
    HeldOut,
}

impl Health {
    /// Takes note of a step, before its gradients change any weight.
    ///
    /// The loss may rise by what knowing nothing costs, the logarithm of the number of symbols, or
    /// 1 where that is less: then the network is worse than where it began, or has lost more than
    /// all it could learn.
    pub fn note(&mut self, loss: f64, gradient_norm: f64, n_symbols: usize) -> Option<Divergence> {
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

    /// Whether the loss is so far below its bound that the weights are worth keeping.
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
            Self::HeldOut => f.write_str("the loss of the held-out messages is not finite"),
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
    fn a_loss_that_falls_and_wavers_is_sound() {
        let mut health = Health::default();
        for step in 0..1000 {
            let loss = 3.3 / (1.0 + f64::from(step) / 50.0) + f64::from(step % 7) * 0.1;
            assert_eq!(health.note(loss, 1.0, 27), None, "step {step}");
            assert!(health.is_sound(27), "step {step}");
        }
    }

    #[test]
    fn a_single_bad_batch_is_no_divergence_and_many_are() {
        let mut health = Health::default();
        health.note(0.1, 1.0, 27);
        assert_eq!(health.note(30.0, 1.0, 27), None);
        let steps = (0..).find(|_| health.note(30.0, 1.0, 27).is_some());
        assert!(steps.unwrap() < 20, "{steps:?}");
    }

    #[test]
    fn nothing_that_is_not_finite_is_taken_note_of() {
        for (loss, norm) in [(f64::NAN, 1.0), (f64::INFINITY, 1.0), (1.0, f64::NAN)] {
            let mut health = Health::default();
            assert!(health.note(loss, norm, 27).is_some());
            assert_eq!(health, Health::default());
        }
    }
}

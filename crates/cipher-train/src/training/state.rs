//! Where a training is: everything but the tensors that its next step depends on.

use serde::{Deserialize, Serialize};

use super::divergence::LossMonitor;
use super::totals::EpochTotals;
use crate::config::{BestBy, TrainingConfig};
use crate::run::End;

/// The version of the checkpoints. Those of version 0.1 had none.
pub const FORMAT_VERSION: u32 = 2;

/// Where a training is. It is saved as TOML, which keeps every number exactly.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// The version of the checkpoint's format.
    pub format_version: u32,
    /// The run that this is a state of, by the checksum of its manifest.
    pub run: String,
    /// The current epoch, counted from 1.
    pub epoch: usize,
    /// Batches of the epoch that were trained on.
    pub n_batches: usize,
    /// Steps taken.
    pub step: usize,
    /// The learning rate of the last step.
    pub learning_rate: f64,
    /// Characters trained on, without padding.
    pub n_characters: usize,
    /// Time spent training.
    pub seconds: f64,
    /// How often the learning rate was halved after the loss diverged.
    pub n_backoffs: u32,
    /// The length of `metrics.jsonl`.
    pub metrics_bytes: u64,
    /// The backend and the processor's vector instructions: on others the last digits differ.
    pub device: String,
    /// Why no step follows, if none does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<End>,
    /// Counts of the current epoch.
    pub totals: EpochTotals,
    /// Where the loss was and is.
    pub loss: LossMonitor,
    /// The best epoch so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub best: Option<Best>,
}

/// The epoch with the highest validation accuracy, and among equals the lowest validation loss.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Best {
    /// Counted from 1.
    pub epoch: usize,
    /// The share of validation characters that are right.
    pub accuracy: f64,
    /// The validation loss in nats a symbol.
    pub loss: f64,
    /// The epoch in which the accuracy last improved.
    pub improved_at: usize,
}

impl State {
    /// The state before the first step.
    pub fn new(run: &str, device: &str) -> Self {
        Self {
            format_version: FORMAT_VERSION,
            run: run.into(),
            epoch: 1,
            n_batches: 0,
            step: 0,
            learning_rate: 0.0,
            n_characters: 0,
            seconds: 0.0,
            n_backoffs: 0,
            metrics_bytes: 0,
            device: device.into(),
            end: None,
            totals: EpochTotals::default(),
            loss: LossMonitor::default(),
            best: None,
        }
    }

    /// Compares an epoch with the best so far. Returns whether it is the new best, as one that reaches the
    /// target is.
    pub fn record_validation(
        &mut self,
        validation: &EpochTotals,
        is_target: bool,
        best_by: BestBy,
    ) -> bool {
        let accuracy = validation.score.character_accuracy();
        let loss = validation.mean_loss();
        let is_better = |best: Best| match best_by {
            BestBy::Accuracy => accuracy > best.accuracy,
            BestBy::Loss => loss < best.loss,
        };
        let improved_at = match self.best {
            Some(best) if !is_better(best) => best.improved_at,
            _ => self.epoch,
        };
        let is_best = self.best.is_none_or(|best| {
            is_target || is_better(best) || accuracy == best.accuracy && loss < best.loss
        });
        self.best = match self.best {
            Some(best) if !is_best => Some(Best {
                improved_at,
                ..best
            }),
            _ => Some(Best {
                epoch: self.epoch,
                accuracy,
                loss,
                improved_at,
            }),
        };
        is_best
    }

    /// Why the epoch that has just ended is the last, if it is.
    pub fn end_after(&self, is_target: bool, training: &TrainingConfig) -> Option<End> {
        let improved_at = self.best.map_or(0, |best| best.improved_at);
        if is_target {
            Some(End::Target)
        } else if self.epoch - improved_at >= training.patience.unwrap_or(usize::MAX) {
            Some(End::Patience)
        } else {
            (self.epoch >= training.epochs).then_some(End::Epochs)
        }
    }
}

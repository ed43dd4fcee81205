//! When to stop, and which checkpoints to keep.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use burn::train::EarlyStoppingStrategy;
use burn::train::checkpoint::{CheckpointingAction, CheckpointingStrategy};
use burn::train::metric::store::{Aggregate, EventStoreClient, Split};

use super::metrics::{CHARACTER_ACCURACY, LOSS};
use crate::config::TrainingConfig;

/// Stops when the held-out messages are answered as well as asked, or have not been answered better
/// for too long.
#[derive(Clone)]
pub struct StopEarly {
    target_accuracy: f64,
    target_loss: f64,
    /// In epochs.
    patience: usize,
    best_accuracy: f64,
    best_epoch: usize,
}

impl StopEarly {
    pub fn new(config: &TrainingConfig) -> Self {
        Self {
            target_accuracy: config.target_accuracy,
            target_loss: config.target_loss.unwrap_or(f64::INFINITY),
            patience: config.patience.unwrap_or(usize::MAX),
            best_accuracy: f64::NEG_INFINITY,
            best_epoch: 0,
        }
    }
}

impl EarlyStoppingStrategy for StopEarly {
    fn should_stop(&mut self, epoch: usize, store: &EventStoreClient) -> bool {
        let (Some(accuracy), Some(loss)) = (
            held_out(store, CHARACTER_ACCURACY, epoch),
            held_out(store, LOSS, epoch),
        ) else {
            return false;
        };
        if accuracy > self.best_accuracy {
            self.best_accuracy = accuracy;
            self.best_epoch = epoch;
        }
        let reached = accuracy >= self.target_accuracy && loss <= self.target_loss;
        reached || epoch - self.best_epoch >= self.patience
    }
}

/// The best epoch so far, counted from 1; 0 before the first has ended.
#[derive(Clone, Default)]
pub struct Best(Arc<AtomicUsize>);

impl Best {
    pub fn epoch(&self) -> usize {
        self.0.load(Ordering::Acquire)
    }
}

/// Keeps the checkpoint of the last epoch and that of the best: the highest held-out character
/// accuracy, and among equals the lowest held-out loss.
pub struct KeepLastAndBest {
    best: Best,
    best_rank: (f64, f64),
    last: usize,
}

impl KeepLastAndBest {
    pub fn new(best: Best) -> Self {
        Self {
            best,
            best_rank: (f64::NEG_INFINITY, f64::NEG_INFINITY),
            last: 0,
        }
    }
}

impl CheckpointingStrategy for KeepLastAndBest {
    fn checkpointing(
        &mut self,
        epoch: usize,
        store: &EventStoreClient,
    ) -> Vec<CheckpointingAction> {
        let accuracy = held_out(store, CHARACTER_ACCURACY, epoch).unwrap_or(f64::NEG_INFINITY);
        let loss = held_out(store, LOSS, epoch).unwrap_or(f64::INFINITY);
        let best_before = self.best.epoch();
        if best_before == 0 || (accuracy, -loss) > self.best_rank {
            self.best_rank = (accuracy, -loss);
            self.best.0.store(epoch, Ordering::Release);
        }

        let mut obsolete = vec![self.last, best_before];
        obsolete.dedup();
        obsolete.retain(|&old| old != 0 && old != self.best.epoch());
        self.last = epoch;
        let delete = obsolete.into_iter().map(CheckpointingAction::Delete);
        // The new one is written before the old ones go.
        std::iter::once(CheckpointingAction::Save)
            .chain(delete)
            .collect()
    }
}

fn held_out(store: &EventStoreClient, name: &str, epoch: usize) -> Option<f64> {
    store.find_metric(name, epoch, Aggregate::Mean, &Split::Valid)
}

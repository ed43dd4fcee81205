//! When to stop, and which checkpoints to keep.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use burn::train::EarlyStoppingStrategy;
use burn::train::checkpoint::{CheckpointingAction, CheckpointingStrategy};
use burn::train::metric::store::{Aggregate, EventStoreClient, Split};

use super::metrics::{CHARACTER_ACCURACY, LOSS};

/// Stops when the held-out character accuracy has reached this share.
#[derive(Clone)]
pub struct StopAtTarget(pub f64);

impl EarlyStoppingStrategy for StopAtTarget {
    fn should_stop(&mut self, epoch: usize, store: &EventStoreClient) -> bool {
        held_out(store, CHARACTER_ACCURACY, epoch).is_some_and(|accuracy| accuracy >= self.0)
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

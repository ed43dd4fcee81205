use std::sync::Arc;

use burn::data::dataset::Dataset;

use crate::{MessageDataset, Pair};

/// Pairs that may differ from epoch to epoch.
pub trait PairSource: Send + Sync {
    /// The pairs of an epoch, counted from 0.
    fn pairs_at(&self, epoch: u64) -> Arc<dyn Dataset<Pair>>;
}

impl PairSource for MessageDataset {
    fn pairs_at(&self, epoch: u64) -> Arc<dyn Dataset<Pair>> {
        Arc::new(self.at_epoch(epoch))
    }
}

/// The same pairs in every epoch.
impl PairSource for Arc<dyn Dataset<Pair>> {
    fn pairs_at(&self, _epoch: u64) -> Arc<dyn Dataset<Pair>> {
        self.clone()
    }
}

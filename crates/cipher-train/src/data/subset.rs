use std::sync::Arc;

use burn::data::dataset::{Dataset, DatasetError};
use cipher_data::{Pair, PairSource, PairTable};

/// Some pairs of a table. Each epoch takes the next ones, around the end: many small epochs of a
/// large table, or a small table many times over.
#[derive(Clone)]
pub struct Subset {
    table: Arc<PairTable>,
    indices: Arc<[usize]>,
    per_epoch: usize,
    /// Which of the indices is the epoch's first.
    begin: usize,
}

impl Subset {
    /// The pairs at these indices, `per_epoch` in each epoch.
    pub fn new(table: &Arc<PairTable>, indices: Vec<usize>, per_epoch: usize) -> Self {
        Self {
            table: table.clone(),
            indices: indices.into(),
            per_epoch,
            begin: 0,
        }
    }

    /// Each pair once in every epoch.
    pub fn once(table: &Arc<PairTable>, indices: Vec<usize>) -> Self {
        let len = indices.len();
        Self::new(table, indices, len)
    }
}

impl PairSource for Subset {
    fn pairs_at(&self, epoch: u64) -> Arc<dyn Dataset<Pair>> {
        let n = self.indices.len() as u128;
        let begin = u128::from(epoch) * self.per_epoch as u128 % n;
        Arc::new(Self {
            begin: begin as usize,
            ..self.clone()
        })
    }
}

impl Dataset<Pair> for Subset {
    fn get(&self, index: usize) -> Result<Pair, DatasetError> {
        let place = (self.begin + index) % self.indices.len();
        let pair = self.table.get(self.indices[place]);
        Ok(pair.expect("the indices are those of the table"))
    }

    fn len(&self) -> usize {
        self.per_epoch
    }
}

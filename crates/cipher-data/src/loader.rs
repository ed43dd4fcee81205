use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use burn::data::dataloader::{DataLoader, DataLoaderIterator, Progress};
use burn::data::dataset::{Dataset, DatasetError};
use burn::tensor::Device;
use rand::seq::SliceRandom;

use crate::streams::{self, ChaCha8Rng};
use crate::{Batch, Pair, PairBatcher, PairSource};

/// Batches that are sorted by length together. With messages of 5 to 60 symbols in batches of 64,
/// this brings padding from 45 % of a batch down to 2 %. A larger window gains little.
const WINDOW: usize = 32;

/// Places of a batch, padding included. Training takes memory in proportion to them, so that
/// batches of long messages have fewer messages.
const MAX_PLACES: usize = 1 << 17;

/// A Burn [`DataLoader`] that puts messages of similar length into the same batch.
///
/// The pairs of an epoch are shuffled, taken in windows of 32 batches, sorted by length inside a
/// window and cut into batches; then the batches of a window are shuffled. All of it follows from
/// the seed and the epoch, which increases by one with each call of [`DataLoader::iter`].
///
/// A batch has at most 2^17 places, padding included, and a window as many symbols as 32 such
/// batches. Where messages are long, a batch therefore has fewer messages than asked for, but at
/// least one.
pub struct BucketLoader {
    source: Arc<dyn PairSource>,
    batcher: PairBatcher,
    batch_size: usize,
    seed: u64,
    next_epoch: AtomicU64,
    range: Range<usize>,
    share: Share,
    device: Device,
}

/// Which messages of each batch a process takes, of several that train together: those at `rank`,
/// `rank + n_ranks` and so on, of the batch sorted by length. So all take about the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// The process, counted from 0.
    pub rank: usize,
    /// The number of processes.
    pub n_ranks: usize,
}

impl Share {
    /// All messages.
    pub const ALL: Self = Self {
        rank: 0,
        n_ranks: 1,
    };

    /// The part of a batch; none where the batch has too few messages.
    pub(crate) fn of<T>(self, batch: Vec<T>) -> Vec<T> {
        let part = batch.into_iter().skip(self.rank).step_by(self.n_ranks);
        part.collect()
    }
}

impl BucketLoader {
    /// A loader that begins with epoch 0. `batch_size` is the number of messages in a batch.
    ///
    /// # Panics
    ///
    /// When `batch_size` is 0.
    pub fn new(
        source: Arc<dyn PairSource>,
        batcher: PairBatcher,
        batch_size: usize,
        seed: u64,
        device: &Device,
    ) -> Self {
        assert!(batch_size > 0, "a batch needs at least one message");
        let len = source.pairs_at(0).len();
        Self {
            source,
            batcher,
            batch_size,
            seed,
            next_epoch: AtomicU64::new(0),
            range: 0..len,
            share: Share::ALL,
            device: device.clone(),
        }
    }

    /// The same loader for one of several processes, which each take a share of every batch.
    pub fn with_share(self, share: Share) -> Self {
        Self { share, ..self }
    }

    /// Sets the epoch, counted from 0, of the next call of [`DataLoader::iter`].
    pub fn set_epoch(&self, epoch: u64) {
        self.next_epoch.store(epoch, Ordering::Relaxed);
    }

    /// The lengths of an epoch's messages in the order in which they are cut into batches.
    ///
    /// # Errors
    ///
    /// The source's errors.
    pub fn lengths_at(&self, epoch: u64) -> Result<Vec<usize>, DatasetError> {
        let mut batches = self.batches_at(epoch);
        let mut lengths = Vec::with_capacity(self.range.len());
        while let Some(batch) = batches.next_batch()? {
            lengths.extend(batch.iter().map(Pair::len));
        }
        Ok(lengths)
    }

    fn batches_at(&self, epoch: u64) -> BucketIterator<'_> {
        let mut rng = streams::shuffle(self.seed, epoch);
        let mut order: Vec<usize> = self.range.clone().collect();
        order.shuffle(&mut rng);
        BucketIterator {
            loader: self,
            pairs: self.source.pairs_at(epoch),
            order,
            taken: 0,
            ready: VecDeque::new(),
            processed: 0,
            rng,
        }
    }

    fn with(&self, range: Range<usize>, device: &Device) -> Arc<dyn DataLoader<Batch>> {
        Arc::new(Self {
            source: self.source.clone(),
            batcher: self.batcher,
            batch_size: self.batch_size,
            seed: self.seed,
            next_epoch: AtomicU64::new(self.next_epoch.load(Ordering::Relaxed)),
            range,
            share: self.share,
            device: device.clone(),
        })
    }
}

impl DataLoader<Batch> for BucketLoader {
    fn iter<'a>(&'a self) -> Box<dyn DataLoaderIterator<Batch> + 'a> {
        let epoch = self.next_epoch.fetch_add(1, Ordering::Relaxed);
        Box::new(self.batches_at(epoch))
    }

    fn num_items(&self) -> usize {
        self.range.len()
    }

    fn to_device(&self, device: &Device) -> Arc<dyn DataLoader<Batch>> {
        self.with(self.range.clone(), device)
    }

    fn slice(&self, start: usize, end: usize) -> Arc<dyn DataLoader<Batch>> {
        let first = self.range.start;
        self.with(first + start..first + end, &self.device)
    }
}

struct BucketIterator<'a> {
    loader: &'a BucketLoader,
    pairs: Arc<dyn Dataset<Pair>>,
    order: Vec<usize>,
    taken: usize,
    ready: VecDeque<Vec<Pair>>,
    processed: usize,
    rng: ChaCha8Rng,
}

impl BucketIterator<'_> {
    fn next_batch(&mut self) -> Result<Option<Vec<Pair>>, DatasetError> {
        if self.ready.is_empty() {
            self.fill_window()?;
        }
        Ok(self.ready.pop_front())
    }

    fn fill_window(&mut self) -> Result<(), DatasetError> {
        let mut window = self.next_window()?;
        window.sort_by_key(Pair::len);
        let mut batches = cut(window, self.loader.batch_size);
        batches.shuffle(&mut self.rng);
        self.ready.extend(batches);
        Ok(())
    }

    /// The next pairs in the shuffled order.
    fn next_window(&mut self) -> Result<Vec<Pair>, DatasetError> {
        let max_pairs = self.loader.batch_size.saturating_mul(WINDOW);
        let mut window = Vec::new();
        let mut n_symbols = 0;
        for &index in self.order.iter().skip(self.taken).take(max_pairs) {
            if n_symbols >= WINDOW * MAX_PLACES {
                break;
            }
            let pair = self.pairs.get(index)?;
            n_symbols += pair.len();
            window.push(pair);
        }
        self.taken += window.len();
        Ok(window)
    }
}

/// Cuts pairs that are sorted by length, shortest first, into batches.
fn cut(window: Vec<Pair>, batch_size: usize) -> Vec<Vec<Pair>> {
    let mut batches: Vec<Vec<Pair>> = Vec::with_capacity(WINDOW);
    for pair in window {
        match batches.last_mut() {
            Some(batch)
                if batch.len() < batch_size && (batch.len() + 1) * pair.len() <= MAX_PLACES =>
            {
                batch.push(pair);
            }
            _ => batches.push(vec![pair]),
        }
    }
    batches
}

impl Iterator for BucketIterator<'_> {
    type Item = Result<Batch, DatasetError>;

    fn next(&mut self) -> Option<Self::Item> {
        let pairs = match self.next_batch() {
            Ok(pairs) => pairs?,
            Err(error) => return Some(Err(error)),
        };
        self.processed += pairs.len();
        let BucketLoader {
            batcher,
            share,
            device,
            ..
        } = self.loader;
        Some(Ok(batcher.share(pairs, *share, device)))
    }
}

impl DataLoaderIterator<Batch> for BucketIterator<'_> {
    fn progress(&self) -> Progress {
        Progress::new(self.processed, self.order.len(), Some("messages".into()))
    }
}

#[cfg(test)]
mod tests {
    use burn::data::dataset::InMemDataset;

    use super::*;
    use crate::{Caesar, LengthRange, MessageDataset, Split, padding_share};

    fn loader(n_messages: usize) -> BucketLoader {
        let caesar = Arc::new(Caesar::new(27, 13));
        let lengths = LengthRange::new(5, 60).unwrap();
        let messages =
            MessageDataset::new(caesar, 27, lengths, 7, Split::Training, n_messages).unwrap();
        let batcher = PairBatcher::new(27, 27);
        BucketLoader::new(Arc::new(messages), batcher, 64, 7, &Device::flex())
    }

    #[test]
    fn buckets_leave_a_tenth_of_the_padding_or_less() {
        let loader = loader(64 * 64);
        let pairs = loader.source.pairs_at(0);
        let unsorted: Vec<_> = (0..pairs.len())
            .map(|index| pairs.get(index).unwrap().len())
            .collect();
        let before = padding_share(&unsorted, 64);
        let after = padding_share(&loader.lengths_at(0).unwrap(), 64);
        assert!(before > 0.4, "{before}");
        assert!(after < before / 10.0, "{after} of {before}");
    }

    fn loader_of(lengths: &[usize], batch_size: usize) -> BucketLoader {
        let pair = |&length: &usize| Pair::new(vec![0; length], vec![0; length]).unwrap();
        let pairs = InMemDataset::new(lengths.iter().map(pair).collect());
        let source: Arc<dyn Dataset<Pair>> = Arc::new(pairs);
        let batcher = PairBatcher::new(2, 2);
        BucketLoader::new(Arc::new(source), batcher, batch_size, 7, &Device::flex())
    }

    #[test]
    fn a_batch_of_long_messages_has_fewer_messages_and_none_is_lost() {
        let lengths = [
            1, 100_000, 300, 40_000, 200_000, 2, 40_000, 65_000, 40_000, 3,
        ];
        let loader = loader_of(&lengths, 4);
        let batches: Vec<Batch> = loader.iter().map(Result::unwrap).collect();
        let mut rest = Vec::new();
        for batch in batches {
            let [n_messages, time] = batch.ciphertext.dims();
            assert!(n_messages == 1 || n_messages * time <= 1 << 17);
            rest.push(batch.lengths);
        }
        rest.sort();
        let expected: [&[usize]; 5] = [
            &[1, 2, 3, 300],
            &[40_000, 40_000, 40_000],
            &[65_000],
            &[100_000],
            &[200_000],
        ];
        assert_eq!(rest, expected);
    }

    #[test]
    fn a_window_of_long_messages_ends_before_it_takes_much_memory() {
        let loader = loader_of(&[1 << 16; 100], 64);
        let mut batches = loader.batches_at(0);
        assert_eq!(batches.next_window().unwrap().len(), 64);
        assert_eq!(batches.next_window().unwrap().len(), 36);
    }

    #[test]
    fn every_batch_size_above_zero_is_taken() {
        for batch_size in [1, usize::MAX] {
            let n_batches = loader_of(&[5; 40], batch_size).iter().count();
            assert_eq!(n_batches, if batch_size == 1 { 40 } else { 1 });
        }
    }

    #[test]
    #[should_panic(expected = "a batch needs at least one message")]
    fn a_batch_size_of_zero_is_refused() {
        loader_of(&[5], 0);
    }

    #[test]
    fn the_shares_of_a_batch_have_each_message_once_and_their_weights_add_up_to_one() {
        let lengths = [9, 1, 5, 3, 7, 2, 8];
        let of_rank = |rank| -> Batch {
            let share = Share { rank, n_ranks: 3 };
            let loader = loader_of(&lengths, 7).with_share(share);
            loader.iter().next().unwrap().unwrap()
        };
        let shares = [0, 1, 2].map(of_rank);
        let lengths = shares.each_ref().map(|share| share.lengths.clone());
        assert_eq!(lengths, [vec![1, 5, 9], vec![2, 7], vec![3, 8]]);
        assert_eq!(shares.each_ref().map(|share| share.n_symbols), [15, 9, 11]);
        let weights = shares.map(|share| share.weight);
        assert_eq!(weights, [15.0 / 35.0, 9.0 / 35.0, 11.0 / 35.0]);
    }

    #[test]
    fn a_process_for_which_a_batch_has_no_message_gets_one_that_does_not_count() {
        let share = Share {
            rank: 2,
            n_ranks: 3,
        };
        let loader = loader_of(&[4, 6], 2).with_share(share);
        let batches: Vec<Batch> = loader.iter().map(Result::unwrap).collect();
        assert_eq!(batches.len(), 1);
        assert_eq!(batches[0].lengths, [4]);
        assert_eq!(batches[0].weight, 0.0);
    }

    #[test]
    fn every_pair_comes_once_an_epoch_and_in_another_order_the_next() {
        let pairs: Vec<_> = (0..1000_u16)
            .map(|id| {
                Pair::new(
                    vec![id; 1 + usize::from(id % 7)],
                    vec![id; 1 + usize::from(id % 7)],
                )
            })
            .collect::<Result<_, _>>()
            .unwrap();
        let source: Arc<dyn Dataset<Pair>> = Arc::new(InMemDataset::new(pairs));
        let batcher = PairBatcher::new(1000, 1000);
        let loader = BucketLoader::new(Arc::new(source), batcher, 13, 0, &Device::flex());
        let epoch = || -> Vec<i64> {
            let first_ids = |batch: Batch| batch.ciphertext.narrow(1, 0, 1).into_data();
            let batches = loader.iter().map(|batch| first_ids(batch.unwrap()));
            batches
                .flat_map(|ids| ids.iter::<i64>().collect::<Vec<_>>())
                .collect()
        };
        let (mut first, mut second) = (epoch(), epoch());
        assert_ne!(first, second);
        first.sort();
        second.sort();
        assert_eq!(first, (0..1000).collect::<Vec<_>>());
        assert_eq!(second, first);
    }

    #[test]
    fn the_same_seed_and_epoch_give_the_same_batches() {
        let lengths = |loader: BucketLoader, epoch| loader.lengths_at(epoch).unwrap();
        assert_eq!(lengths(loader(500), 3), lengths(loader(500), 3));
        assert_ne!(lengths(loader(500), 3), lengths(loader(500), 4));
    }
}

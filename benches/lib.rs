//! The shapes that the benchmarks measure, and models of these shapes.

use std::time::{Duration, Instant};

use burn::tensor::{Device, Int, Tensor, TensorData};
use cipher_model::{Backend, CipherModel, CipherModelConfig};

/// The allocator that cipher-train runs with.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Symbols in each alphabet. With padding there are 28 ids.
pub const N_SYMBOLS: usize = 27;

/// A training step's sizes.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// Name in the tables.
    pub name: &'static str,
    /// Size of an embedding.
    pub d_embedding: usize,
    /// Size of the hidden state.
    pub d_hidden: usize,
    /// Symbols in a message.
    pub time: usize,
    /// Messages in a batch.
    pub batch: usize,
}

const fn shape(name: &'static str, sizes: [usize; 4]) -> Shape {
    let [d_embedding, d_hidden, time, batch] = sizes;
    Shape {
        name,
        d_embedding,
        d_hidden,
        time,
        batch,
    }
}

/// The tutorial's model (S), a medium and a large one (M, L), one for GPUs only (XL), and two that
/// differ only in time.
pub const SHAPES: [Shape; 6] = [
    shape("S", [20, 10, 32, 64]),
    shape("M", [32, 128, 64, 128]),
    shape("L", [64, 512, 64, 128]),
    shape("XL", [128, 1024, 64, 512]),
    shape("time 64", [32, 128, 64, 32]),
    shape("time 512", [32, 128, 512, 32]),
];

impl Shape {
    /// A model of this shape.
    pub fn model(&self, device: &Device) -> CipherModel {
        let config = CipherModelConfig {
            d_embedding: self.d_embedding,
            d_hidden: self.d_hidden,
            ..CipherModelConfig::default()
        };
        config
            .init(N_SYMBOLS, N_SYMBOLS, 1, device)
            .expect("a valid config")
    }

    /// The id at a place of the batch, without a pattern.
    pub fn id(&self, place: usize) -> usize {
        place * 7919 % 104_729 % N_SYMBOLS
    }

    /// Ids `[batch, time]`.
    pub fn ids(&self, device: &Device) -> Tensor<2, Int> {
        let places = 0..self.batch * self.time;
        let ids = places.map(|place| self.id(place) as i64).collect();
        Tensor::from_data(TensorData::new(ids, [self.batch, self.time]), device)
    }

    /// Length of each message, in symbols.
    pub fn lengths(&self) -> Vec<usize> {
        vec![self.time; self.batch]
    }
}

/// The device to measure: that of the backend named in the environment variable DEVICE, or
/// ndarray's. Its name is printed for compare.py.
pub fn device() -> Device {
    let name = std::env::var("DEVICE").unwrap_or("ndarray".into());
    let backend = Backend::ALL
        .into_iter()
        .find(|backend| backend.name() == name);
    let backend = backend.expect("DEVICE is a backend's name");
    let device = backend.open().expect("the device opens");
    println!("device: {}", backend.describe(&device));
    device
}

/// The time of `n` runs on a thread of rayon's pool, as the program's commands run.
pub fn in_pool<T>(mut run: impl FnMut() -> T + Send, n: u64) -> Duration {
    rayon::scope(|_| {
        let begin = Instant::now();
        for _ in 0..n {
            run();
        }
        begin.elapsed()
    })
}

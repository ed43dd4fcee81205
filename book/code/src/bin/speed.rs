//! A training step of the tutorial's model: our LSTM and the one that comes with Burn.

use std::time::{Duration, Instant};

use book::{N_SYMBOLS, Result};
use burn::module::Module;
use burn::nn::{Embedding, EmbeddingConfig, Linear, LinearConfig, Lstm, LstmConfig};
use burn::tensor::{Device, Int, Tensor};
use cipher_model::{Backend, CipherModelConfig, masked_cross_entropy};

const BATCH: usize = 64;
const TIME: usize = 32;

/// The same model with Burn's own LSTM.
#[derive(Module, Debug)]
struct Stock {
    embedding: Embedding,
    lstm: Lstm,
    linear: Linear,
}

fn main() -> Result<()> {
    let device = Backend::default().open()?.autodiff();
    let ids = Tensor::<1, Int>::arange(0..(BATCH * TIME) as i64, &device);
    let ids = ids
        .remainder_scalar(N_SYMBOLS as i64)
        .reshape([BATCH, TIME]);

    let ours = CipherModelConfig::default().init(N_SYMBOLS, N_SYMBOLS, 1, &device)?;
    let ours = best_of(20, || {
        ours.loss(ids.clone(), ids.clone(), &[TIME; BATCH])
            .mean
            .backward();
    });
    let stock = stock(&device);
    let stock = best_of(20, || {
        let (output, _) = stock
            .lstm
            .forward(stock.embedding.forward(ids.clone()), None);
        masked_cross_entropy(stock.linear.forward(output), ids.clone()).backward();
    });
    let rate = |time: Duration| (BATCH * TIME) as f64 / time.as_secs_f64() / 1e6;
    println!(
        "ours           {:6.2} million characters a second",
        rate(ours)
    );
    println!(
        "Burn's nn::Lstm {:5.2} million characters a second",
        rate(stock)
    );
    println!("{:.0} times as many a second", rate(ours) / rate(stock));
    Ok(())
}

fn stock(device: &Device) -> Stock {
    Stock {
        embedding: EmbeddingConfig::new(N_SYMBOLS + 1, 20).init(device),
        lstm: LstmConfig::new(20, 10, true).init(device),
        linear: LinearConfig::new(10, N_SYMBOLS).init(device),
    }
}

/// The shortest of some turns, after one that does not count.
fn best_of(turns: usize, mut step: impl FnMut()) -> Duration {
    step();
    let time = |_| {
        let begin = Instant::now();
        step();
        begin.elapsed()
    };
    (0..turns).map(time).min().expect("at least one turn")
}

//! Training steps of our model at the size of the reader's own.

use std::time::Instant;

use book::{N_SYMBOLS, Result, ShiftLock, batches, train};
use burn::module::Module;
use burn::optim::AdamConfig;
use cipher_data::Split;
use cipher_model::{Backend, CipherModelConfig};

fn main() -> Result<()> {
    let device = Backend::default().open()?.autodiff();
    for d_hidden in [32, 128, 512] {
        // 100 batches of 32 messages of 9 to 37 symbols.
        let training = batches(ShiftLock, (9, 37), Split::Training, 3200, &device)?;
        let config = CipherModelConfig {
            d_embedding: 16,
            d_hidden,
            ..CipherModelConfig::default()
        };
        let model = config.init(N_SYMBOLS, N_SYMBOLS, 1, &device)?;
        let n_weights = model.num_params();
        let mut optimizer = AdamConfig::new().with_epsilon(1e-8).init();
        let n_symbols: usize = training.lengths_at(0)?.iter().sum();
        let begin = Instant::now();
        train(model, &mut optimizer, &training, 0.01)?;
        let speed = n_symbols as f64 / begin.elapsed().as_secs_f64() / 1000.0;
        println!(
            "{d_hidden:3} units, {n_weights:7} weights: {speed:5.0} thousand symbols a second"
        );
    }
    Ok(())
}

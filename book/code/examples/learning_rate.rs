//! The same training at five learning rates.

use book::{N_SYMBOLS, Result, batches, numbers};
use burn::data::dataloader::DataLoader;
use burn::optim::{AdamConfig, GradientsParams};
use cipher_data::{Caesar, Split};
use cipher_model::{Backend, CipherModelConfig};

const UPDATES: usize = 200;

// ANCHOR: main
fn main() -> Result<()> {
    let device = Backend::default().open()?.autodiff();
    let caesar = Caesar::new(N_SYMBOLS, 13);
    let training = batches(caesar, (32, 32), Split::Training, 32 * UPDATES, &device)?;
    println!("rate       loss after 1, 21, 41, .. 181 updates");
    for rate in [0.0002, 0.002, 0.02, 0.2, 5.0] {
        training.set_epoch(0);
        let mut model = CipherModelConfig::default().init(N_SYMBOLS, N_SYMBOLS, 1, &device)?;
        let mut optimizer = AdamConfig::new().with_epsilon(1e-8).init();
        let mut losses = Vec::new();
        for batch in training.iter() {
            let batch = batch?;
            let loss = model
                .loss(batch.ciphertext, batch.plaintext, &batch.lengths)
                .mean;
            let gradients = GradientsParams::from_grads(loss.backward(), &model);
            model = optimizer.step(rate, model, gradients);
            losses.push(numbers(loss)[0]);
        }
        let shown = losses.iter().step_by(20).map(|loss| format!("{loss:6.2}"));
        println!("{rate:<8} {}", shown.collect::<String>());
    }
    Ok(())
}
// ANCHOR_END: main

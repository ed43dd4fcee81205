//! Trains on a few messages and on many, and shows the loss on these and on others.

use book::{N_SYMBOLS, Result, ShiftLock, batches, numbers, train};
use burn::data::dataloader::DataLoader;
use burn::module::Module;
use burn::optim::AdamConfig;
use cipher_data::{BucketLoader, Split};
use cipher_model::{Backend, CipherModel, CipherModelConfig};

// ANCHOR: main
fn main() -> Result<()> {
    let device = Backend::default().open()?;
    let training_device = device.clone().autodiff();
    let validation = batches(ShiftLock, (32, 32), Split::HeldOut, 500, &device)?;
    for n_messages in [64, 2048] {
        println!("{n_messages} messages");
        println!("updates   training loss   validation loss   validation accuracy");
        let training = |device| batches(ShiftLock, (32, 32), Split::Training, n_messages, device);
        let (training, again) = (training(&training_device)?, training(&device)?);
        let config = CipherModelConfig {
            d_hidden: 64,
            ..CipherModelConfig::default()
        };
        let mut model = config.init(N_SYMBOLS, N_SYMBOLS, 1, &training_device)?;
        let mut optimizer = AdamConfig::new().with_epsilon(1e-8).init();
        for updates in (64..=1280).step_by(64) {
            for _ in 0..64 / (n_messages / 32) {
                training.set_epoch(0); // the same messages again
                model = train(model, &mut optimizer, &training, 0.005)?;
            }
            again.set_epoch(0);
            let valid = model.valid();
            let (on_training, on_validation) =
                (mean_loss(&valid, &again)?, mean_loss(&valid, &validation)?);
            let accuracy = 100.0 * valid.evaluate(&validation)?.character_accuracy();
            println!("{updates:7} {on_training:15.3} {on_validation:17.3} {accuracy:19.0} %");
        }
    }
    Ok(())
}
// ANCHOR_END: main

/// The mean loss of a symbol.
fn mean_loss(model: &CipherModel, batches: &BucketLoader) -> Result<f32> {
    let (mut sum, mut n_symbols) = (0.0, 0.0);
    for batch in batches.iter() {
        let batch = batch?;
        let loss = model.loss(batch.ciphertext, batch.plaintext, &batch.lengths);
        sum += numbers(loss.mean)[0] * batch.n_symbols as f32;
        n_symbols += batch.n_symbols as f32;
    }
    Ok(sum / n_symbols)
}

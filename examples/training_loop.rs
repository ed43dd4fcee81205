//! Training without Burn's Learner: for each batch a loss, its gradients, and a step.
//!
//! `cargo run -p examples --bin training_loop`

use std::error::Error;
use std::sync::Arc;

use burn::data::dataloader::DataLoader;
use burn::module::Module;
use burn::optim::{AdamConfig, GradientsParams};
use cipher_data::{BucketLoader, Caesar, LengthRange, MessageDataset, PairBatcher, Split};
use cipher_model::{Backend, CipherModelConfig, Device};

const N_SYMBOLS: usize = 27;
const SEED: u64 = 1;

fn main() -> Result<(), Box<dyn Error>> {
    let device = Backend::default().open()?;
    let training_device = device.clone().autodiff();
    let loader = |split, n_messages, device: &Device| -> Result<_, Box<dyn Error>> {
        let caesar = Arc::new(Caesar::new(N_SYMBOLS, 13));
        let lengths = LengthRange::new(32, 32)?;
        let messages = MessageDataset::new(caesar, N_SYMBOLS, lengths, SEED, split, n_messages)?;
        let batcher = PairBatcher::new(N_SYMBOLS, N_SYMBOLS);
        Ok(BucketLoader::new(
            Arc::new(messages),
            batcher,
            32,
            SEED,
            device,
        ))
    };
    let training = loader(Split::Training, 640, &training_device)?;
    let held_out = loader(Split::HeldOut, 128, &device)?;

    let config = CipherModelConfig::default();
    let mut model = config.init(N_SYMBOLS, N_SYMBOLS, SEED, &training_device)?;
    let mut optimizer = AdamConfig::new().with_epsilon(1e-8).init();
    for epoch in 1..=5 {
        for batch in training.iter() {
            let batch = batch?;
            let loss = model.loss(batch.ciphertext, batch.plaintext, &batch.lengths);
            let gradients = GradientsParams::from_grads(loss.mean.backward(), &model);
            model = optimizer.step(0.02, model, gradients);
        }

        let score = model.valid().evaluate(&held_out)?;
        println!(
            "epoch {epoch}: {:.1} % of {} held-out characters are right",
            100.0 * score.character_accuracy(),
            score.n_symbols
        );
        if score.wrong_symbols == 0 {
            return Ok(());
        }
    }
    Err("five epochs were not enough".into())
}

//! Training without Burn's Learner: a batch, a loss, its gradients, a step, and again.
//!
//! `cargo run -p examples --bin training_loop`

use std::error::Error;
use std::sync::Arc;

use burn::data::dataloader::DataLoader;
use burn::module::Module;
use burn::optim::{AdamConfig, GradientsParams};
use cipher_data::{BucketLoader, Caesar, LengthRange, MessageDataset, PairBatcher, Split};
use cipher_model::{Backend, CipherModelConfig, count_wrong, masked_cross_entropy};

const N_SYMBOLS: usize = 27;
const SEED: u64 = 1;

fn main() -> Result<(), Box<dyn Error>> {
    let device = Backend::default().open()?.autodiff();
    let loader = |split, n_messages| -> Result<_, Box<dyn Error>> {
        let caesar = Arc::new(Caesar::new(N_SYMBOLS, 13)?);
        let lengths = LengthRange::new(32, 32)?;
        let messages = MessageDataset::new(caesar, N_SYMBOLS, lengths, SEED, split, n_messages)?;
        let batcher = PairBatcher::new(N_SYMBOLS, N_SYMBOLS);
        Ok(BucketLoader::new(
            Arc::new(messages),
            batcher,
            32,
            SEED,
            &device,
        ))
    };
    let training = loader(Split::Training, 640)?;
    let held_out = loader(Split::HeldOut, 128)?;

    let mut model = CipherModelConfig::default().init(N_SYMBOLS, N_SYMBOLS, SEED, &device)?;
    let mut optimizer = AdamConfig::new().with_epsilon(1e-8).init();
    for epoch in 1..=5 {
        for batch in training.iter() {
            let batch = batch?;
            let scores = model.forward(batch.ciphertext, &batch.lengths); // [batch, time, 27]
            let loss = masked_cross_entropy(scores, batch.plaintext);
            let gradients = GradientsParams::from_grads(loss.backward(), &model);
            model = optimizer.step(0.02, model, gradients);
        }

        let (mut wrong, mut all) = (0, 0);
        for batch in held_out.iter() {
            let batch = batch?;
            all += batch.n_symbols;
            let scores = model
                .valid()
                .forward(batch.ciphertext.inner(), &batch.lengths);
            let counts = count_wrong(scores, batch.plaintext.inner()).into_data();
            wrong += counts.iter::<i64>().next().expect("two counts") as usize;
        }
        let accuracy = 100.0 * (all - wrong) as f64 / all as f64;
        println!("epoch {epoch}: {accuracy:.1} % of {all} held-out characters are right");
        if wrong == 0 {
            return Ok(());
        }
    }
    Err("five epochs were not enough".into())
}

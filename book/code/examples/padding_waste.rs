//! What padding costs: batches as the messages come, and batches of similar lengths.

use std::sync::Arc;
use std::time::{Duration, Instant};

use book::{N_SYMBOLS, Result};
use burn::data::dataloader::DataLoader;
use burn::data::dataloader::batcher::Batcher;
use cipher_data::{
    Batch, BucketLoader, Caesar, LengthRange, MessageDataset, PairBatcher, Split, padding_share,
};
use cipher_model::{Backend, CipherModel, CipherModelConfig};

const BATCH: usize = 64;

fn main() -> Result<()> {
    let device = Backend::default().open()?.autodiff();
    let caesar = Arc::new(Caesar::new(N_SYMBOLS, 13));
    let lengths = LengthRange::new(5, 60)?;
    let messages = MessageDataset::new(caesar, N_SYMBOLS, lengths, 1, Split::Training, 32 * BATCH)?;
    let batcher = PairBatcher::new(N_SYMBOLS, N_SYMBOLS);

    // ANCHOR: main
    let as_they_come: Vec<Batch> = messages
        .pairs(0..32 * BATCH)?
        .chunks(BATCH)
        .map(|pairs| batcher.batch(pairs.to_vec(), &device))
        .collect();
    let loader = BucketLoader::new(Arc::new(messages), batcher, BATCH, 1, &device);
    let in_buckets: Vec<Batch> = loader.iter().collect::<Result<_, _>>()?;
    // ANCHOR_END: main

    let config = CipherModelConfig {
        d_hidden: 128,
        ..CipherModelConfig::default()
    };
    let model = config.init(N_SYMBOLS, N_SYMBOLS, 1, &device)?;
    // In turns, so that whatever else the machine does slows both.
    let mut best = [Duration::MAX; 2];
    for _ in 0..5 {
        for (best, batches) in best.iter_mut().zip([&as_they_come, &in_buckets]) {
            *best = train(&model, batches).min(*best);
        }
    }

    let mut speeds = Vec::new();
    for ((name, batches), best) in [("as they come", as_they_come), ("in buckets", in_buckets)]
        .into_iter()
        .zip(best)
    {
        let lengths: Vec<usize> = batches
            .iter()
            .flat_map(|batch| batch.lengths.clone())
            .collect();
        let waste = 100.0 * padding_share(&lengths, BATCH);
        let speed = lengths.iter().sum::<usize>() as f64 / best.as_secs_f64();
        println!("{name:12}  {waste:4.1} % of the places are padding");
        println!("{name:12}  {:.0} thousand characters a second", speed / 1e3);
        speeds.push(speed);
    }
    println!("{:.2} times as many a second", speeds[1] / speeds[0]);
    Ok(())
}

/// The time for the loss of each batch and its gradients.
fn train(model: &CipherModel, batches: &[Batch]) -> Duration {
    let begin = Instant::now();
    for batch in batches.iter().cloned() {
        model
            .loss(batch.ciphertext, batch.plaintext, &batch.lengths)
            .mean
            .backward();
    }
    begin.elapsed()
}

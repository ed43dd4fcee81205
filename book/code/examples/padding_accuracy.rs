//! The same training twice: padding as one more symbol, and padding masked out.

use std::sync::Arc;

use book::{N_SYMBOLS, Result};
use burn::data::dataloader::batcher::Batcher;
use burn::module::Module;
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Int, Tensor};
use cipher_data::{Caesar, LengthRange, MessageDataset, PairBatcher, Split};
use cipher_model::{Backend, CipherModelConfig};

const STEPS: usize = 20;
const BATCH: usize = 64;

fn main() -> Result<()> {
    let device = Backend::default().open()?.autodiff();
    let caesar = Arc::new(Caesar::new(N_SYMBOLS, 13));
    let lengths = LengthRange::new(1, 40)?;
    let messages = MessageDataset::new(caesar, N_SYMBOLS, lengths, 1, Split::Training, 10_000)?;
    let batcher = PairBatcher::new(N_SYMBOLS, N_SYMBOLS);

    let mut shares = Vec::new();
    // ANCHOR: main
    for n_classes in [28, 27] {
        let mut model = CipherModelConfig::default().init(N_SYMBOLS, n_classes, 1, &device)?;
        let mut optimizer = AdamConfig::new().with_epsilon(1e-8).init();
        for step in 0..=STEPS {
            let pairs = messages.pairs(step * BATCH..(step + 1) * BATCH)?;
            let batch = batcher.batch(pairs, &device);

            // The model is not told where messages end.
            let [_, time] = batch.ciphertext.dims();
            let lengths = [time; BATCH];

            // Before the step, so that the messages are new to the model.
            let logits = model
                .valid()
                .forward(batch.ciphertext.clone().inner(), &lengths);
            shares.push(right_shares(logits, batch.plaintext.clone().inner()));

            // A model of 28 classes is asked for symbol 27 wherever there is padding; for one of
            // 27, the same id means that nothing is asked.
            let loss = model.loss(batch.ciphertext, batch.plaintext, &lengths).mean;
            let gradients = GradientsParams::from_grads(loss.backward(), &model);
            model = optimizer.step(0.02, model, gradients);
        }
    }
    // ANCHOR_END: main

    println!("         padding as symbol 27    padding masked out");
    println!("updates  all places   symbols    symbols");
    let (as_symbol, masked) = shares.split_at(STEPS + 1);
    for step in (0..=STEPS).step_by(5) {
        // To the nearest 5 %: the exact share depends on the processor a little.
        let percent = |share: f32| 5.0 * (20.0 * share).round();
        let [all, symbols] = as_symbol[step].map(percent);
        println!(
            "{step:7} {all:8} % {symbols:9} % {:9} %",
            percent(masked[step][1])
        );
    }
    Ok(())
}

/// The share of right answers over all places of a batch, and over those with a symbol.
fn right_shares(logits: Tensor<3>, plaintext: Tensor<2, Int>) -> [f32; 2] {
    let answers: Tensor<2, Int> = logits.argmax(2).squeeze_dim(2); // [batch, time]
    let is_symbol = plaintext.clone().lower_elem(N_SYMBOLS as i64); // [batch, time]
    let right = answers.equal(plaintext); // [batch, time]
    let share = |right: Tensor<2>, all: Tensor<2>| {
        book::numbers(right.sum())[0] / book::numbers(all.sum())[0]
    };
    let everywhere = right.clone().float();
    [
        share(everywhere.clone(), everywhere.ones_like()),
        share(right.bool_and(is_symbol.clone()).float(), is_symbol.float()),
    ]
}

//! What a batch changes: the time for a message, and how much its gradient varies.

use std::time::Instant;

use book::{N_SYMBOLS, Result, numbers};
use cipher_data::{Caesar, LengthRange, MessageDataset, PairBatcher, Split};
use cipher_model::{Backend, CipherModelConfig};

fn main() -> Result<()> {
    let device = Backend::default().open()?.autodiff();
    let config = CipherModelConfig {
        d_hidden: 128,
        ..CipherModelConfig::default()
    };
    let model = config.init(N_SYMBOLS, N_SYMBOLS, 1, &device)?;
    let caesar = std::sync::Arc::new(Caesar::new(N_SYMBOLS, 13));
    let lengths = LengthRange::new(32, 32)?;
    let messages = MessageDataset::new(caesar, N_SYMBOLS, lengths, 1, Split::Training, 1024)?;
    let pairs = messages.pairs(0..1024)?;

    // ANCHOR: main
    for size in [1, 32] {
        let (mut grads, begin) = (Vec::new(), Instant::now());
        for batch in pairs.chunks(size) {
            let side = |of: fn(&cipher_data::Pair) -> &[u16]| {
                let rows: Vec<&[u16]> = batch.iter().map(of).collect();
                PairBatcher::pad(&rows, N_SYMBOLS as u16, &device) // [batch, time]
            };
            let (ciphertext, plaintext) = (
                side(|pair| pair.ciphertext()),
                side(|pair| pair.plaintext()),
            );
            let loss = model.loss(ciphertext, plaintext, &vec![32; size]).mean;
            let gradients = loss.backward();
            let bias = model.linear.bias.as_ref().expect("a bias").val();
            grads.push(numbers(
                bias.grad(&gradients).expect("the loss depends on the bias"),
            ));
        }
        let speed = pairs.len() as f64 / begin.elapsed().as_secs_f64();
        println!("batches of {size:2}: {speed:.0} messages a second");
        println!(
            "batches of {size:2}: from the mean gradient to one of these is {:.1} times the mean's length",
            scatter(&grads)
        );
    }
    // ANCHOR_END: main
    Ok(())
}

/// The length of the difference from the mean gradient, in lengths of the mean.
fn scatter(grads: &[Vec<f32>]) -> f32 {
    let n = grads.len() as f32;
    let mean: Vec<f32> = (0..N_SYMBOLS)
        .map(|k| grads.iter().map(|grad| grad[k]).sum::<f32>() / n)
        .collect();
    let length = |vector: &[f32]| vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    let difference = |grad: &Vec<f32>| -> f32 {
        let difference: Vec<f32> = grad.iter().zip(&mean).map(|(a, b)| a - b).collect();
        length(&difference)
    };
    grads.iter().map(difference).sum::<f32>() / n / length(&mean)
}

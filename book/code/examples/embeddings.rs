//! A symbol as a number, and as a vector of its own: which can a linear layer learn from?

use book::{N_SYMBOLS, Result, numbers};
use burn::module::Module;
use burn::nn::loss::CrossEntropyLossConfig;
use burn::nn::{Embedding, EmbeddingConfig, Linear, LinearConfig};
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Device, Int, Tensor};
use cipher_model::Backend;

const D_EMBEDDING: usize = 8;

// ANCHOR: models
/// Reads a symbol as the number id / 27.
#[derive(Module, Debug)]
struct ByNumber {
    linear: Linear,
}

/// Reads a symbol as a row of a table that is learned.
#[derive(Module, Debug)]
struct ByEmbedding {
    embedding: Embedding,
    linear: Linear,
}

impl ByNumber {
    fn forward(&self, ids: Tensor<1, Int>) -> Tensor<2> {
        let number = ids.float().div_scalar(N_SYMBOLS as f64); // [batch]
        self.linear.forward(number.unsqueeze_dim(1)) // [batch, 27]
    }
}

impl ByEmbedding {
    fn forward(&self, ids: Tensor<1, Int>) -> Tensor<2> {
        let vectors: Tensor<3> = self.embedding.forward(ids.unsqueeze_dim(1)); // [batch, 1, 8]
        self.linear.forward(vectors.squeeze_dim(1)) // [batch, 27]
    }
}
// ANCHOR_END: models

// ANCHOR: main
fn main() -> Result<()> {
    let device = Backend::default().open()?.autodiff();
    device.seed(1);
    same_as_a_product(&device);

    let linear = |d_input| LinearConfig::new(d_input, N_SYMBOLS).init(&device);
    let number = ByNumber { linear: linear(1) };
    let embedding = ByEmbedding {
        embedding: EmbeddingConfig::new(N_SYMBOLS, D_EMBEDDING).init(&device),
        linear: linear(D_EMBEDDING),
    };
    println!(
        "as a number:   {} of 27 right",
        train(number, ByNumber::forward, &device)
    );
    println!(
        "as an embedding: {} of 27 right",
        train(embedding, ByEmbedding::forward, &device)
    );
    Ok(())
}
// ANCHOR_END: main

// ANCHOR: product
/// Looking a row up is the product of a row of zeros, with a one at the id, and the table.
fn same_as_a_product(device: &Device) {
    let table = Tensor::<2>::from_data([[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]], device);
    let looked_up = table.clone().select(0, Tensor::from_data([2], device));
    let one_hot = Tensor::<2>::from_data([[0.0, 0.0, 1.0]], device);
    println!("row 2:           {:?}", numbers(looked_up));
    println!("[0, 0, 1] x table: {:?}", numbers(one_hot.matmul(table)));
}
// ANCHOR_END: product

/// Shows the whole alphabet and its ciphertext 300 times, and counts the right answers.
fn train<M: Module>(
    mut model: M,
    forward: fn(&M, Tensor<1, Int>) -> Tensor<2>,
    device: &Device,
) -> usize {
    let ciphertext = Tensor::<1, Int>::arange(0..N_SYMBOLS as i64, device);
    let plaintext = (ciphertext.clone() + 14).remainder_scalar(N_SYMBOLS as i64);
    let cross_entropy = CrossEntropyLossConfig::new().init(device);
    let mut optimizer = AdamConfig::new().with_epsilon(1e-8).init();
    for _ in 0..300 {
        let logits = forward(&model, ciphertext.clone());
        let loss = cross_entropy.forward(logits, plaintext.clone());
        let gradients = GradientsParams::from_grads(loss.backward(), &model);
        model = optimizer.step(0.02, model, gradients);
    }
    let answers: Tensor<1, Int> = forward(&model, ciphertext).argmax(1).squeeze_dim(1);
    let right: Vec<i64> = answers
        .equal(plaintext)
        .int()
        .sum()
        .into_data()
        .iter()
        .collect();
    right[0] as usize
}

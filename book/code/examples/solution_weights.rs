//! Exercise 1: the weights of the tutorial's model, counted by hand.

use cipher_model::CipherModelConfig;

fn main() {
    let (n_symbols, d_embedding, d_hidden) = (27, 20, 10);
    let embedding = (n_symbols + 1) * d_embedding; // a row for padding too
    let lstm = 4 * d_hidden * (d_embedding + d_hidden + 1); // W, U and b of four gates
    let linear = (d_hidden + 1) * n_symbols;
    println!(
        "{embedding} + {lstm} + {linear} = {}",
        embedding + lstm + linear
    );
    println!(
        "the library says {}",
        CipherModelConfig::default().n_weights(27, 27)
    );
}

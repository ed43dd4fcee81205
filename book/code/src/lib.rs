//! What several programs of the book share.

mod gates;
mod lines;
pub mod pictures;
mod shift_lock;

pub use gates::{Step, gates, units_by_telling};
pub use lines::Lines;
pub use shift_lock::{ShiftLock, locked};

use std::error::Error;
use std::sync::Arc;

use burn::data::dataloader::DataLoader;
use burn::optim::{GradientsParams, ModuleOptimizer};
use burn::tensor::{Device, Tensor};
use cipher_data::{
    BucketLoader, Caesar, Cipher, LengthRange, MessageDataset, Pair, PairBatcher, Split,
};
use cipher_model::CipherModel;

/// Symbols of the tutorial's alphabet, `A` to `Z` and `-`.
pub const N_SYMBOLS: usize = 27;

/// Whatever goes wrong ends a program with its message.
pub type Result<T, E = Box<dyn Error>> = std::result::Result<T, E>;

/// The numbers of a tensor, row by row.
pub fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().iter().collect()
}

/// Random messages over the 27 symbols and their ciphertexts, in batches of 32.
///
/// # Errors
///
/// When there are no messages of such lengths.
pub fn batches(
    cipher: impl Cipher + 'static,
    lengths: (usize, usize),
    split: Split,
    n_messages: usize,
    device: &Device,
) -> Result<BucketLoader> {
    let lengths = LengthRange::new(lengths.0, lengths.1)?;
    let cipher = Arc::new(cipher);
    let messages = MessageDataset::new(cipher, N_SYMBOLS, lengths, 1, split, n_messages)?;
    let batcher = PairBatcher::new(N_SYMBOLS, N_SYMBOLS);
    Ok(BucketLoader::new(
        Arc::new(messages),
        batcher,
        32,
        1,
        device,
    ))
}

/// The shift that is right of the most symbols.
pub fn best_shift(pairs: &[Pair]) -> Caesar {
    let shifts = (0..N_SYMBOLS).map(|key| Caesar::new(N_SYMBOLS, key as i64));
    let best = shifts.max_by_key(|shift| n_right(shift, pairs));
    best.expect("there are shifts")
}

/// How many symbols a cipher decrypts as they should be.
fn n_right(cipher: &dyn Cipher, pairs: &[Pair]) -> usize {
    let right = pairs.iter().map(|pair| {
        let answer = cipher.decrypt(pair.ciphertext());
        let both = answer.iter().zip(pair.plaintext());
        both.filter(|(answer, right)| answer == right).count()
    });
    right.sum()
}

/// The percentage of symbols that a cipher decrypts as they should be.
pub fn percent_right(cipher: &dyn Cipher, pairs: &[Pair]) -> f64 {
    let n_symbols: usize = pairs.iter().map(Pair::len).sum();
    100.0 * n_right(cipher, pairs) as f64 / n_symbols as f64
}

// ANCHOR: train
/// One epoch: for each batch a loss, its gradients, and a step against them.
///
/// # Errors
///
/// Those of the loader.
pub fn train(
    mut model: CipherModel,
    optimizer: &mut ModuleOptimizer,
    batches: &BucketLoader,
    learning_rate: f64,
) -> Result<CipherModel> {
    for batch in batches.iter() {
        let batch = batch?;
        let loss = model.loss(batch.ciphertext, batch.plaintext, &batch.lengths);
        let gradients = GradientsParams::from_grads(loss.mean.backward(), &model);
        model = optimizer.step(learning_rate, model, gradients);
    }
    Ok(model)
}
// ANCHOR_END: train

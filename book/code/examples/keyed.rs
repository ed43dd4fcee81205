//! Trains two networks to decrypt with any key: one reads the key first, the other a letter of it beside each
//! letter of the ciphertext. Then gives both keys of lengths that they did not meet.

use std::sync::Arc;

use book::{Result, train};
use burn::module::Module;
use burn::optim::AdamWConfig;
use burn::tensor::Device;
use cipher_data::{
    Alphabet, BucketLoader, CipherConfig, InputIds, KeyInput, KeySet, KeyedCipher, LengthRange,
    MessageDataset, Outside, PairBatcher,
};
use cipher_model::{Backend, CipherModel, CipherModelConfig};

const LETTERS: &str = "ABCDE";
const EPOCHS: usize = 24;

// ANCHOR: networks
fn main() -> Result<()> {
    let device = Backend::default().open()?;
    let prefix = network(KeyInput::Prefix, &device)?;
    let aligned = network(KeyInput::Aligned, &device)?;
    println!("letters of the key   key read first   key beside the ciphertext");
    for length in 1..=6 {
        let right = |model: &CipherModel, how| -> Result<f64> {
            let messages = messages(how, [length, length], KeySet::Test, 500, &device)?;
            Ok(100.0 * model.evaluate(&messages)?.character_accuracy())
        };
        let prefix = right(&prefix, KeyInput::Prefix)?;
        let aligned = right(&aligned, KeyInput::Aligned)?;
        println!("{length:18} {prefix:14.0} % {aligned:25.0} %");
    }
    Ok(())
}

/// A network that was trained with keys of one to three letters.
fn network(how: KeyInput, device: &Device) -> Result<CipherModel> {
    let device = device.clone().autodiff();
    let training = messages(how, [1, 3], KeySet::Training, 6400, &device)?;
    let config = CipherModelConfig {
        key_input: Some(how),
        d_embedding: 16,
        d_hidden: 48,
        ..CipherModelConfig::default()
    };
    let mut model = config.init(inputs(how)?, LETTERS.len(), 1, &device)?;
    let mut optimizer = AdamWConfig::new()
        .with_epsilon(1e-8)
        .with_weight_decay(0.1)
        .init();
    for epoch in 0..EPOCHS {
        let rate = 0.005 * (1.0 - epoch as f64 / EPOCHS as f64);
        model = train(model, &mut optimizer, &training, rate)?;
    }
    Ok(model.valid())
}
// ANCHOR_END: networks

// ANCHOR: messages
/// Messages of one to twelve letters, each with a random key.
fn messages(
    how: KeyInput,
    key: [usize; 2],
    set: KeySet,
    n_messages: usize,
    device: &Device,
) -> Result<BucketLoader> {
    let alphabet = Alphabet::new(LETTERS, Outside::Reject)?;
    let lengths = LengthRange::new(key[0], key[1])?;
    let vigenere = CipherConfig::Vigenere { key: String::new() };
    let cipher = Arc::new(KeyedCipher::new(vigenere, &alphabet, lengths)?);
    let message = LengthRange::new(1, 12)?;
    let messages = MessageDataset::keyed(cipher, set, LETTERS.len(), message, 1, n_messages)?;
    let batcher = PairBatcher::new(inputs(how)?, LETTERS.len());
    Ok(BucketLoader::new(
        Arc::new(messages),
        batcher,
        32,
        1,
        device,
    ))
}

fn inputs(how: KeyInput) -> Result<InputIds> {
    Ok(InputIds::keyed(how, LETTERS.len(), LETTERS.len())?)
}
// ANCHOR_END: messages

//! What a decryptor for key 13 says of messages under key 5.

use std::sync::Arc;

use book::{N_SYMBOLS, Result};
use cipher_data::{Alphabet, Caesar, LengthRange, MessageDataset, Split};
use cipher_model::{Backend, Decryptor};

fn main() -> Result<()> {
    let decryptor = Decryptor::load("runs/book/bundle", &Backend::default().open()?)?;
    let alphabet = Alphabet::letters_and_dash();
    for key in [13, 5] {
        let caesar = Arc::new(Caesar::new(N_SYMBOLS, key));
        let lengths = LengthRange::new(32, 32)?;
        let messages = MessageDataset::new(caesar, N_SYMBOLS, lengths, 1, Split::HeldOut, 200)?;
        let (mut right, mut all, mut confidence) = (0, 0, 0.0);
        for pair in messages.pairs(0..200)? {
            let decryption = decryptor.decrypt(&alphabet.decode(pair.ciphertext()))?;
            let answers = alphabet.encode(&decryption.plaintext)?.ids;
            right += answers
                .iter()
                .zip(pair.plaintext())
                .filter(|(a, b)| a == b)
                .count();
            all += pair.len();
            confidence += decryption.confidences.iter().sum::<f32>();
        }
        println!(
            "key {key:2}: {:3.0} % right, and {:3.0} % sure on average",
            100.0 * right as f64 / all as f64,
            100.0 * confidence / all as f32
        );
    }
    Ok(())
}

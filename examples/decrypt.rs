//! Three lines load a trained model and decrypt.
//!
//! `cargo run -p examples --bin decrypt -- runs/caesar/bundle FUVEMVEMNMERPDRF`

use std::error::Error;

use cipher_model::{Backend, Decryptor};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let bundle = arguments.next().ok_or("usage: decrypt BUNDLE CIPHERTEXT")?;
    let ciphertext = arguments.next().ok_or("usage: decrypt BUNDLE CIPHERTEXT")?;

    let device = Backend::default().open()?;
    let decryptor = Decryptor::load(bundle, &device)?;
    let decryption = decryptor.decrypt(&ciphertext)?;

    println!("{}", decryption.plaintext);
    let least = decryption.confidences.iter().copied().fold(1.0, f32::min);
    println!("the least certain character: {:.1} %", 100.0 * least);
    Ok(())
}

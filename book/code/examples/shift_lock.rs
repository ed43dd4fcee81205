//! Learns a cipher with a lock, and saves what it has learned.

use book::{N_SYMBOLS, Result, ShiftLock, batches, train};
use burn::module::Module;
use burn::optim::AdamConfig;
use cipher_data::{Alphabet, Cipher, Split};
use cipher_model::{Backend, Bundle, CipherModelConfig, Measured};

const EPOCHS: usize = 20;

fn main() -> Result<()> {
    let alphabet = Alphabet::letters_and_dash();
    let message = alphabet.encode("HELLO-HELLO-HELLO-ALL-HELLO")?.ids;
    println!("plaintext   {}", alphabet.decode(&message));
    println!(
        "ciphertext  {}",
        alphabet.decode(&ShiftLock.encrypt(&message))
    );

    let device = Backend::default().open()?;
    let training_device = device.clone().autodiff();
    let training = batches(ShiftLock, (32, 32), Split::Training, 3200, &training_device)?;
    let held_out = batches(ShiftLock, (32, 32), Split::HeldOut, 500, &device)?;
    let config = CipherModelConfig {
        d_hidden: 12,
        ..CipherModelConfig::default()
    };
    let mut model = config.init(N_SYMBOLS, N_SYMBOLS, 1, &training_device)?;
    let mut optimizer = AdamConfig::new().with_epsilon(1e-8).init();
    for epoch in 0..EPOCHS {
        let rate = 0.02 * (1.0 - epoch as f64 / EPOCHS as f64);
        model = train(model, &mut optimizer, &training, rate)?;
    }

    let model = model.valid();
    let score = model.evaluate(&held_out)?;
    println!(
        "{:.0} % of the held-out characters are right",
        100.0 * score.character_accuracy()
    );
    let bundle = Bundle {
        model,
        config,
        ciphertext_alphabet: alphabet.clone(),
        plaintext_alphabet: alphabet,
        keys: None,
        measured: Measured {
            test: score,
            epoch: EPOCHS,
        },
        untrained: Vec::new(),
    };
    bundle.save("runs/shift-lock")?;
    Ok(())
}

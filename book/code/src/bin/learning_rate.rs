//! The same training at five learning rates.

use book::{N_SYMBOLS, Result, batches, train};
use burn::module::Module;
use burn::optim::AdamConfig;
use cipher_data::{Caesar, Split};
use cipher_model::{Backend, CipherModelConfig};

fn main() -> Result<()> {
    let device = Backend::default().open()?;
    let caesar = || Caesar::new(N_SYMBOLS, 13);
    let training = batches(
        caesar(),
        (32, 32),
        Split::Training,
        1280,
        &device.clone().autodiff(),
    )?;
    let held_out = batches(caesar(), (32, 32), Split::HeldOut, 320, &device)?;

    println!("rate     epochs of 40 steps until 95 % are right");
    for rate in [0.0002, 0.002, 0.02, 0.2, 5.0] {
        training.set_epoch(0);
        let device = device.clone().autodiff();
        let mut model = CipherModelConfig::default().init(N_SYMBOLS, N_SYMBOLS, 1, &device)?;
        let mut optimizer = AdamConfig::new().with_epsilon(1e-8).init();
        let mut epochs = "more than 6".to_string();
        for epoch in 1..=6 {
            model = train(model, &mut optimizer, &training, rate)?;
            if model.valid().evaluate(&held_out)?.character_accuracy() >= 0.95 {
                epochs = epoch.to_string();
                break;
            }
        }
        println!("{rate:<8} {epochs}");
    }
    Ok(())
}

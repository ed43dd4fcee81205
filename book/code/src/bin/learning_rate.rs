//! The same training at five learning rates.

use book::{N_SYMBOLS, Result, batches, score, train};
use burn::module::Module;
use burn::optim::AdamConfig;
use cipher_data::{Caesar, Split};
use cipher_model::{Backend, CipherModelConfig};

fn main() -> Result<()> {
    let device = Backend::default().open()?;
    let caesar = || Caesar::new(N_SYMBOLS, 13);
    let training = batches(
        caesar()?,
        (32, 32),
        Split::Training,
        1280,
        &device.clone().autodiff(),
    )?;
    let held_out = batches(caesar()?, (32, 32), Split::HeldOut, 320, &device)?;

    println!("rate      right after 1, 2, 3, 4 and 5 epochs of 40 steps");
    for rate in [0.0002, 0.002, 0.02, 0.2, 5.0] {
        training.set_epoch(0);
        let mut model = CipherModelConfig::default().init(
            N_SYMBOLS,
            N_SYMBOLS,
            1,
            &device.clone().autodiff(),
        )?;
        let mut optimizer = AdamConfig::new().with_epsilon(1e-8).init();
        let mut line = format!("{rate:<6}");
        for _ in 0..5 {
            model = train(model, &mut optimizer, &training, rate)?;
            let share = score(&model.valid(), &held_out)?.character_accuracy();
            // To the nearest tenth: the exact share depends on the processor a little.
            line += &format!(" {:5.0} %", 10.0 * (10.0 * share).round());
        }
        println!("{line}");
    }
    Ok(())
}

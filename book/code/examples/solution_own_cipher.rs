//! Exercise 4: a cipher of one's own, and a network that learns it.

use book::{N_SYMBOLS, Result, batches, train};
use burn::module::Module;
use burn::optim::AdamConfig;
use cipher_data::{Cipher, Split, SymbolId};
use cipher_model::{Backend, CipherModelConfig};

/// Moves every second symbol by 5 and the others by 20.
#[derive(Debug)]
struct TwoShifts;

impl TwoShifts {
    fn apply(message: &[SymbolId], sign: i32) -> Vec<SymbolId> {
        let key = |place: usize| if place.is_multiple_of(2) { 5 } else { 20 };
        let shift = |(place, &id): (usize, &SymbolId)| {
            (i32::from(id) + sign * key(place)).rem_euclid(N_SYMBOLS as i32) as SymbolId
        };
        message.iter().enumerate().map(shift).collect()
    }
}

impl Cipher for TwoShifts {
    fn encrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        Self::apply(message, 1)
    }

    fn decrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        Self::apply(message, -1)
    }
}

fn main() -> Result<()> {
    let message = [7, 4, 11, 11, 14];
    assert_eq!(TwoShifts.decrypt(&TwoShifts.encrypt(&message)), message);

    let device = Backend::default().open()?;
    let training_device = device.clone().autodiff();
    let training = batches(TwoShifts, (32, 32), Split::Training, 3200, &training_device)?;
    let held_out = batches(TwoShifts, (32, 32), Split::HeldOut, 500, &device)?;
    for d_hidden in [4, 32] {
        let config = CipherModelConfig {
            d_hidden,
            ..CipherModelConfig::default()
        };
        let mut model = config.init(N_SYMBOLS, N_SYMBOLS, 1, &training_device)?;
        let mut optimizer = AdamConfig::new().with_epsilon(1e-8).init();
        for epoch in 0..10 {
            let rate = 0.02 * (1.0 - f64::from(epoch) / 10.0);
            model = train(model, &mut optimizer, &training, rate)?;
        }
        let right = 100.0 * model.valid().evaluate(&held_out)?.character_accuracy();
        // To the nearest 10 %: the exact share depends on the processor a little.
        println!(
            "{d_hidden:2} hidden units: {:3.0} % right",
            10.0 * (right / 10.0).round()
        );
    }
    Ok(())
}

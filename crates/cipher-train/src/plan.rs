//! Sizes and lengths of training for pairs at hand, so that nobody has to choose them.

use cipher_data::PairTable;
use cipher_model::CipherModelConfig;

use crate::config::{Config, MessagesConfig, Schedule, TrainingConfig};

/// A fifth of the messages is not trained on: half of it decides when to stop, half is for the
/// report ..
const HELD_OUT_ONE_IN: usize = 10;
/// .. and of many messages no more than so many: they tell an accuracy of 99 % to 0.5 %.
const MOST_HELD_OUT: usize = 2000;

/// Below so many training characters, a network needs to be kept from learning them by heart.
const FEW: usize = 100_000;
/// From so many on, they can tell of a cipher that feeds on its own message, which takes a larger
/// network and longer.
const MANY: usize = 400_000;

/// Characters of a step: enough to keep two cores busy, few enough for many steps.
const CHARACTERS_PER_STEP: usize = 2048;
/// After so many the held-out messages are looked at.
const STEPS_PER_EPOCH: usize = 50;

/// A config for these pairs.
pub fn plan(pairs: &PairTable) -> Config {
    let (n, n_characters) = (pairs.len(), pairs.n_symbols());
    let held_out = (n / HELD_OUT_ONE_IN).clamp(2.min(n / 4).max(1), MOST_HELD_OUT);
    let length = (n_characters / n.max(1)).max(1);
    let batch_size = (CHARACTERS_PER_STEP / length).clamp(8, 256);
    let (d_hidden, n_steps) = match n_characters < MANY {
        true => (128, 2000),
        false => (256, 16_000),
    };
    let epochs = n_steps / STEPS_PER_EPOCH;
    Config {
        messages: MessagesConfig {
            per_epoch: batch_size * STEPS_PER_EPOCH,
            held_out,
            test: held_out,
            ..MessagesConfig::default()
        },
        model: CipherModelConfig {
            d_embedding: 64,
            d_hidden,
            ..CipherModelConfig::default()
        },
        training: TrainingConfig {
            epochs,
            batch_size,
            learning_rate: 0.005,
            schedule: Schedule::Cosine,
            weight_decay: 0.05,
            masking: if n_characters < FEW { 0.5 } else { 0.0 },
            // A few held-out messages are soon all right; that they are surely right takes longer.
            target_loss: Some(0.005),
            // A network may stay at the same accuracy for long before it finds a period.
            patience: Some(epochs / 2),
            ..TrainingConfig::default()
        },
        ..Config::default()
    }
}

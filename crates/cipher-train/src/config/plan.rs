//! Sizes and lengths of training for the pairs at hand, so that nobody has to choose them.

use cipher_data::{KeyInput, PairTable};
use cipher_model::CipherModelConfig;

use super::{BestBy, Config, Schedule, SetSizes, Source, TrainingConfig};

/// One message in ten is a validation message, one in ten a test message ..
const TEST_ONE_IN: usize = 10;
/// .. but at most this number each: it tells an accuracy of 99 % to 0.5 %.
const MAX_TEST: usize = 2000;

/// With fewer training characters than this, a network overfits unless it is kept from it.
const FEW: usize = 100_000;
/// From this number on, the characters can show a cipher that feeds on its own message, which takes
/// a longer training: it learns one character of the feedback after the other.
const MANY: usize = 400_000;
/// Hidden units. Twice as many learn an autokey in as many steps, and a step takes three times as long.
const D_HIDDEN: usize = 128;

/// Characters in a step: enough to keep two cores busy, few enough for many steps.
const CHARACTERS_PER_STEP: usize = 2048;
/// Messages in a batch, at least.
const FEWEST_MESSAGES: usize = 8;
/// Steps between two looks at the validation messages.
const STEPS_PER_EPOCH: usize = 50;

/// Hidden units of a network for aligned pairs: more learn no more from each symbol, in twice the time.
const ALIGNED_D_HIDDEN: usize = 96;
/// Epochs, at least, so that a good one can be chosen.
const FEWEST_EPOCHS: usize = 10;
/// Plaintext symbols that it is trained on: about a minute on two cores ..
const ALIGNED: usize = 3_600_000;
/// .. or each of many pairs so often.
const ALIGNED_EPOCHS: usize = 3;

/// A config for pairs whose sides have different lengths. The network always reads in both directions: a
/// code may be longer than it seems, and what stands on both sides of an error tells what is right. The
/// training pairs are enciphered again and again, so it is not kept from overfitting in another way.
pub fn plan_aligned(pairs: &PairTable, source: Source) -> Config {
    let config = base(pairs, source, true);
    let n_symbols = pairs.n_plaintext_symbols();
    let length = (n_symbols / pairs.len().max(1)).max(1);
    let batch_size = (CHARACTERS_PER_STEP / length).clamp(1, 256);
    let n_steps =
        (ALIGNED.max(ALIGNED_EPOCHS * n_symbols) / (batch_size * length)).max(FEWEST_EPOCHS);
    let steps_per_epoch = STEPS_PER_EPOCH.min(n_steps / FEWEST_EPOCHS);
    let epochs = n_steps.div_ceil(steps_per_epoch);
    Config {
        sizes: SetSizes {
            per_epoch: batch_size * steps_per_epoch,
            ..config.sizes
        },
        training: TrainingConfig {
            epochs,
            batch_size,
            learning_rate: 0.01,
            symbol_dropout: 0.0,
            best_by: BestBy::Loss,
            patience: None,
            ..config.training
        },
        model: CipherModelConfig {
            d_hidden: ALIGNED_D_HIDDEN,
            ..config.model
        },
        ..config
    }
}

/// A config for pairs with keys. The network reads a symbol of the key beside each ciphertext symbol: then it
/// need not remember the key.
pub fn plan_keyed(pairs: &PairTable, source: Source) -> Config {
    let config = base(pairs, source, false);
    Config {
        model: CipherModelConfig {
            key_input: Some(KeyInput::Aligned),
            ..config.model
        },
        training: TrainingConfig {
            // A dropped symbol would have to be guessed from the key.
            symbol_dropout: 0.0,
            ..config.training
        },
        ..config
    }
}

/// A config for these pairs, whose network also reads backwards if `bidirectional`.
pub fn plan(pairs: &PairTable, source: Source, bidirectional: bool) -> Config {
    let config = base(pairs, source, bidirectional);
    if pairs.n_symbols() < MANY || bidirectional {
        return config;
    }
    // Prefixes are half as long as messages on average, and a step has half as many of them: four times as many
    // steps. They and the weight decay learn an autokey in about half the time, from any of the seeds tried. At the
    // learning rate of shorter trainings, that takes up to twice as long.
    let training = config.training;
    Config {
        sizes: SetSizes {
            per_epoch: 2 * config.sizes.per_epoch,
            ..config.sizes
        },
        training: TrainingConfig {
            batch_size: (training.batch_size / 2).max(FEWEST_MESSAGES),
            learning_rate: 0.007,
            random_prefixes: true,
            weight_decay: 0.1,
            // With more, one character in ten thousand of an autokey is still wrong.
            target_loss: Some(0.005),
            ..training
        },
        ..config
    }
}

fn base(pairs: &PairTable, source: Source, bidirectional: bool) -> Config {
    let (n, n_characters) = (pairs.len(), pairs.n_symbols());
    let n_test = (n / TEST_ONE_IN).clamp(2.min(n / 4).max(1), MAX_TEST);
    let length = (n_characters / n.max(1)).max(1);
    let batch_size = (CHARACTERS_PER_STEP / length).clamp(FEWEST_MESSAGES, 256);
    let n_steps = if n_characters < MANY { 2000 } else { 16_000 };
    let epochs = n_steps / STEPS_PER_EPOCH;
    Config {
        source,
        sizes: SetSizes {
            per_epoch: batch_size * STEPS_PER_EPOCH,
            validation: n_test,
            test: n_test,
        },
        model: CipherModelConfig {
            d_embedding: 64,
            d_hidden: D_HIDDEN,
            bidirectional,
            ..CipherModelConfig::default()
        },
        training: TrainingConfig {
            epochs,
            batch_size,
            learning_rate: 0.01,
            schedule: Schedule::Cosine,
            weight_decay: 0.05,
            symbol_dropout: if n_characters < FEW { 0.5 } else { 0.0 },
            // A few validation messages are soon all right; that the network is sure of them takes
            // longer.
            target_loss: Some(0.02),
            // A network may stay at one accuracy for long before it finds a period.
            patience: Some(epochs / 2),
            ..TrainingConfig::default()
        },
        ..Config::default()
    }
}

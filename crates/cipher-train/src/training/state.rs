//! Where a training is: everything but the tensors that its next step depends on.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::divergence::Health;
use super::sums::Sums;
use crate::config::{Config, TrainingConfig};
use crate::training::Data;

/// What a training is of. One of another identity would go on to other weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Identity {
    /// SHA-256 of the config, in hexadecimal, without what has no say in the weights.
    pub config: String,
    /// SHA-256 of the pairs, in hexadecimal; empty for random messages, which follow from the
    /// config.
    pub pairs: String,
}

impl Identity {
    pub fn of(config: &Config, data: &Data) -> Self {
        let digest = Sha256::digest(without_side_effects(config).to_toml());
        Self {
            config: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
            pairs: data.fingerprint.clone().unwrap_or_default(),
        }
    }
}

/// The config without the fields that may change when a run is resumed.
pub fn without_side_effects(config: &Config) -> Config {
    let TrainingConfig {
        save_every,
        on_divergence,
        ..
    } = TrainingConfig::default();
    let training = TrainingConfig {
        save_every,
        on_divergence,
        ..config.training.clone()
    };
    Config {
        training,
        ..config.clone()
    }
}

/// Where a training is. Numbers are kept as TOML keeps them, which gives every float back exactly.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// The epoch under way, counted from 1.
    pub epoch: usize,
    /// Batches of the epoch that were trained on.
    pub n_batches: usize,
    /// Steps taken.
    pub step: usize,
    /// The learning rate of the last of them.
    pub learning_rate: f64,
    /// Characters trained on, padding not counted.
    pub n_characters: usize,
    /// Time spent training.
    pub seconds: f64,
    /// Times the learning rate was halved after the loss had got out of hand.
    pub n_backoffs: u32,
    /// The length of `metrics.jsonl`.
    pub metrics_bytes: u64,
    /// The name of the backend.
    pub device: String,
    /// Why no step follows, if none does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<End>,
    pub identity: Identity,
    /// Counts of the epoch under way.
    pub sums: Sums,
    pub health: Health,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub best: Option<Best>,
}

/// Why a training is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// The held-out messages are answered as well as asked.
    Target,
    /// They have not been answered better for too long.
    Patience,
    /// All epochs are done.
    Epochs,
}

/// The epoch with the highest held-out character accuracy, and among equals the lowest held-out
/// loss.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Best {
    pub epoch: usize,
    pub accuracy: f64,
    pub loss: f64,
    /// The epoch in which the accuracy last rose.
    pub risen: usize,
}

impl State {
    pub fn new(identity: Identity, device: &str) -> Self {
        Self {
            epoch: 1,
            n_batches: 0,
            step: 0,
            learning_rate: 0.0,
            n_characters: 0,
            seconds: 0.0,
            n_backoffs: 0,
            metrics_bytes: 0,
            device: device.into(),
            end: None,
            identity,
            sums: Sums::default(),
            health: Health::default(),
            best: None,
        }
    }

    /// Takes note of the held-out messages' answers after an epoch. True if it is the best so far.
    pub fn note(&mut self, held_out: &Sums) -> bool {
        let (accuracy, loss) = (held_out.character_accuracy(), held_out.loss());
        let best = self.best.filter(|best| !best.accuracy.is_nan());
        let risen = match best {
            Some(best) if accuracy <= best.accuracy => best.risen,
            _ => self.epoch,
        };
        let is_best = best.is_none_or(|best| (accuracy, -loss) > (best.accuracy, -best.loss));
        self.best = match best {
            Some(best) if !is_best => Some(Best { risen, ..best }),
            _ => Some(Best {
                epoch: self.epoch,
                accuracy,
                loss,
                risen,
            }),
        };
        is_best
    }

    /// Whether the epoch that has just ended is the last.
    pub fn end_after(&self, held_out: &Sums, training: &TrainingConfig) -> Option<End> {
        let target_loss = training.target_loss.unwrap_or(f64::INFINITY);
        let risen = self.best.map_or(0, |best| best.risen);
        if held_out.character_accuracy() >= training.target_accuracy
            && held_out.loss() <= target_loss
        {
            Some(End::Target)
        } else if self.epoch - risen >= training.patience.unwrap_or(usize::MAX) {
            Some(End::Patience)
        } else {
            (self.epoch >= training.epochs).then_some(End::Epochs)
        }
    }
}

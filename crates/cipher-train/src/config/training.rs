use serde::{Deserialize, Serialize};

use super::Refused;
use super::source::is_default;

/// How the model is trained.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TrainingConfig {
    /// The most epochs.
    pub epochs: usize,
    /// Messages in a batch.
    pub batch_size: usize,
    /// The learning rate of the first step.
    pub learning_rate: f64,
    /// How the learning rate changes from step to step.
    pub schedule: Schedule,
    /// The number of steps over which the learning rate rises to that of the schedule.
    #[serde(skip_serializing_if = "is_default")]
    pub warmup_steps: usize,
    /// AdamW's weight decay.
    pub weight_decay: f64,
    /// Gradients are scaled down to at most this norm, over all weights together.
    pub max_gradient_norm: f64,
    /// The share of ciphertext symbols that are replaced by random ones in training, without a
    /// loss at their places: dropout of symbols.
    pub symbol_dropout: f64,
    /// Whether each epoch has only a prefix of each training message, of random length: a cipher that
    /// feeds on its own message is then learned sooner.
    #[serde(skip_serializing_if = "is_default")]
    pub random_prefixes: bool,
    /// Training ends when this share of the validation characters is right, and of a file's training characters ..
    pub target_accuracy: f64,
    /// .. and the validation loss, in nats, is no higher than this, if it is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_loss: Option<f64>,
    /// What the best epoch is the best in. Its weights are the result.
    #[serde(skip_serializing_if = "is_default")]
    pub best_by: BestBy,
    /// Early stopping: training ends after this many epochs without a better one, if it is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patience: Option<usize>,
    /// Seconds between saves inside an epoch. A save is put off while saving takes more than 1 %
    /// of the time. With 0 every step is saved, however long that takes.
    pub save_every: f64,
    /// What happens when the loss diverges.
    pub on_divergence: OnDivergence,
}

/// What happens when the loss diverges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnDivergence {
    /// Training stops with an error.
    Stop,
    /// Training returns to the last save, at half the learning rate, at most three times.
    Backoff,
}

/// What tells the best epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BestBy {
    /// The validation accuracy; of epochs with the same, the validation loss.
    #[default]
    Accuracy,
    /// The validation loss: better where accuracy hardly changes while a network still learns to weigh
    /// what is likely.
    Loss,
}

/// How the learning rate changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Schedule {
    /// It stays the same.
    Constant,
    /// It falls to 0 at the last epoch, along half a cosine.
    Cosine,
}

impl Default for TrainingConfig {
    fn default() -> Self {
        Self {
            epochs: 50,
            batch_size: 32,
            learning_rate: 0.02,
            schedule: Schedule::Cosine,
            warmup_steps: 0,
            weight_decay: 0.0,
            max_gradient_norm: 1.0,
            symbol_dropout: 0.0,
            random_prefixes: false,
            target_accuracy: 1.0,
            target_loss: None,
            best_by: BestBy::default(),
            patience: None,
            save_every: 30.0,
            on_divergence: OnDivergence::Stop,
        }
    }
}

impl TrainingConfig {
    /// These values with the defaults of the fields that may change when a run is resumed: they
    /// have no effect on the weights.
    pub fn without_resumable_fields(&self) -> Self {
        let default = Self::default();
        Self {
            save_every: default.save_every,
            on_divergence: default.on_divergence,
            ..self.clone()
        }
    }

    /// Whether an accuracy and a loss of the validation messages are good enough.
    pub fn is_reached(&self, accuracy: f64, loss: f64) -> bool {
        accuracy >= self.target_accuracy && self.target_loss.is_none_or(|target| loss <= target)
    }

    pub(super) fn check(&self) -> Result<(), Refused> {
        check_count("training.epochs", self.epochs, 1 << 32)?;
        check_count("training.batch_size", self.batch_size, 1 << 16)?;
        if self.warmup_steps > 1 << 32 {
            let reason = format!("{} is out of range; give at most 2^32", self.warmup_steps);
            return Err(Refused::new("training.warmup_steps", reason));
        }
        if let Some(patience) = self.patience {
            check_count("training.patience", patience, 1 << 32)?;
        }
        let positive = |value: f64| value > 0.0 && value.is_finite();
        let is_share = |value: f64| (0.0..1.0).contains(&value);
        let up_to_1 = |value: f64| value > 0.0 && value <= 1.0;
        let not_negative = |value: f64| value >= 0.0 && value.is_finite();
        type Check<'a> = (&'a str, f64, fn(f64) -> bool, &'a str);
        let checks: [Check; 7] = [
            (
                "learning_rate",
                self.learning_rate,
                up_to_1,
                "a number above 0, at most 1",
            ),
            (
                "weight_decay",
                self.weight_decay,
                is_share,
                "a number from 0 to below 1",
            ),
            (
                "max_gradient_norm",
                self.max_gradient_norm,
                positive,
                "a finite number above 0",
            ),
            (
                "symbol_dropout",
                self.symbol_dropout,
                is_share,
                "a number from 0 to below 1",
            ),
            (
                "target_accuracy",
                self.target_accuracy,
                up_to_1,
                "a number above 0, at most 1",
            ),
            (
                "target_loss",
                self.target_loss.unwrap_or(0.0),
                not_negative,
                "a finite number of nats, at least 0",
            ),
            (
                "save_every",
                self.save_every,
                not_negative,
                "a finite number of seconds, at least 0",
            ),
        ];
        for (field, value, is_allowed, expected) in checks {
            if !is_allowed(value) {
                let reason = format!("{value} is out of range; give {expected}");
                return Err(Refused::new(format!("training.{field}"), reason));
            }
        }
        Ok(())
    }
}

/// Whether a count is from 1 to `max`.
pub(super) fn check_count(field: &str, value: usize, max: usize) -> Result<(), Refused> {
    if (1..=max).contains(&value) {
        return Ok(());
    }
    let reason = format!("{value} is out of range; give a whole number from 1 to {max}");
    Err(Refused::new(field, reason))
}

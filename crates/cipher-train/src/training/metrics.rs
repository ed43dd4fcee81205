use std::sync::Arc;

use burn::tensor::TensorReadError;
use burn::train::metric::state::{FormatOptions, NumericMetricState};
use burn::train::metric::{
    Metric, MetricAttributes, MetricMetadata, MetricName, Numeric, NumericAttributes, NumericEntry,
    SerializedEntry,
};

use super::step::StepValues;

pub const LOSS: &str = "Loss";
pub const CHARACTER_ACCURACY: &str = "Character accuracy";
pub const MESSAGE_ACCURACY: &str = "Message accuracy";

/// A mean over what a step counted, so that a batch weighs as much as it has real symbols (Burn's
/// own metrics weigh every batch the same).
#[derive(Clone)]
pub struct Mean {
    name: MetricName,
    higher_is_better: bool,
    /// The value of a step and how many things it is a mean of.
    pick: fn(&StepValues) -> (f64, usize),
    state: NumericMetricState,
}

impl Mean {
    /// Cross-entropy in nats a symbol.
    pub fn loss() -> Self {
        Self::new(LOSS, false, |step| (step.loss, step.n_symbols))
    }

    /// The share of symbols answered rightly, from 0 to 1.
    pub fn character_accuracy() -> Self {
        Self::new(CHARACTER_ACCURACY, true, |step| {
            (
                right_share(step.wrong_symbols, step.n_symbols),
                step.n_symbols,
            )
        })
    }

    /// The share of messages answered rightly as a whole, from 0 to 1.
    pub fn message_accuracy() -> Self {
        Self::new(MESSAGE_ACCURACY, true, |step| {
            (
                right_share(step.wrong_messages, step.n_messages),
                step.n_messages,
            )
        })
    }

    fn new(name: &str, higher_is_better: bool, pick: fn(&StepValues) -> (f64, usize)) -> Self {
        Self {
            name: Arc::new(name.into()),
            higher_is_better,
            pick,
            state: NumericMetricState::new(),
        }
    }

    fn format(&self) -> FormatOptions {
        FormatOptions::new(self.name()).precision(4)
    }
}

fn right_share(wrong: usize, all: usize) -> f64 {
    1.0 - wrong as f64 / all.max(1) as f64
}

impl Metric for Mean {
    type Input = StepValues;

    fn name(&self) -> MetricName {
        self.name.clone()
    }

    fn attributes(&self) -> MetricAttributes {
        MetricAttributes::Numeric(NumericAttributes {
            unit: None,
            higher_is_better: self.higher_is_better,
        })
    }

    fn update(
        &mut self,
        step: &StepValues,
        _metadata: &MetricMetadata,
    ) -> Result<SerializedEntry, TensorReadError> {
        let (value, count) = (self.pick)(step);
        self.state.update(value, count);
        Ok(self.state.compute_update(self.format()))
    }

    fn compute(&mut self) -> Result<SerializedEntry, TensorReadError> {
        Ok(self.state.compute_final(self.format()))
    }

    fn clear(&mut self) {
        self.state.reset();
    }
}

impl Numeric for Mean {
    fn value(&self) -> Option<NumericEntry> {
        Some(self.state.current_value())
    }

    fn running_value(&self) -> Option<NumericEntry> {
        Some(self.state.running_value())
    }

    fn final_value(&self) -> NumericEntry {
        self.state.final_value()
    }
}

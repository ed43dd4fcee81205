use std::sync::Arc;

use burn::tensor::TensorReadError;
use burn::train::metric::state::{FormatOptions, NumericMetricState};
use burn::train::metric::{
    Metric, MetricAttributes, MetricMetadata, MetricName, Numeric, NumericAttributes, NumericEntry,
    SerializedEntry,
};

use super::step::StepValues;
use super::sums::Sums;

pub const LOSS: &str = "Loss";
pub const CHARACTER_ACCURACY: &str = "Character accuracy";
pub const MESSAGE_ACCURACY: &str = "Message accuracy";

/// A mean of an epoch for those who watch, in which a batch weighs as much as it has real symbols
/// (Burn's own metrics weigh every batch the same).
#[derive(Clone)]
pub struct Mean {
    name: MetricName,
    higher_is_better: bool,
    /// The value of so many steps and how many things it is a mean of.
    pick: fn(&Sums) -> (f64, usize),
    state: NumericMetricState,
    is_new: bool,
}

impl Mean {
    pub fn loss() -> Self {
        Self::new(LOSS, false, |sums| (sums.loss(), sums.n_symbols))
    }

    pub fn character_accuracy() -> Self {
        Self::new(CHARACTER_ACCURACY, true, |sums| {
            (sums.character_accuracy(), sums.n_symbols)
        })
    }

    pub fn message_accuracy() -> Self {
        Self::new(MESSAGE_ACCURACY, true, |sums| {
            (sums.message_accuracy(), sums.n_messages)
        })
    }

    fn new(name: &str, higher_is_better: bool, pick: fn(&Sums) -> (f64, usize)) -> Self {
        Self {
            name: Arc::new(name.into()),
            higher_is_better,
            pick,
            state: NumericMetricState::new(),
            is_new: true,
        }
    }

    fn format(&self) -> FormatOptions {
        FormatOptions::new(self.name()).precision(4)
    }
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
        let mut one = Sums::default();
        one.add(step);
        if self.is_new && step.before.n_steps > 0 {
            let (value, count) = (self.pick)(&step.before);
            self.state.update(value, count);
        }
        self.is_new = false;
        let (value, count) = (self.pick)(&one);
        self.state.update(value, count);
        Ok(self.state.compute_update(self.format()))
    }

    fn compute(&mut self) -> Result<SerializedEntry, TensorReadError> {
        Ok(self.state.compute_final(self.format()))
    }

    fn clear(&mut self) {
        self.state.reset();
        self.is_new = true;
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

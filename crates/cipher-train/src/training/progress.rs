use std::collections::HashMap;
use std::io::{IsTerminal, stderr};

use burn::train::logger::{EvaluationProgressLogger, TrainingProgressLogger};
use burn::train::metric::{MetricDefinition, MetricId, NumericEntry};
use burn::train::renderer::{
    EvaluationName, MetricState, MetricsRenderer, MetricsRendererEvaluation,
    MetricsRendererTraining,
};
use indicatif::{ProgressBar, ProgressStyle};

use super::metrics::{CHARACTER_ACCURACY, LOSS, MESSAGE_ACCURACY};
use crate::commands::percent;
use crate::say;

/// Shows training on stderr: a bar on a terminal, a line an epoch elsewhere.
pub struct Progress {
    bar: ProgressBar,
    has_lines: bool,
    total_epochs: usize,
    first_epoch: usize,
    epoch: usize,
    is_training: bool,
    names: HashMap<MetricId, String>,
    training: HashMap<String, f64>,
    held_out: HashMap<String, f64>,
}

impl Progress {
    /// Of a training whose first epoch here is this, counted from 1.
    pub fn new(first_epoch: usize) -> Self {
        if !stderr().is_terminal() {
            return Self {
                has_lines: true,
                first_epoch,
                ..Self::hidden()
            };
        }
        let bar = ProgressBar::new(0);
        let style = ProgressStyle::with_template("{prefix} {bar:20} {msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self {
            bar,
            first_epoch,
            ..Self::hidden()
        }
    }

    /// Shows nothing.
    pub fn hidden() -> Self {
        Self {
            bar: ProgressBar::hidden(),
            has_lines: false,
            total_epochs: 0,
            first_epoch: 1,
            epoch: 1,
            is_training: true,
            names: HashMap::new(),
            training: HashMap::new(),
            held_out: HashMap::new(),
        }
    }

    fn summary(&self) -> String {
        let number = |metrics: &HashMap<String, f64>, name| metrics.get(name).copied();
        let share = |name| number(&self.held_out, name).map_or("-".into(), percent);
        let loss = |metrics| number(metrics, LOSS).map_or("-".into(), |loss| format!("{loss:.4}"));
        format!(
            "loss {}  held-out: loss {}, characters {}, messages {}",
            loss(&self.training),
            loss(&self.held_out),
            share(CHARACTER_ACCURACY),
            share(MESSAGE_ACCURACY),
        )
    }
}

/// The mean of an epoch; the numbers of single steps are not shown.
fn mean(state: MetricState) -> Option<(MetricId, f64)> {
    match state {
        // NaN: the steps of the epoch were all taken before the run was resumed.
        MetricState::Numeric(entry, Some(NumericEntry::Final(mean))) if mean.is_finite() => {
            Some((entry.metric_id, mean))
        }
        _ => None,
    }
}

impl MetricsRendererTraining for Progress {
    fn update_train(&mut self, state: MetricState) {
        if let Some((id, mean)) = mean(state)
            && let Some(name) = self.names.get(&id)
        {
            self.training.insert(name.clone(), mean);
        }
    }

    fn update_valid(&mut self, state: MetricState) {
        if let Some((id, mean)) = mean(state)
            && let Some(name) = self.names.get(&id)
        {
            self.held_out.insert(name.clone(), mean);
        }
    }
}

impl TrainingProgressLogger for Progress {
    fn start(&mut self, total_epochs: usize, _: usize, _: Option<usize>, _: Option<&str>) {
        self.total_epochs = total_epochs;
        self.epoch = self.first_epoch;
    }

    fn start_split(&mut self, split: &str, total_items: usize) {
        self.is_training = split == "train";
        if self.is_training {
            self.bar
                .set_prefix(format!("epoch {}/{}", self.epoch, self.total_epochs));
            self.bar.set_length(total_items as u64);
            self.bar.set_position(0);
        }
    }

    fn update_split(&mut self, items_processed: usize) {
        if self.is_training {
            self.bar.set_position(items_processed as u64);
        }
    }

    fn update_epoch(&mut self, epoch: usize) {
        let summary = self.summary();
        if self.has_lines {
            say::line(format_args!(
                "epoch {epoch}/{}  {summary}",
                self.total_epochs
            ));
        }
        self.bar.set_message(summary);
        self.epoch = epoch + 1;
    }

    fn end_split(&mut self) {}

    fn end(&mut self) {
        self.bar.abandon();
    }

    fn log_event_training(&mut self, _event: String) {}
}

impl MetricsRenderer for Progress {
    fn manual_close(&mut self) {}

    fn register_metric(&mut self, definition: MetricDefinition) {
        self.names
            .insert(definition.metric_id, definition.name.to_string());
    }
}

/// Burn's renderers serve its evaluator too, which we do not use.
impl EvaluationProgressLogger for Progress {
    fn start_global_progress(&mut self, _total_tests: usize) {}
    fn start_test(&mut self, _name: &str, _total_items: usize) {}
    fn update_test_progress(&mut self, _items_processed: usize) {}
    fn end_test(&mut self) {}
    fn end_global_progress(&mut self) {}
    fn log_event_evaluation(&mut self, _event: String) {}
}

impl MetricsRendererEvaluation for Progress {
    fn update_test(&mut self, _name: EvaluationName, _state: MetricState) {}
}

//! Burn's dashboard, `--tui`.

use std::io::{IsTerminal, stdout};
use std::sync::Arc;

use anyhow::{Result, bail};
use burn::train::Interrupter;
use burn::train::logger::TrainingProgressLogger;
use burn::train::metric::{
    MetricAttributes, MetricDefinition, MetricEntry, MetricId, NumericAttributes, NumericEntry,
    SerializedEntry,
};
use burn::train::renderer::tui::TuiMetricsRendererWrapper;
use burn::train::renderer::{MetricState, MetricsRenderer, MetricsRendererTraining};

use super::progress::Progress;
use crate::training::{EpochTotals, Event, Observer, Record, Stop};

const METRICS: [(&str, bool); 3] = [
    ("Loss", false),
    ("Symbol accuracy", true),
    ("Message accuracy", true),
];

/// Draws a training on Burn's dashboard. Its key for stopping requests a stop.
pub struct Dashboard {
    renderer: TuiMetricsRendererWrapper,
    interrupter: Interrupter,
    stop: Stop,
    /// Logs what comes before and after the dashboard.
    log: Progress,
    epoch: usize,
}

impl Dashboard {
    /// Opens the dashboard on the terminal.
    pub fn open(log: Progress, stop: &Stop) -> Self {
        let interrupter = Interrupter::new();
        let mut renderer = TuiMetricsRendererWrapper::new(interrupter.clone(), None);
        for (name, higher_is_better) in METRICS {
            renderer.register_metric(MetricDefinition {
                metric_id: id(name),
                name: Arc::new(name.into()),
                description: None,
                attributes: MetricAttributes::Numeric(NumericAttributes {
                    unit: None,
                    higher_is_better,
                }),
            });
        }
        Self {
            renderer,
            interrupter,
            stop: stop.clone(),
            log,
            epoch: 0,
        }
    }

    fn step(&mut self, epoch: usize, n_messages: usize, n_total: usize, totals: &EpochTotals) {
        if epoch != self.epoch {
            self.renderer.start_split("train", n_total);
            self.epoch = epoch;
        }
        self.renderer.update_split(n_messages);
        let values = [
            totals.mean_loss(),
            totals.score.character_accuracy(),
            totals.score.message_accuracy(),
        ];
        for ((name, _), value) in METRICS.into_iter().zip(values) {
            let state = state(name, NumericEntry::Value(value));
            self.renderer.update_train(state);
        }
    }

    fn epoch(&mut self, training: &Record, validation: &Record) {
        let values = |record: &Record| {
            [
                record.loss.unwrap_or(f64::NAN),
                record.character_accuracy,
                record.message_accuracy,
            ]
        };
        let both = values(training).into_iter().zip(values(validation));
        for ((name, _), (training, validation)) in METRICS.into_iter().zip(both) {
            let training = state(name, NumericEntry::Final(training));
            self.renderer.update_train(training);
            let validation = state(name, NumericEntry::Final(validation));
            self.renderer.update_valid(validation);
        }
        self.renderer.end_split();
        self.renderer.update_epoch(training.epoch);
    }
}

impl Observer for Dashboard {
    fn event(&mut self, event: &Event<'_>) {
        match *event {
            Event::Start {
                epoch, max_epochs, ..
            } => {
                self.renderer.start(max_epochs, epoch, None, None);
            }
            Event::Step {
                epoch,
                n_messages,
                n_total,
                totals,
            } => self.step(epoch, n_messages, n_total, totals),
            Event::Epoch {
                training,
                validation,
            } => self.epoch(training, validation),
            Event::End => self.renderer.end(),
            Event::Kernel(_) | Event::Warning(_) => self.log.event(event),
        }
        if self.interrupter.should_stop() {
            self.stop.request();
        }
    }
}

/// Whether there is a terminal to draw on.
///
/// # Errors
///
/// When stdout is not a terminal.
pub fn check_terminal() -> Result<()> {
    if !stdout().is_terminal() {
        bail!("--tui needs a terminal on stdout; leave it out to log to stderr");
    }
    Ok(())
}

fn id(name: &str) -> MetricId {
    MetricId::new(Arc::new(name.into()))
}

fn state(name: &str, value: NumericEntry) -> MetricState {
    let text = format!("{:.4}", value.current());
    let text = SerializedEntry::new(text.clone(), text);
    MetricState::Numeric(MetricEntry::new(id(name), text), Some(value))
}

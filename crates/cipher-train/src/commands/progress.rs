//! A training on stderr: a bar on a terminal, a line an epoch elsewhere, or JSON Lines.

use indicatif::ProgressBar;
use serde_json::json;

use super::bar::{bar, can_draw};
use super::output;
use crate::numbers::{percent, thousands};
use crate::training::{EpochTotals, Event, Observer, Record};

/// Draws and logs what happens in a training.
pub struct Progress {
    /// Where and on what it trains.
    place: String,
    view: View,
    max_epochs: usize,
    /// What accuracies count: characters or chunks.
    counted: &'static str,
    /// The share of right ones in the last validation.
    validated: Option<String>,
}

enum View {
    Bar(ProgressBar),
    Lines,
    Records,
}

impl Progress {
    /// For a training that is described by `place`, such as `on ndarray in runs/caesar`, whose accuracies
    /// count characters or chunks.
    pub fn new(place: String, counted: &'static str) -> Self {
        let view = if output::is_json() {
            View::Records
        } else if can_draw() {
            View::Bar(bar())
        } else {
            View::Lines
        };
        Self {
            place,
            view,
            max_epochs: 0,
            counted,
            validated: None,
        }
    }

    fn start(&mut self, epoch: usize, step: usize, is_over: bool) {
        let place = &self.place;
        output::info(match (step, is_over) {
            (0, _) => format!("training {place}; Ctrl-C stops and saves"),
            (_, false) => format!(
                "training {place}, resumed at epoch {epoch}, step {step}; Ctrl-C stops and saves"
            ),
            (_, true) => format!("the training {place} ended at step {step}"),
        });
    }

    fn step(&self, epoch: usize, n_messages: usize, n_total: usize, totals: &EpochTotals) {
        if let View::Bar(bar) = &self.view {
            bar.set_length((self.max_epochs * n_total) as u64);
            bar.set_position(((epoch - 1) * n_total + n_messages) as u64);
            bar.set_prefix(format!("epoch {epoch}/{}", self.max_epochs));
            let mut message = format!("loss {:.4}", totals.mean_loss());
            if let Some(validated) = &self.validated {
                message += &format!("  validation {validated}");
            }
            let speed = totals.score.n_symbols as f64 / totals.seconds;
            if speed.is_finite() {
                message += &format!("  {} characters/s", thousands(speed));
            }
            bar.set_message(message);
        }
    }

    fn epoch(&mut self, training: &Record, validation: &Record) {
        let loss = |record: &Record| record.loss.map_or("-".into(), |loss| format!("{loss:.4}"));
        let summary = format!(
            "loss {}  validation: loss {}, {} {}, messages {}",
            loss(training),
            loss(validation),
            self.counted,
            percent(validation.character_accuracy),
            percent(validation.message_accuracy),
        );
        match &self.view {
            View::Bar(_) => self.validated = Some(percent(validation.character_accuracy)),
            View::Lines => {
                let (epoch, max) = (training.epoch, self.max_epochs);
                output::progress(format_args!("epoch {epoch}/{max}  {summary}"));
            }
            View::Records => {
                for record in [training, validation] {
                    output::metrics(&json!(record));
                }
            }
        }
    }
}

impl Observer for Progress {
    fn event(&mut self, event: &Event<'_>) {
        match *event {
            Event::Start {
                epoch,
                max_epochs,
                step,
                is_over,
            } => {
                self.max_epochs = max_epochs;
                self.start(epoch, step, is_over);
            }
            Event::Kernel(kernel) => output::verbose(format!("LSTM kernel: {kernel}")),
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
            Event::Warning(warning) => output::warning(warning),
            Event::End => {
                if let View::Bar(bar) = &self.view {
                    bar.finish_and_clear();
                }
            }
        }
    }
}

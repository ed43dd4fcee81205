//! Who watches a training: a progress bar, a log, a dashboard.

use super::metrics::Record;
use super::totals::EpochTotals;

/// Something that watches a training. It cannot change it.
pub trait Observer {
    /// Something happened.
    fn event(&mut self, event: &Event<'_>);
}

/// An event of a training, in the order of their occurrence.
#[derive(Debug)]
pub enum Event<'a> {
    /// Training starts, or resumes where a save left it.
    Start {
        /// The epoch, counted from 1.
        epoch: usize,
        /// The most epochs there will be.
        max_epochs: usize,
        /// Steps that were taken before.
        step: usize,
        /// Whether no step will follow, as the training was over before.
        is_over: bool,
    },
    /// The version of the LSTM that computes the steps.
    Kernel(&'a str),
    /// A training step was taken.
    Step {
        /// The epoch, counted from 1.
        epoch: usize,
        /// Messages of the epoch that were trained on.
        n_messages: usize,
        /// Training messages in the epoch.
        n_total: usize,
        /// The counts of the epoch up to this step.
        totals: &'a EpochTotals,
    },
    /// An epoch and its validation are over.
    Epoch {
        /// The record of its steps.
        training: &'a Record,
        /// The record of the validation messages after it.
        validation: &'a Record,
    },
    /// Something that the user should know and that does not stop the training.
    Warning(&'a str),
    /// No step will follow.
    End,
}

/// Watches nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unobserved;

impl Observer for Unobserved {
    fn event(&mut self, _event: &Event<'_>) {}
}

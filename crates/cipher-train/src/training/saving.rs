//! When a training saves, and how it returns to a save when the loss diverges.

use std::time::Instant;

use anyhow::{Result, bail};

use super::checkpoint::Checkpoint;
use super::divergence::Divergence;
use super::epochs::Trainer;
use super::learner::Records;
use super::observer::Event;
use super::state::State;
use crate::config::OnDivergence;

/// The share of the time that saving may take.
const SAVING_SHARE: f64 = 0.01;
/// How often the learning rate is halved before training is given up.
const MAX_BACKOFFS: u32 = 3;

impl Trainer<'_> {
    /// Whether it is time to save, as the first rank's clock says.
    pub(super) fn save_is_due(&self, at_end_of_epoch: bool) -> bool {
        let (session, every) = (&*self.session, self.session.config.training.save_every);
        let is_time = at_end_of_epoch || self.saved.elapsed().as_secs_f64() >= every;
        let is_cheap =
            self.saving.as_secs_f64() <= SAVING_SHARE * self.started.elapsed().as_secs_f64();
        let is_wanted = every == 0.0 || is_time && is_cheap;
        let is_sound = session.state.loss.is_sound(session.n_plaintext_symbols);
        let is_due = session.state.end.is_some() || is_wanted && is_sound;
        session.ranks.as_first_says(is_due)
    }

    pub(super) fn save(&mut self) -> Result<()> {
        if !self.session.ranks.is_first() {
            return Ok(());
        }
        let begin = Instant::now();
        self.session.state.metrics_bytes = self.session.metrics.sync()?;
        let Records {
            model,
            optimizer,
            schedule,
        } = self.session.learner.records()?;
        self.session.checkpoints.save(Checkpoint {
            state: self.session.state.clone(),
            model,
            optimizer,
            schedule,
            best: self.session.best.clone(),
        })?;
        self.saving += begin.elapsed();
        self.saved = Instant::now();
        Ok(())
    }

    /// Returns to the last save at half the learning rate, if the config says so.
    pub(super) fn back_off(&mut self, divergence: Divergence) -> Result<()> {
        let State {
            step,
            epoch,
            learning_rate,
            n_backoffs,
            best,
            ..
        } = &self.session.state;
        let n_backoffs = *n_backoffs;
        let what = format!(
            "training diverged at step {step} (epoch {epoch}): {divergence}, \
             at a learning rate of {learning_rate}"
        );
        let kept = match best {
            Some(best) => format!("; the weights of epoch {}, the best, are kept", best.epoch),
            None => String::new(),
        };
        let training = &self.session.config.training;
        let lower = training.learning_rate / 4.0;
        let may_return = training.on_divergence == OnDivergence::Backoff;
        self.session.has_diverged = !may_return || n_backoffs >= MAX_BACKOFFS;
        if self.session.has_diverged {
            self.session.run.set_diverged(Some(&what))?;
        }
        if !may_return {
            bail!(
                "{what}{kept}. Train again with --set training.learning_rate={lower}, or resume \
                 with --resume --set training.on_divergence=backoff"
            );
        }
        if self.session.has_diverged {
            bail!(
                "{what}, though the rate was halved {MAX_BACKOFFS} times{kept}. \
                 Train again with --set training.learning_rate={lower}"
            );
        }
        self.observer.event(&Event::Warning(&format!(
            "{what}; returning to the last save, at half the rate"
        )));
        // Training from that save has diverged before: its weights may be spoiled already.
        if let Some(step) = self.returned_to {
            self.session.checkpoints.delete_after(step.checked_sub(1))?;
        }
        self.session.restore(n_backoffs + 1, self.observer)?;
        self.returned_to = Some(self.session.state.step);
        self.save()
    }
}

//! What a training keeps, and goes back to.

use std::time::Instant;

use anyhow::{Result, bail};

use super::Course;
use crate::config::OnDivergence;
use crate::say;
use crate::training::checkpoint::Checkpoint;
use crate::training::divergence::Divergence;
use crate::training::state::State;

/// The share of the time that saving may take.
const SAVING_SHARE: f64 = 0.01;
/// Times that the learning rate is halved before a training is given up.
const MOST_BACKOFFS: u32 = 3;

impl Course<'_> {
    pub(super) fn save_is_due(&self, at_end_of_epoch: bool) -> bool {
        let (job, every) = (&*self.job, self.job.config.training.save_every);
        let is_time = at_end_of_epoch || self.saved.elapsed().as_secs_f64() >= every;
        let is_cheap =
            self.saving.as_secs_f64() <= SAVING_SHARE * self.begin.elapsed().as_secs_f64();
        let is_wanted = every == 0.0 || is_time && is_cheap;
        job.state.end.is_some() || is_wanted && job.state.health.is_sound(job.n_plaintext_symbols)
    }

    pub(super) fn save(&mut self) -> Result<()> {
        let begin = Instant::now();
        self.job.state.metrics_bytes = self.job.log.sync()?;
        let (model, optimizer, schedule) = self.capture.records(&self.learner, &self.store)?;
        self.job.checkpoints.save(Checkpoint {
            state: self.job.state.clone(),
            model,
            optimizer,
            schedule,
            best: self.job.best.clone(),
        })?;
        self.saving += begin.elapsed();
        self.saved = Instant::now();
        Ok(())
    }

    /// Goes back to the last save at half the learning rate, if that was asked for.
    pub(super) fn back_off(&mut self, divergence: Divergence) -> Result<()> {
        let State {
            step,
            epoch,
            learning_rate,
            n_backoffs,
            ..
        } = self.job.state.clone();
        let what = format!(
            "training diverged at step {step} (epoch {epoch}): {divergence}, \
             at a learning rate of {learning_rate}"
        );
        let training = &self.job.config.training;
        let lower = training.learning_rate / 4.0;
        let kept = match &self.job.state.best {
            Some(best) => format!("; the weights of epoch {}, the best, are kept", best.epoch),
            None => String::new(),
        };
        let may_go_back = training.on_divergence == OnDivergence::Backoff;
        self.job.has_diverged = !may_go_back || n_backoffs >= MOST_BACKOFFS;
        if self.job.has_diverged {
            self.job.run.set_diverged(Some(&what))?;
        }
        match may_go_back {
            false => bail!(
                "{what}{kept}. Train anew with --set training.learning_rate={lower}, or go on with \
                 --resume --set training.on_divergence=backoff"
            ),
            true if self.job.has_diverged => bail!(
                "{what}, though the rate was halved {MOST_BACKOFFS} times{kept}. \
                 Train anew with --set training.learning_rate={lower}"
            ),
            true => {}
        }
        say::warning(format!(
            "{what}; going back to the last save, at half the rate"
        ));
        // From there it came to the same: the weights may have been lost already.
        if let Some(step) = self.gone_back_to {
            self.job.checkpoints.delete_after(step.checked_sub(1))?;
        }
        self.learner = self.job.restore(n_backoffs + 1)?;
        self.gone_back_to = Some(self.job.state.step);
        self.save()
    }
}

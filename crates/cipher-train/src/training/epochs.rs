//! The training loop: epochs of steps, each with a validation, until the target, the last epoch, or
//! a stop. It can stop after any step, and resumes there to the same bits.

use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use burn::data::dataloader::DataLoader;
use burn::module::Module;
use cipher_data::{Batch, BucketLoader, streams};

use super::divergence::Divergence;
use super::metrics::Record;
use super::observer::{Event, Observer};
use super::session::Session;
use super::step::StepOutput;
use super::stop::Stop;
use super::totals::{EpochTotals, StepCounts};

/// A training in progress.
pub struct Trainer<'a> {
    pub session: &'a mut Session,
    stop: &'a Stop,
    pub observer: &'a mut dyn Observer,
    pub started: Instant,
    pub saved: Instant,
    /// The time that saving has taken.
    pub saving: Duration,
    lap: Instant,
    /// The step that training returned to, if no later step has been saved since.
    pub returned_to: Option<usize>,
    has_named_kernel: bool,
}

/// Why a stretch of steps is over.
enum Pause {
    End,
    Stopped,
    Diverged(Divergence),
}

/// A step that was taken. Its numbers may still be on their way from the device.
struct Taken {
    output: StepOutput,
    learning_rate: f64,
    n_messages: usize,
}

impl<'a> Trainer<'a> {
    pub fn new(session: &'a mut Session, stop: &'a Stop, observer: &'a mut dyn Observer) -> Self {
        let now = Instant::now();
        Self {
            session,
            stop,
            observer,
            started: now,
            saved: now,
            saving: Duration::ZERO,
            lap: now,
            returned_to: None,
            has_named_kernel: false,
        }
    }

    /// Trains until the end or a stop, and saves.
    ///
    /// # Errors
    ///
    /// When the loss diverges, a file cannot be written, or the device fails.
    pub fn run(&mut self) -> Result<()> {
        loop {
            match self.epochs()? {
                Pause::End => return Ok(()),
                Pause::Stopped => return self.save(),
                Pause::Diverged(divergence) => self.back_off(divergence)?,
            }
        }
    }

    fn epochs(&mut self) -> Result<Pause> {
        while self.session.state.end.is_none() {
            if let Some(pause) = self.train()? {
                return Ok(pause);
            }
            let Some(validation) = self.validate()? else {
                return Ok(Pause::Stopped);
            };
            if !validation.mean_loss().is_finite() {
                return Ok(Pause::Diverged(Divergence::Validation));
            }
            let Some(is_target) = self.is_target(&validation)? else {
                return Ok(Pause::Stopped);
            };
            self.end_epoch(&validation, is_target)?;
            if self.is_stop_requested() {
                return Ok(Pause::Stopped);
            }
        }
        Ok(Pause::End)
    }

    /// Takes the steps of the epoch that are left.
    fn train(&mut self) -> Result<Option<Pause>> {
        let state = &self.session.state;
        let n_done = state.n_batches;
        self.session.training.set_epoch(state.epoch as u64 - 1);
        // A copy of the loader, as the session changes while it is read.
        let loader = self.session.training.to_device(&self.session.device);
        let mut batches = loader.iter();
        for _ in 0..n_done {
            batches.next().transpose()?;
        }
        let mut last: Option<Taken> = None;
        while let Some(batch) = batches.next() {
            if self.is_stop_requested() {
                let pause = self.record(last)?;
                return Ok(Some(pause.unwrap_or(Pause::Stopped)));
            }
            let batch = batch?;
            self.name_kernel(&batch);
            self.seed_dropout(self.session.state.step + usize::from(last.is_some()));
            let step = self.session.learner.step(batch);
            self.session.learner.update(step.grads);
            let taken = Taken {
                output: step.item,
                learning_rate: self.session.learner.learning_rate(),
                n_messages: batches.progress().items_processed,
            };
            // The numbers of the step before are read only now: the device has work to do.
            if let Some(pause) = self.record(last.replace(taken))? {
                return Ok(Some(pause));
            }
            if self.save_is_due(false) {
                if let Some(pause) = self.record(last.take())? {
                    return Ok(Some(pause));
                }
                if self.save_is_due(false) {
                    self.save()?;
                    self.returned_to = None;
                }
            }
        }
        self.record(last)
    }

    /// Reads the numbers of a step and adds them up. Returns a pause if the loss has diverged.
    fn record(&mut self, taken: Option<Taken>) -> Result<Option<Pause>> {
        let Some(taken) = taken else {
            return Ok(None);
        };
        let counts = read(taken.output)?.sum_over(self.session.ranks);
        let seconds = self.lap();
        let n_symbols = self.session.n_plaintext_symbols;
        let state = &mut self.session.state;
        if let Some(divergence) = state
            .loss
            .record(counts.loss, counts.gradient_norm, n_symbols)
        {
            return Ok(Some(Pause::Diverged(divergence)));
        }
        state.totals.add(&counts);
        state.totals.seconds += seconds;
        state.step += 1;
        state.n_batches += 1;
        state.n_characters += counts.score.n_symbols;
        state.learning_rate = taken.learning_rate;
        self.observer.event(&Event::Step {
            epoch: state.epoch,
            n_messages: taken.n_messages,
            n_total: self.session.training.num_items(),
            totals: &state.totals,
        });
        Ok(None)
    }

    /// Measures the validation messages; `None` if a stop was requested on the way.
    fn validate(&mut self) -> Result<Option<EpochTotals>> {
        let epoch = self.session.state.epoch as u64 - 1;
        self.session.validation.set_epoch(epoch);
        let totals = self.measure(&self.session.validation)?;
        let seconds = self.lap();
        Ok(totals.map(|totals| EpochTotals { seconds, ..totals }))
    }

    /// Whether the target is reached; `None` if a stop was requested on the way. Training pairs of a file must
    /// be right, too, as they are in the next epoch: a rare symbol may be in no validation message, and be known in
    /// one training message by what is before it, unless that is dropped.
    fn is_target(&mut self, validation: &EpochTotals) -> Result<Option<bool>> {
        let Session { config, state, .. } = &*self.session;
        let target = &config.training;
        let accuracy = validation.score.character_accuracy();
        if !target.is_reached(accuracy, validation.mean_loss()) {
            return Ok(Some(false));
        }
        let Some(known) = &self.session.known else {
            return Ok(Some(true));
        };
        known.set_epoch(state.epoch as u64);
        let known = self.measure(known)?;
        let target_accuracy = target.target_accuracy;
        let is_known = |known: EpochTotals| known.score.character_accuracy() >= target_accuracy;
        self.lap();
        Ok(known.map(is_known))
    }

    /// Measures the model on messages; `None` if a stop was requested on the way.
    fn measure(&self, messages: &BucketLoader) -> Result<Option<EpochTotals>> {
        let ranks = self.session.ranks;
        let model = self.session.learner.model().valid();
        let mut totals = EpochTotals::default();
        let mut last: Option<StepOutput> = None;
        for batch in messages.iter() {
            if self.is_stop_requested() {
                return Ok(None);
            }
            let output = StepOutput::of(&model, batch?);
            if let Some(before) = last.replace(output) {
                totals.add(&read(before)?.sum_over(ranks));
            }
        }
        if let Some(last) = last {
            totals.add(&read(last)?.sum_over(ranks));
        }
        Ok(Some(totals))
    }

    fn end_epoch(&mut self, validation: &EpochTotals, is_target: bool) -> Result<()> {
        let session = &mut *self.session;
        let records = [
            Record::of_training(&session.state),
            Record::of_validation(&session.state, validation),
        ];
        for record in &records {
            session.metrics.write(record)?;
        }
        let state = &mut session.state;
        let best_by = session.config.training.best_by;
        let is_best = state.record_validation(validation, is_target, best_by);
        state.end = state.end_after(is_target, &session.config.training);
        state.totals = EpochTotals::default();
        state.n_batches = 0;
        state.epoch += 1;
        if is_best {
            session.best = Some(session.learner.model().to_safetensors());
        }
        self.observer.event(&Event::Epoch {
            training: &records[0],
            validation: &records[1],
        });
        if self.save_is_due(true) {
            self.save()?;
            self.returned_to = None;
        }
        Ok(())
    }

    /// Whether any rank was asked to stop.
    fn is_stop_requested(&self) -> bool {
        self.session.ranks.any(self.stop.is_requested())
    }

    /// Dropout draws from the device's generator, whose state is not saved: each step seeds it, on each rank.
    fn seed_dropout(&self, step: usize) {
        let Session {
            config,
            device,
            ranks,
            ..
        } = &*self.session;
        if config.model.dropout > 0.0 {
            let step = step * ranks.share().n_ranks + ranks.share().rank;
            device.seed(streams::dropout_seed(config.seed, step));
        }
    }

    fn name_kernel(&mut self, batch: &Batch) {
        if !std::mem::replace(&mut self.has_named_kernel, true) {
            let kernel = self.session.learner.model().lstm_kernel(&batch.ciphertext);
            self.observer.event(&Event::Kernel(&kernel.to_string()));
        }
    }

    /// Seconds since the last call.
    fn lap(&mut self) -> f64 {
        let now = Instant::now();
        let seconds = (now - std::mem::replace(&mut self.lap, now)).as_secs_f64();
        self.session.state.seconds += seconds;
        seconds
    }
}

fn read(output: StepOutput) -> Result<StepCounts> {
    output.read().map_err(|error| anyhow!("{error}"))
}

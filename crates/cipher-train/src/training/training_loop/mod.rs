//! Epochs of steps on Burn's Learner, in a loop that can stop after any step and go on from there:
//! Burn's own goes on at the beginning of an epoch only.

mod keeping;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use burn::data::dataloader::{DataLoader, Progress};
use burn::module::Module;
use burn::optim::lr_scheduler::module_lr_scheduler::ModuleLearningRate;
use burn::train::metric::ItemLazy;
use burn::train::metric::store::EventStoreClient;
use burn::train::{
    EventProcessorTraining, InferenceStep, Interrupter, Learner, LearnerEvent,
    SupervisedLearningStrategy, SupervisedTrainingEventProcessor, TrainLoader, TrainingComponents,
    TrainingItem, ValidLoader,
};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::say;
use crate::training::capture::Capture;
use crate::training::divergence::Divergence;
use crate::training::job::Job;
use crate::training::metrics_log::record;
use crate::training::step::{StepOutput, Trainee};
use crate::training::sums::Sums;

type Events = SupervisedTrainingEventProcessor<Trainee>;

/// The loop, for Burn to call.
pub struct TrainingLoop {
    job: Mutex<Job>,
    tells_records: bool,
    error: Mutex<Option<anyhow::Error>>,
}

impl TrainingLoop {
    pub fn new(job: Job, tells_records: bool) -> Arc<Self> {
        Arc::new(Self {
            job: Mutex::new(job),
            tells_records,
            error: Mutex::new(None),
        })
    }

    /// Where it came to, and what ended it before its end.
    pub fn finish(&self) -> (MutexGuard<'_, Job>, Option<anyhow::Error>) {
        (lock(&self.job), lock(&self.error).take())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl SupervisedLearningStrategy<Trainee> for TrainingLoop {
    fn fit(
        &self,
        components: TrainingComponents<Trainee>,
        learner: Learner<Trainee>,
        _training: TrainLoader<Trainee>,
        _held_out: ValidLoader<Trainee>,
        _starting_epoch: usize,
    ) -> (Trainee, Events) {
        let now = Instant::now();
        let mut course = Course {
            job: &mut lock(&self.job),
            tells_records: self.tells_records,
            learner,
            capture: Capture::new(),
            events: components.event_processor,
            store: components.event_store,
            interrupter: components.interrupter,
            begin: now,
            lap: now,
            saved: now,
            saving: Duration::ZERO,
            gone_back_to: None,
        };
        if let Err(error) = course.run() {
            *lock(&self.error) = Some(error);
        }
        (course.learner.model(), course.events)
    }
}

/// The part of a training that one process runs.
struct Course<'a> {
    job: &'a mut Job,
    tells_records: bool,
    learner: Learner<Trainee>,
    capture: Capture<Trainee>,
    events: Events,
    store: Arc<EventStoreClient>,
    interrupter: Interrupter,
    begin: Instant,
    lap: Instant,
    saved: Instant,
    saving: Duration,
    /// The step that training went back to, if it has not been sound for a save since.
    gone_back_to: Option<usize>,
}

/// A step that was taken, and whose numbers may still be on their way.
struct Step {
    output: StepOutput,
    learning_rate: ModuleLearningRate,
    progress: Progress,
}

fn synced(output: StepOutput) -> Result<StepOutput> {
    output.sync().map_err(|error| anyhow!("{error}"))
}

/// What ends a stretch of steps.
enum Pause {
    End,
    Interrupted,
    Diverged(Divergence),
}

impl Course<'_> {
    fn run(&mut self) -> Result<()> {
        loop {
            match self.epochs()? {
                Pause::End => return Ok(()),
                Pause::Interrupted => return self.save(),
                Pause::Diverged(divergence) => self.back_off(divergence)?,
            }
        }
    }

    fn epochs(&mut self) -> Result<Pause> {
        while self.job.state.end.is_none() {
            if let Some(pause) = self.train()? {
                return Ok(pause);
            }
            let Some(held_out) = self.evaluate()? else {
                return Ok(Pause::Interrupted);
            };
            if !held_out.loss().is_finite() {
                return Ok(Pause::Diverged(Divergence::HeldOut));
            }
            self.end_epoch(&held_out)?;
            if self.interrupter.should_stop() {
                return Ok(Pause::Interrupted);
            }
        }
        Ok(Pause::End)
    }

    /// The rest of the epoch's steps.
    fn train(&mut self) -> Result<Option<Pause>> {
        let (epoch, first) = (self.job.state.epoch, self.job.state.n_batches);
        self.tell(LearnerEvent::StartSplit {
            epoch_number: epoch,
            total_items: self.job.training.num_items(),
        });
        self.job.training.set_epoch(epoch as u64 - 1);
        // The loader is read while the state changes.
        let loader = self.job.training.to_device(&self.job.device);
        let mut batches = loader.iter();
        for _ in 0..first {
            batches.next().transpose()?;
        }
        let mut last = None;
        while let Some(batch) = batches.next() {
            if self.interrupter.should_stop() {
                let pause = self.note(last)?;
                return Ok(Some(pause.unwrap_or(Pause::Interrupted)));
            }
            self.seed_dropout(self.job.state.step + usize::from(last.is_some()));
            let output = self.learner.train_step(batch?);
            self.learner.lr_step();
            self.learner.optimizer_step(output.grads);
            let step = Step {
                output: output.item,
                learning_rate: self.learner.lr_current(),
                progress: batches.progress(),
            };
            // A step's numbers are waited for only now that the device has the next one to do.
            if let Some(pause) = self.note(last.replace(step))? {
                return Ok(Some(pause));
            }
            if self.save_is_due(false) {
                if let Some(pause) = self.note(last.take())? {
                    return Ok(Some(pause));
                }
                if self.save_is_due(false) {
                    self.save()?;
                    self.gone_back_to = None;
                }
            }
        }
        if let Some(pause) = self.note(last)? {
            return Ok(Some(pause));
        }
        self.tell(LearnerEvent::EndSplit(epoch));
        Ok(None)
    }

    /// Takes note of a step, once its numbers are there; a pause if it shows that the loss got out
    /// of hand.
    fn note(&mut self, step: Option<Step>) -> Result<Option<Pause>> {
        let Some(step) = step else {
            return Ok(None);
        };
        let mut item = synced(step.output)?;
        let seconds = self.lap();
        let Job {
            state,
            n_plaintext_symbols,
            ..
        } = &mut *self.job;
        let (loss, norm) = (item.values.loss, item.values.gradient_norm);
        if let Some(divergence) = state.health.note(loss, norm, *n_plaintext_symbols) {
            return Ok(Some(Pause::Diverged(divergence)));
        }
        item.values.before = state.sums;
        state.sums.add(&item.values);
        state.sums.seconds += seconds;
        state.step += 1;
        state.n_batches += 1;
        state.n_characters += item.values.n_symbols;
        state.learning_rate = step.learning_rate.base();
        let iteration = Some(state.n_batches);
        let item = TrainingItem::new(item, step.progress, iteration, Some(step.learning_rate));
        self.tell(LearnerEvent::ProcessedItem(item));
        Ok(None)
    }

    /// Dropout draws from the device's own generator, which a resumed run has not brought along.
    fn seed_dropout(&self, step: usize) {
        let Job { config, device, .. } = &*self.job;
        if config.model.dropout > 0.0 {
            let mut rng = ChaCha8Rng::seed_from_u64(config.seed);
            // Weights have the stream above, shuffles all below, messages the lower half.
            rng.set_stream(u64::MAX - 1);
            rng.set_word_pos(2 * step as u128);
            device.seed(rng.next_u64());
        }
    }

    /// The answers to the held-out messages; none if it was interrupted.
    fn evaluate(&mut self) -> Result<Option<Sums>> {
        let epoch_number = self.job.state.epoch;
        self.job.held_out.set_epoch(epoch_number as u64 - 1);
        let total_items = self.job.held_out.num_items();
        let loader = self
            .job
            .held_out
            .to_device(&self.job.device.clone().inner());
        let begin = LearnerEvent::StartSplit {
            epoch_number,
            total_items,
        };
        self.tell_held_out(begin);
        let model = self.learner.model().valid();
        let mut sums = Sums::default();
        let mut note = |course: &mut Self, (output, progress): (StepOutput, Progress)| {
            let item = synced(output)?;
            sums.add(&item.values);
            let item = TrainingItem::new(item, progress, Some(sums.n_steps), None);
            course.tell_held_out(LearnerEvent::ProcessedItem(item));
            anyhow::Ok(())
        };
        let mut last = None;
        let mut batches = loader.iter();
        while let Some(batch) = batches.next() {
            if self.interrupter.should_stop() {
                return Ok(None);
            }
            let output = InferenceStep::step(&model, batch?);
            if let Some(last) = last.replace((output, batches.progress())) {
                note(self, last)?;
            }
        }
        if let Some(last) = last {
            note(self, last)?;
        }
        sums.seconds = self.lap();
        self.tell_held_out(LearnerEvent::EndSplit(epoch_number));
        self.tell(LearnerEvent::EndEpoch(epoch_number));
        Ok(Some(sums))
    }

    fn end_epoch(&mut self, held_out: &Sums) -> Result<()> {
        let job = &mut *self.job;
        let learning_rate = Some(job.state.learning_rate);
        for record in [
            record("training", &job.state, &job.state.sums, learning_rate),
            record("held_out", &job.state, held_out, None),
        ] {
            job.log.write(&record)?;
            if self.tells_records {
                say::metrics(&record);
            }
        }
        let is_best = job.state.note(held_out);
        job.state.end = job.state.end_after(held_out, &job.config.training);
        job.state.sums = Sums::default();
        job.state.n_batches = 0;
        job.state.epoch += 1;
        if is_best {
            job.best = Some(self.learner.model().model().to_safetensors());
        }
        // So that an epoch's line is there before the next one begins.
        self.interrupter.fail_on_error(self.events.flush());
        if self.save_is_due(true) {
            self.save()?;
            self.gone_back_to = None;
        }
        Ok(())
    }

    /// Seconds since this was last asked.
    fn lap(&mut self) -> f64 {
        let now = Instant::now();
        let seconds = (now - std::mem::replace(&mut self.lap, now)).as_secs_f64();
        self.job.state.seconds += seconds;
        seconds
    }

    fn tell(&mut self, event: LearnerEvent<StepOutput>) {
        self.interrupter
            .fail_on_error(self.events.process_train(event));
    }

    fn tell_held_out(&mut self, event: LearnerEvent<StepOutput>) {
        self.interrupter
            .fail_on_error(self.events.process_valid(event));
    }
}

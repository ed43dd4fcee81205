//! A training as its run folder holds it, and the learner that continues it.

use anyhow::{Result, anyhow, bail};
use burn::module::Module;
use burn::optim::lr_scheduler::composed::ComposedLrSchedulerConfig;
use burn::optim::lr_scheduler::cosine::CosineAnnealingLrSchedulerConfig;
use burn::optim::lr_scheduler::linear::LinearLrSchedulerConfig;
use burn::optim::lr_scheduler::module_lr_scheduler::ModuleLrScheduler;
use burn::tensor::Device;
use cipher_data::BucketLoader;
use cipher_model::{AdamW, CipherModel};

use super::Place;
use super::checkpoint::{Checkpoint, Checkpoints, Newest};
use super::learner::{Records, SavableLearner};
use super::metrics::MetricsFile;
use super::observer::{Event, Observer};
use super::state::State;
use crate::config::{Config, Schedule};
use crate::data::Data;
use crate::ranks::Ranks;
use crate::run::RunFolder;

/// All that a training needs, from its first or from its last save on.
pub struct Session {
    pub config: Config,
    pub run: RunFolder,
    /// With automatic differentiation.
    pub device: Device,
    /// The processes that train it. All but the first save nothing.
    pub ranks: Ranks,
    pub training: BucketLoader,
    pub validation: BucketLoader,
    /// Training messages of a file as the network reads them, to see whether they are learned. Not those of random
    /// messages, which hardly repeat, and not labels of an alignment, some of which are wrong.
    pub known: Option<BucketLoader>,
    pub n_plaintext_symbols: usize,
    pub checkpoints: Checkpoints,
    pub metrics: MetricsFile,
    pub learner: SavableLearner,
    pub state: State,
    /// The weights of the best epoch, as safetensors; `None` before the end of the first.
    pub best: Option<Vec<u8>>,
    /// Whether training was given up because the loss diverged.
    pub has_diverged: bool,
    /// The model before the first step.
    untrained: CipherModel,
    n_training: usize,
}

impl Session {
    /// Opens what the run folder holds of its training, which may be nothing yet.
    ///
    /// # Errors
    ///
    /// When the folder holds checkpoints of another run, or none that is undamaged.
    pub fn open(
        config: &Config,
        data: &Data,
        run: &RunFolder,
        on: &Place,
        observer: &mut dyn Observer,
    ) -> Result<Self> {
        let (device, ranks) = (on.device.clone().autodiff(), on.ranks);
        let untrained = config.model.init(
            data.inputs(config)?,
            data.plaintext_alphabet.len(),
            config.seed,
            &device,
        )?;
        let n_training = data.training.pairs_at(0).len();
        let training = data.training_input(config);
        let measured = |source| -> Result<BucketLoader> {
            let loader = data.loader(source, config, &device.clone().inner())?;
            Ok(loader.with_share(ranks.share()))
        };
        let mut session = Self {
            training: data
                .loader(&training, config, &device)?
                .with_share(ranks.share()),
            validation: measured(&data.validation_input()?)?,
            known: (data.table().is_some() && data.aligned.is_none())
                .then(|| measured(&training))
                .transpose()?,
            n_plaintext_symbols: data.plaintext_alphabet.len(),
            checkpoints: Checkpoints::at(run.checkpoints()),
            metrics: MetricsFile::open(&run.metrics())?,
            learner: learner(config, &untrained, n_training, 0, &device, ranks)?,
            state: State::new(&run.id()?, &on.name()),
            best: None,
            has_diverged: false,
            run: run.clone(),
            untrained,
            n_training,
            config: config.clone(),
            device,
            ranks,
        };
        session.restore(0, observer)?;
        run.set_diverged(None)?;
        Ok(session)
    }

    /// Returns to the newest checkpoint, or where there is none to the start, at a learning rate
    /// that was halved at least `n_backoffs` times.
    ///
    /// # Errors
    ///
    /// As [`Self::open`].
    pub fn restore(&mut self, n_backoffs: u32, observer: &mut dyn Observer) -> Result<()> {
        let Newest {
            checkpoint,
            damaged,
        } = self.checkpoints.newest()?;
        let folder = self.run.path().display().to_string();
        for reason in &damaged {
            observer.event(&Event::Warning(&format!(
                "{reason}; using the checkpoint before it"
            )));
        }
        // The other ranks have no files of their own.
        let checkpoint = of_first_rank(self.ranks, checkpoint)?;
        let Some(checkpoint) = checkpoint else {
            if !damaged.is_empty() {
                bail!("no checkpoint of {folder} can be used; train again with --overwrite");
            }
            // A model that this process did not make is not replaced without being asked.
            if self.run.has_bundle() && n_backoffs == 0 {
                bail!(
                    "{folder} holds a trained model and no checkpoint to resume from; use it as \
                     it is, or train again with --overwrite"
                );
            }
            let start = State::new(&self.state.run, &self.state.device);
            return self.enter(start, None, n_backoffs, observer);
        };
        if self.ranks.is_first() {
            self.check_origin(&checkpoint.state, observer)?;
        }
        self.checkpoints.delete_after(Some(checkpoint.state.step))?;
        let Checkpoint {
            state,
            model,
            optimizer,
            schedule,
            best,
        } = checkpoint;
        self.enter(state, best, n_backoffs, observer)?;
        self.learner.load(Records {
            model,
            optimizer,
            schedule,
        })
    }

    fn enter(
        &mut self,
        state: State,
        best: Option<Vec<u8>>,
        n_backoffs: u32,
        observer: &mut dyn Observer,
    ) -> Result<()> {
        if !self.metrics.truncate(state.metrics_bytes)? {
            observer.event(&Event::Warning(&format!(
                "{} has lost records of earlier epochs; the weights are complete",
                self.run.metrics().display()
            )));
        }
        self.state = State {
            n_backoffs: state.n_backoffs.max(n_backoffs),
            device: self.state.device.clone(),
            ..state
        };
        self.best = best;
        self.learner = learner(
            &self.config,
            &self.untrained,
            self.n_training,
            self.state.n_backoffs,
            &self.device,
            self.ranks,
        )?;
        Ok(())
    }

    fn check_origin(&self, saved: &State, observer: &mut dyn Observer) -> Result<()> {
        let folder = self.run.path().display();
        if saved.run != self.state.run {
            bail!(
                "the checkpoints in {folder} are of another run (their config or pairs differ); \
                 put this run's back, or train again with --overwrite"
            );
        }
        if saved.device != self.state.device {
            observer.event(&Event::Warning(&format!(
                "{folder} was trained on {} so far; on {} the results will differ slightly",
                saved.device, self.state.device
            )));
        }
        Ok(())
    }
}

/// The checkpoint that the first rank has.
fn of_first_rank(ranks: Ranks, checkpoint: Option<Checkpoint>) -> Result<Option<Checkpoint>> {
    if ranks.is_alone() {
        return Ok(checkpoint);
    }
    let bytes = checkpoint.map(Checkpoint::to_bytes).transpose()?;
    let bytes = ranks.of_first(bytes.unwrap_or_default());
    let checkpoint = (!bytes.is_empty()).then(|| Checkpoint::from_bytes(&bytes));
    checkpoint.transpose()
}

/// A learner before its first step, at a learning rate that was halved `n_backoffs` times.
fn learner(
    config: &Config,
    untrained: &CipherModel,
    n_training: usize,
    n_backoffs: u32,
    device: &Device,
    ranks: Ranks,
) -> Result<SavableLearner> {
    let training = &config.training;
    Ok(SavableLearner::new(
        untrained.clone().fork(device),
        training.max_gradient_norm,
        ranks,
        AdamW::new(training.weight_decay as f32).into(),
        schedule(config, n_training, n_backoffs)?,
    ))
}

fn schedule(config: &Config, n_training: usize, n_backoffs: u32) -> Result<ModuleLrScheduler> {
    let training = &config.training;
    let learning_rate = training.learning_rate * 0.5f64.powi(n_backoffs as i32);
    let steps = n_training.div_ceil(training.batch_size);
    let steps = steps.saturating_mul(training.epochs);
    let cosine = CosineAnnealingLrSchedulerConfig::new(learning_rate, steps);
    let schedule = match (training.schedule, training.warmup_steps) {
        (Schedule::Constant, 0) => Ok(learning_rate.into()),
        (Schedule::Cosine, 0) => cosine.init(),
        (schedule, warmup) => {
            let rise = LinearLrSchedulerConfig::new(1.0 / warmup as f64, 1.0, warmup);
            let product = ComposedLrSchedulerConfig::new().linear(rise);
            match schedule {
                Schedule::Constant => product.constant(learning_rate).init(),
                Schedule::Cosine => product.cosine(cosine).init(),
            }
        }
    };
    schedule.map_err(|error| anyhow!("training.learning_rate: {error}"))
}

//! A training as the run folder holds it: what it is of, where it is, and what it can go on from.

use anyhow::{Result, anyhow, bail};
use burn::module::Module;
use burn::optim::AdamWConfig;
use burn::optim::lr_scheduler::cosine::CosineAnnealingLrSchedulerConfig;
use burn::optim::lr_scheduler::module_lr_scheduler::ModuleLrScheduler;
use burn::tensor::Device;
use burn::train::Learner;
use cipher_data::BucketLoader;
use cipher_model::{Backend, CipherModel};

use super::checkpoint::{Checkpoint, Checkpoints, Newest};
use super::data::Data;
use super::metrics_log::MetricsLog;
use super::state::{Identity, State};
use super::step::Trainee;
use crate::config::{Config, Schedule};
use crate::run_folder::RunFolder;
use crate::say;

pub struct Job {
    pub config: Config,
    pub training: BucketLoader,
    pub held_out: BucketLoader,
    pub n_plaintext_symbols: usize,
    pub checkpoints: Checkpoints,
    pub log: MetricsLog,
    pub state: State,
    /// The weights of the best epoch, as safetensors; none before the first has ended.
    pub best: Option<Vec<u8>>,
    /// Whether the loss got out of hand for good.
    pub has_diverged: bool,
    /// With automatic differentiation.
    pub device: Device,
    pub run: RunFolder,
    /// Before the first step.
    model: CipherModel,
    n_training: usize,
}

impl Job {
    /// What the folder holds of a training of this config, which may be nothing yet.
    ///
    /// # Errors
    ///
    /// When it holds a training of something else, or nothing that is whole.
    pub fn open(
        config: &Config,
        data: &Data,
        run: &RunFolder,
        backend: &str,
        device: &Device,
    ) -> Result<(Self, Learner<Trainee>)> {
        let device = device.clone().autodiff();
        let model = config.model.init(
            data.ciphertext_alphabet.len(),
            data.plaintext_alphabet.len(),
            config.seed,
            &device,
        )?;
        let mut job = Self {
            training: data.loader(&data.masked_training(config), config, &device),
            held_out: data.loader(&data.held_out, config, &device.clone().inner()),
            n_plaintext_symbols: data.plaintext_alphabet.len(),
            checkpoints: run.checkpoints(),
            log: MetricsLog::open(&run.metrics())?,
            state: State::new(Identity::of(config, data), backend),
            best: None,
            has_diverged: false,
            run: run.clone(),
            model,
            n_training: data.training.pairs_at(0).len(),
            config: config.clone(),
            device,
        };
        let learner = job.restore(0)?;
        run.set_diverged(None)?;
        Ok((job, learner))
    }

    /// What is about to happen, for a reader.
    pub fn announcement(&self, backend: Backend) -> String {
        let (folder, state) = (self.run.path().display(), &self.state);
        let goes_on = match (state.step, state.end) {
            (0, _) => String::new(),
            (step, None) => format!(" from epoch {}, step {step} on", state.epoch),
            (step, Some(_)) => format!(", which ended at step {step}"),
        };
        format!("training on {backend} in {folder}{goes_on}; Ctrl-C stops and saves")
    }

    /// Goes back to the newest checkpoint, or where there is none to the beginning, at a learning
    /// rate that was halved at least `n_backoffs` times.
    pub fn restore(&mut self, n_backoffs: u32) -> Result<Learner<Trainee>> {
        let Newest {
            checkpoint,
            damaged,
        } = self.checkpoints.newest()?;
        for reason in &damaged {
            say::warning(format!("{reason}; going back to the one before"));
        }
        let fresh = State::new(self.state.identity.clone(), &self.state.device);
        let Some(checkpoint) = checkpoint else {
            if !damaged.is_empty() {
                let folder = self.run.path().display();
                bail!("no checkpoint of {folder} is whole; train anew with --overwrite");
            }
            // Nothing that this process made, and not to be replaced unasked.
            if self.run.has_bundle() && n_backoffs == 0 {
                let folder = self.run.path().display();
                bail!(
                    "{folder} holds a trained model and no save to go on from; use it as it is, \
                     or train anew with --overwrite"
                );
            }
            self.go_to(fresh, n_backoffs)?;
            self.best = None;
            return self.learner();
        };
        let Checkpoint {
            state,
            model,
            optimizer,
            schedule,
            best,
        } = checkpoint;
        self.check_identity(&state)?;
        self.checkpoints.delete_after(Some(state.step))?;
        self.go_to(state, n_backoffs)?;
        self.best = best;
        let mut learner = self.learner()?;
        learner.load_model(model);
        learner.load_optim(optimizer);
        learner.load_scheduler(schedule);
        Ok(learner)
    }

    /// A Learner before its first step, at the learning rate that so many backoffs leave.
    fn learner(&self) -> Result<Learner<Trainee>> {
        let training = &self.config.training;
        let optimizer = AdamWConfig::new()
            .with_epsilon(1e-8) // PyTorch's; Burn's is 1e-5
            .with_weight_decay(training.weight_decay as f32)
            .init();
        let model = self.model.clone().fork(&self.device);
        Ok(Learner::new(
            Trainee::new(model, training.max_gradient_norm),
            optimizer,
            self.schedule()?,
        ))
    }

    fn go_to(&mut self, state: State, n_backoffs: u32) -> Result<()> {
        self.log.go_to(state.metrics_bytes)?;
        self.state = State {
            n_backoffs: state.n_backoffs.max(n_backoffs),
            device: self.state.device.clone(),
            ..state
        };
        Ok(())
    }

    fn check_identity(&self, saved: &State) -> Result<()> {
        let (folder, now) = (self.run.path().display(), &self.state);
        if saved.identity.config != now.identity.config {
            bail!(
                "{folder} was trained with another config than its config.toml holds now; \
                 put that back, or train anew with --overwrite"
            );
        }
        if saved.identity.pairs != now.identity.pairs {
            bail!(
                "{folder} was trained on other pairs than the file holds now; \
                 put those back, or train anew with --overwrite"
            );
        }
        if saved.device != now.device {
            say::warning(format!(
                "{folder} was trained on {} so far; on {} it comes to slightly other weights",
                saved.device, now.device
            ));
        }
        Ok(())
    }

    fn schedule(&self) -> Result<ModuleLrScheduler> {
        let training = &self.config.training;
        let learning_rate = training.learning_rate * 0.5f64.powi(self.state.n_backoffs as i32);
        match training.schedule {
            Schedule::Constant => Ok(learning_rate.into()),
            Schedule::Cosine => {
                let steps = self.n_training.div_ceil(training.batch_size);
                let steps = steps.saturating_mul(training.epochs);
                CosineAnnealingLrSchedulerConfig::new(learning_rate, steps)
                    .init()
                    .map_err(|error| anyhow!("training.learning_rate: {error}"))
            }
        }
    }
}

//! Burn's Learner: model, optimizer and schedule, in a form that can be saved after any step.
//!
//! Burn's Learner gives its records only to the checkpointers of Burn's own training loop, which
//! saves at the end of an epoch. So the optimizer's record is taken where the Learner lends the
//! optimizer to the model, in [`TrainStep::optimize`](burn::train::TrainStep::optimize), and a
//! second schedule counts the same steps.

use anyhow::{Context, Result};
use burn::module::Module;
use burn::optim::lr_scheduler::LrSchedulerRecord;
use burn::optim::lr_scheduler::module_lr_scheduler::ModuleLrScheduler;
use burn::optim::{GradientsParams, ModuleOptimizer, OptimizerRecord};
use burn::store::ModuleRecord;
use burn::train::{Learner, TrainOutput};
use cipher_data::Batch;
use cipher_model::CipherModel;

use super::snapshot::Snapshot;
use super::step::{StepOutput, TrainableModel};
use crate::ranks::Ranks;

/// A [`Learner`] whose records can be read.
pub struct SavableLearner {
    learner: Learner<TrainableModel>,
    schedule: ModuleLrScheduler,
    snapshot: Snapshot,
}

/// The records from which a [`SavableLearner`] is restored.
pub struct Records {
    /// The weights.
    pub model: ModuleRecord,
    /// The optimizer's moments.
    pub optimizer: OptimizerRecord,
    /// The place in the learning rate's schedule.
    pub schedule: LrSchedulerRecord,
}

impl SavableLearner {
    pub fn new(
        model: CipherModel,
        max_gradient_norm: f64,
        ranks: Ranks,
        optimizer: ModuleOptimizer,
        schedule: ModuleLrScheduler,
    ) -> Self {
        let snapshot = Snapshot::default();
        let model = TrainableModel::new(model, max_gradient_norm, ranks, snapshot.clone());
        Self {
            learner: Learner::new(model, optimizer, schedule.clone()),
            schedule,
            snapshot,
        }
    }

    /// The current model, with automatic differentiation.
    pub fn model(&self) -> CipherModel {
        self.learner.model().model
    }

    /// The loss, the gradients and the counts of a batch.
    pub fn step(&self, batch: Batch) -> TrainOutput<StepOutput> {
        self.learner.train_step(batch)
    }

    /// Changes the weights by a step's gradients, at the next learning rate of the schedule.
    pub fn update(&mut self, gradients: GradientsParams) {
        self.learner.lr_step();
        self.schedule.step();
        self.learner.optimizer_step(gradients);
    }

    /// The learning rate of the last update.
    pub fn learning_rate(&self) -> f64 {
        self.learner.lr_current().base()
    }

    /// The records from which [`Self::load`] continues.
    ///
    /// # Errors
    ///
    /// When Burn's Learner no longer asks the model to optimize itself.
    pub fn records(&mut self) -> Result<Records> {
        self.snapshot.request();
        self.learner.optimizer_step(GradientsParams::new());
        let optimizer = self.snapshot.taken();
        Ok(Records {
            model: self.learner.model().into_record(),
            optimizer: optimizer.context("the optimizer's state was not recorded")?,
            schedule: self.schedule.to_record(),
        })
    }

    /// Continues where a learner was that gave these records.
    pub fn load(&mut self, records: Records) -> Result<()> {
        self.learner.load_model(records.model);
        self.learner.load_optim(records.optimizer);
        let schedule = self.schedule.clone().load_record(records.schedule);
        self.learner.load_scheduler(schedule.to_record());
        self.schedule = schedule;
        Ok(())
    }
}

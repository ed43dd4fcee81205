//! The Learner's records in memory. Burn gives them to checkpointers only.

use std::sync::mpsc::{Receiver, Sender, channel};

use anyhow::{Context, Result};
use burn::optim::OptimizerRecord;
use burn::optim::lr_scheduler::LrSchedulerRecord;
use burn::store::ModuleRecord;
use burn::train::checkpoint::{
    AsyncCheckpointer, Checkpoint, Checkpointer, CheckpointerError, CheckpointingAction,
    CheckpointingStrategy,
};
use burn::train::metric::store::EventStoreClient;
use burn::train::{Learner, LearnerModel, LearningCheckpointer};

/// Takes a Learner's records.
pub struct Capture<M: LearnerModel> {
    checkpointer: LearningCheckpointer<M>,
    model: Receiver<ModuleRecord>,
    optimizer: Receiver<OptimizerRecord>,
    schedule: Receiver<LrSchedulerRecord>,
}

impl<M: LearnerModel> Capture<M> {
    pub fn new() -> Self {
        let (model_sender, model) = channel();
        let (optimizer_sender, optimizer) = channel();
        let (schedule_sender, schedule) = channel();
        Self {
            checkpointer: LearningCheckpointer::new(
                AsyncCheckpointer::new(PassOn(model_sender)),
                AsyncCheckpointer::new(PassOn(optimizer_sender)),
                AsyncCheckpointer::new(PassOn(schedule_sender)),
                Box::new(Always),
            ),
            model,
            optimizer,
            schedule,
        }
    }

    pub fn records(
        &mut self,
        learner: &Learner<M>,
        store: &EventStoreClient,
    ) -> Result<(ModuleRecord, OptimizerRecord, LrSchedulerRecord)> {
        self.checkpointer.checkpoint(learner, 0, store);
        let ended = "a thread of Burn's checkpointers has ended";
        Ok((
            self.model.recv().context(ended)?,
            self.optimizer.recv().context(ended)?,
            self.schedule.recv().context(ended)?,
        ))
    }
}

struct Always;

impl CheckpointingStrategy for Always {
    fn checkpointing(&mut self, _: usize, _: &EventStoreClient) -> Vec<CheckpointingAction> {
        vec![CheckpointingAction::Save]
    }
}

struct PassOn<R>(Sender<R>);

impl<R: Checkpoint> Checkpointer<R> for PassOn<R> {
    fn save(&self, _epoch: usize, record: R) -> Result<(), CheckpointerError> {
        let sent = self.0.send(record);
        sent.map_err(|error| CheckpointerError::Unknown(error.to_string()))
    }

    fn delete(&self, _epoch: usize) -> Result<(), CheckpointerError> {
        Ok(())
    }

    fn restore(&self, _epoch: usize) -> Result<R, CheckpointerError> {
        Err(CheckpointerError::Unknown("nothing is kept here".into()))
    }
}

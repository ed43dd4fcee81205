//! One batch: its loss, its gradients, its counts.

use burn::module::Module;
use burn::optim::lr_scheduler::module_lr_scheduler::ModuleLearningRate;
use burn::optim::{GradientsParams, ModuleOptimizer};
use burn::tensor::{ExecutionError, Int, Tensor, TensorData, Transaction};
use burn::train::metric::ItemLazy;
use burn::train::{InferenceStep, TrainOutput, TrainStep};
use cipher_data::Batch;
use cipher_model::{CipherModel, Score, clip_by_global_norm};

use super::snapshot::Snapshot;
use super::totals::StepCounts;
use crate::ranks::Ranks;

/// A model as Burn's Learner trains it.
#[derive(Module, Debug)]
pub struct TrainableModel {
    /// The model.
    pub model: CipherModel,
    #[module(skip)]
    max_gradient_norm: f64,
    #[module(skip)]
    ranks: Ranks,
    #[module(skip)]
    snapshot: Snapshot,
}

impl TrainableModel {
    pub fn new(
        model: CipherModel,
        max_gradient_norm: f64,
        ranks: Ranks,
        snapshot: Snapshot,
    ) -> Self {
        Self {
            model,
            max_gradient_norm,
            ranks,
            snapshot,
        }
    }
}

impl TrainStep for TrainableModel {
    type Input = Batch;
    type Output = StepOutput;

    fn step(&self, batch: Batch) -> TrainOutput<StepOutput> {
        let mut output = StepOutput::of(&self.model, batch);
        let gradients = GradientsParams::from_grads(output.loss.backward(), self);
        let gradients = self.ranks.sum_gradients(self, gradients, output.weight);
        let (grads, norm) = clip_by_global_norm(self, gradients, self.max_gradient_norm);
        output.gradient_norm = norm;
        output.loss = output.loss.inner(); // frees the graph that the backward pass needed
        TrainOutput {
            grads,
            item: output,
        }
    }

    fn optimize(
        self,
        optimizer: &mut ModuleOptimizer,
        learning_rate: ModuleLearningRate,
        gradients: GradientsParams,
    ) -> Self {
        if self.snapshot.take_if_requested(optimizer) {
            return self;
        }
        optimizer.step(learning_rate, self, gradients)
    }
}

impl InferenceStep for TrainableModel {
    type Input = Batch;
    type Output = StepOutput;

    fn step(&self, batch: Batch) -> StepOutput {
        StepOutput::of(&self.model, batch)
    }
}

/// The results of a batch, still on the device.
pub struct StepOutput {
    loss: Tensor<1>,
    /// Wrong symbols and wrong messages, `[2]`.
    wrong: Tensor<1, Int>,
    gradient_norm: Option<Tensor<1>>,
    n_symbols: usize,
    n_messages: usize,
    /// The part of a batch that ranks share, from 0 to 1.
    weight: f64,
}

impl StepOutput {
    /// The results of a batch without gradients.
    pub fn of(model: &CipherModel, batch: Batch) -> Self {
        let loss = model.loss(batch.ciphertext, batch.plaintext, &batch.lengths);
        Self {
            loss: loss.mean,
            wrong: loss.wrong,
            gradient_norm: None,
            n_symbols: batch.n_symbols,
            n_messages: batch.lengths.len(),
            weight: batch.weight,
        }
    }

    /// Waits for the device and reads the numbers.
    ///
    /// # Errors
    ///
    /// When the device fails.
    pub fn read(self) -> Result<StepCounts, ExecutionError> {
        let transaction = Transaction::default()
            .register(self.loss)
            .register(self.wrong);
        let read = match self.gradient_norm {
            Some(norm) => transaction.register(norm),
            None => transaction,
        }
        .try_execute()?;
        let [loss, wrong, norm @ ..] = read.as_slice() else {
            return Err(ExecutionError::with_context("two tensors were read"));
        };
        let number = |data: &TensorData| data.iter::<f64>().next();
        let mut wrong = wrong.iter::<i64>().map(|count| count as usize);
        Ok(StepCounts {
            weight: self.weight,
            loss: number(loss).unwrap_or(f64::NAN),
            gradient_norm: norm.first().and_then(number).unwrap_or(0.0),
            score: Score {
                n_symbols: self.n_symbols,
                wrong_symbols: wrong.next().unwrap_or_default(),
                n_messages: self.n_messages,
                wrong_messages: wrong.next().unwrap_or_default(),
            },
        })
    }
}

/// Burn asks that a step's output can be read later; ours is read with [`StepOutput::read`].
impl ItemLazy for StepOutput {
    fn sync(self) -> Result<Self, ExecutionError> {
        Ok(self)
    }
}

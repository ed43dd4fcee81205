//! Burn's Learner trains our model.

use std::sync::Arc;

use book::{Lines, N_SYMBOLS, Result, batches};
use burn::module::Module;
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{ExecutionError, Tensor};
use burn::train::logger::InMemoryMetricLogger;
use burn::train::metric::{Adaptor, ItemLazy, LossInput, LossMetric};
use burn::train::{InferenceStep, Learner, SupervisedTraining, TrainOutput, TrainStep};
use cipher_data::{Batch, Caesar, Split};
use cipher_model::{Backend, CipherModel, CipherModelConfig};

// ANCHOR: steps
/// A model that says what its steps are.
#[derive(Module, Debug)]
struct Trainee {
    model: CipherModel,
}

/// What a step tells the metrics.
struct Told {
    loss: Tensor<1>,
}

impl TrainStep for Trainee {
    type Input = Batch;
    type Output = Told;

    fn step(&self, batch: Batch) -> TrainOutput<Told> {
        let loss = self
            .model
            .loss(batch.ciphertext, batch.plaintext, &batch.lengths)
            .mean;
        let gradients = GradientsParams::from_grads(loss.backward(), self);
        TrainOutput {
            grads: gradients,
            item: Told { loss: loss.inner() },
        }
    }
}

impl InferenceStep for Trainee {
    type Input = Batch;
    type Output = Told;

    fn step(&self, batch: Batch) -> Told {
        let loss = self
            .model
            .loss(batch.ciphertext, batch.plaintext, &batch.lengths)
            .mean;
        Told { loss }
    }
}

impl ItemLazy for Told {
    fn sync(self) -> Result<Self, ExecutionError> {
        Ok(self)
    }
}

impl Adaptor<LossInput> for Told {
    fn adapt(&self) -> LossInput {
        LossInput::new(self.loss.clone())
    }
}
// ANCHOR_END: steps

// ANCHOR: main
fn main() -> Result<()> {
    let device = Backend::default().open()?;
    let training_device = device.clone().autodiff();
    let caesar = || Caesar::new(N_SYMBOLS, 13);
    let training = batches(caesar(), (32, 32), Split::Training, 2560, &training_device)?;
    let held_out = || batches(caesar(), (32, 32), Split::HeldOut, 320, &device);

    let model = CipherModelConfig::default().init(N_SYMBOLS, N_SYMBOLS, 1, &training_device)?;
    let optimizer = AdamConfig::new().with_epsilon(1e-8).init();
    let learner = Learner::new(Trainee { model }, optimizer, 0.005);
    let result = SupervisedTraining::new("", Arc::new(training), Arc::new(held_out()?))
        .num_epochs(3)
        .metric_valid_numeric(LossMetric::new())
        .renderer(Box::new(Lines::default()))
        .with_metric_logger(InMemoryMetricLogger::new()) // Burn's default writes files
        .with_application_logger(None) // and this one a log
        .launch(learner);

    let score = result.model.model.evaluate(&held_out()?)?;
    println!(
        "{:.0} % of {} characters are right",
        100.0 * score.character_accuracy(),
        score.n_symbols
    );
    Ok(())
}
// ANCHOR_END: main

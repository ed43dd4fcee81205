//! One step of training and one of validation, as Burn's Learner wants them.

use std::sync::Once;

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::tensor::{ExecutionError, Int, Tensor, TensorData, Transaction};
use burn::train::metric::{Adaptor, ItemLazy};
use burn::train::{InferenceStep, TrainOutput, TrainStep};
use cipher_data::Batch;
use cipher_model::{CipherModel, Loss};

use super::sums::Sums;
use crate::say;

/// A model in training.
#[derive(Module, Debug)]
pub struct Trainee {
    model: CipherModel,
    #[module(skip)]
    max_gradient_norm: f64,
}

impl Trainee {
    pub fn new(model: CipherModel, max_gradient_norm: f64) -> Self {
        Self {
            model,
            max_gradient_norm,
        }
    }

    pub fn into_model(self) -> CipherModel {
        self.model
    }

    pub fn model(&self) -> &CipherModel {
        &self.model
    }

    fn read(&self, batch: Batch) -> (Loss, StepValues) {
        self.tell_path(&batch);
        let values = StepValues {
            n_symbols: batch.n_symbols,
            n_messages: batch.lengths.len(),
            ..StepValues::default()
        };
        let loss = self
            .model
            .loss(batch.ciphertext, batch.plaintext, &batch.lengths);
        (loss, values)
    }
}

impl Trainee {
    /// Which version of the LSTM this process trains with, once.
    fn tell_path(&self, batch: &Batch) {
        static TOLD: Once = Once::new();
        if say::is_verbose() {
            let path = self.model.lstm_path(&batch.ciphertext);
            TOLD.call_once(|| say::verbose(format!("lstm: {path}")));
        }
    }
}

impl TrainStep for Trainee {
    type Input = Batch;
    type Output = StepOutput;

    fn step(&self, batch: Batch) -> TrainOutput<StepOutput> {
        let (loss, values) = self.read(batch);
        let gradients = GradientsParams::from_grads(loss.mean.backward(), self);
        let (grads, norm) = clip_by_global_norm(self, gradients, self.max_gradient_norm);
        TrainOutput {
            grads,
            item: StepOutput {
                // Lets go of the graph that the backward pass needed.
                pending: Some(Pending {
                    loss: loss.mean.inner(),
                    wrong: loss.wrong,
                    norm,
                }),
                values,
            },
        }
    }
}

impl InferenceStep for Trainee {
    type Input = Batch;
    type Output = StepOutput;

    fn step(&self, batch: Batch) -> StepOutput {
        let (loss, values) = self.read(batch);
        StepOutput {
            pending: Some(Pending {
                loss: loss.mean,
                wrong: loss.wrong,
                norm: None,
            }),
            values,
        }
    }
}

/// What a step tells.
pub struct StepOutput {
    /// What is still on the device, until [`ItemLazy::sync`].
    pending: Option<Pending>,
    pub values: StepValues,
}

struct Pending {
    loss: Tensor<1>,
    /// Symbols and messages.
    wrong: Tensor<1, Int>,
    /// Of the gradients before they were scaled down.
    norm: Option<Tensor<1>>,
}

/// What a step tells, on the host.
#[derive(Debug, Clone, Copy, Default)]
pub struct StepValues {
    /// Mean over the symbols, in nats.
    pub loss: f64,
    pub n_symbols: usize,
    pub wrong_symbols: usize,
    pub n_messages: usize,
    pub wrong_messages: usize,
    /// Of the gradients before they were scaled down; 0 where there are none.
    pub gradient_norm: f64,
    /// Of the steps before it in the epoch, which this process may not have taken.
    pub before: Sums,
}

impl ItemLazy for StepOutput {
    fn sync(mut self) -> Result<Self, ExecutionError> {
        let Some(Pending { loss, wrong, norm }) = self.pending.take() else {
            return Ok(self);
        };
        let transaction = Transaction::default().register(loss).register(wrong);
        let read = match norm {
            Some(norm) => transaction.register(norm),
            None => transaction,
        }
        .try_execute()?;
        let [loss, wrong, norm @ ..] = read.as_slice() else {
            return Err(ExecutionError::with_context("two tensors were read"));
        };
        let number = |data: &TensorData| data.iter::<f64>().next();
        self.values.loss = number(loss).unwrap_or(f64::NAN);
        self.values.gradient_norm = norm.first().and_then(number).unwrap_or(0.0);
        let mut wrong = wrong.iter::<i64>().map(|count| count as usize);
        self.values.wrong_symbols = wrong.next().unwrap_or_default();
        self.values.wrong_messages = wrong.next().unwrap_or_default();
        Ok(self)
    }
}

impl Adaptor<StepValues> for StepOutput {
    fn adapt(&self) -> StepValues {
        self.values
    }
}

/// Scales all gradients by the same number so that, taken as one vector, they are no longer than
/// `max_norm` (Pascanu, Mikolov and Bengio, 2013). The length that they had comes with them;
/// nothing is read back from the device.
fn clip_by_global_norm(
    module: &Trainee,
    mut gradients: GradientsParams,
    max_norm: f64,
) -> (GradientsParams, Option<Tensor<1>>) {
    let mut squares = SumOfSquares {
        gradients: &gradients,
        sum: None,
    };
    module.visit(&mut squares);
    let Some(sum) = squares.sum else {
        return (gradients, None);
    };
    let norm = sum.sqrt(); // [1]
    // 1e-6 as in PyTorch's clip_grad_norm_.
    let scale = (norm.clone() + 1e-6)
        .recip()
        .mul_scalar(max_norm)
        .clamp_max(1.0);
    module.visit(&mut Scale {
        gradients: &mut gradients,
        scale,
    });
    (gradients, Some(norm))
}

struct SumOfSquares<'a> {
    gradients: &'a GradientsParams,
    sum: Option<Tensor<1>>,
}

impl ModuleVisitor for SumOfSquares<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Some(gradient) = self.gradients.get::<D>(param.id) {
            let square = (gradient.clone() * gradient).sum();
            self.sum = Some(match self.sum.take() {
                Some(sum) => sum + square,
                None => square,
            });
        }
    }
}

struct Scale<'a> {
    gradients: &'a mut GradientsParams,
    scale: Tensor<1>,
}

impl ModuleVisitor for Scale<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Some(gradient) = self.gradients.remove::<D>(param.id) {
            let scaled = gradient * self.scale.clone().unsqueeze();
            self.gradients.register(param.id, scaled);
        }
    }
}

#[cfg(test)]
mod tests {
    use cipher_model::{Backend, CipherModelConfig};

    use super::*;

    struct Values<'a> {
        gradients: &'a GradientsParams,
        values: Vec<f32>,
    }

    impl ModuleVisitor for Values<'_> {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            let gradient = self.gradients.get::<D>(param.id).unwrap();
            self.values.extend(gradient.into_data().iter::<f32>());
        }
    }

    /// All gradients of one step, one behind the other.
    fn gradients(max_gradient_norm: f64) -> Vec<f32> {
        let device = Backend::NdArray.open().unwrap().autodiff();
        let model = CipherModelConfig::default().init(5, 5, 1, &device).unwrap();
        let ids = TensorData::new((0..12).map(|i| i % 5).collect::<Vec<i64>>(), [3, 4]);
        let ids = Tensor::<2, Int>::from_data(ids, &device);
        let batch = Batch {
            ciphertext: ids.clone(),
            plaintext: ids,
            lengths: vec![4; 3],
            n_symbols: 12,
        };
        let trainee = Trainee::new(model, max_gradient_norm);
        let output = TrainStep::step(&trainee, batch);
        let mut values = Values {
            gradients: &output.grads,
            values: Vec::new(),
        };
        trainee.visit(&mut values);
        values.values
    }

    fn norm(values: &[f32]) -> f32 {
        values.iter().map(|value| value * value).sum::<f32>().sqrt()
    }

    #[test]
    fn clipping_shortens_all_gradients_together_and_keeps_their_direction() {
        let free = gradients(1e9);
        let clipped = gradients(0.01);
        assert!(norm(&free) > 0.1, "{}", norm(&free));
        assert!((norm(&clipped) - 0.01).abs() < 1e-5, "{}", norm(&clipped));
        let factor = 0.01 / norm(&free);
        for (free, clipped) in free.iter().zip(&clipped) {
            assert!(
                (clipped - free * factor).abs() < 1e-6,
                "{clipped} of {free}"
            );
        }
    }
}

//! One step of training and one of validation, as Burn's Learner wants them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::tensor::{ExecutionError, Int, Tensor, Transaction};
use burn::train::metric::{Adaptor, ItemLazy};
use burn::train::{InferenceStep, TrainOutput, TrainStep};
use cipher_data::Batch;
use cipher_model::CipherModel;

/// A model in training.
#[derive(Module, Debug)]
pub struct Trainee {
    model: CipherModel,
    #[module(skip)]
    max_gradient_norm: f64,
    /// Trained on so far, padding not counted.
    #[module(skip)]
    n_characters: Arc<AtomicUsize>,
}

impl Trainee {
    pub fn new(model: CipherModel, max_gradient_norm: f64) -> Self {
        Self {
            model,
            max_gradient_norm,
            n_characters: Arc::default(),
        }
    }

    /// The count of the characters trained on, which goes on counting.
    pub fn n_characters(&self) -> Arc<AtomicUsize> {
        self.n_characters.clone()
    }

    pub fn into_model(self) -> CipherModel {
        self.model
    }

    fn read(&self, batch: Batch) -> StepOutput {
        let loss = self
            .model
            .loss(batch.ciphertext, batch.plaintext, &batch.lengths);
        StepOutput {
            loss: loss.mean,
            wrong: loss.wrong,
            values: StepValues {
                n_symbols: batch.n_symbols,
                n_messages: batch.lengths.len(),
                ..StepValues::default()
            },
        }
    }
}

impl TrainStep for Trainee {
    type Input = Batch;
    type Output = StepOutput;

    fn step(&self, batch: Batch) -> TrainOutput<StepOutput> {
        self.n_characters
            .fetch_add(batch.n_symbols, Ordering::Relaxed);
        let output = self.read(batch);
        let gradients = GradientsParams::from_grads(output.loss.backward(), self);
        TrainOutput {
            grads: clip_by_global_norm(self, gradients, self.max_gradient_norm),
            item: output.detach(),
        }
    }
}

impl InferenceStep for Trainee {
    type Input = Batch;
    type Output = StepOutput;

    fn step(&self, batch: Batch) -> StepOutput {
        self.read(batch)
    }
}

/// What a step tells the metrics: still on the device until [`ItemLazy::sync`].
pub struct StepOutput {
    loss: Tensor<1>,
    wrong: Tensor<1, Int>,
    values: StepValues,
}

/// The same on the host.
#[derive(Debug, Clone, Copy, Default)]
pub struct StepValues {
    /// Mean over the symbols, in nats.
    pub loss: f64,
    pub n_symbols: usize,
    pub wrong_symbols: usize,
    pub n_messages: usize,
    pub wrong_messages: usize,
}

impl StepOutput {
    /// Lets go of the graph that the backward pass needed.
    fn detach(self) -> Self {
        Self {
            loss: self.loss.inner(),
            ..self
        }
    }
}

impl ItemLazy for StepOutput {
    fn sync(mut self) -> Result<Self, ExecutionError> {
        let read = Transaction::default()
            .register(self.loss.clone())
            .register(self.wrong.clone())
            .try_execute()?;
        let [loss, wrong] = read.as_slice() else {
            return Err(ExecutionError::with_context("two tensors were read"));
        };
        self.values.loss = loss.iter::<f64>().next().unwrap_or(f64::NAN);
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
/// `max_norm` (Pascanu, Mikolov and Bengio, 2013). Nothing is read back from the device.
fn clip_by_global_norm(
    module: &Trainee,
    mut gradients: GradientsParams,
    max_norm: f64,
) -> GradientsParams {
    let mut squares = SumOfSquares {
        gradients: &gradients,
        sum: None,
    };
    module.visit(&mut squares);
    let Some(sum) = squares.sum else {
        return gradients;
    };
    let norm = sum.sqrt(); // [1]
    // 1e-6 as in PyTorch's clip_grad_norm_.
    let scale = (norm + 1e-6).recip().mul_scalar(max_norm).clamp_max(1.0);
    module.visit(&mut Scale {
        gradients: &mut gradients,
        scale,
    });
    gradients
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
    use burn::tensor::TensorData;
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

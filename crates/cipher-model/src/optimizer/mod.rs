//! AdamW, and the clipping of gradients before it. On a CPU each is one pass over the numbers; on
//! other devices both are Burn's own operations.

mod clipping;
mod cpu;
mod op;

pub use clipping::clip_by_global_norm;

use burn::optim::{AdamWConfig, AdamWState, AdaptiveMomentumState, LearningRate, Optimizer};
use burn::tensor::{Device, Tensor};

use cpu::Rates;

const BETA_1: f32 = 0.9;
const BETA_2: f32 = 0.999;
/// PyTorch's; Burn's default is 1e-5.
const EPSILON: f32 = 1e-8;

/// AdamW (Loshchilov and Hutter, *Decoupled weight decay regularization*, 2019) with PyTorch's
/// defaults: `beta_1` 0.9, `beta_2` 0.999, `epsilon` 1e-8.
///
/// It calculates what Burn's [`AdamW`](burn::optim::AdamW) does and keeps the same state, so either
/// can continue from a record of the other. `AdamW::new(0.01).into()` is a
/// [`ModuleOptimizer`](burn::optim::ModuleOptimizer).
#[derive(Clone)]
pub struct AdamW {
    weight_decay: f32,
    /// For devices other than a CPU.
    reference: burn::optim::AdamW,
}

impl AdamW {
    /// `weight_decay` is the fraction of each weight that a step at learning rate 1 would take away.
    pub fn new(weight_decay: f32) -> Self {
        let config = AdamWConfig::new()
            .with_beta_1(BETA_1)
            .with_beta_2(BETA_2)
            .with_epsilon(EPSILON)
            .with_weight_decay(weight_decay);
        Self {
            weight_decay,
            reference: config.build(),
        }
    }

    fn rates(&self, learning_rate: LearningRate, time: usize) -> Rates {
        let decay = learning_rate * f64::from(self.weight_decay);
        Rates {
            learning_rate: learning_rate as f32,
            kept: (1.0 - decay) as f32,
            beta_1: BETA_1,
            beta_2: BETA_2,
            correction_1: 1.0 - BETA_1.powi(time as i32),
            correction_2: 1.0 - BETA_2.powi(time as i32),
            epsilon: EPSILON,
        }
    }
}

impl Optimizer for AdamW {
    type State<const D: usize> = AdamWState<D>;

    fn step<const D: usize>(
        &self,
        learning_rate: LearningRate,
        weights: Tensor<D>,
        grad: Tensor<D>,
        state: Option<AdamWState<D>>,
    ) -> (Tensor<D>, Option<AdamWState<D>>) {
        if !op::is_fused(&weights) {
            return self.reference.step(learning_rate, weights, grad, state);
        }
        let state = state.map_or_else(
            || {
                let zeros = Tensor::zeros(weights.dims(), &weights.device());
                AdaptiveMomentumState::new(0, zeros.clone(), zeros)
            },
            |state| state.momentum,
        );
        let time = state.time + 1;
        let moments = [state.moment_1, state.moment_2];
        let rates = self.rates(learning_rate, time);
        let (weights, [moment_1, moment_2]) = op::adamw(weights, grad, moments, rates);
        let momentum = AdaptiveMomentumState::new(time, moment_1, moment_2);
        (weights, Some(AdamWState::new(momentum)))
    }

    fn to_device<const D: usize>(state: AdamWState<D>, device: &Device) -> AdamWState<D> {
        <burn::optim::AdamW as Optimizer>::to_device(state, device)
    }
}

#[cfg(test)]
mod tests {
    use burn::module::{Module, ModuleVisitor, Param};
    use burn::optim::{GradientsParams, ModuleOptimizer};
    use burn::tensor::{Int, TensorData};

    use super::*;
    use crate::{Backend, CipherModel, CipherModelConfig};

    fn gradients(model: &CipherModel, step: i64, device: &Device) -> GradientsParams {
        let ids = (0..12).map(|i| (i * i + step) % 5).collect::<Vec<i64>>();
        let ids = Tensor::<2, Int>::from_data(TensorData::new(ids, [3, 4]), device);
        let loss = model.loss(ids.clone(), ids, &[4, 3, 4]);
        GradientsParams::from_grads(loss.mean.backward(), model)
    }

    fn weights(model: &CipherModel) -> Vec<f32> {
        let mut values = Vec::new();
        model.visit(&mut Values(&mut values));
        values
    }

    struct Values<'a>(&'a mut Vec<f32>);

    impl ModuleVisitor for Values<'_> {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            self.0.extend(param.val().into_data().iter::<f32>());
        }
    }

    /// Trains with one optimizer, then lets another continue from its record.
    fn train(first: ModuleOptimizer, second: ModuleOptimizer, device: &Device) -> Vec<f32> {
        let device = device.clone().autodiff();
        let mut model = CipherModelConfig::default().init(5, 5, 1, &device).unwrap();
        let mut optimizer = first;
        let mut second = Some(second);
        for step in 0..20 {
            if step == 10 {
                let record = optimizer.to_record();
                optimizer = second.take().unwrap().load_record(record);
            }
            let grads = gradients(&model, step, &device);
            model = optimizer.step(0.01 / (1 + step) as f64, model, grads);
        }
        weights(&model)
    }

    #[test]
    fn the_one_pass_takes_the_steps_of_burns_adamw_and_either_continues_the_other() {
        let burns = || {
            let config = AdamWConfig::new().with_epsilon(1e-8).with_weight_decay(0.1);
            ModuleOptimizer::from(config.build())
        };
        let ours = || ModuleOptimizer::from(AdamW::new(0.1));
        for backend in [Backend::NdArray, Backend::Flex] {
            let Ok(device) = backend.open() else { continue };
            let expected = train(burns(), burns(), &device);
            for found in [
                train(ours(), ours(), &device),
                train(burns(), ours(), &device),
                train(ours(), burns(), &device),
            ] {
                for (found, expected) in found.iter().zip(&expected) {
                    assert!((found - expected).abs() < 1e-6, "{found}, not {expected}");
                }
            }
        }
    }
}

//! Gradient clipping by global norm (Pascanu, Mikolov and Bengio, *On the difficulty of training
//! recurrent neural networks*, 2013): an LSTM's gradients can explode.

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::tensor::Tensor;

use super::op;

/// Scales all gradients by one number so that, taken as one vector, they are at most `max_norm`
/// long. Returns them and the norm that they had, `[1]`, which stays on the device; `None` for a
/// module without gradients.
pub fn clip_by_global_norm<M: Module>(
    module: &M,
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
    let factor = (norm.clone() + 1e-6)
        .recip()
        .mul_scalar(max_norm)
        .clamp_max(1.0);
    module.visit(&mut Scale {
        gradients: &mut gradients,
        number: op::is_fused(&factor).then(|| factor.clone().into_scalar()),
        factor,
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
            let square = if op::is_fused(&gradient) {
                op::sum_of_squares(gradient)
            } else {
                (gradient.clone() * gradient).sum()
            };
            self.sum = Some(match self.sum.take() {
                Some(sum) => sum + square,
                None => square,
            });
        }
    }
}

struct Scale<'a> {
    gradients: &'a mut GradientsParams,
    /// What the gradients are multiplied by, `[1]`.
    factor: Tensor<1>,
    /// The same, where reading it does not make a device wait.
    number: Option<f32>,
}

impl ModuleVisitor for Scale<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if self.number == Some(1.0) {
            return;
        }
        if let Some(gradient) = self.gradients.remove::<D>(param.id) {
            let scaled = match self.number {
                Some(number) => op::scaled(gradient, number),
                None => gradient * self.factor.clone().unsqueeze(),
            };
            self.gradients.register(param.id, scaled);
        }
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Int, TensorData};

    use super::*;
    use crate::{Backend, CipherModelConfig};

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

    /// The clipped gradients of one batch, in one list.
    fn gradients(max_norm: f64) -> Vec<f32> {
        let device = Backend::default().open().unwrap().autodiff();
        let model = CipherModelConfig::default().init(5, 5, 1, &device).unwrap();
        let ids = TensorData::new((0..12).map(|i| i % 5).collect::<Vec<i64>>(), [3, 4]);
        let ids = Tensor::<2, Int>::from_data(ids, &device);
        let loss = model.loss(ids.clone(), ids, &[4; 3]);
        let gradients = GradientsParams::from_grads(loss.mean.backward(), &model);
        let (gradients, _) = clip_by_global_norm(&model, gradients, max_norm);
        let mut values = Values {
            gradients: &gradients,
            values: Vec::new(),
        };
        model.visit(&mut values);
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

//! Adam by hand, and the same updates by Burn.

use book::{Result, numbers};
use burn::module::{Module, Param};
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::Tensor;
use cipher_model::Backend;

// ANCHOR: adam
const BETA_1: f32 = 0.9;
const BETA_2: f32 = 0.999;
const EPSILON: f32 = 1e-8;

/// One weight, and what Adam remembers of its gradients.
struct Weight {
    value: f32,
    mean: f32,
    mean_of_squares: f32,
}

impl Weight {
    /// Update number t, from 1.
    fn update(&mut self, grad: f32, t: i32, learning_rate: f32) {
        self.mean = BETA_1 * self.mean + (1.0 - BETA_1) * grad;
        self.mean_of_squares = BETA_2 * self.mean_of_squares + (1.0 - BETA_2) * grad * grad;
        // Both began at 0. This removes what is left of that.
        let mean = self.mean / (1.0 - BETA_1.powi(t));
        let mean_of_squares = self.mean_of_squares / (1.0 - BETA_2.powi(t));
        self.value -= learning_rate * mean / (mean_of_squares.sqrt() + EPSILON);
    }
}
// ANCHOR_END: adam

#[derive(Module, Debug)]
struct TwoWeights {
    weights: Param<Tensor<1>>,
}

// ANCHOR: main
fn main() -> Result<()> {
    let device = Backend::default().open()?.autodiff();
    let initial = Tensor::<1>::from_data([1.0, 1.0], &device);
    let mut model = TwoWeights {
        weights: Param::from_tensor(initial),
    };
    let mut optimizer = AdamConfig::new().with_epsilon(EPSILON).init();
    let new = || Weight {
        value: 1.0,
        mean: 0.0,
        mean_of_squares: 0.0,
    };
    let mut by_hand = [new(), new()];

    println!("update   gradients           by hand               Burn");
    for t in 1..=4 {
        // The loss is 1000 a^2 + 0.001 b^2: gradients of very different size.
        let scales = Tensor::<1>::from_data([1000.0, 0.001], &device);
        let loss = (model.weights.val().square() * scales).sum();
        let gradients = GradientsParams::from_grads(loss.backward(), &model);
        model = optimizer.step(0.1, model, gradients);
        let grads = [2000.0 * by_hand[0].value, 0.002 * by_hand[1].value];
        for (weight, grad) in by_hand.iter_mut().zip(grads) {
            weight.update(grad, t, 0.1);
        }
        let values = by_hand.each_ref().map(|weight| weight.value);
        let burn = numbers(model.weights.val());
        println!("{t:6}   {grads:8.4?}   {values:.4?}   {burn:.4?}");
    }
    Ok(())
}
// ANCHOR_END: main

//! What must hold for any weights: padding changes nothing, gradients are slopes, and a message
//! read in two parts is the message read at once.

mod common;

use burn::module::Module;
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Device, Tensor};
use cipher_model::{CipherModel, CipherModelConfig, count_wrong, masked_cross_entropy};

use common::{assert_close, devices, ids, values};

const N_SYMBOLS: usize = 7;
const PADDING: i64 = N_SYMBOLS as i64;

fn model(n_layers: usize, bidirectional: bool, device: &Device) -> CipherModel {
    let config = CipherModelConfig {
        d_embedding: 5,
        d_hidden: 6,
        n_layers,
        bidirectional,
        ..CipherModelConfig::default()
    };
    config.init(N_SYMBOLS, N_SYMBOLS, 3, device).unwrap()
}

/// Messages of these lengths, with ids that differ from place to place.
fn messages(lengths: &[usize]) -> Vec<Vec<i64>> {
    let message = |(row, &length): (usize, &usize)| {
        (0..length)
            .map(|t| ((row * 3 + t * t + t) % N_SYMBOLS) as i64)
            .collect()
    };
    lengths.iter().enumerate().map(message).collect()
}

fn shapes() -> [(usize, bool); 4] {
    [(1, false), (2, false), (1, true), (2, true)]
}

fn embedding_gradient(model: &CipherModel, loss: Tensor<1>) -> Vec<f32> {
    let gradients = loss.backward();
    values(model.embedding.weight.val().grad(&gradients).unwrap())
}

#[test]
fn a_message_gives_the_same_alone_as_in_any_batch() {
    for (_, device) in devices() {
        let device = device.autodiff();
        for (n_layers, bidirectional) in shapes() {
            let model = model(n_layers, bidirectional, &device);
            let batch = messages(&[4, 9, 1]);
            let lengths = [4, 9, 1];
            let together = model.forward(ids(&batch, PADDING, &device), &lengths);
            for (row, message) in batch.iter().enumerate() {
                let length = message.len();
                let one = std::slice::from_ref(message);
                let alone = model.forward(ids(one, PADDING, &device), &[length]);
                let [_, _, n_symbols] = alone.dims();
                let in_batch = together
                    .clone()
                    .slice([row..row + 1, 0..length, 0..n_symbols]);
                assert_close(&values(in_batch), &values(alone), 1e-6, "scores");
            }
        }
    }
}

#[test]
fn more_padding_changes_neither_loss_nor_gradient_nor_counts() {
    for (_, device) in devices() {
        let device = device.autodiff();
        for (n_layers, bidirectional) in shapes() {
            let model = model(n_layers, bidirectional, &device);
            let lengths = [4, 6];
            let run = |extra: usize| {
                let mut rows = messages(&lengths);
                rows.push(vec![PADDING; 6 + extra]);
                let padded = ids(&rows, PADDING, &device);
                let scores = model.forward(padded.clone(), &[4, 6, 0]);
                let wrong = count_wrong(scores.clone(), padded.clone());
                let loss = masked_cross_entropy(scores, padded);
                let wrong: Vec<i64> = wrong.into_data().iter().collect();
                (
                    values(loss.clone()),
                    embedding_gradient(&model, loss),
                    wrong,
                )
            };
            let (loss, gradient, wrong) = run(0);
            let (loss_padded, gradient_padded, wrong_padded) = run(5);
            assert_close(&loss_padded, &loss, 1e-6, "loss");
            assert_close(&gradient_padded, &gradient, 1e-6, "gradient");
            assert_eq!(wrong_padded, wrong);
        }
    }
}

#[test]
fn a_batch_of_nothing_but_padding_has_loss_0_and_no_wrong_symbol() {
    for (_, device) in devices() {
        let model = model(1, false, &device);
        let padding = ids(&[vec![PADDING; 3]], PADDING, &device);
        let scores = model.forward(padding.clone(), &[0]);
        assert_eq!(
            values(masked_cross_entropy(scores.clone(), padding.clone())),
            [0.0]
        );
        let wrong: Vec<i64> = count_wrong(scores, padding).into_data().iter().collect();
        assert_eq!(wrong, [0, 0]);
    }
}

#[test]
fn a_message_read_in_two_parts_is_the_message_read_at_once() {
    for (_, device) in devices() {
        let model = model(2, false, &device);
        let whole = ids(&messages(&[8, 8]), PADDING, &device);
        let at_once = model.forward(whole.clone(), &[8, 8]);
        let (first, state) = model.forward_from(whole.clone().narrow(1, 0, 3), &[3, 3], None);
        let (second, _) = model.forward_from(whole.narrow(1, 3, 5), &[5, 5], Some(state));
        let in_parts = Tensor::cat(vec![first, second], 1);
        assert_close(&values(in_parts), &values(at_once), 1e-6, "scores");
    }
}

/// The slope of the loss along a direction, by the gradient and by central differences.
#[test]
fn gradients_are_the_slopes_that_finite_differences_find() {
    const STEP: f32 = 1e-2;
    for (_, device) in devices() {
        let device = device.autodiff();
        for (n_layers, bidirectional) in shapes() {
            let model = model(n_layers, bidirectional, &device);
            let lengths = [4, 9, 1];
            let rows = messages(&lengths);
            let loss = |model: &CipherModel| {
                let batch = ids(&rows, PADDING, &device);
                masked_cross_entropy(model.forward(batch.clone(), &lengths), batch)
            };
            let gradients = loss(&model).backward();
            let layer = &model.lstm.layers[n_layers - 1];
            let direction = layer.backward.as_ref().unwrap_or(&layer.forward);
            let weights = direction.hidden_weights.val();
            let gradient = weights.grad(&gradients).unwrap();
            let along = gradient.clone() / gradient.clone().powi_scalar(2).sum().sqrt().unsqueeze();
            let slope = values((gradient * along.clone()).sum())[0];

            let moved = |step: f32| {
                let mut model = model.clone();
                let layer = &mut model.lstm.layers[n_layers - 1];
                let direction = layer.backward.as_mut().unwrap_or(&mut layer.forward);
                let along = Tensor::from_inner(along.clone());
                direction.hidden_weights = direction
                    .hidden_weights
                    .clone()
                    .map(|weights| weights + along.mul_scalar(step));
                values(loss(&model))[0]
            };
            let difference = (moved(STEP) - moved(-STEP)) / (2.0 * STEP);
            assert_close(&[difference], &[slope], 1e-4, "slope");
            assert!(slope > 1e-3, "a slope of {slope} tests nothing");
        }
    }
}

#[test]
fn training_on_one_batch_learns_it_by_heart() {
    for (_, device) in devices() {
        let device = device.autodiff();
        for (n_layers, bidirectional) in [(1, false), (2, true)] {
            let mut model = model(n_layers, bidirectional, &device);
            let mut optimizer = AdamConfig::new().with_epsilon(1e-8).init();
            let lengths = [5, 3, 5];
            let ciphertext = ids(&messages(&lengths), PADDING, &device);
            let plaintext = messages(&lengths).into_iter();
            let plaintext = plaintext.map(|row| row.iter().map(|id| (id + 2) % PADDING).collect());
            let plaintext = ids(&plaintext.collect::<Vec<_>>(), PADDING, &device);
            for _ in 0..60 {
                let scores = model.forward(ciphertext.clone(), &lengths);
                let loss = masked_cross_entropy(scores, plaintext.clone());
                let gradients = GradientsParams::from_grads(loss.backward(), &model);
                model = optimizer.step(0.05, model, gradients);
            }
            let scores = model.valid().forward(ciphertext.clone().inner(), &lengths);
            let wrong = count_wrong(scores.clone(), plaintext.clone().inner());
            assert_eq!(wrong.into_data().iter::<i64>().collect::<Vec<_>>(), [0, 0]);
            let loss = values(masked_cross_entropy(scores, plaintext.inner()))[0];
            assert!(loss < 0.1, "{loss}");
        }
    }
}

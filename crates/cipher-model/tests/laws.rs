//! What must hold for any weights: padding changes nothing, gradients are slopes, and a message
//! read in two parts is the message read at once.

mod common;

use std::sync::Arc;

use burn::data::dataset::InMemDataset;
use burn::module::Module;
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Device, Tensor};
use cipher_data::{BucketLoader, Dataset, Pair, PairBatcher};
use cipher_model::{
    CipherModel, CipherModelConfig, LstmConfig, Score, count_wrong, masked_cross_entropy,
};

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
                assert_close(&values(in_batch), &values(alone), 1e-6, "logits");
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
                let logits = model.forward(padded.clone(), &[4, 6, 0]);
                let wrong = count_wrong(logits.clone(), padded.clone());
                let loss = masked_cross_entropy(logits, padded);
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
fn a_batch_that_is_all_padding_has_loss_0_and_no_wrong_symbol() {
    for (_, device) in devices() {
        let model = model(1, false, &device);
        let padding = ids(&[vec![PADDING; 3]], PADDING, &device);
        let logits = model.forward(padding.clone(), &[0]);
        assert_eq!(
            values(masked_cross_entropy(logits.clone(), padding.clone())),
            [0.0]
        );
        let wrong: Vec<i64> = count_wrong(logits, padding).into_data().iter().collect();
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
        assert_close(&values(in_parts), &values(at_once), 1e-6, "logits");
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
fn a_model_can_overfit_one_batch() {
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
                let logits = model.forward(ciphertext.clone(), &lengths);
                let loss = masked_cross_entropy(logits, plaintext.clone());
                let gradients = GradientsParams::from_grads(loss.backward(), &model);
                model = optimizer.step(0.05, model, gradients);
            }
            let logits = model.valid().forward(ciphertext.clone().inner(), &lengths);
            let wrong = count_wrong(logits.clone(), plaintext.clone().inner());
            assert_eq!(wrong.into_data().iter::<i64>().collect::<Vec<_>>(), [0, 0]);
            let loss = values(masked_cross_entropy(logits, plaintext.inner()))[0];
            assert!(loss < 0.1, "{loss}");
        }
    }
}

#[test]
fn an_evaluation_counts_what_the_largest_logits_get_wrong() {
    let pairs = |index: usize| {
        let length = 1 + index * 7 % 9;
        let ciphertext = (0..length).map(|t| ((index + t * t) % N_SYMBOLS) as u16);
        let plaintext = (0..length).map(|t| ((index * 2 + t) % N_SYMBOLS) as u16);
        Pair::new(ciphertext.collect(), plaintext.collect()).unwrap()
    };
    let pairs: Vec<Pair> = (0..50).map(pairs).collect();
    for (_, device) in devices() {
        let model = model(1, true, &device);
        let mut expected = Score::default();
        for pair in &pairs {
            let message: Vec<i64> = pair.ciphertext().iter().map(|&id| i64::from(id)).collect();
            let length = message.len();
            let logits = values(model.forward(ids(&[message], PADDING, &device), &[length]));
            let answers = logits.chunks_exact(N_SYMBOLS).map(|logits| {
                let best = (0..N_SYMBOLS).max_by(|&a, &b| logits[a].total_cmp(&logits[b]));
                best.unwrap() as u16
            });
            let wrong = answers
                .zip(pair.plaintext())
                .filter(|(a, b)| a != *b)
                .count();
            expected += Score {
                n_symbols: length,
                wrong_symbols: wrong,
                n_messages: 1,
                wrong_messages: usize::from(wrong > 0),
            };
        }
        let source: Arc<dyn Dataset<Pair>> = Arc::new(InMemDataset::new(pairs.clone()));
        let batcher = PairBatcher::new(N_SYMBOLS, N_SYMBOLS);
        let loader = BucketLoader::new(Arc::new(source), batcher, 8, 1, &device);
        assert_eq!(model.evaluate(&loader).unwrap(), expected);
        assert!(expected.wrong_symbols > 0);
    }
}

#[test]
fn an_lstm_without_layers_or_units_is_refused_by_the_field() {
    let (_, device) = devices().remove(0);
    let config = LstmConfig::new(3, 4);
    for (config, field) in [
        (config.clone().with_n_layers(0), "n_layers"),
        (LstmConfig::new(3, 0), "d_hidden"),
        (LstmConfig::new(0, 4), "d_input"),
        (LstmConfig::new(3, usize::MAX), "d_hidden"),
        (config.clone().with_dropout(1.0), "dropout"),
    ] {
        let error = config.init(1, &device).expect_err("refused").to_string();
        assert!(error.starts_with(&format!("{field} is ")), "{error}");
    }
    assert!(config.init(1, &device).is_ok());
}

#[test]
#[should_panic(expected = "initial states")]
fn initial_states_of_another_batch_are_refused() {
    let (_, device) = devices().remove(0);
    let model = model(1, false, &device);
    let ids = |batch: &[Vec<i64>]| ids(batch, PADDING, &device);
    let (_, state) = model.forward_from(ids(&messages(&[2, 2])), &[2, 2], None);
    model.forward_from(ids(&messages(&[2])), &[2], Some(state));
}

#[test]
#[should_panic(expected = "one plaintext symbol for each step")]
fn a_plaintext_of_another_length_has_no_loss() {
    let (_, device) = devices().remove(0);
    let model = model(1, false, &device);
    let ids = |batch: &[Vec<i64>]| ids(batch, PADDING, &device);
    model.loss(ids(&messages(&[4])), ids(&messages(&[3])), &[4]);
}

//! Weights that PyTorch wrote give PyTorch's answers here, and are exported unchanged.

mod common;

use std::collections::BTreeMap;

use cipher_data::AlphabetConfig;
use cipher_model::{Bundle, CipherModel, Measured, Score};
use safetensors::SafeTensors;
use serde::Deserialize;

use common::{assert_close, devices, ids, values};

const WEIGHTS: &[u8] = include_bytes!("pytorch/exchange.safetensors");

/// See pytorch/exchange.py, which wrote it.
#[derive(Deserialize)]
struct Answers {
    ids: Vec<Vec<i64>>,
    logits: Vec<Vec<Vec<f32>>>,
}

fn bundle(bytes: &[u8]) -> Bundle {
    let (_, device) = devices().remove(0);
    let (model, config) = CipherModel::from_torch(bytes, &device).unwrap();
    let alphabet = |symbols: &str| {
        let config: AlphabetConfig =
            serde_json::from_str(&format!("{{\"symbols\": {symbols:?}}}")).unwrap();
        config.init().unwrap()
    };
    Bundle {
        untrained: Vec::new(),
        model,
        config,
        ciphertext_alphabet: alphabet("ABCDEFG"),
        plaintext_alphabet: alphabet("ABCDE"),
        keys: None,
        measured: Measured {
            test: Score::default(),
            epoch: 0,
        },
    }
}

#[test]
fn weights_of_pytorch_give_the_answers_of_pytorch() {
    let answers: Answers = serde_json::from_str(include_str!("pytorch/exchange.json")).unwrap();
    let expected: Vec<f32> = answers.logits.into_iter().flatten().flatten().collect();
    for (backend, device) in devices() {
        let (model, config) = CipherModel::from_torch(WEIGHTS, &device).unwrap();
        assert_eq!((config.n_layers, config.bidirectional), (2, true));
        assert_eq!(model.n_symbols(), [7, 5]);
        let lengths = vec![9; answers.ids.len()];
        let logits = model.forward(ids(&answers.ids, 7, &device), &lengths);
        assert_close(&values(logits), &expected, 1e-5, backend.name());
    }
}

#[test]
fn exported_weights_are_the_imported_ones_with_the_two_biases_added() {
    let named = |bytes: &[u8]| -> BTreeMap<String, Vec<f32>> {
        let tensors = SafeTensors::deserialize(bytes).unwrap();
        let values = |data: &[u8]| {
            let (values, _) = data.as_chunks();
            values
                .iter()
                .map(|&value| f32::from_le_bytes(value))
                .collect()
        };
        let tensors = tensors.tensors().into_iter();
        tensors
            .map(|(name, tensor)| (name, values(tensor.data())))
            .collect()
    };
    let mut expected = named(WEIGHTS);
    let names: Vec<_> = expected.keys().cloned().collect();
    for name in names.iter().filter(|name| name.contains("bias_hh")) {
        let second = std::mem::replace(expected.get_mut(name).unwrap(), vec![0.0; 16]);
        let first = expected
            .get_mut(&name.replace("bias_hh", "bias_ih"))
            .unwrap();
        first
            .iter_mut()
            .zip(second)
            .for_each(|(first, second)| *first += second);
    }
    let exported = bundle(WEIGHTS).to_torch();
    assert_eq!(named(&exported), expected);
    // A second import and export changes nothing.
    assert!(bundle(&exported).to_torch() == exported);
}

#[test]
fn weights_that_are_not_those_of_such_a_model_are_refused() {
    let (_, device) = devices().remove(0);
    let refused = |bytes: &[u8]| CipherModel::from_torch(bytes, &device).unwrap_err();
    assert!(!refused(b"").is_empty());
    assert!(!refused(&WEIGHTS[..WEIGHTS.len() - 1]).is_empty());
    let renamed = |from: &str, to: &str| {
        let mut bytes = WEIGHTS.to_vec();
        let place = bytes
            .windows(from.len())
            .position(|window| window == from.as_bytes());
        bytes[place.unwrap()..][..to.len()].copy_from_slice(to.as_bytes());
        bytes
    };
    let error = refused(&renamed("embedding.weight", "embeddinG.weight"));
    assert!(error.contains("it has no embedding.weight"), "{error}");
    let error = refused(&renamed("lstm.weight_ih_l1\"", "lstm.weight_hr_l1\""));
    assert!(
        error.contains("weight_hr_l1 is not a weight of a plain nn.LSTM"),
        "{error}"
    );
    let mut not_a_number = WEIGHTS.to_vec();
    let place = not_a_number.len() - 4;
    not_a_number[place..].copy_from_slice(&f32::NAN.to_le_bytes());
    let error = refused(&not_a_number);
    assert!(error.contains("not finite numbers"), "{error}");
    let error = refused(&renamed("\"F32\"", "\"I32\""));
    assert!(error.contains("save the weights as float32"), "{error}");
}

//! A model that is told the key: what it reads, and who may ask it.

mod common;

use burn::tensor::activation::softmax;
use burn::tensor::{Device, Tensor};
use cipher_data::{Alphabet, KeyInput, LengthRange, Outside, SymbolId};
use cipher_model::{
    Bundle, CipherModelConfig, Decryptor, LstmInput, Measured, ModelError, Score, TrainedKeys,
};

use safetensors::SafeTensors;

use common::{assert_close, devices, ids, values};

const TEXT: &str = "LXFOPVEFRNHR";
const BOTH: [KeyInput; 2] = [KeyInput::Prefix, KeyInput::Aligned];

fn letters() -> Alphabet {
    Alphabet::new("ABCDEFGHIJKLMNOPQRSTUVWXYZ", Outside::Keep).unwrap()
}

/// A model for letters whose keys are digits.
fn bundle(how: KeyInput, device: &Device) -> Bundle {
    let config = CipherModelConfig {
        key_input: Some(how),
        ..CipherModelConfig::default()
    };
    let inputs = config.inputs(26, 10).unwrap();
    Bundle {
        untrained: Vec::new(),
        model: config.init(inputs, 26, 1, device).unwrap(),
        config,
        ciphertext_alphabet: letters(),
        plaintext_alphabet: letters(),
        keys: Some(TrainedKeys {
            alphabet: Alphabet::new("0123456789", Outside::Reject).unwrap(),
            lengths: LengthRange::new(1, 6).unwrap(),
        }),
        measured: Measured {
            test: Score::default(),
            epoch: 1,
        },
    }
}

fn decryptor(how: KeyInput, device: &Device) -> Decryptor {
    Decryptor::new(bundle(how, device), device)
}

#[test]
fn an_aligned_model_reads_the_sum_of_the_vectors_of_ciphertext_and_key() {
    for (_, device) in devices() {
        let model = bundle(KeyInput::Aligned, &device).model;
        let symbols = values(model.embedding.weight.val()); // [27, d]
        let keys = values(model.key_embedding.as_ref().unwrap().weight.val()); // [11, d]
        let d = symbols.len() / 27;
        assert_eq!(keys.len(), 11 * d);
        let rows = (0..520).map(|id| (id / 26, id % 26));
        let mut expected: Vec<f32> = rows
            .flat_map(|(key, symbol)| {
                let key_vector = |i| match key {
                    0..10 => keys[key * d + i],
                    _ => keys[(key - 10) * d + i] + keys[10 * d + i],
                };
                let sum = |i| symbols[symbol * d + i] + key_vector(i);
                (0..d).map(sum).collect::<Vec<_>>()
            })
            .collect();
        expected.extend(&symbols[26 * d..]);
        assert_eq!(values(model.input_vectors()), expected);
    }
}

/// With a thousand symbols of keys, a model looks up the vectors of a batch instead of multiplying all of them.
#[test]
fn many_symbols_of_keys_are_read_and_learned_as_few_are() {
    for (_, device) in devices() {
        let device = device.autodiff();
        let config = CipherModelConfig {
            key_input: Some(KeyInput::Aligned),
            ..CipherModelConfig::default()
        };
        let inputs = config.inputs(5, 1000).unwrap();
        let model = config.init(inputs, 5, 1, &device).unwrap();
        let symbols = [4, 0, 3, 3, 1];
        let read = ids(
            &[
                inputs
                    .of(&[999, 0, 7], &symbols)
                    .iter()
                    .map(|&id| id.into())
                    .collect(),
                inputs
                    .of(&[7], &symbols[..2])
                    .iter()
                    .map(|&id| id.into())
                    .collect(),
            ],
            inputs.n_ids() as i64,
            &device,
        );
        let found = model.forward(read.clone(), &[5, 2]);
        let table = LstmInput::Rows {
            table: model.input_vectors(),
            ids: read,
        };
        let (weights, bias) = (
            model.linear.weight.val(),
            model.linear.bias.as_ref().unwrap().val(),
        );
        let output = model.lstm.output(table, &[5, 2]); // [batch, time, d_hidden]
        let expected = output.matmul(weights.unsqueeze()) + bias.unsqueeze();
        assert_close(
            &values(found.clone()),
            &values(expected.clone()),
            1e-6,
            "logits",
        );

        let keys = |loss: Tensor<3>| {
            let gradients = loss.powi_scalar(2).sum().backward();
            let keys = model.key_embedding.as_ref().unwrap().weight.val();
            values(keys.grad(&gradients).unwrap())
        };
        assert_close(&keys(found), &keys(expected), 1e-5, "gradients");
    }
}

#[test]
fn weights_for_pytorch_have_a_vector_for_each_id_and_say_what_keys_are() {
    let (_, device) = devices().remove(0);
    for (how, name) in BOTH.into_iter().zip(["prefix", "aligned"]) {
        let bundle = bundle(how, &device);
        let bytes = bundle.to_torch();
        let (_, metadata) = SafeTensors::read_metadata(&bytes).unwrap();
        let alphabets = &metadata.metadata().as_ref().unwrap()["alphabets"];
        let alphabets: serde_json::Value = serde_json::from_str(alphabets).unwrap();
        assert_eq!(alphabets["key_input"], name);
        assert_eq!(alphabets["key"].as_array().unwrap().len(), 10);
        let tensors = SafeTensors::deserialize(&bytes).unwrap();
        let found = tensors.tensor("embedding.weight").unwrap();
        let floats = found.data().as_chunks().0.iter();
        let floats: Vec<f32> = floats.map(|bytes| f32::from_le_bytes(*bytes)).collect();
        assert_eq!(floats, values(bundle.model.input_vectors()));
        assert!(tensors.tensor("key_embedding.weight").is_err());
    }
}

#[test]
fn the_answers_are_those_of_the_model_to_the_key_and_the_ciphertext() {
    for (_, device) in devices() {
        for how in BOTH {
            let bundle = bundle(how, &device);
            let key: [SymbolId; 3] = [3, 1, 4];
            let text = letters().encode(TEXT).unwrap().ids;
            let (read, n_before): (Vec<SymbolId>, usize) = match how {
                KeyInput::Prefix => ([&[29, 27, 30, 36], &text[..]].concat(), 4),
                KeyInput::Aligned => {
                    let keys = [10 + key[0], key[1], key[2]].into_iter().cycle();
                    let sum = |(id, key): (&SymbolId, SymbolId)| key * 26 + id;
                    (text.iter().zip(keys).map(sum).collect(), 0)
                }
            };
            let message: Vec<i64> = read.iter().map(|&id| i64::from(id)).collect();
            let n_ids = bundle.inputs().unwrap().n_ids() as i64;
            let input = ids(std::slice::from_ref(&message), n_ids, &device);
            let expected = values(softmax(bundle.model.forward(input, &[message.len()]), 2));
            let best = expected.chunks_exact(26).skip(n_before);
            let best: Vec<f32> = best
                .map(|step| step.iter().copied().fold(0.0, f32::max))
                .collect();
            let decryptor = Decryptor::new(bundle, &device).with_key("314").unwrap();
            let found = decryptor.decrypt(TEXT).unwrap();
            assert_eq!(found.plaintext.len(), TEXT.len());
            assert_close(&found.confidences, &best, 1e-5, "confidences");
            let top = decryptor.decrypt_top(TEXT, 1).unwrap();
            let top: String = top.iter().map(|of_step| &*of_step[0].symbol).collect();
            assert_eq!(top, found.plaintext);
        }
    }
}

#[test]
fn messages_with_keys_of_their_own_decrypt_to_what_each_does_alone() {
    for (_, device) in devices() {
        for how in BOTH {
            let decryptor = decryptor(how, &device);
            // A shorter text has a longer key.
            let keys = ["7", "314", "271828", "00", "1", "271828"];
            let texts = [TEXT, "", "A", "HELLO THERE", "ABCDE", "ABCD"];
            let together = decryptor.decrypt_all_with_keys(&keys, &texts).unwrap();
            let fewer = &texts[..5];
            let refused = decryptor.decrypt_all_with_keys(&keys, fewer).unwrap_err();
            assert!(
                refused.to_string().contains("6 keys for 5 ciphertexts"),
                "{refused}"
            );
            for ((key, text), found) in keys.iter().zip(texts).zip(together) {
                let alone = decryptor.clone().with_key(key).unwrap().decrypt(text);
                assert_eq!(found, alone.unwrap());
            }
        }
    }
}

#[test]
fn a_key_that_the_model_cannot_be_told_is_refused() {
    let (_, device) = devices().remove(0);
    let refused = |how, key: &str| {
        decryptor(how, &device)
            .with_key(key)
            .unwrap_err()
            .to_string()
    };
    for how in BOTH {
        assert!(refused(how, "").contains("empty"));
        assert!(refused(how, "31x").contains("\"x\" is not a symbol of keys"));
        let error = decryptor(how, &device).decrypt(TEXT).unwrap_err();
        assert!(matches!(error, ModelError::NoKey));
    }
    let found = refused(KeyInput::Prefix, "1234567");
    assert!(
        found.contains("7 symbols") && found.contains("1 to 6"),
        "{found}"
    );
    let aligned = decryptor(KeyInput::Aligned, &device)
        .with_key("1234567")
        .unwrap();
    assert_eq!(aligned.key_length(), Some(7));
    let mut unkeyed = bundle(KeyInput::Aligned, &device);
    unkeyed.keys = None;
    let error = Decryptor::new(unkeyed, &device).with_key("1").unwrap_err();
    assert!(matches!(error, ModelError::NeedsNoKey));
}

#[test]
fn a_bundle_keeps_the_keys() {
    let (_, device) = devices().remove(0);
    for how in BOTH {
        let folder = tempfile::tempdir().unwrap();
        let saved = bundle(how, &device);
        saved.save(folder.path()).unwrap();
        let loaded = Decryptor::load(folder.path(), &device).unwrap();
        let keys = loaded.trained_keys().unwrap();
        assert_eq!((keys.alphabet.len(), keys.lengths.max()), (10, 6));
        let expected = Decryptor::new(saved, &device).with_key("42").unwrap();
        let found = loaded.with_key("42").unwrap();
        assert_eq!(
            found.decrypt(TEXT).unwrap(),
            expected.decrypt(TEXT).unwrap()
        );
    }
}

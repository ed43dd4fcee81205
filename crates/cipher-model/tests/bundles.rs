//! A bundle reads back as it was written, on every backend, and nothing damaged is used.

mod common;

use std::fs;
use std::path::Path;

use burn::tensor::Device;
use cipher_data::Alphabet;
use cipher_model::{
    Bundle, CipherModelConfig, Decryptor, FORMAT_VERSION, Measured, ModelError, Score,
};

use common::{assert_close, devices};

const TEXT: &str = "FUVEMVEMNMERPDRF";

fn bundle(device: &Device) -> Bundle {
    let config = CipherModelConfig {
        n_layers: 2,
        bidirectional: true,
        ..CipherModelConfig::default()
    };
    let alphabet = Alphabet::letters_and_dash();
    Bundle {
        model: config
            .init(alphabet.len(), alphabet.len(), 1, device)
            .unwrap(),
        config,
        ciphertext_alphabet: alphabet.clone(),
        plaintext_alphabet: alphabet,
        measured: Measured {
            held_out: Score::default(),
            epoch: 1,
        },
    }
}

fn saved() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let (_, device) = devices().remove(0);
    bundle(&device).save(folder.path()).unwrap();
    folder
}

#[track_caller]
fn refused(folder: &Path) -> ModelError {
    let (_, device) = devices().remove(0);
    Bundle::load(folder, &device).expect_err("the bundle is refused")
}

#[test]
fn a_bundle_saved_on_one_backend_decrypts_the_same_on_every_other() {
    for (_, from) in devices() {
        let folder = tempfile::tempdir().unwrap();
        bundle(&from).save(folder.path()).unwrap();
        let expected = Decryptor::new(bundle(&from), &from).decrypt(TEXT).unwrap();
        for (_, to) in devices() {
            let found = Decryptor::load(folder.path(), &to)
                .unwrap()
                .decrypt(TEXT)
                .unwrap();
            assert_eq!(found.plaintext, expected.plaintext);
            assert_close(
                &found.confidences,
                &expected.confidences,
                1e-5,
                "confidences",
            );
        }
    }
}

#[test]
fn many_messages_decrypt_to_what_each_does_alone() {
    for (_, device) in devices() {
        let decryptor = Decryptor::new(bundle(&device), &device);
        let texts = ["", "SECRET", "A", &TEXT.repeat(20), "HELLO-WORLD", ""];
        let together = decryptor.decrypt_all(&texts).unwrap();
        for (text, found) in texts.iter().zip(together) {
            let alone = decryptor.decrypt(text).unwrap();
            assert_eq!(found.plaintext, alone.plaintext);
            assert_eq!(found.confidences.len(), text.len());
            assert_close(&found.confidences, &alone.confidences, 1e-5, "confidences");
        }
    }
}

#[test]
fn every_single_flipped_bit_of_the_weights_is_found() {
    let folder = saved();
    let path = folder.path().join("weights.safetensors");
    let weights = fs::read(&path).unwrap();
    for at in (0..weights.len()).step_by(97) {
        let mut flipped = weights.clone();
        flipped[at] ^= 1 << (at % 8);
        fs::write(&path, flipped).unwrap();
        assert!(
            matches!(refused(folder.path()), ModelError::Weights { .. }),
            "byte {at}"
        );
    }
}

#[test]
fn truncated_and_missing_files_are_refused_by_name() {
    let folder = saved();
    let path = folder.path().join("weights.safetensors");
    let weights = fs::read(&path).unwrap();
    fs::write(&path, &weights[..weights.len() / 2]).unwrap();
    assert!(
        refused(folder.path())
            .to_string()
            .contains("weights.safetensors is damaged")
    );
    fs::remove_file(&path).unwrap();
    assert!(refused(folder.path()).to_string().contains("cannot read"));
    fs::remove_file(folder.path().join("manifest.json")).unwrap();
    assert!(matches!(refused(folder.path()), ModelError::NoBundle(_)));
}

/// Changes one thing in the manifest and leaves its hash of the weights as it is.
fn with_manifest(old: &str, new: &str) -> tempfile::TempDir {
    let folder = saved();
    let path = folder.path().join("manifest.json");
    let manifest = fs::read_to_string(&path).unwrap();
    assert!(manifest.contains(old), "{manifest}");
    fs::write(&path, manifest.replace(old, new)).unwrap();
    folder
}

#[test]
fn a_bundle_of_format_1_is_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/format-1");
    for (backend, device) in devices() {
        let decryptor = Decryptor::load(&folder, &device).unwrap();
        let plaintext = decryptor.decrypt(TEXT).unwrap().plaintext;
        assert_eq!(plaintext, "THIS-IS-A-SECRET", "{backend}");
    }
}

#[test]
fn another_format_version_is_refused_by_its_number() {
    let folder = with_manifest("\"format_version\": 1", "\"format_version\": 9, \"new\": 0");
    match refused(folder.path()) {
        ModelError::Version {
            found, supported, ..
        } => {
            assert_eq!((found, supported), (9, FORMAT_VERSION));
        }
        other => panic!("{other}"),
    }
}

#[test]
fn a_manifest_that_asks_for_more_than_the_weights_hold_takes_no_memory() {
    let folder = with_manifest("\"d_hidden\": 10", "\"d_hidden\": 16384");
    assert!(
        refused(folder.path())
            .to_string()
            .contains("the model needs")
    );
    let folder = with_manifest("\"d_hidden\": 10", "\"d_hidden\": 1000000000000");
    assert!(matches!(refused(folder.path()), ModelError::Config { .. }));
}

#[test]
fn a_manifest_of_another_model_is_refused_by_the_weight_that_differs() {
    let folder = with_manifest("\"d_embedding\": 20", "\"d_embedding\": 19");
    let error = refused(folder.path()).to_string();
    assert!(
        error.contains("embedding.weight is F32 [28, 20] instead of F32 [28, 19]"),
        "{error}"
    );
}

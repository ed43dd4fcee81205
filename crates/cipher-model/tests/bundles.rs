//! A bundle reads back as it was written, on every backend, and a damaged one is refused.

mod common;

use std::fs;
use std::path::Path;

use burn::tensor::Device;
use cipher_data::Alphabet;
use cipher_model::{
    Bundle, CipherModelConfig, Decryptor, FORMAT_VERSION, Measured, ModelError, Score,
};

use sha2::{Digest, Sha256};

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
        untrained: Vec::new(),
        model: config
            .init(alphabet.len(), alphabet.len(), 1, device)
            .unwrap(),
        config,
        ciphertext_alphabet: alphabet.clone(),
        plaintext_alphabet: alphabet,
        keys: None,
        measured: Measured {
            test: Score::default(),
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
fn a_model_of_another_config_or_alphabet_is_not_saved() {
    let (_, device) = devices().remove(0);
    let folder = tempfile::tempdir().unwrap();
    let mut wider = bundle(&device);
    wider.config.d_hidden += 1;
    let mut digits = bundle(&device);
    digits.plaintext_alphabet = Alphabet::new("0123456789", cipher_data::Outside::Reject).unwrap();
    for bundle in [wider, digits] {
        let error = bundle.save(folder.path()).unwrap_err();
        assert!(matches!(error, ModelError::Parts { .. }), "{error}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
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
fn every_single_flipped_bit_of_the_manifest_is_found() {
    let folder = saved();
    let path = folder.path().join("manifest.json");
    let manifest = fs::read(&path).unwrap();
    for at in 0..manifest.len() {
        let mut flipped = manifest.clone();
        flipped[at] ^= 1 << (at % 8);
        fs::write(&path, flipped).unwrap();
        let error = refused(folder.path());
        assert!(
            matches!(
                error,
                ModelError::Manifest { .. } | ModelError::Version { .. }
            ),
            "byte {at}: {error}"
        );
    }
}

#[test]
fn a_changed_letter_of_an_alphabet_is_refused_by_the_name_of_the_file() {
    let folder = saved();
    edit(folder.path(), "UVWXYZ-", "UVWXZY-");
    let error = refused(folder.path()).to_string();
    assert!(
        error.contains("manifest.json is damaged: checksum mismatch"),
        "{error}"
    );
}

#[test]
fn a_manifest_without_its_checksum_is_refused() {
    for version in ["1", "2"] {
        let folder = saved();
        edit(
            folder.path(),
            "\"format_version\": 2",
            &format!("\"format_version\": {version}"),
        );
        if version == "2" {
            let path = folder.path().join("manifest.json");
            let manifest = fs::read_to_string(&path).unwrap();
            let (before, _) = manifest.rsplit_once(",\n  \"checksum\"").unwrap();
            fs::write(&path, format!("{before}\n}}")).unwrap();
        }
        let error = refused(folder.path()).to_string();
        assert!(error.contains("checksum mismatch"), "{error}");
    }
}

#[test]
fn the_fingerprint_is_the_hash_of_the_manifest_and_changes_with_the_weights() {
    let folder = saved();
    let manifest = fs::read(folder.path().join("manifest.json")).unwrap();
    let fingerprint = Bundle::fingerprint(folder.path()).unwrap();
    assert_eq!(fingerprint, hex_sha256(&manifest));

    let (_, device) = devices().remove(0);
    let mut other = bundle(&device);
    let alphabet = Alphabet::letters_and_dash().len();
    other.model = other.config.init(alphabet, alphabet, 2, &device).unwrap();
    other.save(folder.path()).unwrap();
    assert_ne!(Bundle::fingerprint(folder.path()).unwrap(), fingerprint);
}

#[test]
#[cfg(unix)]
fn files_that_never_end_or_never_begin_are_refused_at_once() {
    for name in ["manifest.json", "weights.safetensors"] {
        let folder = saved();
        let path = folder.path().join(name);
        fs::remove_file(&path).unwrap();
        std::os::unix::fs::symlink("/dev/zero", &path).unwrap();
        let error = refused(folder.path()).to_string();
        assert!(
            error.contains(&format!("{name}: it is not a regular file")),
            "{error}"
        );

        fs::remove_file(&path).unwrap();
        let made = std::process::Command::new("mkfifo").arg(&path).status();
        assert!(made.unwrap().success());
        let error = refused(folder.path()).to_string();
        assert!(
            error.contains(&format!("{name}: it is not a regular file")),
            "{error}"
        );
    }
}

#[test]
fn weights_that_are_much_larger_than_the_model_are_not_read() {
    let folder = saved();
    let path = folder.path().join("weights.safetensors");
    let file = fs::OpenOptions::new().write(true).open(path).unwrap();
    file.set_len(1 << 40).unwrap(); // a sparse file
    let error = refused(folder.path()).to_string();
    assert!(
        error.contains("weights.safetensors: it has more than"),
        "{error}"
    );
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
    let error = refused(folder.path()).to_string();
    assert!(
        error.contains("cannot read") && error.contains("weights.safetensors"),
        "{error}"
    );
    fs::remove_file(folder.path().join("manifest.json")).unwrap();
    assert!(matches!(refused(folder.path()), ModelError::NoBundle(_)));
}

/// Replaces a text in the manifest.
fn edit(folder: &Path, old: &str, new: &str) {
    let path = folder.join("manifest.json");
    let manifest = fs::read_to_string(&path).unwrap();
    assert!(manifest.contains(old), "{manifest}");
    fs::write(&path, manifest.replace(old, new)).unwrap();
}

/// A bundle whose manifest is changed and has the checksum of the changed text.
fn with_manifest(old: &str, new: &str) -> tempfile::TempDir {
    let folder = saved();
    edit(folder.path(), old, new);
    let path = folder.path().join("manifest.json");
    let manifest = fs::read_to_string(&path).unwrap();
    let (before, rest) = manifest.split_once("\"checksum\": \"").unwrap();
    let blank = format!("{before}\"checksum\": \"{}{}", "0".repeat(64), &rest[64..]);
    let checksum = hex_sha256(blank.as_bytes());
    fs::write(&path, blank.replace(&"0".repeat(64), &checksum)).unwrap();
    folder
}

fn hex_sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_bundle_of_format_1_is_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/format-1");
    for (backend, device) in devices() {
        let decryptor = Decryptor::load(&folder, &device).unwrap();
        let plaintext = decryptor.decrypt(TEXT).unwrap().plaintext;
        assert_eq!(plaintext, "THIS-IS-A-SECRET", "{backend}");
        assert_eq!(decryptor.measured().test.n_messages, 2000);
    }
}

#[test]
fn another_format_version_is_refused_by_its_number() {
    let folder = with_manifest("\"format_version\": 2", "\"format_version\": 9, \"new\": 0");
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
    let error = refused(folder.path()).to_string();
    assert!(
        error.contains("manifest.json is damaged: d_hidden is 1000000000000"),
        "{error}"
    );
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

//! Every config of the repository trains to its target as it is. The slow ones:
//! `cargo test --test configs -- --ignored slow`; those that take an hour, too:
//! `cargo test --test configs -- --ignored`.

mod common;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use common::{run, stderr, stdout};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../configs")
}

const FAST: [&str; 5] = [
    "caesar",
    "substitution",
    "autokey",
    "enigma",
    "keyed-aligned",
];
const SLOW: [&str; 3] = ["vigenere", "rail-fence", "trithemius"];
const KEYED: [&str; 4] = [
    "keyed-vigenere",
    "keyed-autokey",
    "keyed-enigma",
    "recover-key",
];

fn trains_to_its_target(name: &str) {
    let config = folder().join(name).with_extension("toml");
    let runs = tempfile::tempdir().unwrap();
    let output = run(runs.path(), &["train", config.to_str().unwrap()]);
    let (report, errors) = (stdout(&output), stderr(&output));
    assert_eq!(output.status.code(), Some(0), "{name}: {report}{errors}");
    let eval = run(runs.path(), &["eval", "--json"]);
    let eval: serde_json::Value = serde_json::from_str(stdout(&eval)).unwrap();
    let accuracy = eval["score"]["character_accuracy"].as_f64().unwrap();
    assert!(accuracy > 0.998, "{name}: {accuracy}");
}

#[test]
fn the_fast_configs_train_to_their_targets() {
    FAST.into_iter().for_each(trains_to_its_target);
}

#[test]
#[ignore = "takes two minutes"]
fn the_slow_configs_train_to_their_targets() {
    SLOW.into_iter().for_each(trains_to_its_target);
}

#[test]
#[ignore = "takes an hour"]
fn the_configs_of_keyed_networks_train_to_their_targets() {
    KEYED.into_iter().for_each(trains_to_its_target);
}

#[test]
fn no_config_is_left_out_of_these_tests() {
    let mut found: Vec<_> = fs::read_dir(folder())
        .unwrap()
        .map(|file| file.unwrap().path().file_stem().unwrap().to_owned())
        .collect();
    let mut tested: Vec<OsString> = FAST
        .iter()
        .chain(&SLOW)
        .chain(&KEYED)
        .map(OsString::from)
        .collect();
    found.sort();
    tested.sort();
    assert_eq!(found, tested);
}

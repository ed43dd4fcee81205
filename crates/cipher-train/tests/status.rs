//! `status` names each state that a run can be in, and the command that it prints as next works.

mod common;

use std::fs;
use std::path::Path;

use common::{cipher_train, run, stderr, stdout};
use serde_json::Value;
use tempfile::TempDir;

const QUICK: [&str; 8] = [
    "--set",
    "messages.per_epoch=64",
    "--set",
    "messages.validation=32",
    "--set",
    "messages.test=32",
    "--set",
    "training.epochs=2",
];

/// A run in a folder whose name a shell would split.
const RUN: &str = "my run";

fn done() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let output = run(
        folder.path(),
        &[&["train", "--run", RUN][..], &QUICK].concat(),
    );
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    folder
}

fn status(folder: &Path) -> Value {
    let output = run(folder, &["status", RUN, "--json"]);
    serde_json::from_str(stdout(&output)).unwrap()
}

/// Types the next command in a shell.
#[track_caller]
fn type_next(folder: &Path) -> std::process::Output {
    let status = status(folder);
    let next = status["next"].as_str().unwrap();
    let program = env!("CARGO_BIN_EXE_cipher-train");
    assert!(next.starts_with(program), "{next}");
    let path = std::env::var_os("PATH").unwrap();
    let mut shell = std::process::Command::new("sh");
    let shell = shell.args(["-c", next]).current_dir(folder);
    let output = shell.env("PATH", path).env_remove("CARGO");
    output.stdin(std::process::Stdio::null()).output().unwrap()
}

#[test]
fn a_run_that_is_done_is_for_decrypting() {
    let folder = done();
    assert_eq!(status(folder.path())["status"], "done");
    assert!(type_next(folder.path()).status.success());
}

#[test]
fn a_damaged_bundle_is_written_again_from_the_last_save() {
    let folder = done();
    let weights = folder.path().join(RUN).join("bundle/weights.safetensors");
    let whole = fs::read(&weights).unwrap();
    let mut damaged = whole.clone();
    damaged[whole.len() / 2] ^= 1;
    fs::write(&weights, damaged).unwrap();
    let found = status(folder.path());
    assert_eq!(found["status"], "damaged");
    let reason = found["reason"].as_str().unwrap();
    assert!(
        reason.contains("weights.safetensors is damaged"),
        "{reason}"
    );
    type_next(folder.path());
    assert_eq!(status(folder.path())["status"], "done");
    assert!(fs::read(&weights).unwrap() == whole);
}

#[test]
fn a_run_without_an_undamaged_file_is_trained_again() {
    let folder = done();
    let checkpoints = folder.path().join(RUN).join("checkpoint");
    for file in fs::read_dir(checkpoints).unwrap() {
        fs::write(file.unwrap().path(), "x").unwrap();
    }
    fs::remove_dir_all(folder.path().join(RUN).join("bundle")).unwrap();
    assert_eq!(status(folder.path())["status"], "damaged");
    type_next(folder.path());
    assert_eq!(status(folder.path())["status"], "done");
}

#[test]
fn a_config_that_cannot_be_read_is_damage() {
    let folder = done();
    let config = folder.path().join(RUN).join("config.toml");
    fs::write(&config, "seed = ").unwrap();
    let found = status(folder.path());
    assert_eq!(found["status"], "damaged");
    let reason = found["reason"].as_str().unwrap();
    assert!(reason.contains("config.toml:1:"), "{reason}");
    fs::remove_file(config).unwrap();
    assert_eq!(status(folder.path())["status"], "damaged");
}

#[test]
fn a_training_that_diverged_is_resumed_with_backoff() {
    let folder = tempfile::tempdir().unwrap();
    let fast = [
        "--set",
        "model.d_hidden=256",
        "--set",
        "training.learning_rate=0.4",
    ];
    let mut command = cipher_train(folder.path());
    command.args(["train", "--run", RUN]).args(fast);
    let command = command.args([
        "--set",
        "messages.validation=50",
        "--set",
        "messages.test=50",
    ]);
    assert_eq!(command.output().unwrap().status.code(), Some(2));
    let found = status(folder.path());
    assert_eq!(found["status"], "stopped");
    let reason = found["reason"].as_str().unwrap();
    assert!(reason.contains("diverged at step"), "{reason}");
    let output = type_next(folder.path());
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(status(folder.path())["status"], "done");
}

#[test]
fn every_line_for_machines_is_json() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["--log-format", "json", "train", "--run", RUN];
    let output = run(folder.path(), &[&arguments[..], &QUICK].concat());
    let lines: Vec<Value> = stderr(&output)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let n_records = lines.iter().filter(|line| line["metrics"].is_object());
    assert_eq!(n_records.count(), 4);
    assert!(lines.iter().all(|line| line["level"].is_string()));
    let again = run(folder.path(), &arguments);
    let error: Value = serde_json::from_str(stderr(&again)).unwrap();
    assert_eq!(error["level"], "error");
}

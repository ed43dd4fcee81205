//! Runs of version 0.1 are read; only their training cannot be resumed. `format_1/` was written by
//! that version: `train --set messages.held_out=100 --set messages.test=100`, and `fit` on 40 pairs
//! of a shift by 3.

mod common;

use std::fs;
use std::path::Path;

use common::{assert_refused, run, stderr, stdout};
use tempfile::TempDir;

fn runs() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/format_1");
    copy(&from, folder.path());
    folder
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir(&to).unwrap();
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

#[test]
fn a_run_of_version_0_1_decrypts() {
    let folder = runs();
    let output = run(
        folder.path(),
        &["decrypt", "--run", "cipher", "FUVEMVEMNMERPDRF"],
    );
    assert_eq!(stdout(&output), "THIS-IS-A-SECRET\n", "{}", stderr(&output));
    let output = run(folder.path(), &["decrypt", "--run", "pairs", "DWWDFN"]);
    assert_eq!(stdout(&output), "ATTACK\n", "{}", stderr(&output));
}

#[test]
fn a_run_of_version_0_1_is_measured_and_explained() {
    let folder = runs();
    for name in ["cipher", "pairs"] {
        let output = run(folder.path(), &["eval", "--run", name]);
        assert!(stdout(&output).contains("100 %"), "{}", stderr(&output));
        let output = run(folder.path(), &["explain", "--run", name]);
        assert!(output.status.success(), "{}", stderr(&output));
    }
}

#[test]
fn the_status_of_a_run_of_version_0_1_leads_to_decrypting() {
    let folder = runs();
    let output = run(folder.path(), &["status", "cipher", "--json"]);
    let status: serde_json::Value = serde_json::from_str(stdout(&output)).unwrap();
    assert_eq!(status["status"], "done", "{}", stderr(&output));
    assert!(status["next"].as_str().unwrap().contains(" decrypt --run "));
}

#[test]
fn a_training_of_version_0_1_is_refused_by_its_version_and_can_be_overwritten() {
    let folder = runs();
    let output = run(folder.path(), &["train", "--resume", "--run", "pairs"]);
    assert_refused(&output, &["version 0.1", "--overwrite"]);
    let again = [
        "train",
        "pairs/config.toml",
        "--run",
        "pairs",
        "--overwrite",
    ];
    let output = run(folder.path(), &again);
    assert_refused(&output, &["config.toml:15:1", "unknown field `held_out`"]);
    let again = ["fit", "pairs/pairs.jsonl", "--run", "pairs", "--overwrite"];
    let quick = ["--set", "training.epochs=1"];
    let output = run(folder.path(), &[&again[..], &quick].concat());
    assert!(output.status.code() < Some(2), "{}", stderr(&output));
    assert!(folder.path().join("pairs/run.json").is_file());
}

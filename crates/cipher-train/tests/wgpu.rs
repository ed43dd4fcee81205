//! The GPU backend gives what the others give. Runs with `--features wgpu`, on any adapter; a
//! software adapter takes about a minute.

mod common;

use std::fs;
use std::path::Path;

use common::{run, stderr, stdout, trained};
use serde_json::Value;

const TEXT: &str = "FUVEMVEMN-AFURDMERPDRF";

#[test]
fn a_bundle_trained_on_ndarray_decrypts_the_same_on_wgpu() {
    let folder = trained();
    let output = run(folder.path(), &["decrypt", "--device", "wgpu", TEXT]);
    assert_eq!(
        stdout(&output),
        "THIS-IS-ANOTHER-SECRET\n",
        "{}",
        stderr(&output)
    );
}

#[test]
fn training_on_wgpu_learns_the_tutorials_cipher_and_decrypts_the_same_everywhere() {
    let folder = tempfile::tempdir().unwrap();
    // Fewer test messages than usual: a software adapter is slow.
    let train = [
        "train",
        "--device",
        "wgpu",
        "--set",
        "messages.test=64",
        "--set",
        "messages.held_out=256",
    ];
    let output = run(folder.path(), &train);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stdout(&output).contains("FUVEMVEMNMERPDRF -> THIS-IS-A-SECRET"));
    for device in ["wgpu", "ndarray"] {
        let output = run(folder.path(), &["decrypt", "--device", device, TEXT]);
        assert_eq!(stdout(&output), "THIS-IS-ANOTHER-SECRET\n", "{device}");
    }
}

/// Losses agree to 1e-3 after an epoch of 32 steps.
#[test]
fn the_loss_falls_on_wgpu_as_it_does_on_ndarray() {
    let folder = tempfile::tempdir().unwrap();
    let losses = ["wgpu", "ndarray"].map(|device| {
        let train = [
            "train",
            "--device",
            device,
            "--run",
            device,
            "--set",
            "training.epochs=1",
        ];
        let sizes = ["--set", "messages.test=64", "--set", "messages.held_out=64"];
        let output = run(folder.path(), &[train.as_slice(), &sizes].concat());
        assert!(output.status.code() < Some(2), "{}", stderr(&output));
        losses(&folder.path().join(device))
    });
    assert_eq!(losses[0].len(), 2);
    for (wgpu, ndarray) in losses[0].iter().zip(&losses[1]) {
        assert!((wgpu - ndarray).abs() < 1e-3, "{wgpu} and {ndarray}");
    }
}

fn losses(run: &Path) -> Vec<f64> {
    let metrics = fs::read_to_string(run.join("metrics.jsonl")).unwrap();
    let lines = metrics
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.map(|line| line["loss"].as_f64().unwrap()).collect()
}

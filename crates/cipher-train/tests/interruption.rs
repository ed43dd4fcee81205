//! Ctrl-C stops a training, which saves.
#![cfg(unix)]

mod common;

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use common::{cipher_train, run, stderr};

#[test]
fn ctrl_c_stops_in_order_and_saves() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = cipher_train(folder.path());
    let set = [
        "train",
        "--set",
        "training.learning_rate=1e-9",
        "--set",
        "training.epochs=100000",
    ];
    let command = command
        .args(set)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    let metrics = folder.path().join("runs/caesar/metrics.jsonl");
    let start = Instant::now();
    while fs::read_to_string(&metrics)
        .unwrap_or_default()
        .lines()
        .count()
        < 3
    {
        assert!(
            start.elapsed() < Duration::from_secs(60),
            "no epoch has ended"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
    let id = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", stderr(&output));
    assert!(
        stderr(&output).contains("stopped by"),
        "{}",
        stderr(&output)
    );
    assert!(run(folder.path(), &["decrypt", "X"]).status.success());
}

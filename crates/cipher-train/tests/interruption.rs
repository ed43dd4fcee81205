//! Ctrl-C stops a training, which saves.
#![cfg(unix)]

mod common;

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use common::{cipher_train, run, stderr, stdout};

/// Runs a command, and stops it by Ctrl-C after the first epoch of this run.
fn interrupted(folder: &Path, arguments: &[&str], trained: &str) -> Output {
    let mut command = cipher_train(folder);
    let command = command
        .args(arguments)
        .args(["--set", "training.learning_rate=1e-9"])
        .args(["--set", "training.epochs=100000"])
        .args(["--set", "training.target_loss=0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    let metrics = folder.join(trained).join("metrics.jsonl");
    let start = Instant::now();
    let n_records = || fs::read_to_string(&metrics).map_or(0, |text| text.lines().count());
    while n_records() < 3 {
        assert!(
            start.elapsed() < Duration::from_secs(60),
            "no epoch has ended"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
    let id = child.id().to_string();
    let kill = Command::new("kill").args(["-INT", &id]).status().unwrap();
    assert!(kill.success());
    child.wait_with_output().unwrap()
}

#[test]
fn ctrl_c_stops_in_order_and_saves() {
    let folder = tempfile::tempdir().unwrap();
    let output = interrupted(folder.path(), &["train"], "runs/caesar");
    assert_eq!(output.status.code(), Some(130), "{}", stderr(&output));
    assert!(
        stderr(&output).contains("stopped by"),
        "{}",
        stderr(&output)
    );
    assert!(run(folder.path(), &["decrypt", "X"]).status.success());
}

#[test]
fn a_key_that_was_found_decrypts_although_the_training_was_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let config = "[cipher]\nname = 'vigenere'\nkey = 'CIPHER'\n";
    fs::write(folder.path().join("c.toml"), config).unwrap();
    let pairs = run(folder.path(), &["generate", "c.toml", "-n", "60"]).stdout;
    fs::write(folder.path().join("pairs.tsv"), pairs).unwrap();
    let fit = ["fit", "pairs.tsv", "--run", "run"];
    let output = interrupted(folder.path(), &fit, "run");
    assert_eq!(output.status.code(), Some(130), "{}", stderr(&output));
    let said = stderr(&output);
    assert!(
        said.contains("decrypt will use the key that was found"),
        "{said}"
    );

    let secret = run(folder.path(), &["encrypt", "c.toml", "THIS-IS-A-SECRET"]);
    let decrypt = ["decrypt", "--run", "run", stdout(&secret).trim()];
    assert_eq!(stdout(&run(folder.path(), &decrypt)), "THIS-IS-A-SECRET\n");
}

//! Training that is killed, interrupted, or given damaged files ends with the same bits or says
//! what is wrong. The long one: `cargo test -p cipher-train --test survival -- --ignored`.
#![cfg(unix)]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use common::{assert_refused, cipher_train, run, stderr, stdout};
use rand::{Rng, RngExt};
use serde_json::Value;
use tempfile::TempDir;

/// A second or two of everything that has a state: dropout of two kinds, a schedule, patience.
const SETTINGS: [&str; 11] = [
    "training.epochs=8",
    "training.target_loss=1e-9",
    "training.symbol_dropout=0.2",
    "training.random_prefixes=true",
    "training.patience=6",
    "training.weight_decay=0.01",
    "model.n_layers=2",
    "model.dropout=0.3",
    "messages.per_epoch=500",
    "messages.validation=200",
    "messages.test=50",
];

/// All devices that are compiled in and whose bits are promised.
fn devices() -> impl Iterator<Item = &'static str> {
    let compiled = [
        ("ndarray", cfg!(feature = "ndarray")),
        ("flex", cfg!(feature = "flex")),
    ];
    compiled
        .into_iter()
        .filter(|device| device.1)
        .map(|device| device.0)
}

fn training(folder: &Path, device: &str, settings: &[&str]) -> Command {
    let mut command = cipher_train(folder);
    command.args(["train", "--run", "run", "--device", device]);
    for setting in SETTINGS.iter().chain(settings) {
        command.args(["--set", setting]);
    }
    command
}

fn resuming(folder: &Path, device: &str) -> Command {
    let mut command = cipher_train(folder);
    command.args(["train", "--resume", "--run", "run", "--device", device]);
    command
}

/// A folder with a run that was never stopped.
fn never_stopped(device: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let output = training(folder.path(), device, &[]).output().unwrap();
    assert!(
        output.status.code().is_some_and(|code| code < 2),
        "{}",
        stderr(&output)
    );
    folder
}

/// What must be the same: the weights, what they were measured at, and each epoch's numbers but for
/// the time they took.
fn outcome(folder: &Path) -> (Vec<u8>, Vec<u8>, Vec<Value>) {
    let run = folder.join("run");
    let metrics = fs::read_to_string(run.join("metrics.jsonl")).unwrap();
    let records = metrics.lines().map(|line| {
        let mut record: Value = serde_json::from_str(line).unwrap();
        let record_fields = record.as_object_mut().unwrap();
        for time in ["seconds", "characters_per_second"] {
            record_fields.remove(time).unwrap();
        }
        record
    });
    (
        fs::read(run.join("bundle/weights.safetensors")).unwrap(),
        fs::read(run.join("bundle/manifest.json")).unwrap(),
        records.collect(),
    )
}

fn status(folder: &Path) -> Value {
    let output = run(folder, &["status", "run", "--json"]);
    serde_json::from_str(stdout(&output)).unwrap_or(Value::Null)
}

fn send(signal: &str, child: &Child) {
    let id = child.id().to_string();
    Command::new("kill").args([signal, &id]).status().unwrap();
}

/// Kills a run again and again, at random moments and with random signals, and resumes it each time
/// on another number of threads, until it is done. The number of times it was killed.
fn kill_until_done(folder: &Path, device: &str, longest: Duration, rng: &mut impl Rng) -> usize {
    let mut kills = 0;
    let mut command = training(folder, device, &["training.save_every=0"]);
    loop {
        let threads = rng.random_range(1..=4).to_string();
        command.env("RAYON_NUM_THREADS", threads);
        let quiet = command.stdout(Stdio::null()).stderr(Stdio::piped());
        let child = quiet.spawn().unwrap();
        sleep(longest.mul_f64(rng.random()));
        let signal = ["-KILL", "-KILL", "-TERM", "-INT"][rng.random_range(0..4)];
        send(signal, &child);
        let output = child.wait_with_output().unwrap();
        let is_run = status(folder)["status"].is_string();
        match output.status.code() {
            Some(0 | 1) if status(folder)["status"] == "done" => return kills,
            Some(0 | 1 | 130) | None => kills += 1,
            code => panic!("{code:?} after {kills} kills: {}", stderr(&output)),
        }
        command = if is_run {
            resuming(folder, device)
        } else {
            training(folder, device, &["training.save_every=0"])
        };
    }
}

fn survives(n_kills: usize) {
    for device in devices() {
        let reference = never_stopped(device);
        let reference = outcome(reference.path());
        let mut rng = rand::rng();
        let (mut kills, mut runs) = (0, 0);
        while kills < n_kills {
            let folder = tempfile::tempdir().unwrap();
            kills += kill_until_done(folder.path(), device, Duration::from_millis(400), &mut rng);
            runs += 1;
            let (weights, manifest, metrics) = outcome(folder.path());
            assert_eq!(metrics, reference.2, "{device}, after {kills} kills");
            assert!(
                weights == reference.0,
                "{device}, after {kills} kills: other weights"
            );
            assert!(
                manifest == reference.1,
                "{device}, after {kills} kills: other measures"
            );
        }
        println!("{device}: {kills} kills in {runs} runs, each with the same bits in the end");
    }
}

#[test]
fn a_run_that_is_killed_a_few_times_ends_with_the_same_bits() {
    survives(6);
}

#[test]
#[ignore = "takes minutes"]
fn a_run_that_is_killed_a_hundred_times_ends_with_the_same_bits() {
    survives(100);
}

/// A folder with a run that was killed after some saves.
fn killed() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut command = training(folder.path(), "ndarray", &["training.save_every=0"]);
    let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = quiet.spawn().unwrap();
    wait_for(|| {
        checkpoints(folder.path()).len() == 2 && status(folder.path())["step"].as_u64() > Some(3)
    });
    send("-KILL", &child);
    child.wait().unwrap();
    folder
}

#[track_caller]
fn wait_for(condition: impl Fn() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < Duration::from_secs(60), "waited in vain");
        sleep(Duration::from_millis(5));
    }
}

/// The newest last.
fn checkpoints(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder.join("run/checkpoint")) else {
        return Vec::new();
    };
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| {
        path.extension()
            .is_some_and(|suffix| suffix == "checkpoint")
    });
    paths.sort();
    paths
}

#[test]
fn a_damaged_checkpoint_is_passed_over_with_a_warning_and_the_bits_stay_the_same() {
    let reference = never_stopped("ndarray");
    for damage in [
        |bytes: &mut Vec<u8>| bytes.truncate(bytes.len() / 2),
        |bytes: &mut Vec<u8>| bytes.clear(),
        |bytes: &mut Vec<u8>| {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
        },
    ] {
        let folder = killed();
        let newest = checkpoints(folder.path()).pop().unwrap();
        let mut bytes = fs::read(&newest).unwrap();
        damage(&mut bytes);
        fs::write(&newest, bytes).unwrap();
        let output = resuming(folder.path(), "ndarray").output().unwrap();
        let newest = newest.file_name().unwrap().to_string_lossy();
        let errors = stderr(&output);
        assert!(
            errors.contains("warning: ") && errors.contains(&*newest),
            "{errors}"
        );
        assert!(outcome(folder.path()) == outcome(reference.path()));
    }
}

#[test]
fn a_run_without_an_undamaged_checkpoint_is_called_damaged_and_not_trained_again() {
    let folder = killed();
    for path in checkpoints(folder.path()) {
        fs::write(path, "x").unwrap();
    }
    assert_eq!(status(folder.path())["status"], "damaged");
    let output = resuming(folder.path(), "ndarray").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("--overwrite"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn a_folder_has_one_writer_and_its_lock_goes_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = training(
        folder.path(),
        "ndarray",
        &["training.epochs=100000", "training.patience=100000"],
    );
    let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = quiet.spawn().unwrap();
    wait_for(|| status(folder.path())["status"] == "running");
    let id = child.id().to_string();
    let second = resuming(folder.path(), "ndarray").output().unwrap();
    assert_refused(&second, &["process", &id, "is training in run"]);
    let overwriting = ["train", "--run", "run", "--overwrite"];
    assert_refused(&run(folder.path(), &overwriting), &["process", &id]);
    send("-KILL", &child);
    child.wait().unwrap();
    assert_eq!(status(folder.path())["status"], "stopped");
    let others = [
        "train",
        "--resume",
        "--run",
        "run",
        "--set",
        "training.epochs=3",
    ];
    assert_refused(
        &run(folder.path(), &others),
        &["--set", "training.save_every"],
    );
}

#[test]
fn a_run_is_replaced_only_if_that_was_asked_for() {
    let folder = never_stopped("ndarray");
    let before = outcome(folder.path());
    let again = [
        "train",
        "--run",
        "run",
        "--set",
        "seed=2",
        "--set",
        "training.epochs=1",
    ];
    assert_refused(
        &run(folder.path(), &again),
        &["already holds a run", "--resume", "--overwrite"],
    );
    assert!(outcome(folder.path()) == before);
    let output = run(folder.path(), &[&again[..], &["--overwrite"]].concat());
    assert!(
        output.status.code().is_some_and(|code| code < 2),
        "{}",
        stderr(&output)
    );
    assert_eq!(outcome(folder.path()).2.len(), 2);
}

#[test]
fn a_finished_run_is_resumed_to_what_it_is() {
    let folder = never_stopped("ndarray");
    let before = outcome(folder.path());
    let output = resuming(folder.path(), "ndarray").output().unwrap();
    assert!(
        output.status.code().is_some_and(|code| code < 2),
        "{}",
        stderr(&output)
    );
    assert!(outcome(folder.path()) == before);
}

#[test]
fn a_config_that_was_changed_in_the_folder_is_refused() {
    let folder = killed();
    let path = folder.path().join("run/config.toml");
    let config = fs::read_to_string(&path).unwrap();
    fs::write(&path, config.replace("seed = 1", "seed = 2")).unwrap();
    let output = resuming(folder.path(), "ndarray").output().unwrap();
    assert_refused(&output, &["config.toml", "seed is 2 and was 1"]);
}

/// A run that learns a file of pairs, of which one epoch is done.
fn fitted(folder: &Path) -> PathBuf {
    let pairs: Vec<_> = (0..40).map(|i| format!("{i:04}\t{i:04}\n")).collect();
    let file = folder.join("pairs.tsv");
    fs::write(&file, pairs.concat()).unwrap();
    let once = ["--run", "run", "--set", "training.epochs=1"];
    let fit = ["fit", "pairs.tsv", "--device", "ndarray"];
    let output = run(folder, &[&fit[..], &once[..]].concat());
    assert!(
        output.status.code().is_some_and(|code| code < 2),
        "{}",
        stderr(&output)
    );
    file
}

#[test]
fn a_run_that_learns_pairs_needs_their_file_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let file = fitted(folder.path());
    let before = outcome(folder.path());
    fs::remove_file(file).unwrap();
    fs::rename(folder.path().join("run"), folder.path().join("moved")).unwrap();
    let on = ["--run", "moved", "--device", "ndarray"];
    let output = run(folder.path(), &[&["train", "--resume"], &on[..]].concat());
    assert!(stdout(&output).contains("verdict: "), "{}", stderr(&output));
    let output = run(folder.path(), &[&["eval"], &on[..]].concat());
    assert!(output.status.success(), "{}", stderr(&output));
    fs::rename(folder.path().join("moved"), folder.path().join("run")).unwrap();
    assert!(outcome(folder.path()) == before);
}

#[test]
fn pairs_that_have_changed_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    fitted(folder.path());
    let kept = folder.path().join("run/pairs.jsonl");
    let pairs = fs::read_to_string(&kept).unwrap();
    fs::write(&kept, pairs.split_once('\n').unwrap().1).unwrap();
    let output = resuming(folder.path(), "ndarray").output().unwrap();
    assert_refused(&output, &["pairs.jsonl", "checksum mismatch"]);
}

#[test]
fn a_trained_model_without_checkpoints_is_not_trained_again() {
    let folder = never_stopped("ndarray");
    fs::remove_dir_all(folder.path().join("run/checkpoint")).unwrap();
    let before = outcome(folder.path());
    let output = resuming(folder.path(), "ndarray").output().unwrap();
    assert_refused(
        &output,
        &["run holds a trained model and no checkpoint", "--overwrite"],
    );
    assert!(outcome(folder.path()) == before);
}

#[test]
fn a_training_continues_when_stderr_is_closed() {
    let folder = tempfile::tempdir().unwrap();
    let reference = never_stopped("ndarray");
    let mut command = training(folder.path(), "ndarray", &[]);
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stderr.take());
    assert!(child.wait().unwrap().code().is_some_and(|code| code < 2));
    assert!(outcome(folder.path()) == outcome(reference.path()));
}

#[test]
fn lost_records_are_reported_and_the_others_stay_complete() {
    let folder = killed();
    let metrics = folder.path().join("run/metrics.jsonl");
    wait_for(|| status(folder.path())["status"] == "stopped");
    let mut text = fs::read(&metrics).unwrap();
    // A kill inside the first epoch leaves none.
    text.truncate(text.len().saturating_sub(20));
    let is_cut = !text.is_empty();
    fs::write(&metrics, text).unwrap();
    let output = resuming(folder.path(), "ndarray").output().unwrap();
    let errors = stderr(&output);
    assert_eq!(errors.contains("has lost records"), is_cut, "{errors}");
    let text = fs::read_to_string(&metrics).unwrap();
    for line in text.lines() {
        serde_json::from_str::<Value>(line).unwrap();
    }
}

#[test]
fn a_damaged_newest_checkpoint_is_not_kept_in_the_place_of_a_whole_one() {
    let folder = killed();
    let whole = checkpoints(folder.path()).pop().unwrap();
    let damaged = whole.with_file_name("step-000000900000.checkpoint");
    fs::write(&damaged, "x").unwrap();
    resuming(folder.path(), "ndarray").output().unwrap();
    assert!(!damaged.exists());
    assert_eq!(checkpoints(folder.path()).len(), 2);
}

#[test]
fn nothing_unfinished_is_left_behind() {
    let folder = killed();
    let run = folder.path().join("run");
    fs::create_dir_all(run.join("bundle")).unwrap();
    let unfinished = ["", "bundle", "checkpoint"].map(|part| run.join(part).join(".unfinished-x"));
    for file in &unfinished {
        fs::write(file, "x").unwrap();
    }
    resuming(folder.path(), "ndarray").output().unwrap();
    assert!(unfinished.iter().all(|file| !file.exists()));
}

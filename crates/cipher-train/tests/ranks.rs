//! Training on several processes, started by `mpirun` on this machine.
//!
//! `cargo test -p cipher-train --features mpi,flex --test ranks`

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use common::{run, stderr};
use serde_json::Value;

/// A few seconds of everything that ranks have to agree on: messages of different lengths, dropout of symbols,
/// a schedule, and a last batch that is smaller than the others.
const SETTINGS: [&str; 9] = [
    "training.epochs=4",
    "training.target_loss=1e-9",
    "training.symbol_dropout=0.1",
    "training.batch_size=30",
    "messages.min_length=2",
    "messages.max_length=40",
    "messages.per_epoch=500",
    "messages.validation=203",
    "messages.test=50",
];

fn program() -> &'static str {
    env!("CARGO_BIN_EXE_cipher-train")
}

/// Some ranks under `mpirun`, also for root and for more ranks than there are cores.
fn mpirun(folder: &Path, n_ranks: usize) -> Command {
    let mut command = Command::new("mpirun");
    command.args(["--oversubscribe", "--bind-to", "none"]);
    command.args(["-n", &n_ranks.to_string(), program()]);
    command.current_dir(folder).env("RAYON_NUM_THREADS", "1");
    command.env("OMPI_ALLOW_RUN_AS_ROOT", "1");
    command.env("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
    command.env("OMPI_MCA_rmaps_base_oversubscribe", "1");
    // The ranks wait for one another: they must not keep the cores meanwhile.
    command.env("OMPI_MCA_mpi_yield_when_idle", "1");
    command
}

fn arguments(name: &str, settings: &[&str]) -> Vec<String> {
    let arguments = ["train", "--device", "ndarray", "--run", name];
    let mut arguments: Vec<String> = arguments.map(String::from).into();
    for setting in settings {
        arguments.extend(["--set".into(), (*setting).into()]);
    }
    arguments
}

fn train(folder: &Path, n_ranks: usize, name: &str, settings: &[&str]) -> Output {
    let mut command = match n_ranks {
        1 => common::cipher_train(folder),
        _ => mpirun(folder, n_ranks),
    };
    command.args(arguments(name, settings)).output().unwrap()
}

/// The command that resumes a run.
fn resume(folder: &Path, n_ranks: usize, name: &str) -> Command {
    let mut command = mpirun(folder, n_ranks);
    command.args(["train", "--device", "ndarray", "--resume", "--run", name]);
    command
}

fn is_complete(output: &Output) -> bool {
    // 1: the target of a loss of 1e-9 is not reached.
    matches!(output.status.code(), Some(0 | 1))
}

fn metrics(folder: &Path, name: &str) -> Vec<Value> {
    let text = fs::read_to_string(folder.join(name).join("metrics.jsonl")).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
    lines.collect()
}

fn weights(folder: &Path, name: &str) -> Vec<u8> {
    let bundle = folder.join(name).join("bundle");
    let files = fs::read_dir(bundle)
        .unwrap()
        .map(|file| file.unwrap().path());
    let is_weights = |path: &PathBuf| path.extension().is_some_and(|end| end == "safetensors");
    fs::read(files.into_iter().find(is_weights).unwrap()).unwrap()
}

#[test]
fn two_and_four_ranks_take_the_steps_of_one_process() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    for n_ranks in [1, 2, 4] {
        let output = train(path, n_ranks, &format!("r{n_ranks}"), &SETTINGS);
        assert!(is_complete(&output), "{}", stderr(&output));
    }
    let alone = metrics(path, "r1");
    assert_eq!(alone.len(), 8);
    for name in ["r2", "r4"] {
        let shared = metrics(path, name);
        assert_eq!(shared.len(), alone.len());
        for (one, other) in alone.iter().zip(&shared) {
            for exact in ["split", "epoch", "step", "characters"] {
                assert_eq!(one[exact], other[exact], "{name}");
            }
            // Sums of 32-bit numbers in another order.
            for near in [
                "loss",
                "gradient_norm",
                "character_accuracy",
                "message_accuracy",
            ] {
                let [one, other] = [one, other].map(|record| record[near].as_f64());
                let (one, other) = (one.unwrap_or(0.0), other.unwrap_or(0.0));
                assert!(
                    (one - other).abs() <= 1e-3 * one.abs() + 1e-4,
                    "{name} {near}: {one} {other}"
                );
            }
        }
    }
}

#[test]
fn the_same_number_of_ranks_gives_the_same_bits() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a", "b"] {
        let output = train(folder.path(), 2, name, &SETTINGS);
        assert!(is_complete(&output), "{}", stderr(&output));
    }
    assert_eq!(weights(folder.path(), "a"), weights(folder.path(), "b"));
}

#[test]
fn more_ranks_than_messages_train_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let settings = [
        "messages.per_epoch=3",
        "messages.validation=2",
        "training.epochs=2",
    ];
    let all: Vec<&str> = SETTINGS
        .into_iter()
        .filter(|s| !s.contains("per_epoch"))
        .chain(settings)
        .collect();
    for n_ranks in [1, 4] {
        let output = train(folder.path(), n_ranks, &format!("r{n_ranks}"), &all);
        assert!(is_complete(&output), "{}", stderr(&output));
    }
    let [one, four] = ["r1", "r4"].map(|name| metrics(folder.path(), name));
    for (one, four) in one.iter().zip(&four) {
        assert_eq!(one["characters"], four["characters"]);
        assert_eq!(one["message_accuracy"], four["message_accuracy"]);
    }
}

/// Starts a training that lasts for long, and waits for its first save.
fn started(folder: &Path, n_ranks: usize) -> Child {
    let endless = ["training.epochs=100000", "training.save_every=0"];
    let settings: Vec<&str> = SETTINGS
        .into_iter()
        .filter(|s| !s.contains("epochs"))
        .chain(endless)
        .collect();
    let mut command = mpirun(folder, n_ranks);
    command.args(arguments("run", &settings));
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    wait_for_a_save(folder, &[]);
    child
}

/// The names of the checkpoints that are written to their end.
fn saves(folder: &Path) -> Vec<String> {
    let Ok(files) = fs::read_dir(folder.join("run/checkpoint")) else {
        return Vec::new();
    };
    let names = files.filter_map(|file| file.ok()?.file_name().into_string().ok());
    let whole = names.filter(|name| name.ends_with(".checkpoint"));
    let mut names: Vec<String> = whole.collect();
    names.sort();
    names
}

/// Waits until there are other checkpoints than before.
fn wait_for_a_save(folder: &Path, before: &[String]) {
    let since = Instant::now();
    while saves(folder) == before {
        assert!(
            since.elapsed() < Duration::from_secs(120),
            "nothing was saved"
        );
        sleep(Duration::from_millis(20));
    }
}

/// The processes of the ranks that `mpirun` started.
fn ranks_of(mpirun: &Child) -> Vec<String> {
    let parent = mpirun.id().to_string();
    let output = Command::new("pgrep")
        .args(["-P", &parent, "cipher-train"])
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(String::from).collect()
}

fn signal(name: &str, process: &str) {
    let status = Command::new("kill").args([name, process]).status().unwrap();
    assert!(status.success());
}

#[test]
fn a_rank_that_is_killed_ends_all_and_two_then_four_then_one_resume() {
    let folder = tempfile::tempdir().unwrap();
    let child = started(folder.path(), 2);
    let ranks = ranks_of(&child);
    assert_eq!(ranks.len(), 2);
    signal("-KILL", &ranks[1]);
    let output = child.wait_with_output().unwrap();
    assert!(!output.status.success());
    assert!(stderr(&output).contains("signal 9"), "{}", stderr(&output));

    for n_ranks in [4, 1] {
        let before = saves(folder.path());
        let mut command = resume(folder.path(), n_ranks, "run");
        let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().unwrap();
        wait_for_a_save(folder.path(), &before);
        let ranks = ranks_of(&child);
        // A signal to any of them stops all.
        signal("-INT", ranks.last().unwrap());
        let output = child.wait_with_output().unwrap();
        let log = stderr(&output);
        assert!(log.contains("ranks so far; on ndarray"), "{log}");
        assert!(log.contains("stopped by a signal"), "{log}");
        assert!(run(folder.path(), &["status", "run"]).status.success());
    }
}

#[test]
fn a_finished_run_has_nothing_left_for_more_ranks() {
    let folder = tempfile::tempdir().unwrap();
    let output = train(folder.path(), 2, "run", &SETTINGS);
    assert!(is_complete(&output), "{}", stderr(&output));
    let before = weights(folder.path(), "run");
    let output = resume(folder.path(), 4, "run").output().unwrap();
    assert!(is_complete(&output), "{}", stderr(&output));
    assert_eq!(weights(folder.path(), "run"), before);
}

#[test]
fn ranks_that_differ_say_so_before_the_first_step() {
    let folder = tempfile::tempdir().unwrap();
    let here = arguments("run", &SETTINGS);
    let there = here.iter().map(|part| part.replace("ndarray", "flex"));
    let mut command = mpirun(folder.path(), 1);
    command.args(&here);
    command.args([":", "-n", "1", program()]).args(there);
    let output = command.output().unwrap();
    let log = stderr(&output);
    assert!(!output.status.success());
    assert!(log.contains("the ranks cannot train together"), "{log}");
    assert!(
        log.contains("rank 1: cipher-train") && log.contains("flex"),
        "{log}"
    );
    assert!(!folder.path().join("run/metrics.jsonl").exists());
}

#[test]
fn an_error_of_the_first_rank_is_told_once_and_ends_all() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = mpirun(folder.path(), 2);
    command.args(["train", "missing.toml", "--device", "ndarray"]);
    let output = command.output().unwrap();
    let log = stderr(&output);
    assert!(!output.status.success());
    assert_eq!(log.matches("error: rank").count(), 1, "{log}");
    assert!(log.contains("cannot read missing.toml"), "{log}");
}

#[test]
fn a_command_that_does_not_share_its_work_refuses_to_be_started_several_times() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = mpirun(folder.path(), 2);
    command.args(["decrypt", "FUVEMVEMNMERPDRF"]);
    let output = command.output().unwrap();
    assert!(!output.status.success());
    let log = stderr(&output);
    assert!(log.contains("only `train` shares its work"), "{log}");
}

//! What a run says of itself is what it holds: `status` calls no model done that `decrypt` would
//! not use as the result, and files that do not belong together are named.
#![cfg(unix)]

mod common;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use common::{assert_refused, cipher_train, run, run_with_input, stderr, stdout};
use serde_json::Value;
use tempfile::TempDir;

const TRAIN: [&str; 13] = [
    "train",
    "--run",
    "run",
    "--set",
    "training.epochs=30",
    "--set",
    "training.target_loss=1e-9",
    "--set",
    "training.save_every=0",
    "--set",
    "messages.validation=50",
    "--set",
    "messages.test=50",
];

/// A run that was interrupted after its first save.
fn stopped() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut command = cipher_train(folder.path());
    let quiet = command
        .args(TRAIN)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut child = quiet.spawn().unwrap();
    let start = Instant::now();
    while fs::read_dir(folder.path().join("run/checkpoint")).is_err() {
        assert!(
            start.elapsed() < Duration::from_secs(60),
            "nothing was saved"
        );
        sleep(Duration::from_millis(2));
    }
    let id = child.id().to_string();
    Command::new("kill").args(["-TERM", &id]).status().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    folder
}

fn status(folder: &Path) -> Value {
    let output = run(folder, &["status", "run", "--json"]);
    serde_json::from_str(stdout(&output)).unwrap()
}

fn copy_files(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

/// SIGTERM leaves a bundle; the run is resumed, and killed between its last save and its result.
#[test]
fn the_bundle_of_an_earlier_stop_is_never_taken_for_the_result() {
    let folder = stopped();
    let path = folder.path();
    let (bundle, early) = (path.join("run/bundle"), path.join("early"));
    copy_files(&bundle, &early);
    fs::copy(path.join("run/result.json"), path.join("early.json")).unwrap();
    assert!(
        run(path, &["train", "--resume", "--run", "run"])
            .status
            .code()
            < Some(2)
    );
    assert_eq!(status(path)["status"], "done");
    let result = fs::read(bundle.join("manifest.json")).unwrap();

    for restore_result in [true, false] {
        copy_files(&early, &bundle);
        if restore_result {
            fs::copy(path.join("early.json"), path.join("run/result.json")).unwrap();
        }
        let found = status(path);
        assert_eq!(found["status"], "stopped", "{found}");
        for command in [
            &["decrypt", "--run", "run", "FUVE"][..],
            &["eval", "--run", "run"],
            &["explain", "--run", "run"],
        ] {
            let output = run(path, command);
            let errors = stderr(&output);
            assert!(
                errors.contains("warning: the model in run is from an earlier stop"),
                "{command:?}: {errors}"
            );
        }
        assert!(
            run(path, &["train", "--resume", "--run", "run"])
                .status
                .code()
                < Some(2)
        );
        assert_eq!(status(path)["status"], "done");
        assert!(fs::read(bundle.join("manifest.json")).unwrap() == result);
    }
}

#[test]
fn a_stopped_run_says_so_and_decrypts_with_its_own_bundle() {
    let folder = stopped();
    assert_eq!(status(folder.path())["status"], "stopped");
    let output = run(folder.path(), &["decrypt", "--run", "run", "FUVE"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(
        stderr(&output).contains("stopped before its end"),
        "{}",
        stderr(&output)
    );
}

/// A run of 60 pairs of a shift by 13, from stdin.
fn fitted() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("c.toml"), "").unwrap();
    let pairs = run(folder.path(), &["generate", "c.toml", "-n", "60"]).stdout;
    let fit = [
        "fit",
        "-",
        "--format",
        "tsv",
        "--run",
        "run",
        "--set",
        "training.epochs=1",
    ];
    let output = run_with_input(folder.path(), &fit, &pairs);
    assert!(output.status.code() < Some(2), "{}", stderr(&output));
    folder
}

#[test]
fn a_config_that_was_cut_short_is_named_by_every_command_that_measures() {
    let folder = fitted();
    let path = folder.path().join("run/config.toml");
    let config = fs::read_to_string(&path).unwrap();
    let cut = config.find("[model]").unwrap();
    fs::write(&path, &config[..cut]).unwrap();
    for command in ["eval", "explain"] {
        let output = run(folder.path(), &[command, "--run", "run"]);
        assert_refused(&output, &["config.toml", "was"]);
    }
    // A comment changes no value.
    fs::write(&path, format!("# mine\n{config}")).unwrap();
    let output = run(folder.path(), &["eval", "--run", "run"]);
    assert!(output.status.success(), "{}", stderr(&output));
}

#[test]
fn pairs_that_were_cut_short_are_named_and_never_divided_again() {
    let folder = fitted();
    let path = folder.path().join("run/pairs.jsonl");
    let pairs = fs::read_to_string(&path).unwrap();
    fs::write(&path, pairs.split_once('\n').unwrap().1).unwrap();
    let output = run(folder.path(), &["eval", "--run", "run"]);
    assert_refused(&output, &["pairs.jsonl", "checksum mismatch"]);
    let output = run(folder.path(), &["train", "--resume", "--run", "run"]);
    assert_refused(&output, &["pairs.jsonl", "checksum mismatch"]);
}

#[test]
fn a_run_from_stdin_is_started_over_from_its_own_pairs() {
    let folder = fitted();
    let again = ["train", "run/config.toml", "--run", "run", "--overwrite"];
    let output = run_with_input(folder.path(), &again, b"");
    assert!(output.status.code() < Some(2), "{}", stderr(&output));
    assert!(stdout(&output).contains("verdict: "), "{}", stdout(&output));
}

#[test]
fn a_flipped_letter_of_a_manifest_is_damage() {
    let folder = fitted();
    let manifest = folder.path().join("run/bundle/manifest.json");
    let text = fs::read_to_string(&manifest).unwrap();
    let at = text.find("ABCDEF").unwrap();
    let flipped = format!("{}BACDEF{}", &text[..at], &text[at + 6..]);
    fs::write(&manifest, flipped).unwrap();
    let output = run(folder.path(), &["decrypt", "--run", "run", "FUVE"]);
    assert_refused(&output, &["manifest.json"]);
    assert_eq!(status(folder.path())["status"], "damaged");
}

#[test]
fn a_key_that_decrypts_better_than_the_network_is_what_decrypt_uses() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("c.toml"),
        "[cipher]\nname = 'vigenere'\nkey = 'CIPHER'\n",
    )
    .unwrap();
    let pairs = run(folder.path(), &["generate", "c.toml", "-n", "60"]).stdout;
    fs::write(folder.path().join("pairs.tsv"), pairs).unwrap();
    let fit = [
        "fit",
        "pairs.tsv",
        "--run",
        "run",
        "--set",
        "training.epochs=1",
    ];
    let output = run(folder.path(), &fit);
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    let report = stdout(&output);
    assert!(report.contains("Vigenere: key CIPHER"), "{report}");
    assert!(report.contains("decrypt will use this key"), "{report}");

    let secret = run(folder.path(), &["encrypt", "c.toml", "THIS-IS-A-SECRET"]);
    let ciphertext = stdout(&secret).trim();
    let output = run(folder.path(), &["decrypt", "--run", "run", ciphertext]);
    assert_eq!(stdout(&output), "THIS-IS-A-SECRET\n");
    assert!(
        stderr(&output).contains("the key of run, Vigenere: key CIPHER"),
        "{}",
        stderr(&output)
    );
    let output = run(
        folder.path(),
        &["decrypt", "--network", "--run", "run", ciphertext],
    );
    assert_ne!(stdout(&output), "THIS-IS-A-SECRET\n");

    // A changed key is not used.
    let keys = folder.path().join("run/keys.json");
    let whole = fs::read_to_string(&keys).unwrap();
    fs::write(&keys, whole.replace("CIPHER", "CIPHEX")).unwrap();
    let output = run(folder.path(), &["train", "--resume", "--run", "run"]);
    assert_refused(&output, &["keys.json is damaged; remove it"]);
    fs::write(&keys, whole).unwrap();

    // The rule is bound to the result as the bundle is.
    let rule = folder.path().join("run/rule.json");
    let damaged = fs::read_to_string(&rule).unwrap().replacen('2', "3", 1);
    fs::write(&rule, damaged).unwrap();
    let output = run(folder.path(), &["decrypt", "--run", "run", ciphertext]);
    assert_refused(&output, &["rule.json is damaged"]);
}

/// A file whose name is also that of a file in `runs`, and the printed command in another folder.
#[test]
fn the_next_command_of_a_run_of_any_name_works_from_another_folder() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("c.toml"), "").unwrap();
    let pairs = run(folder.path(), &["generate", "c.toml", "-n", "40"]).stdout;
    for name in ["latest", "begun", ".trained", "a b"] {
        let file = format!("{name}.tsv");
        fs::write(folder.path().join(&file), &pairs).unwrap();
        let fit = run(folder.path(), &["fit", &file, "--set", "training.epochs=1"]);
        assert!(fit.status.code() < Some(2), "{}", stderr(&fit));
        let next = stdout(&fit).lines().last().unwrap();
        let next = next.strip_prefix("next: ").unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        let mut shell = Command::new("sh");
        let shell = shell.args(["-c", next]).current_dir(elsewhere.path());
        let output = shell.env_remove("CARGO").output().unwrap();
        assert!(output.status.success(), "{next}: {}", stderr(&output));
        let output = run(folder.path(), &["status"]);
        assert!(output.status.success(), "{}", stderr(&output));
    }
}

#[test]
fn a_stderr_that_nobody_reads_does_not_hold_up_a_training() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = cipher_train(folder.path());
    // More records than a pipe holds.
    let settings = [
        "--set",
        "training.epochs=600",
        "--set",
        "messages.per_epoch=32",
    ];
    let command = command
        .args(TRAIN)
        .args(settings)
        .args(["--log-format", "json"]);
    let command = command.args(["--set", "training.save_every=1e9"]);
    let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
    let mut child = child.unwrap();
    let start = Instant::now();
    while child.try_wait().unwrap().is_none() {
        assert!(
            start.elapsed() < Duration::from_secs(60),
            "it waits for a reader"
        );
        sleep(Duration::from_millis(20));
    }
}

//! Processes for the tests of the command line.
#![allow(dead_code)] // each test file uses a part of it

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

pub fn cipher_train(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cipher-train"));
    // Outside cargo, as an installed program runs.
    command.current_dir(folder).env_remove("CARGO");
    // Without it some graphics drivers complain on stderr.
    command.env("XDG_RUNTIME_DIR", std::env::temp_dir());
    command
}

pub fn run(folder: &Path, arguments: &[&str]) -> Output {
    cipher_train(folder).args(arguments).output().unwrap()
}

pub fn run_with_input(folder: &Path, arguments: &[&str], input: &[u8]) -> Output {
    let mut command = cipher_train(folder);
    command
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // The program may stop reading when it finds an error.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

pub fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

pub fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

/// A folder in which the tutorial's model was trained.
pub fn trained() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &["train", "--device", "ndarray"]);
    assert!(output.status.success(), "{}", stderr(&output));
    folder
}

/// One clear line on stderr that holds all the words, exit 2, nothing on stdout.
#[track_caller]
pub fn assert_refused(output: &Output, words: &[&str]) {
    let message = stderr(output);
    assert_eq!(output.status.code(), Some(2), "{message}");
    assert_eq!(stdout(output), "");
    assert!(
        message.starts_with("error: ") && message.lines().count() == 1,
        "{message}"
    );
    for word in words {
        assert!(message.contains(word), "{word:?} is not in: {message}");
    }
}

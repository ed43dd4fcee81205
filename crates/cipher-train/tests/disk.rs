//! A disk that is full and a folder that can no longer be written to, for real: the one is a small
//! tmpfs in a mount namespace of the test's own, the other a change of permissions.
#![cfg(target_os = "linux")]

mod common;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use common::{run, stderr, stdout};

/// Long enough to be under way when the disk fills up.
const TRAIN: &str = "train --run run --device ndarray --set training.epochs=300 \
    --set training.target_loss=1e-9 --set training.save_every=0 --set messages.per_epoch=96 \
    --set messages.validation=50 --set messages.test=50";

/// Waits until the run has saved twice.
const UNTIL_SAVED: &str =
    "until [ $(ls run/checkpoint 2>/dev/null | grep -c '^step') = 2 ]; do sleep 0.01; done";

fn shell(folder: &Path, prefix: &[&str], script: &str) -> Output {
    let mut words = prefix.to_vec();
    words.extend(["sh", "-c", script]);
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).current_dir(folder);
    command.env("PROGRAM", env!("CARGO_BIN_EXE_cipher-train"));
    command.env_remove("CARGO").env("XDG_RUNTIME_DIR", "/tmp");
    command.output().unwrap()
}

/// The weights of the run, had nothing happened to it.
fn undisturbed() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &TRAIN.split_whitespace().collect::<Vec<_>>());
    assert!(
        output.status.code().is_some_and(|code| code < 2),
        "{}",
        stderr(&output)
    );
    fs::read(folder.path().join("run/bundle/weights.safetensors")).unwrap()
}

#[test]
fn a_full_disk_stops_training_with_an_error_and_the_save_is_resumed_to_the_same_bits() {
    let folder = tempfile::tempdir().unwrap();
    let script = format!(
        "mkdir disk && mount -t tmpfs -o size=1m tmpfs disk && cd disk || exit 9
        $PROGRAM {TRAIN} >/dev/null 2>../errors & program=$!
        {UNTIL_SAVED}
        head -c 2m /dev/zero >filler 2>/dev/null
        wait $program; echo exit $?
        rm filler
        ls -A run/checkpoint | grep -vc '^step'
        $PROGRAM status run | head -n 1
        $PROGRAM train --resume --run run --device ndarray >/dev/null 2>../resumed || true
        cp -r run .."
    );
    let prefix = ["unshare", "--map-root-user", "--mount"];
    let output = shell(folder.path(), &prefix, &script);
    let errors = fs::read_to_string(folder.path().join("errors")).unwrap();
    assert_eq!(
        stdout(&output),
        "exit 2\n0\nrun: stopped before its end\n",
        "{errors}{}",
        stderr(&output)
    );
    let last = errors.lines().last().unwrap();
    assert!(
        last.starts_with("error: cannot write run/") && last.contains("No space left on device"),
        "{errors}"
    );
    let resumed = fs::read_to_string(folder.path().join("resumed")).unwrap();
    let weights = fs::read(folder.path().join("run/bundle/weights.safetensors"));
    assert!(weights.unwrap() == undisturbed(), "{resumed}");
}

#[test]
fn a_full_disk_leaves_a_finished_run_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let script = format!(
        "mkdir disk && mount -t tmpfs -o size=1m tmpfs disk && cd disk || exit 9
        $PROGRAM {TRAIN} --set training.epochs=2 >/dev/null 2>&1
        head -c 2m /dev/zero >filler 2>/dev/null
        $PROGRAM train --resume --run run --device ndarray 2>../errors; echo exit $?
        $PROGRAM decrypt --run run AAAA >/dev/null && echo decrypted
        ls -A run/bundle | grep -c ."
    );
    let prefix = ["unshare", "--map-root-user", "--mount"];
    let output = shell(folder.path(), &prefix, &script);
    let errors = fs::read_to_string(folder.path().join("errors")).unwrap();
    assert_eq!(
        stdout(&output),
        "exit 2\ndecrypted\n2\n",
        "{errors}{}",
        stderr(&output)
    );
    assert!(errors.contains("No space left on device"), "{errors}");
}

#[test]
fn a_folder_that_becomes_read_only_stops_training_with_an_error_and_is_resumed_later() {
    let folder = tempfile::tempdir().unwrap();
    let script = format!(
        "$PROGRAM {TRAIN} >/dev/null 2>errors & program=$!
        {UNTIL_SAVED}
        chmod a-w run/checkpoint
        wait $program; echo exit $?
        chmod u+w run/checkpoint
        $PROGRAM status run | head -n 1
        $PROGRAM train --resume --run run --device ndarray >/dev/null 2>resumed || true"
    );
    // Permissions are nothing to root that may override them.
    let without = "-dac_override,-dac_read_search";
    let prefix = ["setpriv", "--bounding-set", without, "--inh-caps", without];
    let is_root = stdout(&Command::new("id").arg("-u").output().unwrap()).trim() == "0";
    let prefix = if is_root { &prefix[..] } else { &["env"] };
    let output = shell(folder.path(), prefix, &script);
    let errors = fs::read_to_string(folder.path().join("errors")).unwrap();
    assert_eq!(
        stdout(&output),
        "exit 2\nrun: stopped before its end\n",
        "{errors}{}",
        stderr(&output)
    );
    let last = errors.lines().last().unwrap();
    // Saving writes a checkpoint and then deletes an old one.
    let refused = ["write", "delete"]
        .map(|what| last.starts_with(&format!("error: cannot {what} run/checkpoint/")));
    assert!(
        refused.contains(&true) && last.contains("Permission denied"),
        "{errors}"
    );
    let resumed = fs::read_to_string(folder.path().join("resumed")).unwrap();
    let weights = fs::read(folder.path().join("run/bundle/weights.safetensors"));
    assert!(weights.unwrap() == undisturbed(), "{resumed}");
}

#[test]
fn a_limit_on_the_size_of_files_stops_training_with_an_error() {
    let folder = tempfile::tempdir().unwrap();
    // In blocks of 512 bytes: less than a checkpoint, as a quota might have left.
    let script = format!("trap '' XFSZ; ulimit -f 20; $PROGRAM {TRAIN} >/dev/null; echo exit $?");
    let output = shell(folder.path(), &["env"], &script);
    assert_eq!(stdout(&output), "exit 2\n", "{}", stderr(&output));
    let last = stderr(&output).lines().last().unwrap();
    assert!(
        last.starts_with("error: cannot write run/checkpoint/") && last.contains("File too large"),
        "{last}"
    );
    let left = fs::read_dir(folder.path().join("run/checkpoint")).unwrap();
    assert_eq!(left.count(), 0);
}

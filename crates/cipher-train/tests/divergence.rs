//! A loss that diverges ends training with a reason, or makes it return to its last save.

mod common;

use std::path::Path;

use common::{assert_refused, cipher_train, run, stderr};

/// A rate at which a network of this size diverges within the first steps.
const TOO_FAST: [&str; 4] = [
    "model.d_hidden=256",
    "training.learning_rate=1",
    "messages.test=50",
    "messages.validation=50",
];

fn train(folder: &Path, settings: &[&str]) -> std::process::Output {
    let mut command = cipher_train(folder);
    command.args(["train", "--run", "run", "--device", "ndarray"]);
    for setting in TOO_FAST.iter().chain(settings) {
        command.args(["--set", setting]);
    }
    command.output().unwrap()
}

#[test]
fn a_training_that_diverges_ends_with_the_step_the_rate_and_what_to_change() {
    let folder = tempfile::tempdir().unwrap();
    let output = train(folder.path(), &[]);
    assert_eq!(output.status.code(), Some(2));
    let last = stderr(&output).lines().last().unwrap_or_default();
    for words in [
        "error: training diverged at step ",
        "(epoch 1): the loss has risen from ",
        "at a learning rate of ",
        "--set training.learning_rate=0.25",
        "on_divergence=backoff",
    ] {
        assert!(last.contains(words), "{words:?} is not in: {last}");
    }
}

#[test]
fn the_best_weights_before_a_divergence_can_be_used() {
    let folder = tempfile::tempdir().unwrap();
    // An epoch is one step, so that some end before the loss diverges.
    let output = train(folder.path(), &["messages.per_epoch=32"]);
    assert_eq!(output.status.code(), Some(2));
    let errors = stderr(&output);
    assert!(errors.contains("the best, are kept"), "{errors}");
    // The run is the most recent one with weights.
    let output = run(folder.path(), &["decrypt", "X"]);
    assert!(output.status.success(), "{}", stderr(&output));
}

#[test]
fn with_backoff_a_training_returns_to_its_last_save_and_learns() {
    // With a save after every step as well, when the newest are of weights already lost.
    for save_every in ["training.save_every=30", "training.save_every=0"] {
        let folder = tempfile::tempdir().unwrap();
        let output = train(
            folder.path(),
            &[
                "training.on_divergence=backoff",
                // A larger network may lose at this rate what it does not learn again.
                "model.d_hidden=96",
                "training.target_accuracy=0.98",
                save_every,
            ],
        );
        let errors = stderr(&output);
        assert!(
            errors.contains("returning to the last save, at half the rate"),
            "{errors}"
        );
        assert_eq!(output.status.code(), Some(0), "{errors}");
    }
}

#[test]
fn backoff_gives_up_after_three_times() {
    let folder = tempfile::tempdir().unwrap();
    let settings = [
        "training.on_divergence=backoff",
        "model.d_hidden=1024",
        "messages.per_epoch=256",
    ];
    let output = train(folder.path(), &settings);
    let errors = stderr(&output);
    assert_eq!(
        errors.matches("returning to the last save").count(),
        3,
        "{errors}"
    );
    assert_eq!(output.status.code(), Some(2), "{errors}");
}

#[test]
fn a_policy_that_does_not_exist_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(
        folder.path(),
        &["train", "--set", "training.on_divergence=hope"],
    );
    assert_refused(&output, &["training.on_divergence=hope", "stop", "backoff"]);
}

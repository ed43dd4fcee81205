//! The GPU backend gives what the others give. Runs with `--features wgpu`, on any adapter; a
//! software adapter takes a minute or two.

mod common;

use std::fs;
use std::path::Path;

use common::{run, run_with_input, stderr, stdout, trained};
use serde_json::Value;

const TEXT: &str = "FUVEMVEMN-AFURDMERPDRF";

/// Every backend that is compiled in.
fn backends() -> impl Iterator<Item = &'static str> {
    let compiled = [
        ("wgpu", true),
        ("cuda", cfg!(feature = "cuda")),
        ("ndarray", cfg!(feature = "ndarray")),
        ("flex", cfg!(feature = "flex")),
    ];
    let compiled = compiled.into_iter().filter(|(_, is_compiled)| *is_compiled);
    compiled.map(|(name, _)| name)
}

/// A model that is wrong often, and so unsure often.
#[test]
fn a_bundle_half_trained_on_each_backend_decrypts_to_the_same_text_on_every_other() {
    let folder = tempfile::tempdir().unwrap();
    let secrets = format!("{}\n", TEXT.repeat(7)).repeat(20) + "THE-QUICK-BROWN-FOX\n\nZ\n";
    for trained_on in backends() {
        let train = ["train", "--device", trained_on, "--run", trained_on];
        let sizes = [
            "training.epochs=1",
            "training.batch_size=32",
            "messages.per_epoch=256",
            "messages.test=16",
            "messages.validation=16",
            "model.bidirectional=true",
        ];
        let sizes = sizes.iter().flat_map(|size| ["--set", size]);
        let output = run(
            folder.path(),
            &train.into_iter().chain(sizes).collect::<Vec<_>>(),
        );
        assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
        let texts: Vec<String> = backends()
            .map(|device| {
                let decrypt = ["decrypt", "--device", device, "--run", trained_on];
                let output = run_with_input(folder.path(), &decrypt, secrets.as_bytes());
                assert!(output.status.success(), "{}", stderr(&output));
                stdout(&output).to_string()
            })
            .collect();
        assert!(texts.iter().all(|text| text == &texts[0]), "{texts:?}");
        assert!(!texts[0].contains("THIS-IS-ANOTHER-SECRETTHIS-IS-ANOTHER-SECRET"));
    }
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
        "messages.validation=256",
    ];
    let output = run(folder.path(), &train);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stdout(&output).contains("FUVEMVEMNMERPDRF -> THIS-IS-A-SECRET"));
    for device in backends() {
        let output = run(folder.path(), &["decrypt", "--device", device, TEXT]);
        assert_eq!(stdout(&output), "THIS-IS-ANOTHER-SECRET\n", "{device}");
    }
}

/// Losses agree to 1e-3 in each of 20 epochs of 10 steps: sums in another order, f32 all through.
#[test]
fn the_loss_falls_on_wgpu_as_it_does_on_ndarray_over_200_steps() {
    let folder = tempfile::tempdir().unwrap();
    let losses = ["wgpu", "ndarray"].map(|device| {
        let train = ["train", "--device", device, "--run", device];
        let sizes = [
            "messages.per_epoch=160",
            "messages.validation=16",
            "messages.test=16",
            "training.batch_size=16",
            "training.epochs=20",
            "training.learning_rate=0.001",
            "model.n_layers=2",
            "model.bidirectional=true",
        ];
        let sizes = sizes.iter().flat_map(|size| ["--set", size]);
        let output = run(
            folder.path(),
            &train.into_iter().chain(sizes).collect::<Vec<_>>(),
        );
        assert!(output.status.code() < Some(2), "{}", stderr(&output));
        losses(&folder.path().join(device))
    });
    assert_eq!(losses[0].len(), 40); // training and held out
    assert!(losses[1][38] < 0.9 * losses[1][0], "{:?}", losses[1]);
    for (wgpu, ndarray) in losses[0].iter().zip(&losses[1]) {
        assert!((wgpu - ndarray).abs() < 1e-3, "{wgpu} and {ndarray}");
    }
}

/// Which sizes are too large depends on the adapter, so that only a software one is asked, whose
/// buffers have at most 128 MiB.
#[test]
fn what_does_not_fit_is_refused_in_a_line_and_what_was_saved_stays() {
    let folder = trained();
    let devices = run(folder.path(), &["doctor", "--device", "ndarray"]);
    if !stdout(&devices).contains("llvmpipe") {
        return;
    }
    // A batch is bounded and fits; these weights do not.
    let train = ["train", "--device", "wgpu", "--run", "large"];
    let sizes = ["--set", "model.d_hidden=3000"];
    let output = run(folder.path(), &[&train[..], &sizes[..]].concat());
    let message = stderr(&output).lines().last().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(
        message.starts_with("error: the device has too little memory: ")
            && message.contains("model.d_hidden"),
        "{}",
        stderr(&output)
    );
    let output = run(
        folder.path(),
        &["decrypt", "--device", "wgpu", "--run", "runs/caesar", TEXT],
    );
    assert_eq!(stdout(&output), "THIS-IS-ANOTHER-SECRET\n");
}

#[test]
fn the_devices_there_are_and_the_version_of_the_lstm_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let devices = run(folder.path(), &["doctor", "--device", "ndarray"]);
    let lines: Vec<_> = stdout(&devices).lines().collect();
    let wgpu = lines
        .iter()
        .position(|line| line.starts_with("wgpu"))
        .unwrap();
    assert!(lines[wgpu].contains("compiled in"));
    assert!(lines[wgpu + 1].starts_with(' ') && lines[wgpu + 1].contains("MiB"));
    assert!(!folder.path().join("runs").exists());

    for (size, version) in [
        ("10", "fused GPU kernels"),
        ("200", "one matrix product per step"),
    ] {
        let d_hidden = format!("model.d_hidden={size}");
        let train = [
            "train",
            "--device",
            "wgpu",
            "--verbose",
            "--run",
            size,
            "--set",
            &d_hidden,
        ];
        let sizes = [
            "messages.per_epoch=4",
            "messages.validation=2",
            "messages.test=2",
            "training.epochs=1",
        ];
        let sizes = sizes.iter().flat_map(|size| ["--set", size]);
        let output = run(
            folder.path(),
            &train.into_iter().chain(sizes).collect::<Vec<_>>(),
        );
        assert!(output.status.code() < Some(2), "{}", stderr(&output));
        let told = stderr(&output)
            .lines()
            .filter(|line| line.starts_with("LSTM kernel: "));
        assert_eq!(
            told.collect::<Vec<_>>(),
            [format!("LSTM kernel: {version}")]
        );
    }
}

fn losses(run: &Path) -> Vec<f64> {
    let metrics = fs::read_to_string(run.join("metrics.jsonl")).unwrap();
    let lines = metrics
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.map(|line| line["loss"].as_f64().unwrap()).collect()
}

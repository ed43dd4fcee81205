//! Every fault ends with one line that says what, where and how to fix it, and with exit status 2.
//! Nothing is overwritten.

mod common;

use std::collections::HashSet;
use std::ffi::OsString;
use std::fs;

use common::{assert_refused, cipher_train, run, run_with_input, stderr, stdout, trained};

#[test]
fn a_config_that_cannot_be_used_is_refused_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    for (text, words) in [
        (
            "[model]\nd_hiden = 3\n",
            ["c.toml:2:1", "did you mean `d_hidden`?"],
        ),
        ("seed = \"x\"\n", ["c.toml:1:8", "expected a whole number"]),
        (
            "[model]\nd_hidden = 0\n",
            ["c.toml:2:12", "from 1 to 16384"],
        ),
        ("[model]\ndropout = 1.0\n", ["c.toml:2:11", "below 1"]),
        (
            "[cipher]\nname = \"affine\"\na = 9\nb = 0\n",
            ["c.toml:3:5", "the nearest number without one is 8"],
        ),
        ("[cipher]\nkey = \"C\"\n", ["c.toml:1:1", "a whole number"]),
        (
            "[cipher]\nname = \"ceasar\"\n",
            ["c.toml:2:8", "did you mean `caesar`?"],
        ),
        (
            "seed = 1\n[cipher]\nname = \"caesar\"\nkye = 3\n",
            ["c.toml:4:1", "did you mean `key`?"],
        ),
        ("[alphabet]\nsymbols = \"\"\n", ["c.toml:2:11", "empty"]),
        (
            "[alphabet]\nsymbols = \"ABA\"\n",
            ["c.toml:2:11", "repeats \"A\""],
        ),
        (
            "[messages]\nmin_length = 33\n",
            ["c.toml:2:14", "swap them"],
        ),
        ("[messages]\nmin_length = 0\n", ["c.toml:2:14", "from 1 to"]),
        ("[training]\nbatch_size = 0\n", ["c.toml:2:14", "from 1 to"]),
        (
            "[training]\nlearning_rate = nan\n",
            ["c.toml:2:17", "above 0"],
        ),
        (
            "[training]\ntarget_loss = nan\n",
            ["c.toml:2:15", "at least 0"],
        ),
        (
            "[messages]\nper_epoch = 100000000\n",
            ["c.toml:2:13", "from 1 to 16777216"],
        ),
        ("[training\n", ["c.toml:1:10", "unclosed table"]),
    ] {
        fs::write(folder.path().join("c.toml"), text).unwrap();
        for command in ["check", "train"] {
            assert_refused(&run(folder.path(), &[command, "c.toml"]), &words);
        }
    }
    assert!(!folder.path().join("runs").exists());
}

#[test]
fn an_override_that_cannot_be_used_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    for (set, word) in [
        ("model.d_hidden=0", "from 1 to 16384"),
        ("model.d_hiden=3", "did you mean `d_hidden`?"),
        ("seed", "KEY=VALUE"),
        ("seed.x=1", "not a table"),
        ("training.epochs=many", "expected a whole number"),
    ] {
        let place = format!("--set {set}");
        assert_refused(
            &run(folder.path(), &["train", "--set", set]),
            &[&place, word],
        );
    }
}

#[test]
fn configs_that_are_missing_or_no_text_are_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    assert_refused(
        &run(folder.path(), &["train", "none.toml"]),
        &["cannot read none.toml"],
    );
    fs::create_dir(folder.path().join("folder.toml")).unwrap();
    assert_refused(
        &run(folder.path(), &["train", "folder.toml"]),
        &["cannot read folder.toml"],
    );
    fs::write(folder.path().join("latin1.toml"), b"# \xe4\n").unwrap();
    let output = run(folder.path(), &["train", "latin1.toml"]);
    assert_refused(&output, &["latin1.toml:1:3", "UTF-8"]);
}

#[test]
fn run_folders_that_cannot_be_used_are_refused_and_left_alone() {
    let folder = trained();
    let path = folder.path();
    fs::write(path.join("file"), "mine").unwrap();
    assert_refused(&run(path, &["train", "--run", "file"]), &["file is a file"]);
    assert_eq!(fs::read_to_string(path.join("file")).unwrap(), "mine");
    assert_refused(
        &run(path, &["decrypt", "--run", "file", "X"]),
        &["file is a file"],
    );
    let output = run(path, &["train", "--run", "/proc/run"]);
    assert_refused(&output, &["cannot make the folder /proc/run"]);
    assert_refused(
        &run(path, &["decrypt", "--run", "none", "X"]),
        &["cannot read the run none"],
    );

    let before = fs::read(path.join("runs/caesar/config.toml")).unwrap();
    let output = run(path, &["train", "--run", "runs/caesar", "--set", "seed=9"]);
    assert_refused(&output, &["already holds a run"]);
    assert_eq!(
        fs::read(path.join("runs/caesar/config.toml")).unwrap(),
        before
    );

    let empty = tempfile::tempdir().unwrap();
    let output = run(empty.path(), &["decrypt", "X"]);
    assert_refused(&output, &["no run here yet", "train one first"]);
    assert_refused(
        &run(path, &["decrypt", "--run", ".", "X"]),
        &["no run", "run.json"],
    );
    let output = run(path, &["train", "--resume", "--run", "."]);
    assert_refused(&output, &["no run", "run.json"]);
    let names = fs::read_dir(path)
        .unwrap()
        .map(|entry| entry.unwrap().file_name());
    let names: HashSet<OsString> = names.collect();
    assert_eq!(names, ["file", "runs"].map(OsString::from).into());
}

#[test]
fn a_folder_with_files_of_a_run_that_is_none_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let metrics = folder.path().join("mine/metrics.jsonl");
    fs::create_dir(folder.path().join("mine")).unwrap();
    fs::write(&metrics, "mine").unwrap();
    let output = run(folder.path(), &["train", "--run", "mine"]);
    assert_refused(&output, &["mine holds no run", "mine/metrics.jsonl"]);
    assert_eq!(fs::read_to_string(&metrics).unwrap(), "mine");
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_not_utf8_is_refused_or_read() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().unwrap();
    let name = OsStr::from_bytes(b"\xff.tsv");
    fs::write(folder.path().join(name), "B\tA\nC\tB\nD\tC\n").unwrap();
    let output = cipher_train(folder.path()).arg("fit").arg(name).output();
    assert_refused(&output.unwrap(), &["rename the file"]);
    let mut train = cipher_train(folder.path());
    train.args(["train", "--set", "training.epochs=1", "--run"]);
    let name = OsStr::from_bytes(b"\xff");
    assert!(train.arg(name).output().unwrap().status.code() < Some(2));
    for command in [&["eval", "--json", "--run"][..], &["status", "--json"]] {
        let output = cipher_train(folder.path()).args(command).arg(name).output();
        let output = output.unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
    }
}

#[test]
fn weights_for_another_alphabet_are_not_imported() {
    let folder = trained();
    let export = ["export", "--to", "torch", "w.safetensors"];
    assert!(run(folder.path(), &export).status.success());
    let mut config = fs::read_to_string(folder.path().join("runs/caesar/config.toml")).unwrap();
    config = config.replace("ABCDEFGHIJKLMNOPQRSTUVWXYZ-", "BACDEFGHIJKLMNOPQRSTUVWXYZ-");
    fs::write(folder.path().join("other.toml"), config).unwrap();
    let import = ["import", "--from", "torch", "w.safetensors", "other.toml"];
    assert_refused(
        &run(folder.path(), &import),
        &["alphabets ABC", "config.toml"],
    );
    let import = [&import[..4], &["runs/caesar/config.toml"]].concat();
    assert!(run(folder.path(), &import).status.success());
}

#[test]
fn weights_for_another_key_are_imported_with_a_warning_and_exit_status_1() {
    let folder = trained();
    let export = ["export", "--to", "torch", "w.safetensors"];
    assert!(run(folder.path(), &export).status.success());
    let import = ["import", "--from", "torch", "w.safetensors"];
    let other_key = ["runs/caesar/config.toml", "--set", "cipher.key=5"];
    let output = run(folder.path(), &[&import[..], &other_key].concat());
    assert_eq!(output.status.code(), Some(1));
    let errors = stderr(&output);
    assert!(errors.contains("not for this cipher"), "{errors}");
}

#[test]
fn a_config_given_to_fit_and_pairs_given_to_train_are_refused_with_the_right_command() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("c.toml"), "").unwrap();
    fs::write(folder.path().join("p.tsv"), "B\tA\n").unwrap();
    let output = run(folder.path(), &["fit", "c.toml"]);
    assert_refused(&output, &["c.toml is a config", "`train`"]);
    let output = run(folder.path(), &["train", "p.tsv"]);
    assert_refused(&output, &["p.tsv is a file of pairs", "`fit`"]);
}

#[test]
fn a_config_of_pairs_has_no_cipher_to_encrypt_or_generate_with() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("c.toml"), "[pairs]\nfile = 'p.tsv'\n").unwrap();
    for arguments in [
        &["encrypt", "c.toml", "A"][..],
        &["decrypt", "--with-key", "c.toml", "A"],
        &["generate", "c.toml", "-n", "1"],
        &["curve", "c.toml", "--pairs", "3"],
    ] {
        assert_refused(&run(folder.path(), arguments), &["names no cipher"]);
    }
}

#[cfg(unix)]
#[test]
fn pipes_and_devices_are_refused_where_a_file_is_needed() {
    let folder = trained();
    let path = folder.path();
    let fifo = std::process::Command::new("mkfifo")
        .arg(path.join("fifo.tsv"))
        .status();
    assert!(fifo.unwrap().success());
    assert_refused(&run(path, &["fit", "fifo.tsv"]), &["not an ordinary file"]);
    let output = run(path, &["export", "--to", "torch", "/dev/null"]);
    assert_refused(&output, &["/dev/null"]);
    let weights = path.join("runs/caesar/bundle/weights.safetensors");
    fs::remove_file(&weights).unwrap();
    std::os::unix::fs::symlink("/dev/zero", &weights).unwrap();
    assert_refused(&run(path, &["decrypt", "X"]), &["weights.safetensors"]);
}

#[test]
fn damaged_bundles_are_refused_by_file_and_written_again_by_train_resume() {
    let folder = trained();
    let weights = folder.path().join("runs/caesar/bundle/weights.safetensors");
    let whole = fs::read(&weights).unwrap();
    let flipped = [&whole[..99], &[whole[99] ^ 1], &whole[100..]].concat();
    for damaged in [whole[..100].to_vec(), flipped] {
        fs::write(&weights, damaged).unwrap();
        for arguments in [["decrypt", "X"].as_slice(), &["eval"]] {
            let output = run(folder.path(), arguments);
            assert_refused(
                &output,
                &[
                    "weights.safetensors is damaged",
                    "copy the bundle again",
                    "train --resume --run",
                ],
            );
        }
    }
    let decrypted = || run(folder.path(), &["decrypt", "FUVEMVEMNMERPDRF"]);
    let resumed = || {
        let output = run(folder.path(), &["train", "--resume"]);
        assert!(output.status.success(), "{}", stderr(&output));
    };
    resumed();
    assert_eq!(stdout(&decrypted()), "THIS-IS-A-SECRET\n");
    fs::remove_dir_all(weights.parent().unwrap()).unwrap();
    assert_refused(&decrypted(), &["holds no trained model yet", "`status "]);
    resumed();
    assert_eq!(fs::read(&weights).unwrap(), whole);
}

#[test]
fn a_bundle_of_another_version_is_refused_by_its_number() {
    let folder = trained();
    let manifest = folder.path().join("runs/caesar/bundle/manifest.json");
    let text = fs::read_to_string(&manifest).unwrap();
    let newer = text.replace("\"format_version\": 2", "\"format_version\": 3");
    fs::write(&manifest, newer).unwrap();
    assert_refused(
        &run(folder.path(), &["decrypt", "X"]),
        &["bundle format 3", "reads"],
    );
}

#[test]
fn text_that_is_not_utf8_is_refused_with_its_line_and_column() {
    let folder = trained();
    let output = run_with_input(folder.path(), &["decrypt"], b"\xc3\xa4\xff\n");
    let errors = stderr(&output);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        errors.contains("stdin, line 1: not UTF-8 at column 2"),
        "{errors}"
    );

    let output = run_with_input(folder.path(), &["decrypt"], b"N\n\xff\nO\n");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        stdout(&output),
        "A\n[unreadable]\nB\n",
        "the other lines are answered"
    );
    let errors = stderr(&output);
    assert!(
        errors.contains("stdin, line 2: not UTF-8 at column 1"),
        "{errors}"
    );
}

#[test]
fn a_device_that_is_not_compiled_in_or_not_there_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = cipher_train(folder.path());
    // No graphics driver can be found under these names, neither Vulkan's nor OpenGL's.
    for variable in [
        "VK_DRIVER_FILES",
        "VK_ICD_FILENAMES",
        "__EGL_VENDOR_LIBRARY_FILENAMES",
    ] {
        command.env(variable, "/none");
    }
    let output = command.args(["--device", "wgpu"]).output().unwrap();
    if cfg!(feature = "wgpu") {
        assert_refused(&output, &["--device ndarray"]);
    } else {
        assert_refused(&output, &["without the backend wgpu", "--features wgpu"]);
    }
    assert!(!folder.path().join("runs").exists());
}

#[cfg(not(feature = "mpi"))]
#[test]
fn several_processes_that_were_started_together_are_refused_by_a_build_without_mpi() {
    let folder = tempfile::tempdir().unwrap();
    // As Open MPI's mpirun says it, and MPICH's.
    for variable in ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE"] {
        let mut command = cipher_train(folder.path());
        let output = command.env(variable, "2").output().unwrap();
        assert_refused(&output, &["without MPI", "--features mpi"]);
    }
    assert!(!folder.path().join("runs").exists());
}

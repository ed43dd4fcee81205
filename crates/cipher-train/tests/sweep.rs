//! Many runs: their commands, what `--resume` does with a run that is there, and the table.

mod common;

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use common::{assert_refused, cipher_train, run, stderr, stdout};
use serde_json::Value;

/// Four trainings of a tenth of a second each.
const SWEEP: &str = "
    file = 'caesar.toml'
    [set]
    training.epochs = 1
    messages = { per_epoch = 64, validation = 20, test = 20 }
    [vary]
    model.d_hidden = [4, 8]
    seed = [1, 2]
";

fn folder_with(sweep: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("caesar.toml"), "").unwrap();
    fs::write(folder.path().join("pairs.tsv"), "AB\tBC\nCD\tDE\nEF\tFG\n").unwrap();
    let unequal = "ABC\tBCD\nEFG\tFGH\nIJK\tJKLM\n";
    for (name, text) in [
        ("empty.tsv", ""),
        ("unequal.tsv", unequal),
        ("of-pairs.toml", "pairs.file = 'pairs.tsv'"),
        (
            "keyed.toml",
            "cipher = { name = 'vigenere', key = { length = 2 } }\nmodel.key_input = 'aligned'",
        ),
    ] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    fs::write(folder.path().join("sweep.toml"), sweep).unwrap();
    folder
}

fn jobs(folder: &Path) -> Vec<String> {
    let output = run(
        folder,
        &["sweep", "jobs", "sweep.toml", "--device", "ndarray"],
    );
    assert!(output.status.success(), "{}", stderr(&output));
    stdout(&output).lines().map(String::from).collect()
}

fn table(folder: &Path, arguments: &[&str]) -> Output {
    let arguments = [&["sweep", "table", "sweep.toml"], arguments].concat();
    let output = run(folder, &arguments);
    assert!(output.status.success(), "{}", stderr(&output));
    output
}

fn rows(folder: &Path) -> Vec<Value> {
    serde_json::from_str(stdout(&table(folder, &["--format", "json"]))).unwrap()
}

fn states(folder: &Path) -> Vec<String> {
    let rows = rows(folder);
    rows.iter()
        .map(|row| row["state"].as_str().unwrap().into())
        .collect()
}

/// Runs a line as a scheduler does, in another folder than that of the sweep.
fn shell(line: &str) -> Output {
    let elsewhere = tempfile::tempdir().unwrap();
    let mut shell = Command::new("bash");
    shell.current_dir(elsewhere.path()).env_remove("CARGO");
    shell.args(["-c", line]).output().unwrap()
}

/// Each of the texts in three spellings: in two words, divided at two places, and in one.
fn in_three_spellings(n_texts: usize) -> String {
    let mut state = 1u32;
    let mut letters = || -> String {
        let mut letter = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            char::from(b'A' + (state >> 24) as u8 % 26)
        };
        (0..24).map(|_| letter()).collect()
    };
    let spelled = |text: &str, at: usize| format!("{} {}", &text[..at], &text[at..]);
    let lines = (0..n_texts).map(|_| {
        let (ciphertext, plaintext) = (letters(), letters());
        let divided = [5, 11].map(|at| {
            let [ciphertext, plaintext] = [&ciphertext, &plaintext].map(|text| spelled(text, at));
            format!("{ciphertext}\t{plaintext}\n")
        });
        format!("{ciphertext}\t{plaintext}\n{}", divided.concat())
    });
    lines.collect()
}

/// What the run gets right of other pairs.
fn others(run: &Path) -> Value {
    let text = fs::read_to_string(run.join("others.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn weights(run: &Path) -> Vec<u8> {
    fs::read(run.join("bundle/weights.safetensors")).unwrap()
}

#[test]
fn each_combination_is_a_line_until_its_run_is_finished() {
    let folder = folder_with(SWEEP);
    let path = folder.path();
    let lines = jobs(path);
    assert_eq!(lines.len(), 4);
    assert_eq!(states(path), ["missing"; 4]);
    for n_done in 1..=4 {
        let ended = shell(&lines[n_done - 1]);
        assert!(ended.status.code() < Some(2), "{}", stderr(&ended));
        assert_eq!(jobs(path), lines[n_done..]);
    }
    assert_eq!(states(path), ["finished"; 4]);
    // What varies is what differs.
    let rows = rows(path);
    let varied: HashSet<String> = rows.iter().map(|row| row["varied"].to_string()).collect();
    assert_eq!(varied.len(), 4);
    for row in &rows {
        let run = Path::new(row["run"].as_str().unwrap());
        let config = fs::read_to_string(run.join("config.toml")).unwrap();
        let config: toml::Table = config.parse().unwrap();
        assert_eq!(config["seed"].as_integer(), row["varied"]["seed"].as_i64());
        let d_hidden = config["model"]["d_hidden"].as_integer();
        assert_eq!(d_hidden, row["varied"]["model.d_hidden"].as_i64());
        assert_eq!(config["training"]["epochs"].as_integer(), Some(1));
        assert_eq!(row["epochs"], 1);
    }
}

#[test]
fn the_table_says_the_same_in_each_format() {
    let folder = folder_with(SWEEP);
    let path = folder.path();
    for line in &jobs(path)[..3] {
        shell(line);
    }
    let rows = rows(path);
    let csv = table(path, &["--format", "csv"]);
    let mut reader = csv::Reader::from_reader(stdout(&csv).as_bytes());
    let header: Vec<String> = reader.headers().unwrap().iter().map(String::from).collect();
    let column = |name: &str| header.iter().position(|other| other == name).unwrap();
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(records.len(), rows.len());
    for (record, row) in records.iter().zip(&rows) {
        assert_eq!(&record[column("state")], row["state"].as_str().unwrap());
        assert_eq!(record[column("seed")], row["varied"]["seed"].to_string());
        let accuracy = record[column("character_accuracy")].parse::<f64>().ok();
        assert_eq!(accuracy, row["character_accuracy"].as_f64());
    }
    let text = table(path, &[]);
    let states = |state: &str| stdout(&text).matches(state).count();
    assert_eq!(
        (states("finished"), states("missing")),
        (3, 1),
        "{}",
        stdout(&text)
    );
    assert!(stderr(&text).contains("4 runs: 3 finished, 1 missing"));
    // A dot for each finished run and one in the legend; the second size has one run and so a dot for a line.
    let svg = table(path, &["--format", "svg", "--x", "seed"]);
    assert_eq!(
        stdout(&svg).matches("<circle").count(),
        3 + 1 + 1,
        "{}",
        stdout(&svg)
    );
    assert!(stdout(&svg).contains("d_hidden 4") && stdout(&svg).contains("d_hidden 8"));
    let output = run(
        path,
        &[
            "sweep",
            "table",
            "sweep.toml",
            "--format",
            "svg",
            "--x",
            "key",
        ],
    );
    assert_refused(
        &output,
        &["nothing varies by the name key", "model.d_hidden"],
    );
}

#[test]
fn other_settings_or_another_config_make_other_runs() {
    let folder = folder_with(SWEEP);
    let path = folder.path();
    let names = || -> HashSet<String> {
        let rows = rows(path);
        rows.iter()
            .map(|row| row["run"].as_str().unwrap().into())
            .collect()
    };
    let before = names();
    fs::write(path.join("caesar.toml"), "cipher.key = 5").unwrap();
    let other_config = names();
    let other = SWEEP.replace("epochs = 1", "epochs = 2");
    fs::write(path.join("sweep.toml"), other).unwrap();
    let other_settings = names();
    assert!(before.is_disjoint(&other_config) && other_config.is_disjoint(&other_settings));
}

#[test]
fn comments_in_a_config_change_no_run() {
    let folder = folder_with(SWEEP);
    let before = jobs(folder.path());
    fs::write(folder.path().join("caesar.toml"), "# The tutorial's.\n").unwrap();
    assert_eq!(jobs(folder.path()), before);
}

#[test]
fn a_line_does_not_start_when_what_it_reads_was_changed_after_it_was_written() {
    for (sweep, file, changed) in [
        (SWEEP, "caesar.toml", "cipher.key = 9"),
        (
            "file = 'pairs.tsv'",
            "pairs.tsv",
            "AB\tBC\nCD\tDE\nEF\tFH\n",
        ),
    ] {
        let folder = folder_with(sweep);
        let path = folder.path();
        let line = jobs(path).remove(0);
        fs::write(path.join(file), changed).unwrap();
        assert_refused(&shell(&line), &[file, "was changed", "sweep jobs"]);
        assert!(!path.join("runs").exists());
    }
}

#[test]
fn what_a_group_says_replaces_what_the_sweep_says() {
    let folder = folder_with(
        "file = 'caesar.toml'
         vary.seed = [1, 2]
         set = { training.epochs = 1, model = { d_hidden = 4, n_layers = 2 } }
         [[group]]
         name = 'one seed'
         set.seed = 7
         [[group]]
         name = 'other sizes'
         vary.model.d_hidden = [5, 6]
         [[group]]
         name = 'other models'
         set.seed = 1
         vary.model = [{ d_hidden = 8 }, { n_layers = 1 }]",
    );
    let settings = |group: &str| -> Vec<String> {
        let rows = rows(folder.path());
        let of_group = rows.iter().filter(|row| row["group"] == group);
        let joined = of_group.map(|row| {
            let mut settings: Vec<&str> = row["settings"]
                .as_array()
                .unwrap()
                .iter()
                .map(|setting| setting.as_str().unwrap())
                .filter(|setting| !setting.starts_with("training"))
                .collect();
            settings.sort_unstable();
            settings.join(" ")
        });
        joined.collect()
    };
    assert_eq!(
        settings("one seed"),
        ["model.d_hidden=4 model.n_layers=2 seed=7"]
    );
    assert_eq!(
        settings("other sizes"),
        [
            "model.d_hidden=5 model.n_layers=2 seed=1",
            "model.d_hidden=5 model.n_layers=2 seed=2",
            "model.d_hidden=6 model.n_layers=2 seed=1",
            "model.d_hidden=6 model.n_layers=2 seed=2",
        ]
    );
    assert_eq!(
        settings("other models"),
        ["model.d_hidden=8 seed=1", "model.n_layers=1 seed=1"]
    );
}

#[test]
fn the_table_and_the_line_of_a_damaged_run_agree() {
    // What is damaged, and whether the line repairs it.
    for (damage, is_repaired) in [
        ("result.json", true),
        ("bundle/weights.safetensors", true),
        ("config.toml", false),
        ("run.json", false),
        ("checkpoint", false),
    ] {
        let folder = folder_with(SWEEP);
        let path = folder.path();
        let line = jobs(path).remove(0);
        shell(&line);
        let run = rows(path)[0]["run"].as_str().unwrap().to_string();
        let damaged = Path::new(&run).join(damage);
        match damaged.is_dir() {
            true => fs::remove_dir_all(&damaged).unwrap(),
            false if damage == "run.json" => fs::remove_file(&damaged).unwrap(),
            false => fs::write(&damaged, "{").unwrap(),
        }
        assert_eq!(states(path)[0], "failed", "{damage}");
        assert!(jobs(path).contains(&line), "{damage}");
        let again = shell(&line);
        if is_repaired {
            assert!(
                again.status.code() < Some(2),
                "{damage}: {}",
                stderr(&again)
            );
            assert_eq!(states(path)[0], "finished", "{damage}");
        } else {
            assert_eq!(again.status.code(), Some(2), "{damage}");
            assert_eq!(states(path)[0], "failed", "{damage}");
            let over = shell(&format!("{line} --overwrite"));
            assert!(over.status.code() < Some(2), "{damage}: {}", stderr(&over));
            assert_eq!(states(path)[0], "finished", "{damage}");
        }
    }
}

#[test]
fn a_run_that_diverged_is_failed_with_its_reason_and_gets_no_line() {
    let folder = folder_with(
        "file = 'caesar.toml'
         [set]
         training.learning_rate = 1
         messages = { validation = 50, test = 50 }
         [vary]
         model.d_hidden = [4, 256]",
    );
    let path = folder.path();
    let lines = jobs(path);
    assert_eq!(shell(&lines[1]).status.code(), Some(2));
    assert_eq!(states(path), ["missing", "failed"]);
    assert!(
        rows(path)[1]["reason"]
            .as_str()
            .unwrap()
            .contains("diverged")
    );
    assert_eq!(jobs(path), lines[..1]);
}

#[test]
fn values_that_a_shell_or_toml_would_read_otherwise_arrive_as_they_are() {
    let folder = folder_with(
        r#"file = "caesar.toml"
           [set]
           training.epochs = 1
           alphabet.symbols = "AB$'\" 1234567890\\"
           messages = { per_epoch = 16, validation = 5, test = 5 }
           [vary]
           cipher = [{ name = "gronsfeld", key = "0317" }, { name = "vigenere", key = "$'\" 1\\" }]"#,
    );
    let path = folder.path();
    for line in jobs(path) {
        let ended = shell(&line);
        assert!(ended.status.code() < Some(2), "{line}\n{}", stderr(&ended));
    }
    let keys: HashSet<String> = rows(path)
        .iter()
        .map(|row| {
            let run = Path::new(row["run"].as_str().unwrap());
            let config = fs::read_to_string(run.join("config.toml")).unwrap();
            let config: toml::Table = config.parse().unwrap();
            config["cipher"]["key"].as_str().unwrap().into()
        })
        .collect();
    assert_eq!(keys, HashSet::from(["0317".into(), "$'\" 1\\".into()]));
}

#[test]
fn a_sweep_that_cannot_be_run_says_what_is_wrong_and_where() {
    for (sweep, words) in [
        (
            "fil = 'caesar.toml'",
            &["sweep.toml:1:1", "did you mean `file`"][..],
        ),
        ("[vary]\nseed = [1]", &["file: give a config"]),
        ("file = 'other.toml'", &["cannot read", "other.toml"]),
        (
            "file = 'caesar.toml'\n[vary]\nseed = 1",
            &["vary.seed: give a list"],
        ),
        (
            "file = 'caesar.toml'\n[vary]\nseed = []",
            &["vary.seed: give a list"],
        ),
        (
            "file = 'caesar.toml'\n[vary]\nseed = [1, 1]",
            &["the same run twice: seed-1 and seed-1"],
        ),
        (
            "file = 'caesar.toml'\n[vary]\npairs = [0]",
            &["pairs: give numbers of pairs"],
        ),
        (
            "file = 'caesar.toml'\npairs = 0",
            &["pairs: give numbers of pairs"],
        ),
        (
            "file = 'caesar.toml'\n[vary]\nmodel.d_hiden = [1]",
            &["d_hiden", "did you mean `d_hidden`"],
        ),
        (
            "file = 'caesar.toml'\n[[group]]\nname = 'one'\nset = { seed = 1, cipher.key = 'x' }",
            &["sweep.toml: group \"one\"", "cipher.key"],
        ),
        ("not toml", &["sweep.toml:1:"]),
        (
            "file = 'caesar.toml'\nset.seed = 1\nvary.seed = [1, 2]",
            &["seed and seed are both given"],
        ),
        (
            "file = 'caesar.toml'\nset.model.d_hidden = 4\nvary.model = [{ n_layers = 1 }]",
            &["model.d_hidden and model are both given"],
        ),
        (
            "file = 'caesar.toml'\n[[group]]\nname = 'a'\n[[group]]\nname = 'a'\nset.seed = 2",
            &["two groups are named \"a\""],
        ),
        (
            "file = 'caesar.toml'\npairs = 4\nset.model.d_hiden = 3",
            &["d_hiden", "did you mean `d_hidden`"],
        ),
        (
            "file = 'pairs.tsv'\nset.cipher.key = 3",
            &["--set cipher.key=3"],
        ),
        (
            "file = 'pairs.tsv'\nset.model.d_hidden = 0",
            &["model.d_hidden=0"],
        ),
        (
            "file = 'pairs.tsv'\nvary.pairs = [1, 3]",
            &["3 different pairs", "leave none"],
        ),
        ("file = 'empty.tsv'", &["empty.tsv"]),
        (
            "file = 'unequal.tsv'",
            &["unequal.tsv", "sides of different length"],
        ),
        (
            "file = 'pairs.tsv'\nread = ['--no-such-option', '1']",
            &["--no-such-option"],
        ),
        (
            "file = 'caesar.toml'\nread = ['--format', 'csv']",
            &["caesar.toml is a config"],
        ),
        (
            "file = 'caesar.toml'\npairs = 20_000_000",
            &["from 1 to 10000000"],
        ),
        ("file = 'of-pairs.toml'\npairs = 2", &["names no cipher"]),
        ("file = 'keyed.toml'\npairs = 2", &["messages of one key"]),
    ] {
        let folder = folder_with(sweep);
        for command in ["jobs", "table"] {
            let output = run(folder.path(), &["sweep", command, "sweep.toml"]);
            assert_eq!(
                (output.status.code(), stdout(&output)),
                (Some(2), ""),
                "{sweep}"
            );
            for word in words {
                assert!(
                    stderr(&output).contains(word),
                    "{word:?}: {}",
                    stderr(&output)
                );
            }
        }
        assert!(!folder.path().join("runs").exists());
    }
}

#[test]
fn resume_starts_a_run_leaves_a_finished_one_and_refuses_another() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::write(path.join("caesar.toml"), "training.epochs = 1").unwrap();
    let train = |settings: &[&str]| {
        let mut command = cipher_train(path);
        command.args([
            "train",
            "caesar.toml",
            "--run",
            "run",
            "--resume",
            "--device",
            "ndarray",
        ]);
        for setting in settings {
            command.args(["--set", setting]);
        }
        command.output().unwrap()
    };
    let first = train(&[]);
    assert!(first.status.code() < Some(2), "{}", stderr(&first));
    let trained = weights(&path.join("run"));
    let metrics = fs::read(path.join("run/metrics.jsonl")).unwrap();
    let again = train(&[]);
    assert_eq!(again.status.code(), first.status.code());
    assert_eq!(weights(&path.join("run")), trained);
    assert_eq!(fs::read(path.join("run/metrics.jsonl")).unwrap(), metrics);
    let output = train(&["seed=2"]);
    assert_refused(
        &output,
        &[
            "run holds another run",
            "seed is 1, not 2",
            "another folder",
        ],
    );
    assert_eq!(weights(&path.join("run")), trained);
    let output = run(path, &["train", "caesar.toml", "--resume"]);
    assert_refused(&output, &["--run"]);
    let output = run(path, &["train", "--resume", "--run", "none"]);
    assert_refused(&output, &["cannot read the run none"]);
}

#[test]
fn pairs_of_a_config_train_the_same_network_as_a_file_of_what_generate_writes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::write(
        path.join("c.toml"),
        "cipher = { name = 'vigenere', key = 'AB' }",
    )
    .unwrap();
    let settings = ["--set", "seed=3", "--set", "cipher.key=QED"];
    let generated = [&["generate", "c.toml", "-n", "40"], &settings[..]].concat();
    fs::write(path.join("pairs.tsv"), run(path, &generated).stdout).unwrap();
    let short = ["--set", "training.epochs=2", "--device", "ndarray"];
    let of_file = ["fit", "pairs.tsv", "--run", "file", "--set", "seed=3"];
    let of_config = ["fit", "c.toml", "--pairs", "40", "--run", "config"];
    run(path, &[&of_file[..], &short].concat());
    let output = run(path, &[&of_config[..], &settings, &short].concat());
    assert_eq!(
        weights(&path.join("file")),
        weights(&path.join("config")),
        "{}",
        stderr(&output)
    );
    assert!(stdout(&output).contains("learned from 40 pairs; on 1000 other messages"));
    let others = others(&path.join("config"));
    // The key is found from forty messages, whatever the network has learned in two epochs.
    assert_eq!(others["character_accuracy"], 1.0);
    assert!(others["network_character_accuracy"].as_f64().unwrap() < 0.9);
}

#[test]
fn some_pairs_of_a_file_are_learned_from_and_only_others_measured_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    // One letter a message, and a cipher that none of the known kinds explains: what was not seen is not known.
    let letters: Vec<char> = ('a'..='z').collect();
    let lines = letters.iter().enumerate().map(|(at, letter)| {
        let other = letters[(at * 7 + at / 5 + 3) % 26];
        format!("{letter}{letter}{letter}{letter}\t{other}{other}{other}{other}\n")
    });
    let lines = format!("ciphertext\tplaintext\n{}", lines.collect::<String>());
    fs::write(path.join("pairs.tsv"), lines).unwrap();
    let fit = [
        "fit",
        "pairs.tsv",
        "--pairs",
        "20",
        "--set",
        "training.epochs=2",
        "--run",
        "run",
    ];
    let output = run(path, &[&fit[..], &["--device", "ndarray"]].concat());
    let others = others(&path.join("run"));
    assert_eq!(
        (&others["n_pairs"], &others["n_others"]),
        (&20.into(), &6.into()),
        "{}",
        stderr(&output)
    );
    assert_eq!(others["seen"], 0.0);
    let own = fs::read_to_string(path.join("run/pairs.jsonl")).unwrap();
    assert_eq!(own.lines().count(), 20);
    let output = run(path, &["fit", "pairs.tsv", "--pairs", "26"]);
    assert_refused(&output, &["26 different pairs", "to measure on"]);
    let output = run(
        path,
        &["fit", "pairs.tsv", "--pairs", "5", "--set", "cipher.key=3"],
    );
    assert_refused(&output, &["--set cipher.key=3"]);
}

#[test]
fn no_other_pair_is_a_learned_one_in_another_spelling() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::write(path.join("pairs.tsv"), in_three_spellings(30)).unwrap();
    let fit = [
        "fit",
        "pairs.tsv",
        "--pairs",
        "60",
        "--run",
        "run",
        "--set",
        "training.epochs=1",
    ];
    let output = run(path, &[&fit[..], &["--device", "ndarray"]].concat());
    let own = fs::read_to_string(path.join("run/pairs.jsonl")).unwrap();
    assert_eq!(own.lines().count(), 60, "{}", stderr(&output));
    let others = others(&path.join("run"));
    // Whole groups of spellings are on one side.
    let learned: HashSet<String> = own
        .lines()
        .map(|line| {
            let pair: Value = serde_json::from_str(line).unwrap();
            pair["ciphertext"].as_str().unwrap().replace(' ', "")
        })
        .collect();
    let n_others = others["n_others"].as_u64().unwrap();
    assert!(
        n_others <= 3 * (30 - learned.len() as u64),
        "{n_others} others, {learned:?}"
    );
}

#[test]
fn any_number_of_pairs_can_be_learned_from_with_any_seed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::write(path.join("pairs.tsv"), in_three_spellings(20)).unwrap();
    for n in ["31", "52"] {
        for seed in ["seed=1", "seed=2", "seed=3"] {
            let fit = [
                "fit",
                "pairs.tsv",
                "--pairs",
                n,
                "--set",
                seed,
                "--run",
                "run",
            ];
            let short = [
                "--overwrite",
                "--device",
                "ndarray",
                "--set",
                "training.epochs=1",
            ];
            let output = run(path, &[&fit[..], &short].concat());
            assert!(
                output.status.code() < Some(2),
                "{n}, {seed}: {}",
                stderr(&output)
            );
            let others = others(&path.join("run"));
            assert_eq!(others["n_pairs"].to_string(), n);
        }
    }
}

#[test]
fn a_run_of_pairs_in_several_spellings_is_resumed_to_the_same_bits() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::write(path.join("pairs.tsv"), in_three_spellings(20)).unwrap();
    let fit = [
        "fit",
        "pairs.tsv",
        "--device",
        "ndarray",
        "--set",
        "training.epochs=3",
    ];
    for resume in [&["--run", "new"][..], &["--run", "resumed", "--resume"]] {
        let output = run(path, &[&fit[..], resume].concat());
        assert!(output.status.code() < Some(2), "{}", stderr(&output));
    }
    assert_eq!(weights(&path.join("new")), weights(&path.join("resumed")));
    let measured = run(path, &["eval", "--run", "new", "--device", "ndarray"]);
    assert!(measured.status.success(), "{}", stderr(&measured));
}

#[test]
fn options_say_how_a_file_of_a_sweep_is_read() {
    let folder = folder_with(
        "file = 'table.csv'
         read = ['--columns', 'ciphertext=Chiffre,plaintext=Lesung']
         pairs = 12
         set.training.epochs = 1",
    );
    let path = folder.path();
    let texts = in_three_spellings(6).replace('\t', ",").replace(' ', "");
    let rows = texts
        .lines()
        .enumerate()
        .map(|(number, row)| format!("{number},{row}\n"));
    let rows: String = rows.step_by(3).chain(["98,QWERT,ZUIOP\n".into()]).collect();
    fs::write(path.join("table.csv"), format!("Nr,Chiffre,Lesung\n{rows}")).unwrap();
    let sweep = fs::read_to_string(path.join("sweep.toml")).unwrap();
    fs::write(path.join("sweep.toml"), sweep.replace("12", "5")).unwrap();
    let line = jobs(path).remove(0);
    let ended = shell(&line);
    assert!(ended.status.code() < Some(2), "{line}: {}", stderr(&ended));
    assert_eq!(states(path), ["finished"]);
}

#[test]
fn a_curve_of_a_short_file_has_the_numbers_that_leave_some_to_measure_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::write(path.join("c.toml"), "").unwrap();
    let generated = run(path, &["generate", "c.toml", "-n", "7"]);
    fs::write(path.join("pairs.tsv"), &generated.stdout).unwrap();
    let curve = ["curve", "pairs.tsv", "--seeds", "1", "--device", "ndarray"];
    let output = run(path, &curve);
    assert!(output.status.success(), "{}", stderr(&output));
    let json = fs::read_to_string(path.join("curve/curve.json")).unwrap();
    let json: Value = serde_json::from_str(&json).unwrap();
    let counts = json["points"]
        .as_array()
        .unwrap()
        .iter()
        .map(|point| &point["pairs"]);
    assert_eq!(counts.collect::<Vec<_>>(), [3, 4, 6]);
}

#[test]
fn pairs_of_unequal_length_are_refused_or_dropped_before_the_training() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::write(path.join("c.toml"), "").unwrap();
    let generated = run(path, &["generate", "c.toml", "-n", "30"]);
    let lines = stdout(&generated).to_string().replacen('\n', "EXTRA\n", 1);
    fs::write(path.join("pairs.tsv"), lines).unwrap();
    for seed in ["seed=1", "seed=2", "seed=3", "seed=4"] {
        let fit = [
            "fit",
            "pairs.tsv",
            "--pairs",
            "20",
            "--set",
            seed,
            "--run",
            seed,
        ];
        let fit = [
            &fit[..],
            &["--device", "ndarray", "--set", "training.epochs=1"],
        ]
        .concat();
        let refused = run(path, &fit);
        assert_eq!(refused.status.code(), Some(2));
        assert!(stderr(&refused).contains("--unequal drop") && !Path::new(seed).exists());
        let output = run(path, &[&fit[..], &["--unequal", "drop"]].concat());
        assert!(output.status.code() < Some(2), "{}", stderr(&output));
        assert!(
            stdout(&output).contains("on 9 other messages"),
            "{}",
            stdout(&output)
        );
    }
}

#[test]
fn a_curve_continues_where_it_was_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let curve = |counts: &str| {
        let arguments = [
            "curve", "--pairs", counts, "--seeds", "1", "--device", "ndarray",
        ];
        let output = run(path, &arguments);
        assert!(output.status.success(), "{}", stderr(&output));
        let json = fs::read_to_string(path.join("curve/curve.json")).unwrap();
        serde_json::from_str::<Value>(&json).unwrap()["points"].clone()
    };
    let first = curve("6");
    let runs = || fs::read_dir(path.join("curve/runs")).unwrap().count();
    assert_eq!(runs(), 1);
    let both = curve("6,8");
    assert_eq!((runs(), &both[0]), (2, &first[0]));
    assert_eq!(both[1]["pairs"], 8);
}

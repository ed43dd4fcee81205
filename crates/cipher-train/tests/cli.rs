//! The command line from outside: real processes, pipes and files.

mod common;

use std::fs;
use std::io::{Read, Write};
use std::process::Stdio;

use common::{cipher_train, run, run_with_input, stderr, stdout, trained};
use serde_json::Value;

#[test]
fn training_without_arguments_learns_the_tutorials_cipher_without_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &[]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let lines: Vec<_> = stdout(&output).lines().collect();
    let (next, results) = lines.split_last().unwrap();
    assert_eq!(
        results,
        [
            "test character accuracy     100 %    (64000 of 64000)",
            "test message accuracy       100 %    (2000 of 2000)",
            "FUVEMVEMNMERPDRF -> THIS-IS-A-SECRET",
            "saved in runs/caesar",
        ]
    );
    assert!(next.starts_with("next: ") && next.ends_with(" FUVEMVEMNMERPDRF"));
    for file in ["run.json", "config.toml", "metrics.jsonl", "result.json"] {
        assert!(
            folder.path().join("runs/caesar").join(file).is_file(),
            "{file}"
        );
    }
    let metrics = fs::read_to_string(folder.path().join("runs/caesar/metrics.jsonl")).unwrap();
    for line in metrics.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        assert!(line["loss"].as_f64().unwrap() > 0.0);
    }
}

#[test]
fn a_second_training_goes_into_a_folder_of_its_own() {
    let folder = trained();
    let output = run(folder.path(), &["train", "--set", "cipher.key=1"]);
    assert!(
        stdout(&output).contains("saved in runs/caesar-2"),
        "{}",
        stderr(&output)
    );
    assert_eq!(stdout(&run(folder.path(), &["decrypt", "B"])), "A\n");
    let first = ["decrypt", "--run", "runs/caesar", "N"];
    assert_eq!(stdout(&run(folder.path(), &first)), "A\n");
}

#[test]
fn decrypt_answers_arguments_and_lines_one_for_one() {
    let folder = trained();
    let output = run(
        folder.path(),
        &["decrypt", "FUVEMVEMN-AFURDMERPDRF", "FUVEMVEMNMERPDRF"],
    );
    assert_eq!(
        stdout(&output),
        "THIS-IS-ANOTHER-SECRET\nTHIS-IS-A-SECRET\n"
    );

    let input = b"FUVEMVEMNMERPDRF\n\nfuvemvemnmerpdrf\r\nFUVEMVEMNMERPDRF";
    let output = run_with_input(folder.path(), &["decrypt"], input);
    let secret = "THIS-IS-A-SECRET";
    assert_eq!(stdout(&output), format!("{secret}\n\n{secret}\n{secret}\n"));
    let used = "decrypting with the network of runs/caesar, trained on caesar messages";
    assert!(stderr(&output).contains(used), "{}", stderr(&output));
}

#[test]
fn decrypt_answers_a_line_before_the_next_one_comes() {
    let folder = trained();
    let mut command = cipher_train(folder.path());
    let command = command
        .arg("decrypt")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let (mut stdin, mut stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    for _ in 0..2 {
        stdin.write_all(b"FUVEMVEMNMERPDRF\n").unwrap();
        let mut answer = [0; 17];
        stdout.read_exact(&mut answer).unwrap();
        assert_eq!(&answer, b"THIS-IS-A-SECRET\n");
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
}

#[test]
fn decrypt_takes_a_line_of_a_million_characters() {
    let folder = trained();
    let output = run_with_input(folder.path(), &["decrypt"], &vec![b'N'; 1_000_000]);
    assert_eq!(stdout(&output).trim_end(), "A".repeat(1_000_000));
}

#[test]
fn the_name_of_a_file_is_decrypted_with_a_warning() {
    let folder = trained();
    fs::write(folder.path().join("FUVE"), "FUV\n").unwrap();
    let output = run(folder.path(), &["decrypt", "FUVE"]);
    assert_eq!(stdout(&output), "THIS\n");
    let words = "\"FUVE\" is taken as a text";
    assert!(stderr(&output).contains(words), "{}", stderr(&output));
    let output = run(folder.path(), &["decrypt", "FUV"]);
    assert!(!stderr(&output).contains("is taken"), "{}", stderr(&output));
}

#[test]
fn an_error_in_a_line_that_is_read_in_parts_marks_that_line_alone() {
    let folder = trained();
    let [before, after] = [300_000, 600_000].map(|n| "N".repeat(n).into_bytes());
    let input = [b"FUV\n", &before[..], b"\xff", &after, b"\nFUV\n"].concat();
    let output = run_with_input(folder.path(), &["decrypt"], &input);
    let lines: Vec<&str> = stdout(&output).lines().collect();
    assert_eq!((lines[0], lines[2], lines.len()), ("THI", "THI", 3));
    assert!(lines[1].ends_with("[unreadable]"));
    assert_eq!(output.status.code(), Some(2));
    for words in ["line 2: not UTF-8 at column 300001", "1 text could not"] {
        assert!(stderr(&output).contains(words), "{}", stderr(&output));
    }

    let text = "N".repeat(100_000) + "\u{e9}";
    let input = text.repeat(9).into_bytes();
    let output = run_with_input(folder.path(), &["decrypt", "--outside", "mark"], &input);
    let words = "9 unknown symbols in 1 text;";
    assert!(stderr(&output).contains(words), "{}", stderr(&output));
}

#[test]
fn a_line_that_is_read_in_parts_is_answered_as_a_whole_one() {
    let folder = tempfile::tempdir().unwrap();
    let outside = [
        "train",
        "--device",
        "ndarray",
        "--set",
        "alphabet.outside=keep",
    ];
    assert!(run(folder.path(), &outside).status.success());
    // Two bytes a character now and then, so that some are cut where a part ends.
    let text = "FUVE\u{e9}MVEM\u{e9}\u{e9}NMERPDRF".repeat(40_000);
    let argument = run(
        folder.path(),
        &["decrypt", "--device", "ndarray", &text[..100_000]],
    );
    let expected = stdout(&argument).trim_end();
    let input = format!("A\r\n{text}\r\nA\n");
    let output = run_with_input(
        folder.path(),
        &["decrypt", "--device", "ndarray"],
        input.as_bytes(),
    );
    let lines: Vec<_> = stdout(&output).split('\n').collect();
    assert_eq!(lines.len(), 4, "{}", stderr(&output));
    assert_eq!((lines[0], lines[2], lines[3]), (lines[0], lines[0], ""));
    assert!(lines[1].starts_with(expected));
    assert_eq!(lines[1].chars().count(), text.chars().count());
    let broken = [text.as_bytes(), b"\xff"].concat();
    let output = run_with_input(folder.path(), &["decrypt", "--device", "ndarray"], &broken);
    let column = text.chars().count() + 1;
    let errors = stderr(&output);
    assert!(
        errors.contains(&format!("line 1: not UTF-8 at column {column}")),
        "{errors}"
    );
}

#[test]
fn the_policy_decides_about_characters_outside_the_alphabet() {
    let folder = tempfile::tempdir().unwrap();
    let keep = ["train", "--set", "alphabet.outside=keep", "--run", "keep"];
    assert!(run(folder.path(), &keep).status.success());
    let decrypt = ["decrypt", "--run", "keep"];
    let output = run_with_input(folder.path(), &decrypt, "FUVE, é!\n".as_bytes());
    assert_eq!(stdout(&output), "THIS, é!\n");

    let reject = [
        "train",
        "--set",
        "alphabet.outside=reject",
        "--run",
        "reject",
    ];
    assert!(run(folder.path(), &reject).status.success());
    let reject = ["decrypt", "--run", "reject"];
    let output = run_with_input(folder.path(), &reject, b"AB?\nFUVE\n");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(stdout(&output), "[unreadable]\nTHIS\n");
    let errors = stderr(&output);
    let place = "stdin, line 1: \"?\" at column 3";
    assert!(errors.contains(place), "{errors}");
    let keep = ["decrypt", "--run", "reject", "--outside", "keep", "FUVE?"];
    assert_eq!(stdout(&run(folder.path(), &keep)), "THIS?\n");

    let json = ["decrypt", "--run", "reject", "--json"];
    let output = run_with_input(folder.path(), &json, b"AB?\n\xff\nN\n");
    let answers: Vec<Value> = stdout(&output)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(answers[0]["ciphertext"], "AB?");
    assert!(answers[0]["error"].as_str().unwrap().contains("column 3"));
    assert_eq!(answers[1]["ciphertext"], Value::Null);
    assert_eq!(answers[2]["plaintext"], "A");
}

#[test]
fn the_key_moves_over_letters_only_or_over_every_character() {
    let folder = tempfile::tempdir().unwrap();
    let config = "[alphabet]\nsymbols = \"ABCDEFGHIJKLMNOPQRSTUVWXYZ\"\noutside = \"keep\"\n\
                  [cipher]\nname = \"vigenere\"\nkey = \"LEMON\"\n";
    fs::write(folder.path().join("v.toml"), config).unwrap();
    let encrypt = ["encrypt", "v.toml", "Attack at Dawn"];
    // Wikipedia's example of the Vigenere cipher, with its spaces.
    assert_eq!(stdout(&run(folder.path(), &encrypt)), "Lxfopv ef Rnhr\n");
    let place = ["--set", "alphabet.outside=keep-place"];
    let output = run(folder.path(), &[&encrypt[..], &place[..]].concat());
    // The key at each letter: LEMONL MO LEMO.
    assert_eq!(stdout(&output), "Lxfopv mh Oeib\n");
    let back = ["decrypt", "--with-key", "v.toml", "Lxfopv mh Oeib"];
    let output = run(folder.path(), &[&back[..], &place[..]].concat());
    assert_eq!(stdout(&output), "Attack at Dawn\n");
    // A letter that the alphabet lacks is named, or refused.
    let accents = ["decrypt", "--with-key", "v.toml", "Lé fopv"];
    let output = run(folder.path(), &accents);
    assert_eq!(stdout(&output), "Aé bcbi\n");
    assert!(stderr(&output).contains("no \"é\""), "{}", stderr(&output));
    let output = run(
        folder.path(),
        &[&accents[..], &["--outside", "reject"]].concat(),
    );
    let reason = "\"é\" at column 2";
    assert!(stderr(&output).contains(reason), "{}", stderr(&output));

    let rail = ["--set", "cipher={name=\"rail-fence\",rails=2}"];
    let output = run(
        folder.path(),
        &[&encrypt[..], &place[..], &rail[..]].concat(),
    );
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("none can keep its place"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn a_symbol_outside_the_alphabet_can_be_marked_and_keeps_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let vigenere = ["train", "--run", "r", "--set", "training.epochs=1"];
    run(folder.path(), &vigenere);
    let mark = ["decrypt", "--run", "r", "--outside", "mark"];
    let output = run_with_input(folder.path(), &mark, "FUVE é, NVE\nFUVE\n".as_bytes());
    assert_eq!(output.status.code(), Some(2));
    let lines: Vec<&str> = stdout(&output).lines().collect();
    let [marked, whole] = lines[..] else {
        panic!("{lines:?}")
    };
    assert_eq!(marked.chars().count(), "FUVE é, NVE".chars().count());
    assert!(marked.contains('?'), "{marked}");
    assert!(!whole.contains('?'), "{whole}");
    let errors = stderr(&output);
    assert!(
        errors.contains("stdin, line 1: symbol 6, \"é\", is unknown"),
        "{errors}"
    );
}

#[test]
fn another_key_and_size_can_be_set_and_eval_measures_them() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("my.toml"), "[cipher]\nkey = 5\n").unwrap();
    let arguments = [
        "train",
        "my.toml",
        "--set",
        "cipher.key=6",
        "--set",
        "model.d_hidden=16",
    ];
    assert!(run(folder.path(), &arguments).status.success());
    let config = fs::read_to_string(folder.path().join("runs/my/config.toml")).unwrap();
    assert!(
        config.contains("key = 6") && config.contains("d_hidden = 16"),
        "{config}"
    );

    let output = run(folder.path(), &["eval", "--run", "runs/my", "--json"]);
    let result: Value = serde_json::from_str(stdout(&output)).unwrap();
    assert_eq!(result["set"], "test");
    assert_eq!(result["score"]["character_accuracy"], 1.0);
    assert_eq!(result["score"]["n_characters"], 64_000);
    assert_eq!(stdout(&run(folder.path(), &["decrypt", "GHI"])), "ABC\n");
}

#[test]
fn a_run_below_its_target_ends_with_1_and_is_saved() {
    let folder = tempfile::tempdir().unwrap();
    let set = [
        "train",
        "--set",
        "training.epochs=1",
        "--set",
        "training.learning_rate=1e-9",
    ];
    let output = run(folder.path(), &set);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("below the target of 100 %"),
        "{}",
        stderr(&output)
    );
    assert!(run(folder.path(), &["decrypt", "ABC"]).status.success());
}

#[test]
fn the_same_seed_gives_the_same_weights_and_another_seed_others() {
    let folder = tempfile::tempdir().unwrap();
    let hash = |run_folder: &str, seed: &str| {
        let set = ["train", "--run", run_folder, "--set", seed];
        assert!(run(folder.path(), &set).status.success());
        let manifest = folder.path().join(run_folder).join("bundle/manifest.json");
        let manifest: Value = serde_json::from_str(&fs::read_to_string(manifest).unwrap()).unwrap();
        manifest["weights_sha256"].as_str().unwrap().to_string()
    };
    let first = hash("a", "seed=7");
    assert_eq!(first, hash("b", "seed=7"));
    assert_ne!(first, hash("c", "seed=8"));
}

#[test]
fn two_dropped_out_bidirectional_layers_learn_messages_of_any_length() {
    let folder = tempfile::tempdir().unwrap();
    let config = "[messages]\nmin_length = 1\nmax_length = 20\n\
                  [model]\nn_layers = 2\nbidirectional = true\ndropout = 0.1\n";
    fs::write(folder.path().join("c.toml"), config).unwrap();
    let output = run(folder.path(), &["train", "c.toml"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(
        stdout(&output).contains("-> THIS-IS-A-SECRET"),
        "{}",
        stdout(&output)
    );
}

#[test]
fn generate_writes_pairs_whose_sides_the_cipher_connects() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("c.toml"), "[messages]\nmin_length = 3\n").unwrap();
    let output = run(folder.path(), &["generate", "c.toml", "-n", "50"]);
    let pairs = stdout(&output)
        .lines()
        .map(|line| line.split_once('\t').unwrap());
    let pairs: Vec<_> = pairs.collect();
    assert_eq!(pairs.len(), 50);
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ-";
    for (ciphertext, plaintext) in pairs {
        let shifted = plaintext.chars().map(|symbol| {
            let place = alphabet.find(symbol).unwrap();
            alphabet.chars().nth((place + 13) % 27).unwrap()
        });
        assert_eq!(ciphertext, shifted.collect::<String>());
        assert!((3..=32).contains(&ciphertext.len()));
    }
}

#[test]
fn a_reader_that_closes_the_pipe_is_no_error() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("c.toml"), "").unwrap();
    let mut command = cipher_train(folder.path());
    let command = command.args(["generate", "c.toml", "-n", "1000000"]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = [0; 65];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(stderr(&output), "");
}

#[test]
fn check_tells_what_would_be_trained_on_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let config = "[messages]\nmin_length = 5\nmax_length = 60\n";
    fs::write(folder.path().join("c.toml"), config).unwrap();
    let output = run(folder.path(), &["check", "c.toml"]);
    for words in [
        "27 symbols",
        "5 to 60 symbols",
        "without length buckets",
        "2097 weights",
    ] {
        assert!(
            stdout(&output).contains(words),
            "{words}: {}",
            stdout(&output)
        );
    }
    assert!(!folder.path().join("runs").exists());
}

#[test]
fn a_byte_order_mark_is_no_part_of_a_line() {
    let folder = trained();
    let input = "\u{feff}FUVEMVEMNMERPDRF\n\u{feff}FUVE\n".as_bytes();
    let output = run_with_input(folder.path(), &["decrypt"], input);
    assert_eq!(stdout(&output), "THIS-IS-A-SECRET\nTHIS\n");
    fs::write(folder.path().join("c.toml"), "").unwrap();
    let input = "\u{feff}THIS-IS-A-SECRET\n".as_bytes();
    let output = run_with_input(folder.path(), &["encrypt", "c.toml"], input);
    assert_eq!(stdout(&output), "FUVEMVEMNMERPDRF\n");
}

#[test]
fn a_grapheme_is_one_symbol_of_a_file_of_pairs_unless_the_user_says_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    // An e with an accent of its own.
    let pairs = "e\u{301}a\txy\nae\u{301}\tyx\n";
    fs::write(folder.path().join("pairs.tsv"), pairs).unwrap();
    let output = run(folder.path(), &["check", "pairs.tsv"]);
    for words in ["2 pairs of 2 to 2", "ciphertext  2 symbols: a e\u{301}"] {
        assert!(stdout(&output).contains(words), "{}", stdout(&output));
    }

    let check = ["check", "--symbols", "characters", "pairs.tsv"];
    let output = run(folder.path(), &check);
    assert_eq!(output.status.code(), Some(2));
    let message = stderr(&output);
    for words in [
        "pairs.tsv:1: the ciphertext has 3 symbols and the plaintext 2",
        "without the options that say how to read them, ciphertexts are grapheme clusters",
    ] {
        assert!(message.contains(words), "{message}");
    }
}

#[test]
fn doctor_trains_and_decrypts_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &["doctor"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let version = run(folder.path(), &["--version"]);
    let found = stdout(&output);
    assert!(found.starts_with(stdout(&version).trim()), "{found}");
    assert!(
        found.contains(" passed; ") && found.contains("FUVEMVEMNMERPDRF -> THIS-IS-A-SECRET"),
        "{found}"
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &["man", "pages/man1"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let help = run(folder.path(), &["--help"]);
    let commands = stdout(&help).split("Commands:").nth(1).unwrap();
    let commands = commands.split("Options:").next().unwrap();
    let names: Vec<_> = commands
        .lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|&name| name != "help")
        .collect();
    assert!(names.len() > 10, "{names:?}");
    for name in names {
        let page = format!("pages/man1/cipher-train-{name}.1");
        let page = fs::read_to_string(folder.path().join(page)).unwrap();
        assert!(page.contains(".SH SYNOPSIS"), "{name}");
    }
}

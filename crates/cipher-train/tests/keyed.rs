//! A network that is told the key of each message, from the config to the answer.

mod common;

use std::fs;

use common::{assert_refused, run, run_with_input, stderr, stdout};

/// A Gronsfeld cipher with keys of one or two digits, and a small network.
const CONFIG: &str = r#"
[alphabet]
symbols = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
outside = "keep"
[cipher]
name = "gronsfeld"
key = { length = [1, 2] }
[messages]
min_length = 1
max_length = 12
per_epoch = 4096
validation = 300
test = 300
[model]
key_input = "aligned"
d_embedding = 32
d_hidden = 64
[training]
epochs = 20
batch_size = 64
learning_rate = 0.01
warmup_steps = 20
target_accuracy = 0.995
"#;

#[test]
fn a_trained_network_decrypts_with_any_key_as_the_cipher_does() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("c.toml"), CONFIG).unwrap();
    let trained = run(folder, &["train", "c.toml", "--run", "r"]);
    assert_eq!(trained.status.code(), Some(0), "{}", stderr(&trained));
    assert!(stdout(&trained).contains("key "), "{}", stdout(&trained));
    assert!(stdout(&trained).contains("--key "), "{}", stdout(&trained));

    let plaintext = "ATTACK AT DAWN";
    for key in ["7", "31", "09"] {
        let encrypted = run(folder, &["encrypt", "c.toml", "--key", key, plaintext]);
        let ciphertext = stdout(&encrypted).trim();
        let with_key = ["decrypt", "--with-key", "c.toml", "--key", key, ciphertext];
        assert_eq!(stdout(&run(folder, &with_key)).trim(), plaintext);
        let by_network = run(folder, &["decrypt", "--run", "r", "--key", key, ciphertext]);
        assert_eq!(stdout(&by_network).trim(), plaintext, "{key}");
        let lines = format!("{ciphertext}\n\n{ciphertext}\n");
        let by_pipe = run_with_input(
            folder,
            &["decrypt", "--run", "r", "--key", key],
            lines.as_bytes(),
        );
        assert_eq!(stdout(&by_pipe), format!("{plaintext}\n\n{plaintext}\n"));
    }
    // A key of three digits was in no training message, but each step has its digit.
    let encrypted = run(folder, &["encrypt", "c.toml", "--key", "314", plaintext]);
    let longer = run(
        folder,
        &[
            "decrypt",
            "--run",
            "r",
            "--key",
            "314",
            stdout(&encrypted).trim(),
        ],
    );
    assert_eq!(stdout(&longer).trim(), plaintext);
    assert!(stderr(&longer).contains("trained with keys of 1 to 2"));

    let eval = run(
        folder,
        &[
            "eval",
            "--run",
            "r",
            "--set",
            "cipher.key.length=3",
            "--json",
        ],
    );
    let eval: serde_json::Value = serde_json::from_str(stdout(&eval)).unwrap();
    assert!(eval["score"]["character_accuracy"].as_f64().unwrap() > 0.99);
    let explained = run(folder, &["explain", "--run", "r"]);
    assert!(explained.status.success(), "{}", stderr(&explained));

    for (arguments, words) in [
        (vec!["decrypt", "--run", "r", "ABC"], ["r: ", "--key"]),
        (
            vec!["decrypt", "--run", "r", "--key", "", "ABC"],
            ["--key", "empty"],
        ),
        (
            vec!["decrypt", "--run", "r", "--key", "1X", "ABC"],
            ["--key", "\"X\""],
        ),
        (vec!["encrypt", "c.toml", "ABC"], ["draws a key", "--key"]),
        (
            vec!["encrypt", "c.toml", "--key", "1X", "ABC"],
            ["--key", "\"X\""],
        ),
        (
            vec!["eval", "--run", "r", "--set", "model.d_hidden=5"],
            ["--set", "network"],
        ),
    ] {
        assert_refused(&run(folder, &arguments), &words);
    }
}

#[test]
fn a_key_for_a_network_that_is_told_none_is_refused() {
    let folder = common::trained();
    let refused = run(folder.path(), &["decrypt", "--key", "LEMON", "FUVE"]);
    assert_refused(&refused, &["--key", "told none"]);
    let refused = run(
        folder.path(),
        &["encrypt", "../c.toml", "--key", "A", "FUVE"],
    );
    assert_refused(&refused, &["c.toml"]);
}

#[test]
fn a_config_whose_keys_cannot_be_drawn_is_refused_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |settings: &[&str], words: &[&str]| {
        fs::write(folder.path().join("c.toml"), CONFIG).unwrap();
        let set = settings.iter().flat_map(|setting| ["--set", setting]);
        let arguments: Vec<&str> = ["check", "c.toml"].into_iter().chain(set).collect();
        assert_refused(&run(folder.path(), &arguments), words);
    };
    refused(
        &["cipher.key.length=0"],
        &["--set cipher.key.length=0", "from 1 to"],
    );
    refused(
        &["cipher.key.length=[3,2]"],
        &["cipher.key.length", "swap them"],
    );
    refused(
        &["cipher.key.length=65"],
        &["cipher.key.length", "from 1 to 64"],
    );
    refused(
        &["cipher={name=\"substitution\", key={length=2}}"],
        &["substitution", "cannot be drawn"],
    );
    refused(
        &["cipher={name=\"caesar\", key={length=2}}"],
        &["caesar", "one symbol"],
    );
    refused(&["cipher.key=31"], &["model.key_input", "same key"]);
    refused(&["model.key_input=first"], &["model.key_input", "prefix"]);
    fs::write(
        folder.path().join("d.toml"),
        CONFIG.replace("key_input = \"aligned\"\n", ""),
    )
    .unwrap();
    let output = run(folder.path(), &["check", "d.toml"]);
    assert_refused(
        &output,
        &[
            "d.toml:14:1",
            "model.key_input",
            "\"prefix\" or \"aligned\"",
        ],
    );
}

#[test]
fn pairs_of_drawn_keys_have_the_key_in_a_third_column() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("c.toml"), CONFIG).unwrap();
    let output = run(folder.path(), &["generate", "c.toml", "-n", "20"]);
    for line in stdout(&output).lines() {
        let [ciphertext, plaintext, key] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{line}");
        };
        let encrypted = run(
            folder.path(),
            &["encrypt", "c.toml", "--key", key, plaintext],
        );
        assert_eq!(stdout(&encrypted).trim(), ciphertext);
    }
}

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
    assert!(stderr(&longer).contains(
        "the key has 3 symbols, and the network was trained with keys of 1 to 2 symbols"
    ));

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
    let vigenere = concat!(env!("CARGO_MANIFEST_DIR"), "/../../configs/vigenere.toml");
    let encrypt = ["encrypt", vigenere, "--key", "A", "FUVE"];
    assert_refused(&run(folder.path(), &encrypt), &["--key", "leave out --key"]);
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
        &["cipher.key.length", "the shorter one first"],
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
fn pairs_with_a_column_of_keys_are_generated_learned_and_measured() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("c.toml"), CONFIG).unwrap();
    let generated = run(folder, &["generate", "c.toml", "-n", "2000"]);
    let mut lines = stdout(&generated).lines();
    assert_eq!(lines.next(), Some("ciphertext\tplaintext\tkey"));
    for line in lines.take(10) {
        let [ciphertext, plaintext, key] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{line}");
        };
        let encrypted = run(folder, &["encrypt", "c.toml", "--key", key, plaintext]);
        assert_eq!(stdout(&encrypted).trim(), ciphertext);
    }
    fs::write(folder.join("k.tsv"), &generated.stdout).unwrap();
    let others = run(
        folder,
        &["generate", "c.toml", "-n", "200", "--set", "seed=2"],
    );
    fs::write(folder.join("o.tsv"), &others.stdout).unwrap();

    let checked = run(folder, &["check", "k.tsv"]);
    assert!(
        stdout(&checked).contains("keys in column \"key\""),
        "{}",
        stdout(&checked)
    );
    assert!(
        stdout(&checked).contains("110 keys, 1 to 2 symbols"),
        "{}",
        stdout(&checked)
    );
    let fitted = run(folder, &["fit", "k.tsv", "--run", "r"]);
    assert_eq!(fitted.status.code(), Some(0), "{}", stderr(&fitted));
    let measured = run(
        folder,
        &["eval", "--run", "r", "--pairs", "o.tsv", "--json"],
    );
    let measured: serde_json::Value = serde_json::from_str(stdout(&measured)).unwrap();
    assert!(measured["score"]["character_accuracy"].as_f64().unwrap() > 0.99);
    let ciphertext = run(folder, &["encrypt", "c.toml", "--key", "31", "ATTACK"]);
    let decrypt = [
        "decrypt",
        "--run",
        "r",
        "--key",
        "31",
        stdout(&ciphertext).trim(),
    ];
    assert_eq!(stdout(&run(folder, &decrypt)).trim(), "ATTACK");

    // Without its header, the third column is nothing that anybody said.
    let text = String::from_utf8(generated.stdout).unwrap();
    fs::write(folder.join("n.tsv"), text.split_once('\n').unwrap().1).unwrap();
    assert_refused(&run(folder, &["fit", "n.tsv"]), &["n.tsv", "--columns"]);
    let columns = "ciphertext=1,plaintext=2,key=3";
    let checked = run(folder, &["check", "n.tsv", "--columns", columns]);
    assert!(
        stdout(&checked).contains("110 keys"),
        "{}",
        stdout(&checked)
    );
    let two = text.replacen("key\n", "key\tkeyword\n", 1);
    let two: Vec<String> = two.lines().map(|line| format!("{line}\tK")).collect();
    fs::write(
        folder.join("t.tsv"),
        two.join("\n").replacen("\tK\n", "\n", 1),
    )
    .unwrap();
    assert_refused(
        &run(folder, &["check", "t.tsv"]),
        &["t.tsv", "may be the key"],
    );
    assert_refused(&run(folder, &["key", "--run", "r"]), &["key of its own"]);
    assert_refused(
        &run(folder, &["decrypt", "--run", "r", "--key", "X", "A"]),
        &["--key X"],
    );
    // Two named columns are all that is read.
    let columns = ["--columns", "ciphertext=ciphertext,plaintext=plaintext"];
    let checked = run(folder, &[&["check", "k.tsv"], &columns[..]].concat());
    assert!(!stdout(&checked).contains("keys"), "{}", stdout(&checked));
}

#[test]
fn keys_count_as_people_write_them_and_columns_that_are_no_keys_count_for_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let vigenere = concat!(env!("CARGO_MANIFEST_DIR"), "/../../configs/vigenere.toml");
    let generated = run(folder, &["generate", vigenere, "-n", "300"]);
    let table = |key: &dyn Fn(usize) -> String| {
        let lines = stdout(&generated).lines().enumerate();
        let lines = lines.map(|(index, line)| format!("{line}\t{}\n", key(index)));
        format!("ciphertext\tplaintext\tkey\n{}", lines.collect::<String>())
    };
    let check = |name: &str, text: String| {
        fs::write(folder.join(name), text).unwrap();
        String::from(stdout(&run(folder, &["check", name])))
    };
    // One key explains all pairs, so these are numbers of records, and words of something else.
    let words = ["LEMON", "RIVER", "TOWER"];
    let found = check("words.tsv", table(&|index| words[index % 3].into()));
    assert!(
        found.contains("one key of a known cipher explains all pairs"),
        "{found}"
    );
    let found = check("numbers.tsv", table(&|index| (index + 1).to_string()));
    assert!(found.contains("only count its pairs"), "{found}");
    let fitted = run(folder, &["fit", "words.tsv", "--run", "w"]);
    assert!(stdout(&fitted).contains("Vigen"), "{}", stdout(&fitted));
    let line = stdout(&generated).lines().next().unwrap();
    let (ciphertext, plaintext) = line.split_once('\t').unwrap();
    let decrypted = run(folder, &["decrypt", "--run", "w", "--", ciphertext]);
    assert_eq!(stdout(&decrypted).trim(), plaintext);

    // Messages with keys of their own, which are written in several ways.
    fs::write(
        folder.join("c.toml"),
        CONFIG.replace("gronsfeld", "beaufort"),
    )
    .unwrap();
    let generated = run(folder, &["generate", "c.toml", "-n", "1000"]);
    let mut place = 0;
    let keyed = stdout(&generated).lines().map(|line| {
        let (sides, key) = line.rsplit_once('\t').unwrap();
        place += 1;
        match place % 3 {
            _ if place == 1 => format!("{line}\tnote\n"),
            0 => format!("{sides}\t“{key}”\t\n"),
            1 => format!("{sides}\t{}\t\n", key.to_lowercase()),
            _ => format!(
                "{sides}\t{}\t\n",
                key.split("").collect::<Vec<_>>().join(" ")
            ),
        }
    });
    let found = check("keyed.tsv", keyed.collect());
    assert!(found.contains("not read: \"note\""), "{found}");
    assert!(found.contains("1 to 2 symbols"), "{found}");
    assert!(
        found.contains("26 symbols in keys: ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        "{found}"
    );
    assert!(found.contains("example     key "), "{found}");
}

#[test]
fn keys_that_are_given_are_read_as_those_of_files_are() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("c.toml"), CONFIG).unwrap();
    let small = [
        "train",
        "c.toml",
        "--run",
        "r",
        "--set",
        "training.epochs=1",
    ];
    assert!(run(folder, &small).status.code() < Some(2));
    let keyed = "ciphertext\tplaintext\tkey\nAB\tAB\t1 0\nBA\tAB\t10\n";
    fs::write(folder.join("keyed.tsv"), keyed).unwrap();
    let eval = ["eval", "--run", "r", "--pairs", "keyed.tsv"];
    assert!(run(folder, &eval).status.success());
    fs::write(folder.join("none.tsv"), keyed.replace("1 0", "")).unwrap();
    let eval = ["eval", "--run", "r", "--pairs", "none.tsv"];
    let refused = run(folder, &eval);
    assert!(
        stderr(&refused).contains("none.tsv:2:7: the key is empty"),
        "{}",
        stderr(&refused)
    );
    let long = "x".repeat(100_000);
    let refused = run(folder, &["decrypt", "--run", "r", "--key", &long, "AB"]);
    assert_refused(
        &refused,
        &["not a symbol of keys", "write it with these: 0123456789"],
    );
    assert!(stderr(&refused).len() < 2000);

    // Texts are written so that they can be read, whatever the alphabet has.
    let generate = |symbols: &str| {
        let symbols = format!("alphabet.symbols={symbols}");
        let set = ["--set", &symbols, "--set", "cipher.name=vigenere"];
        let arguments = [&["generate", "c.toml", "-n", "300"][..], &set].concat();
        run(folder, &arguments)
    };
    let generated = generate("AB ");
    fs::write(folder.join("spaces.tsv"), &generated.stdout).unwrap();
    let checked = run(folder, &["check", "spaces.tsv"]);
    assert!(checked.status.success(), "{}", stderr(&checked));
    assert_refused(&generate(r#""AB\tC""#), &["\"\\t\"", "alphabet"]);
}

#[test]
fn a_file_whose_keys_cannot_be_used_is_refused_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    // The message has a line for each problem.
    let refused = |file: &str, text: &str, words: &[&str]| {
        fs::write(folder.join(file), text).unwrap();
        for command in ["check", "fit"] {
            let output = run(folder, &[command, file]);
            assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
            for word in words {
                assert!(
                    stderr(&output).contains(word),
                    "{word}: {}",
                    stderr(&output)
                );
            }
        }
    };
    let lacking = "ciphertext,plaintext,key\nAB,xy,K\nCD,uv,\n";
    refused("k.csv", lacking, &["k.csv:3:7", "the key is empty"]);
    let short = "ciphertext,plaintext,key\nAB,xy,K\nCD,uv\n";
    refused("k.csv", short, &["k.csv:3:", "2 fields instead of 3"]);
    let without = "{\"ciphertext\":\"AB\",\"plaintext\":\"xy\",\"key\":\"K\"}\n\
                   {\"ciphertext\":\"CD\",\"plaintext\":\"uv\"}\n";
    refused("k.jsonl", without, &["k.jsonl:2:", "the key is empty"]);
    fs::write(
        folder.join("k.tsv"),
        "ciphertext\tplaintext\tkey\nAB\txy\tK\nBA\tyx\tL\nBB\tyy\tM\n",
    )
    .unwrap();
    fs::write(
        folder.join("p.toml"),
        "[pairs]\nfile='k.tsv'\n[messages]\nvalidation=1\ntest=1\n",
    )
    .unwrap();
    assert_refused(
        &run(folder, &["train", "p.toml"]),
        &["k.tsv", "model.key_input"],
    );
}

/// A network that names the key of a Caesar cipher.
const RECOVERY: &str = r#"
task = "recover-key"
[alphabet]
symbols = "ABCDEFGH"
outside = "keep"
[cipher]
name = "caesar"
key = { length = 1 }
[messages]
min_length = 1
max_length = 3
per_epoch = 2048
validation = 200
test = 200
[model]
d_embedding = 32
d_hidden = 32
[training]
epochs = 40
learning_rate = 0.01
target_accuracy = 0.99
"#;

#[test]
fn a_network_finds_the_key_from_known_plaintext_and_names_none_that_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("c.toml"), RECOVERY).unwrap();
    let trained = run(folder, &["train", "c.toml", "--run", "r"]);
    assert_eq!(trained.status.code(), Some(0), "{}", stderr(&trained));
    assert!(
        stdout(&trained).contains("recover-key --run"),
        "{}",
        stdout(&trained)
    );
    for key in ["A", "C", "H"] {
        let encrypted = run(folder, &["encrypt", "c.toml", "--key", key, "B A"]);
        let ciphertext = stdout(&encrypted).trim();
        let found = run(folder, &["recover-key", "--run", "r", ciphertext, "B A"]);
        assert_eq!(stdout(&found).trim(), key);
    }
    // No key of a Caesar cipher gives the second line, and the third is no pair.
    let lines = "B\tA\nAB\tAA\nAB\n";
    let found = run_with_input(folder, &["recover-key", "--run", "r"], lines.as_bytes());
    assert_eq!(found.status.code(), Some(2));
    assert_eq!(stdout(&found), "B\n[unreadable]\n[unreadable]\n");
    assert!(
        stderr(&found).contains("line 2: no key was found"),
        "{}",
        stderr(&found)
    );
    assert!(
        stderr(&found).contains("line 3: there is no tab"),
        "{}",
        stderr(&found)
    );
    // What passes through counts for nothing, and what `generate` writes can be read.
    let others = run(folder, &["recover-key", "--run", "r", "BC", "A B"]);
    assert_eq!(stdout(&others), "B\n", "{}", stderr(&others));
    let none = run(folder, &["recover-key", "--run", "r", "12", "12"]);
    assert_eq!(none.status.code(), Some(2));
    for words in [
        "no key was found",
        "trained with keys of 1 symbol)",
        "`solve`",
    ] {
        assert!(stderr(&none).contains(words), "{}", stderr(&none));
    }
    let unequal = run(folder, &["recover-key", "--run", "r", "AB", "A"]);
    assert_eq!(unequal.status.code(), Some(2));
    let error = "the ciphertext has 2 symbols and the plaintext 1; they must be equal";
    assert!(stderr(&unequal).contains(error), "{}", stderr(&unequal));
    // The network's sign for a question is a sign like others, and an empty line has an empty answer.
    let lines = "□B\t□A\n\nB\tA\n";
    let found = run_with_input(folder, &["recover-key", "--run", "r"], lines.as_bytes());
    assert_eq!(stdout(&found), "B\n\nB\n");
    assert!(
        stderr(&found).contains("of its test keys right"),
        "{}",
        stderr(&found)
    );
    let generated = run(folder, &["generate", "c.toml", "-n", "20"]);
    let found = run_with_input(folder, &["recover-key", "--run", "r"], &generated.stdout);
    let keys = stdout(&generated)
        .lines()
        .map(|line| line.rsplit('\t').next().unwrap());
    assert_eq!(
        stdout(&found).lines().collect::<Vec<_>>(),
        keys.collect::<Vec<_>>()
    );
    let next = run(folder, &["status", "r"]);
    assert!(
        stdout(&next).contains("recover-key --run"),
        "{}",
        stdout(&next)
    );

    for (arguments, words) in [
        (vec!["decrypt", "--run", "r", "AB"], ["r: ", "recover-key"]),
        (
            vec!["check", "c.toml", "--set", "cipher.key=3"],
            ["--set cipher.key=3", "same key"],
        ),
        (
            vec!["eval", "--run", "r", "--pairs", "c.toml"],
            ["--pairs", "recover-key"],
        ),
        (
            vec!["check", "c.toml", "--set", "model.key_input=aligned"],
            ["model.key_input", "told no key"],
        ),
        (
            vec!["check", "c.toml", "--set", "alphabet.symbols=ABC□"],
            ["\"□\" is in the alphabet", "leave it out"],
        ),
    ] {
        assert_refused(&run(folder, &arguments), &words);
    }
}

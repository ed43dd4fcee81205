//! From a file of pairs to a decryptor: fit, check, eval and decrypt as real processes.

mod common;

use std::fs;
use std::path::Path;

use common::{assert_refused, cipher_train, run, run_with_input, stderr, stdout};
use tempfile::TempDir;

/// A folder with `n` pairs of a config of the repository in `pairs.tsv`.
fn pairs_of(config: &str, n: usize) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    generate(folder.path(), config, n, 1, "pairs.tsv");
    folder
}

fn generate(folder: &Path, config: &str, n: usize, seed: u64, file: &str) {
    let config = format!("{}/../../configs/{config}.toml", env!("CARGO_MANIFEST_DIR"));
    let output = run(
        folder,
        &[
            "generate",
            &config,
            "-n",
            &n.to_string(),
            "--set",
            &format!("seed={seed}"),
        ],
    );
    assert!(output.status.success(), "{}", stderr(&output));
    fs::write(folder.join(file), output.stdout).unwrap();
}

#[test]
fn an_error_of_the_transcription_is_named_and_the_key_is_used_all_the_same() {
    let folder = pairs_of("caesar", 60);
    let path = folder.path().join("pairs.tsv");
    let text = fs::read_to_string(&path).unwrap();
    for wrong in [17, 60] {
        let lines = text.lines().enumerate().map(|(index, line)| {
            let end = line.len() - 1;
            let other = if line.ends_with('E') { "F" } else { "E" };
            let last = if index + 1 == wrong {
                other
            } else {
                &line[end..]
            };
            format!("{}{last}\n", &line[..end])
        });
        fs::write(&path, lines.collect::<String>()).unwrap();
        let arguments = ["fit", "pairs.tsv", "--run", "r", "--overwrite"];
        let output = run(folder.path(), &arguments);
        let (report, log) = (stdout(&output), stderr(&output));
        assert_eq!(output.status.code(), Some(0), "{report}{log}");
        assert!(
            log.contains(&format!("not explain all of line {wrong}")),
            "{log}"
        );
        assert!(report.contains("decrypt will use this key"), "{report}");
    }
}

#[test]
fn fit_learns_a_substitution_from_16_pairs_and_uses_the_key_that_it_finds() {
    let folder = pairs_of("substitution", 16);
    let output = run(folder.path(), &["fit", "pairs.tsv", "--run", "r"]);
    let report = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{report}{}", stderr(&output));
    for words in [
        "test character accuracy     100 %",
        "verdict: too few test messages to be sure",
        "no network needed",
        "decrypt will use this key",
        // The key of the config.
        "substitution: key QWERTYUIOP-ASDFGHJKLZXCVBNM",
    ] {
        assert!(report.contains(words), "{words:?} is not in: {report}");
    }
    generate(folder.path(), "substitution", 200, 2, "other.tsv");
    let output = run(
        folder.path(),
        &["eval", "--run", "r", "--pairs", "other.tsv"],
    );
    assert!(
        stdout(&output).contains("(6400 of 6400)"),
        "{}",
        stdout(&output)
    );
    // "QWERTY" is what the config's key has for A to F.
    let output = run(folder.path(), &["decrypt", "--run", "r", "QWERTY"]);
    assert_eq!(stdout(&output), "ABCDEF\n");
    let status = run(folder.path(), &["status", "r"]);
    let line = "decrypt uses substitution: key QWERTYUIOP-ASDFGHJKLZXCVBNM\n";
    assert!(stdout(&status).contains(line), "{}", stdout(&status));
}

#[test]
fn a_letter_of_three_lines_is_learned_before_fit_stops() {
    let folder = pairs_of("substitution", 600);
    let text = fs::read_to_string(folder.path().join("pairs.tsv")).unwrap();
    let n_z = |line: &&str| line.split('\t').nth(1).unwrap().matches('Z').count();
    let with_z: Vec<&str> = text.lines().filter(|line| n_z(line) == 1).collect();
    let without = text.lines().filter(|line| n_z(line) == 0).take(160);
    let (known, others) = (&with_z[30..33], &with_z[33..]);
    let rare: Vec<&str> = known.iter().copied().chain(without).collect();
    fs::write(folder.path().join("rare.tsv"), rare.join("\n")).unwrap();
    let output = run(folder.path(), &["fit", "rare.tsv", "--run", "r"]);
    assert!(stdout(&output).contains("100 %"), "{}", stdout(&output));
    let sides = |place| {
        others
            .iter()
            .map(move |line| line.split('\t').nth(place).unwrap())
    };
    let ciphertexts = sides(0).collect::<Vec<_>>().join("\n");
    let arguments = ["decrypt", "--run", "r", "--network"];
    let output = run_with_input(folder.path(), &arguments, ciphertexts.as_bytes());
    assert!(stdout(&output).lines().eq(sides(1)), "{}", stdout(&output));
}

/// Eight pairs of a shift by 3, each with a letter that no other has.
fn each_with_a_letter_of_its_own() -> String {
    let mut state = 1u32;
    let mut common = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        b"ETAOINSHRDLU"[(state >> 16) as usize % 12]
    };
    let shifted = |letter: u8| char::from((letter - b'A' + 3) % 26 + b'A');
    let pair = |own: u8| {
        let mut plaintext: Vec<u8> = (0..24).map(|_| common()).collect();
        plaintext[usize::from(own) % 24] = own;
        let ciphertext: String = plaintext.iter().copied().map(shifted).collect();
        format!("{ciphertext}\t{}\n", String::from_utf8(plaintext).unwrap())
    };
    b"QXZJKVBW".iter().copied().map(pair).collect()
}

#[test]
fn a_symbol_that_no_training_pair_has_does_not_keep_training_from_its_target() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("pairs.tsv"),
        each_with_a_letter_of_its_own(),
    )
    .unwrap();
    let output = run(folder.path(), &["fit", "pairs.tsv", "--run", "r"]);
    let report = stdout(&output);
    assert!(
        report.contains("occur in no training pair"),
        "the test and the validation pairs have a letter of their own: {report}"
    );
    let status = run(folder.path(), &["status", "r"]);
    assert!(
        stdout(&status).contains("target reached"),
        "{}",
        stdout(&status)
    );
}

#[test]
fn fit_reads_csv_and_json_lines_from_stdin_and_learns_the_same_of_both() {
    let folder = pairs_of("caesar", 30);
    let tsv = fs::read_to_string(folder.path().join("pairs.tsv")).unwrap();
    let lines = |write: fn(&str, &str) -> String| -> String {
        let sides = tsv.lines().map(|line| line.split_once('\t').unwrap());
        sides
            .map(|(ciphertext, plaintext)| write(ciphertext, plaintext))
            .collect()
    };
    let csv = lines(|ciphertext, plaintext| format!("\"{ciphertext}\",{plaintext}\r\n"));
    let json = lines(|ciphertext, plaintext| {
        serde_json::json!({"plaintext": plaintext, "ciphertext": ciphertext}).to_string() + "\n"
    });
    let mut weights = Vec::new();
    for (format, input) in [("tsv", &tsv), ("csv", &csv), ("jsonl", &json)] {
        let arguments = ["fit", "-", "--format", format, "--run", format];
        let output = run_with_input(folder.path(), &arguments, input.as_bytes());
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert!(
            stdout(&output).contains("Caesar: key 13"),
            "{}",
            stdout(&output)
        );
        let file = folder
            .path()
            .join(format)
            .join("bundle/weights.safetensors");
        weights.push(fs::read(file).unwrap());
    }
    assert!(weights[0] == weights[1] && weights[1] == weights[2]);
}

#[test]
fn fit_claims_nothing_where_the_plaintext_does_not_depend_on_the_ciphertext() {
    let folder = tempfile::tempdir().unwrap();
    let side = |seed| {
        generate(folder.path(), "caesar", 40, seed, "side.tsv");
        let text = fs::read_to_string(folder.path().join("side.tsv")).unwrap();
        let sides = text
            .lines()
            .map(|line| line.split_once('\t').unwrap().0.to_string());
        sides.collect::<Vec<_>>()
    };
    let pairs = side(1).into_iter().zip(side(2));
    let pairs: String = pairs
        .map(|(left, right)| format!("{left}\t{right}\n"))
        .collect();
    fs::write(folder.path().join("noise.tsv"), pairs).unwrap();
    let arguments = [
        "fit",
        "noise.tsv",
        "--run",
        "r",
        "--set",
        "training.epochs=8",
    ];
    let output = run(folder.path(), &arguments);
    let report = stdout(&output);
    assert_eq!(output.status.code(), Some(1), "{report}{}", stderr(&output));
    assert!(report.contains("verdict: not learned"), "{report}");
    assert!(!report.contains("no network needed"), "{report}");
    // It answers all the same, and says so.
    let output = run(folder.path(), &["decrypt", "--run", "r", "ABC"]);
    let warning = "the verdict on r was: not learned";
    assert!(stderr(&output).contains(warning), "{}", stderr(&output));
}

#[test]
fn a_file_of_one_pair_or_none_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (text, words) in [("", "no pairs"), ("ABC\tDEF\n", "give at least 3")] {
        fs::write(folder.path().join("few.tsv"), text).unwrap();
        let output = run(folder.path(), &["fit", "few.tsv"]);
        assert_refused(&output, &["few.tsv", words]);
    }
    assert!(!folder.path().join("runs").exists());
}

#[test]
fn every_problem_of_a_file_is_named_with_its_line_and_column() {
    let folder = tempfile::tempdir().unwrap();
    let text = b"ABC\tDEF\nABC\x07\nA\tB\tC\n\tB\nA\xffB\tDEF\n";
    fs::write(folder.path().join("bad.tsv"), text).unwrap();
    for command in ["check", "fit"] {
        let output = run(folder.path(), &[command, "bad.tsv"]);
        let message = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert_eq!(stdout(&output), "");
        for place in ["2:5", "3:5", "4:1", "5:2"] {
            assert!(
                message.contains(&format!("bad.tsv:{place}")),
                "{place}: {message}"
            );
        }
        assert!(message.contains("\\u{7}"), "{message}");
        assert!(!message.contains('\u{7}'), "{message}");
    }
}

#[test]
fn files_that_are_folders_or_missing_or_no_text_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("folder.tsv")).unwrap();
    fs::write(folder.path().join("pairs.xlsx"), "PK\x03\x04\0\0\x08").unwrap();
    let check = |file| run(folder.path(), &["check", file]);
    assert_refused(&check("folder.tsv"), &["folder.tsv is a folder"]);
    assert_refused(&check("missing.tsv"), &["cannot read missing.tsv"]);
    assert_refused(&check("pairs.xlsx"), &["pairs.xlsx", "not text", "CSV"]);
}

#[test]
fn a_conflict_is_named_with_both_lines_and_can_be_kept_or_dropped() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("c.tsv"),
        "ABC\tDEF\nXYZ\tDEF\nABC\tFED\n",
    )
    .unwrap();
    let check = |policy| run(folder.path(), &["check", "c.tsv", "--conflicts", policy]);
    let failed = check("fail");
    assert_eq!(failed.status.code(), Some(2));
    let message = stderr(&failed);
    for words in ["--conflicts keep", "lines 1 and 3"] {
        assert!(message.contains(words), "{words:?} is not in: {message}");
    }
    for (policy, words) in [("keep", "\n3 pairs of"), ("drop", "\n1 pair of")] {
        let output = check(policy);
        assert!(stdout(&output).contains(words), "{}", stdout(&output));
    }
}

#[test]
fn decrypt_gives_confidences_and_hides_what_it_is_not_sure_of() {
    let folder = common::trained();
    let output = run(folder.path(), &["decrypt", "--json", "FUVEMVEMNMERPDRF"]);
    let answer: serde_json::Value = serde_json::from_str(stdout(&output)).unwrap();
    assert_eq!(answer["plaintext"], "THIS-IS-A-SECRET");
    let confidences = answer["confidences"].as_array().unwrap();
    assert_eq!(confidences.len(), 16);
    let confidences = confidences
        .iter()
        .map(|confidence| confidence.as_f64().unwrap());
    assert!(
        confidences
            .into_iter()
            .all(|confidence| (0.5..=1.0).contains(&confidence))
    );

    let output = run(folder.path(), &["decrypt", "--min-confidence", "1", "FUVE"]);
    assert_eq!(stdout(&output), "????\n");
    let output = run(
        folder.path(),
        &["decrypt", "--min-confidence", "1.5", "FUVE"],
    );
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn encrypt_and_decrypt_with_a_key_undo_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let config = format!("{}/../../configs/vigenere.toml", env!("CARGO_MANIFEST_DIR"));
    let plaintexts = "ATTACK-AT-DAWN\nTHIS-IS-A-SECRET\n";
    let encrypted = run_with_input(folder.path(), &["encrypt", &config], plaintexts.as_bytes());
    assert_ne!(stdout(&encrypted), plaintexts);
    let arguments = ["decrypt", "--with-key", &config];
    let decrypted = run_with_input(folder.path(), &arguments, &encrypted.stdout);
    assert_eq!(stdout(&decrypted), plaintexts);
}

#[test]
fn curve_writes_a_picture_and_its_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["curve", "--pairs", "12,6", "--seeds", "1", "--out", "c"];
    let output = cipher_train(folder.path())
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(stdout(&output), "c/curve.svg\nc/curve.json\n");
    let json = fs::read_to_string(folder.path().join("c/curve.json")).unwrap();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["points"][0]["pairs"], 6);
    assert_eq!(json["points"][1]["characters"], 12 * 32);
    // Of 27 symbols this share is among 192 random ones.
    let seen = 1.0 - (26.0_f64 / 27.0).powi(192);
    assert!((json["limit"][0][1].as_f64().unwrap() - seen).abs() < 1e-12);
    let svg = fs::read_to_string(folder.path().join("c/curve.svg")).unwrap();
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
}

#[test]
fn fit_with_json_prints_one_object_with_what_the_text_says() {
    let folder = pairs_of("substitution", 40);
    let text = run(folder.path(), &["fit", "pairs.tsv", "--run", "text"]);
    let json = run(
        folder.path(),
        &["fit", "pairs.tsv", "--run", "json", "--json"],
    );
    assert_eq!(text.status.code(), json.status.code());
    let (text, log) = (stdout(&text), stderr(&text));
    let object: serde_json::Value = serde_json::from_str(stdout(&json)).unwrap();

    let test = &object["test"];
    let right = |what: &str| {
        let [wrong, all] = ["wrong", "n"].map(|count| test[format!("{count}_{what}")].as_u64());
        format!("({} of {})", all.unwrap() - wrong.unwrap(), all.unwrap())
    };
    assert!(
        text.contains(&right("characters")) && text.contains(&right("messages")),
        "{object}"
    );
    for (field, prefix) in [
        ("/verdict", "verdict: "),
        ("/rule/name", "found, "),
        ("/rule/key", ""),
    ] {
        let words = format!(
            "{prefix}{}",
            object.pointer(field).unwrap().as_str().unwrap()
        );
        assert!(text.contains(&words), "{words} is not in: {text}");
    }
    let rules = object["rules"].as_array().unwrap();
    let listed = text
        .lines()
        .filter(|line| line.starts_with("  ") && line.ends_with('%'));
    assert_eq!(listed.count(), rules.len());
    assert!(
        log.contains(&format!("{} pairs of", object["pairs"]["n_pairs"])),
        "{log}"
    );
    assert!(
        log.contains(object["dependence"].as_str().unwrap()),
        "{log}"
    );
    assert_eq!(object["run"], "json");
    assert!(
        object["next"].as_str().unwrap().contains("/json "),
        "{object}"
    );
}

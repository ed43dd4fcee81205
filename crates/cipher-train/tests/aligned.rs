//! Pairs whose sides have different lengths: they are aligned, learned from, and new messages decrypted.

mod common;

use std::fs;
use std::path::Path;

use common::{assert_refused, run, stderr, stdout};
use serde_json::Value;
use tempfile::TempDir;

/// Words with a code of their own.
const CODED: [(&str, u32); 3] = [("THE", 90), ("KING", 91), ("PRUSSIA", 92)];
const NULL: u32 = 99;

/// A stream of numbers that is the same everywhere (Knuth's MMIX constants).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }
}

/// Messages of random words, without spaces, and their codes: two numbers for each letter from 10 on, one for some
/// words, and nulls.
fn nomenclator(n_messages: usize) -> Vec<(String, String)> {
    let mut numbers = Numbers(1);
    let messages = (0..n_messages).map(|_| {
        let mut codes = Vec::new();
        let mut plaintext = String::new();
        for _ in 0..8 {
            let word = match numbers.below(9) {
                n @ 0..3 => CODED[n].0.to_string(),
                n => (0..n)
                    .map(|_| char::from(b'A' + numbers.below(26) as u8))
                    .collect(),
            };
            plaintext += &word;
            if numbers.below(4) == 0 {
                codes.push(NULL);
            }
            match CODED.iter().find(|(coded, _)| *coded == word) {
                Some((_, code)) => codes.push(*code),
                None => {
                    let letters = word.bytes().map(|letter| u32::from(letter - b'A'));
                    codes.extend(
                        letters.map(|letter| 10 + 3 * letter % 78 + numbers.below(2) as u32),
                    );
                }
            }
        }
        let codes: Vec<String> = codes.iter().map(u32::to_string).collect();
        (codes.join(" "), plaintext)
    });
    messages.collect()
}

fn write(folder: &Path, pairs: &[(String, String)]) {
    let lines: Vec<String> = pairs.iter().map(|(c, p)| format!("{c}\t{p}\n")).collect();
    fs::write(folder.join("pairs.tsv"), lines.concat()).unwrap();
}

/// A folder with `pairs.tsv` and a run of it in `r`.
fn fitted(n_messages: usize) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &nomenclator(n_messages));
    let output = run(
        folder.path(),
        &[
            "fit",
            "pairs.tsv",
            "--run",
            "r",
            "--set",
            "training.epochs=2",
        ],
    );
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}{}",
        stdout(&output),
        stderr(&output)
    );
    folder
}

#[test]
fn a_nomenclator_is_learned_and_its_key_is_a_table() {
    let folder = fitted(400);
    let others = nomenclator(430).split_off(400);
    for (ciphertext, plaintext) in &others {
        let output = run(folder.path(), &["decrypt", "--run", "r", ciphertext]);
        assert_eq!(stdout(&output).trim_end(), plaintext, "{}", stderr(&output));
    }

    let output = run(folder.path(), &["key", "--run", "r"]);
    let table = stdout(&output);
    for (word, code) in CODED {
        let row = table
            .lines()
            .find(|line| line.starts_with(&code.to_string()))
            .unwrap();
        assert_eq!(row.split_whitespace().nth(1), Some(word), "{row}");
    }
    assert!(
        table.contains("nulls, which stand for nothing: 99\n"),
        "{table}"
    );
    let output = run(folder.path(), &["key", "--run", "r", "--csv"]);
    let csv = stdout(&output);
    assert!(
        csv.starts_with("code,stands for,seen,share,rivals,doubtful\n"),
        "{csv}"
    );
    assert!(csv.contains("\n92,PRUSSIA,"), "{csv}");
    assert!(csv.contains("\n99,,"), "{csv}");
}

#[test]
fn a_code_that_no_pair_has_is_marked_and_the_rest_is_decrypted() {
    let folder = fitted(400);
    let output = run(folder.path(), &["decrypt", "--run", "r", "90 777 91 99 92"]);
    assert_eq!(stdout(&output), "THE?KINGPRUSSIA\n");
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("777"), "{}", stderr(&output));
}

#[test]
fn accuracy_is_by_edit_distance_and_says_so() {
    let folder = fitted(400);
    let path = folder.path();
    write(path, &nomenclator(430)[400..]);
    let output = run(path, &["eval", "--run", "r", "--pairs", "pairs.tsv"]);
    assert!(
        stdout(&output).contains("(edit distance "),
        "{}",
        stdout(&output)
    );
    let json = |arguments: &[&str]| -> Value {
        let output = run(path, arguments);
        serde_json::from_str(stdout(&output)).unwrap()
    };
    let of_test = json(&["eval", "--run", "r", "--json"]);
    assert_eq!(of_test["score"]["measure"], "edit_distance");
    let of_pairs = json(&["eval", "--run", "r", "--json", "--pairs", "pairs.tsv"]);
    assert_eq!(of_pairs["score"]["n_messages"], 30);
    // A letter too many in each plaintext is an edit each.
    let longer: Vec<_> = nomenclator(430).split_off(400);
    let longer: Vec<_> = longer.into_iter().map(|(c, p)| (c, p + "X")).collect();
    write(path, &longer);
    let of_longer = json(&["eval", "--run", "r", "--json", "--pairs", "pairs.tsv"]);
    let wrong = |score: &Value| score["score"]["wrong_characters"].as_u64().unwrap();
    assert_eq!(wrong(&of_longer), wrong(&of_pairs) + 30);
}

/// Codes of two and of three digits without spaces between.
fn mixed_width(n_messages: usize) -> Vec<(String, String)> {
    let mut numbers = Numbers(2);
    let messages = (0..n_messages).map(|_| {
        let letters: Vec<usize> = (0..40).map(|_| numbers.below(26)).collect();
        let codes = letters.iter().map(|letter| match letter % 2 {
            0 => format!("{}", 10 + letter + numbers.below(2)),
            _ => format!("{}", 600 + 7 * letter + numbers.below(2)),
        });
        let codes = codes.collect();
        let letters = letters
            .iter()
            .map(|&letter| char::from(b'A' + letter as u8));
        (codes, letters.collect())
    });
    messages.collect()
}

#[test]
fn a_run_of_aligned_pairs_is_trained_again_to_the_same_bits() {
    for pairs in [nomenclator(200), mixed_width(100)] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        write(path, &pairs);
        let fit = [
            "fit",
            "pairs.tsv",
            "--run",
            "whole",
            "--set",
            "training.epochs=1",
        ];
        let output = run(path, &fit);
        assert_ne!(output.status.code(), Some(2), "{}", stderr(&output));
        let config = fs::read_to_string(path.join("whole/config.toml")).unwrap();
        assert!(config.contains("unequal = \"align\""), "{config}");
        // The run's own pairs have the steps, so that there is nothing to align.
        let output = run(path, &["train", "whole/config.toml", "--run", "again"]);
        assert_ne!(output.status.code(), Some(2), "{}", stderr(&output));
        for file in ["pairs.jsonl", "bundle/weights.safetensors"] {
            let read = |name: &str| fs::read(path.join(name).join(file)).unwrap();
            assert!(read("whole") == read("again"), "{file}");
        }
    }
}

#[test]
fn codes_of_mixed_width_without_spaces_are_cut_and_decrypted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    write(path, &mixed_width(150));
    let output = run(
        path,
        &[
            "fit",
            "pairs.tsv",
            "--run",
            "r",
            "--set",
            "training.epochs=2",
        ],
    );
    assert_ne!(output.status.code(), Some(2), "{}", stderr(&output));
    let (mut n_wrong, mut n) = (0, 0);
    for (ciphertext, plaintext) in &mixed_width(170)[150..] {
        let output = run(path, &["decrypt", "--run", "r", ciphertext]);
        n_wrong += strsim::levenshtein(stdout(&output).trim_end(), plaintext);
        n += plaintext.len();
    }
    assert!(100 * n_wrong < n, "{n_wrong} of {n}");
}

#[test]
fn check_shows_the_alignment_and_options_change_what_happens() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    write(path, &nomenclator(100));
    let output = run(path, &["check", "pairs.tsv"]);
    let said = stdout(&output);
    assert!(
        said.contains("have different lengths and are aligned"),
        "{said}"
    );
    assert!(said.contains(" of them are doubtful, "), "{said}");
    let output = run(
        path,
        &[
            "check",
            "pairs.tsv",
            "--plaintext-symbols",
            "tokens",
            "--unequal",
            "align",
        ],
    );
    assert_refused(&output, &["--plaintext-symbols characters"]);
}

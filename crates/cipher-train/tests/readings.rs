//! Files as people have them: they are learned from, and new messages are read and written as theirs.

mod common;

use std::fs;

use common::{run, run_with_input, stderr, stdout};
use tempfile::TempDir;

/// Sentences of a few words, in their case and with their punctuation.
fn sentences() -> Vec<String> {
    let words = [
        "we", "quickly", "jump", "over", "lazy", "foxes", "big", "zebra", "march", "don't", "have",
        "night", "at", "Kiev", "silver", "the", "box", "crown", "plum", "duty",
    ];
    (0..60)
        .map(|n| {
            let picked: Vec<&str> = (0..6)
                .map(|m| words[(n * 7 + m * m + m * (n / 3)) % words.len()])
                .collect();
            let sentence = picked.join(if n % 4 == 0 { ", " } else { " " });
            let (first, rest) = sentence.split_at(1);
            format!("{}{rest}.", first.to_uppercase())
        })
        .collect()
}

fn letters(text: &str) -> impl Iterator<Item = char> {
    text.chars()
        .filter(|c| c.is_alphabetic())
        .map(|c| c.to_ascii_uppercase())
}

/// The text with a key added to its letters, `A` as 0.
fn with_key(text: &str, mut key: impl Iterator<Item = char>) -> String {
    let encrypt = |c: char| {
        if !c.is_ascii_alphabetic() {
            return c;
        }
        let base = if c.is_ascii_lowercase() { b'a' } else { b'A' };
        let shift = key.next().unwrap() as u8 - b'A';
        char::from((c as u8 - base + shift) % 26 + base)
    };
    text.chars().map(encrypt).collect()
}

/// A run in `r` of a file with a line for each sentence.
fn fitted(name: &str, line: impl Fn(&str) -> String, arguments: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let lines: String = sentences()
        .iter()
        .map(|sentence| line(sentence) + "\n")
        .collect();
    fs::write(folder.path().join(name), lines).unwrap();
    fit(folder, &[&[name], arguments].concat())
}

fn fit(folder: TempDir, arguments: &[&str]) -> TempDir {
    let fit = ["fit", "--run", "r", "--set", "training.epochs=3"];
    let output = run(folder.path(), &[&fit, arguments].concat());
    assert_ne!(output.status.code(), Some(2), "{}", stderr(&output));
    folder
}

fn decrypted(folder: &TempDir, text: &str) -> String {
    let output = run(folder.path(), &["decrypt", "--run", "r", "--", text]);
    assert!(output.status.success(), "{}", stderr(&output));
    stdout(&output).trim_end_matches('\n').into()
}

fn shifted(text: &str) -> String {
    let shift = |letter: char, a: u8| char::from((letter as u8 - a + 3) % 26 + a);
    let shifted = text.chars().map(|c| match c {
        'a'..='z' => shift(c, b'a'),
        'A'..='Z' => shift(c, b'A'),
        _ => c,
    });
    shifted.collect()
}

/// The letter's place from 11 on.
fn number(letter: char) -> String {
    (letter as u8 - b'A' + 11).to_string()
}

#[test]
fn numbers_between_spaces_are_decrypted_and_an_unknown_one_is_marked() {
    let numbers = |text: &str| letters(text).map(number).collect::<Vec<_>>().join(" ");
    let folder = fitted(
        "codes.csv",
        |text| format!("\"{}\",\"{text}\"", numbers(text)),
        &[],
    );
    assert_eq!(
        decrypted(&folder, &numbers("THE SILVER BOX")),
        "thesilverbox"
    );

    let input = format!(
        "{} 99 {}\n\n{}\n",
        numbers("THE"),
        numbers("BOX"),
        numbers("DUTY")
    );
    let output = run_with_input(folder.path(), &["decrypt", "--run", "r"], input.as_bytes());
    assert_eq!(stdout(&output), "the?box\n\nduty\n");
    assert_eq!(output.status.code(), Some(2));
    let message = stderr(&output);
    for words in [
        "stdin, line 1: symbol 4, \"99\", is unknown",
        "1 unknown symbol in 1 text",
    ] {
        assert!(message.contains(words), "{message}");
    }
}

#[test]
fn case_and_punctuation_come_back_at_their_places() {
    let folder = fitted("t.txt", |text| format!("{};{text}", shifted(text)), &[]);
    for text in [
        "Don't march at night!",
        "THE BIG ZEBRA",
        "(quickly) 42 plums",
    ] {
        assert_eq!(decrypted(&folder, &shifted(text)), text);
    }
}

#[test]
fn digit_pairs_in_one_row_are_decrypted_and_a_cut_one_is_marked() {
    let pairs = |text: &str| letters(text).map(number).collect::<String>();
    let folder = fitted("p.tsv", |text| format!("{}\t{text}", pairs(text)), &[]);
    assert_eq!(decrypted(&folder, &pairs("LAZY FOXES")), "lazyfoxes");
    let output = run(
        folder.path(),
        &["decrypt", "--run", "r", &(pairs("LAZY") + "1")],
    );
    assert_eq!(
        (output.status.code(), stdout(&output)),
        (Some(2), "lazy?\n")
    );
}

#[test]
fn two_files_and_one_long_text_are_learned_from() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    let plain = sentences().join("\n");
    write("cipher.txt", &shifted(&plain));
    write("plain.txt", &plain);
    let folder = fit(folder, &["cipher.txt", "plain.txt"]);
    assert_eq!(decrypted(&folder, "Gxwb, zh pdufk."), "Duty, we march.");

    let text = sentences().join(" ");
    let line = format!("{}\t{text}\n", shifted(&text));
    let one = tempfile::tempdir().unwrap();
    fs::write(one.path().join("one.tsv"), line).unwrap();
    let one = fit(one, &["one.tsv"]);
    assert_eq!(decrypted(&one, "Gxwb, zh pdufk."), "Duty, we march.");
}

#[test]
fn a_letter_too_many_is_named_and_can_be_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let lines = sentences().into_iter().enumerate();
    let lines = lines.map(|(n, text)| {
        let extra = if n == 20 { "x" } else { "" };
        format!("{}{extra}\t{text}\n", shifted(&text))
    });
    fs::write(folder.path().join("e.tsv"), lines.collect::<String>()).unwrap();
    let output = run(folder.path(), &["check", "e.tsv"]);
    assert_eq!(output.status.code(), Some(2));
    let message = stderr(&output);
    for words in [
        "1 of 60 pairs of e.tsv",
        "--unequal drop",
        "e.tsv:21: the ciphertext has",
    ] {
        assert!(message.contains(words), "{message}");
    }
    let output = run(folder.path(), &["check", "e.tsv", "--unequal", "drop"]);
    assert!(
        stdout(&output).contains("1 pair left out"),
        "{}",
        stdout(&output)
    );
}

#[test]
fn lines_that_lack_a_digit_are_named_and_can_be_left_out() {
    let pairs = |text: &str| letters(text).map(number).collect::<String>();
    let folder = tempfile::tempdir().unwrap();
    let lines = sentences().into_iter().enumerate();
    let lines = lines.map(|(n, text)| {
        let n_lacking = usize::from(n % 10 == 3);
        format!("{}\t{text}\n", &pairs(&text)[n_lacking..])
    });
    fs::write(folder.path().join("d.tsv"), lines.collect::<String>()).unwrap();
    let output = run(folder.path(), &["check", "d.tsv"]);
    assert_eq!(output.status.code(), Some(2));
    let message = stderr(&output);
    for words in ["6 of 60 pairs of d.tsv", "d.tsv:4: ", "d.tsv:14: "] {
        assert!(message.contains(words), "{message}");
    }
    let folder = fit(folder, &["d.tsv", "--unequal", "drop"]);
    assert_eq!(decrypted(&folder, &pairs("LAZY FOXES")), "lazyfoxes");
}

#[test]
fn a_key_decrypts_around_a_symbol_that_no_pair_had() {
    const SYMBOLS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ-";
    let keyed = |text: &str| {
        let id = |symbol| SYMBOLS.find(symbol).unwrap();
        let keys = "KEY".chars().cycle();
        let shifted = text.chars().zip(keys);
        let shifted = shifted.map(|(symbol, key)| (id(symbol) + id(key)) % SYMBOLS.len());
        shifted
            .map(|id| char::from(SYMBOLS.as_bytes()[id]))
            .collect::<String>()
    };
    let line = |text: &str| {
        let text: String = text
            .to_uppercase()
            .replace(|c: char| !c.is_alphabetic(), "-");
        format!("{}\t{text}", keyed(&text))
    };
    let folder = fitted("t.tsv", line, &[]);
    let ciphertext = keyed("HEXLO-");
    let text = format!("{}7 {}", &ciphertext[..2], &ciphertext[3..]);
    for arguments in [&[][..], &["--json"]] {
        let arguments = [&["decrypt", "--run", "r", &text], arguments].concat();
        let output = run(folder.path(), &arguments);
        assert!(stdout(&output).contains("HE? LO-"), "{}", stdout(&output));
        assert_eq!(output.status.code(), Some(2));
        let errors = stderr(&output);
        assert!(errors.contains("symbol 3, \"7\", is unknown"), "{errors}");
    }
}

/// Signs for the 26 letters, whatever their case; what is no letter stays.
fn in_signs(sentence: &str, signs: &[char]) -> String {
    let sign = |c: char| match c.to_ascii_lowercase() {
        letter @ 'a'..='z' => signs[usize::from(letter as u8 - b'a')],
        other => other,
    };
    sentence.chars().map(sign).collect()
}

#[cfg(unix)]
#[test]
fn the_command_that_solve_prints_decrypts_a_text_of_its_file() {
    let pictures: Vec<char> = (0..26)
        .filter_map(|n| char::from_u32(0x1f330 + 7 * n))
        .collect();
    let hexadecimal = |sentence: &str| -> String {
        let key = b"LEMON".iter().cycle();
        let bytes = sentence.bytes().zip(key).map(|(byte, key)| byte ^ key);
        bytes.map(|byte| format!("{byte:02x}")).collect()
    };
    type Cipher<'a> = &'a dyn Fn(&str) -> String;
    let ciphers: [(&str, Cipher<'_>); 2] = [
        ("pictures", &|sentence| in_signs(sentence, &pictures)),
        ("hexadecimal", &hexadecimal),
    ];
    for (name, cipher) in ciphers {
        let folder = tempfile::tempdir().unwrap();
        let lines = sentences();
        let pairs = lines
            .iter()
            .map(|line| format!("{}\t{line}\n", cipher(line)));
        fs::write(folder.path().join("pairs.tsv"), pairs.collect::<String>()).unwrap();
        let output = run(folder.path(), &["solve", "pairs.tsv", "--config", "c.toml"]);
        assert!(output.status.success(), "{name}: {}", stderr(&output));
        let next = stdout(&output)
            .lines()
            .find_map(|line| line.strip_prefix("next: "));
        let decrypted = std::process::Command::new("sh")
            .args(["-c", next.unwrap()])
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(decrypted.status.success(), "{name}: {}", stderr(&decrypted));
        let answer = stdout(&decrypted).trim_end().to_lowercase();
        assert!(
            lines.iter().any(|line| line.to_lowercase() == answer),
            "{name}: {answer}"
        );
    }
}

#[test]
fn a_letter_that_no_pair_has_is_marked_and_moves_the_key_and_one_that_the_pairs_keep_stays() {
    let vigenere = |sentence: &str| with_key(sentence, "BLAISE".chars().cycle());
    // The pairs keep the letter of another alphabet, and the key does not move past it.
    let with_sign = |sentence: &str| sentence.replace("silver", "silver ß");
    let folder = tempfile::tempdir().unwrap();
    let lines = sentences();
    let pairs = lines.iter().map(|line| {
        let line = with_sign(line);
        format!("{}\t{line}\n", vigenere(&line))
    });
    fs::write(folder.path().join("pairs.tsv"), pairs.collect::<String>()).unwrap();
    let output = run(folder.path(), &["fit", "pairs.tsv", "--run", "r"]);
    assert!(stderr(&output).contains("BLAISE"), "{}", stderr(&output));

    let key = run(folder.path(), &["key", "--run", "r"]);
    assert!(stdout(&key).starts_with("Vigenere: key BLAISE\n"));

    let decrypt = |text: &str| run(folder.path(), &["decrypt", "--run", "r", "--", text]);
    let refusing = |text: &str| {
        let policy = ["decrypt", "--run", "r", "--outside", "reject", "--", text];
        run(folder.path(), &policy)
    };
    let kept = "The box, a ß and the crown.";
    let output = decrypt(&vigenere(kept));
    assert_eq!(stdout(&output), format!("{kept}\n"));
    assert!(output.status.success());
    // What stands for the fifth letter of "quickly" was written in another form, or could not be read.
    let encrypted = vigenere("We quickly jump over lazy foxes.");
    for sign in ['é', '\u{fffd}'] {
        let damaged: String = encrypted
            .char_indices()
            .map(|(place, c)| if place == 7 { sign } else { c })
            .collect();
        let output = decrypt(&damaged);
        assert_eq!(stdout(&output), "We quic?ly jump over lazy foxes.\n");
        assert!(stderr(&output).contains("unknown"), "{}", stderr(&output));
        assert_eq!(output.status.code(), Some(2));
        let output = refusing(&damaged);
        assert!(
            stderr(&output).contains("symbol 8, "),
            "{}",
            stderr(&output)
        );
        assert_eq!(output.status.code(), Some(2));
    }
    assert_eq!(stdout(&refusing(&vigenere(kept))), format!("{kept}\n"));
}

#[test]
fn a_line_with_an_unknown_letter_is_refused_where_that_changes_other_letters() {
    let autokey = |text: &str| with_key(text, "QUEEN".chars().chain(letters(text)));
    let folder = fitted("t.tsv", |text| format!("{}\t{text}", autokey(text)), &[]);
    let encrypted = autokey("We jump over foxes.");
    assert_eq!(decrypted(&folder, &encrypted), "We jump over foxes.");
    let damaged = encrypted.replacen(|c: char| c.is_lowercase(), "é", 1);
    let output = run(folder.path(), &["decrypt", "--run", "r", "--", &damaged]);
    assert!(
        stderr(&output).contains("symbol 2, "),
        "{}",
        stderr(&output)
    );
    assert!(!output.status.success());
}

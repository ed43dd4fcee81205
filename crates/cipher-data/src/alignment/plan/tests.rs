use rand::RngExt;
use rand::seq::IndexedRandom;

use super::*;
use crate::pairs_file::{FileHints, read_pairs};
use crate::{Only, streams};

const TEXT: &str = "when in the course of human events it becomes necessary for one people to dissolve the political \
                    bands which have connected them with another and to assume among the powers of the earth the \
                    separate and equal station";

/// The plan for sentences of random words, each enciphered by a function of its characters.
fn plan(n: usize, encipher: impl Fn(&str, &mut streams::ChaCha8Rng) -> String) -> AlignmentPlan {
    AlignmentPlan::find(&texts(n, encipher), &ReadingHints::default())
}

fn texts(n: usize, encipher: impl Fn(&str, &mut streams::ChaCha8Rng) -> String) -> PairTexts {
    let mut rng = streams::file_order(1);
    let words: Vec<&str> = TEXT.split(' ').collect();
    let lines = (0..n).map(|_| {
        let words: Vec<&str> = (0..12)
            .filter_map(|_| words.choose(&mut rng).copied())
            .collect();
        let sentence = words.join(" ");
        let sentence = sentence[..1].to_uppercase() + &sentence[1..] + ".";
        format!("{}\t{sentence}\n", encipher(&sentence, &mut rng))
    });
    let file: String = lines.collect();
    read_pairs(file.as_bytes(), &FileHints::default(), 1).unwrap()
}

/// Two numbers for each letter, and some nulls.
fn numbers(text: &str, rng: &mut streams::ChaCha8Rng) -> Vec<String> {
    let mut codes = Vec::new();
    for letter in text.bytes().filter(u8::is_ascii_alphabetic) {
        let place = u32::from(letter.to_ascii_lowercase() - b'a');
        codes.push((11 + 3 * place + rng.random_range(0..2)).to_string());
        if rng.random_bool(0.1) {
            codes.push("99".into());
        }
    }
    codes
}

#[test]
fn numbers_between_spaces_are_codes_and_only_letters_are_read() {
    let plan = plan(50, |text, rng| numbers(text, rng).join(" "));
    assert_eq!(plan.readings.ciphertext.symbols, SymbolUnit::Token(None));
    assert_eq!(plan.readings.plaintext.only, Only::Letters);
    assert!(plan.readings.plaintext.fold_case);
    assert_eq!(plan.config.max_code, 1);
}

#[test]
fn pairs_of_digits_without_spaces_are_codes() {
    let plan = plan(50, |text, rng| numbers(text, rng).concat());
    assert_eq!(plan.readings.ciphertext.symbols, SymbolUnit::Group(2));
    assert_eq!(plan.config.max_code, 1);
}

#[test]
fn digits_in_groups_of_five_are_digits() {
    let plan = plan(50, |text, rng| {
        let digits: Vec<char> = numbers(text, rng).concat().chars().collect();
        let groups = digits.chunks(5).map(|group| group.iter().collect());
        groups.collect::<Vec<String>>().join(" ")
    });
    let Reading { symbols, only, .. } = plan.readings.ciphertext;
    let is_of_digits = symbols == SymbolUnit::Group(2) || only == Only::NoSpaces;
    assert!(is_of_digits, "{symbols} {only}");
}

#[test]
fn what_the_ciphertext_tells_is_read() {
    // Codes for the space, for the full stop and for a capital letter.
    let plan = plan(50, |text, rng| {
        let codes = text.chars().map(|c| match c {
            ' ' => "97".into(),
            '.' => "98".into(),
            c if c.is_uppercase() => (200 + u32::from(c)).to_string(),
            c => numbers(&c.to_string(), rng).join(" "),
        });
        codes.collect::<Vec<String>>().join(" ")
    });
    assert_eq!(plan.readings.plaintext.only, Only::All);
    assert!(!plan.readings.plaintext.fold_case);
}

#[test]
fn a_code_for_a_word_among_codes_for_letters_stands_for_the_whole_word() {
    let texts = texts(50, |text, rng| {
        let words = text.split(' ').map(|word| match word {
            "political" => "95".into(),
            word => numbers(word, rng).join(" "),
        });
        words.collect::<Vec<String>>().join(" ")
    });
    let plan = AlignmentPlan::find(&texts, &ReadingHints::default());
    let alphabets = find_alphabets(&texts, &plan.readings).unwrap();
    let [ciphertext, plaintext] = [alphabets.ciphertext, alphabets.plaintext];
    let table = Arc::new(PairTable::of_unequal(&texts, &ciphertext, &plaintext).unwrap());
    let all: Vec<usize> = (0..table.len()).collect();
    let aligned = AlignedPairs::fit(table, plaintext, &all, plan.config);
    let chunks = aligned.chunk_alphabet(&all).unwrap();
    let book = aligned.code_book(all, &chunks);
    let code = ciphertext.id("95").unwrap();
    let entry = book.entries().find(|entry| entry.code == [code]).unwrap();
    let (chunk, share) = entry.commonest().unwrap();
    assert_eq!(chunks.symbol(chunk), "political");
    assert!(share > 0.9, "{share}");
}

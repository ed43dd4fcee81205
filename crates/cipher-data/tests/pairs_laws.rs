//! Laws that hold for every file of pairs.

use std::collections::HashSet;

use cipher_data::{
    Alphabet, Alphabets, Conflicts, FileHints, Format, FoundReadings, Outside, PairTable,
    PairTexts, Reading, ReadingHints, Readings, SymbolUnit, find_alphabets, read_pairs,
};
use proptest::prelude::*;

type Texts = Vec<(String, String)>;

/// Pairs of equal length whose characters come from a class of a regular expression.
fn texts_of(class: &'static str) -> impl Strategy<Value = Texts> {
    let pair = (1_usize..9).prop_flat_map(move |length| {
        let side = format!("{class}{{{length}}}");
        let side = || prop::string::string_regex(&side).unwrap();
        (side(), side())
    });
    prop::collection::vec(pair, 0..20)
}

/// As [`texts_of`], without what a reader of files may clean away: marks, and at the ends of a text blanks and
/// such a quote.
fn clean_texts_of(class: &'static str, quote: Option<char>) -> impl Strategy<Value = Texts> {
    let replaced = move |text: String| {
        let is_mark = |c: char| {
            "\u{200b}\u{200e}\u{200f}\u{feff}".contains(c)
                || ('\u{202a}'..='\u{202e}').contains(&c)
                || ('\u{2066}'..='\u{2069}').contains(&c)
        };
        let last = text.chars().count() - 1;
        let characters = text.chars().enumerate();
        let clean = characters.map(|(place, c)| {
            let is_end = place == 0 || place == last;
            let is_cleaned = is_mark(c) || is_end && (c.is_whitespace() || Some(c) == quote);
            if is_cleaned { 'x' } else { c }
        });
        clean.collect()
    };
    let both = move |(one, other)| (replaced(one), replaced(other));
    texts_of(class).prop_map(move |texts| texts.into_iter().map(both).collect())
}

/// Few short messages, so that many are in several pairs.
fn table() -> impl Strategy<Value = PairTable> {
    texts_of("[ab]").prop_map(|texts| table_of(&texts))
}

fn table_of(texts: &Texts) -> PairTable {
    let file: String = texts
        .iter()
        .map(|(ciphertext, plaintext)| format!("{ciphertext}\t{plaintext}\n"))
        .collect();
    let texts = read_pairs(file.as_bytes(), &Format::Tsv.into(), 0).unwrap();
    let alphabet = Alphabet::new("abcdefghijklmnopqrstuvwxyz", Outside::Reject).unwrap();
    PairTable::new(&texts, &alphabet, &alphabet).unwrap()
}

fn is_read_back(file: &[u8], format: Format, expected: &Texts) -> Result<(), TestCaseError> {
    let read = read_pairs(file, &format.into(), 10).unwrap();
    prop_assert_eq!(read.problems(), &[]);
    let pair = |index| (read.ciphertext(index).into(), read.plaintext(index).into());
    let pairs: Texts = (0..read.len()).map(pair).collect();
    prop_assert_eq!(&pairs, expected);
    Ok(())
}

/// Does with the pairs all that can be done with them.
fn use_all(texts: PairTexts) {
    texts.duplicates(3);
    for policy in [Conflicts::Keep, Conflicts::Drop] {
        texts.clone().without_duplicates(policy, 3).unwrap();
    }
    let readings = FoundReadings::of(&texts, &ReadingHints::default()).readings;
    let texts = texts.equally_long(&readings);
    if let Ok(Alphabets {
        ciphertext,
        plaintext,
        ..
    }) = find_alphabets(&texts, &readings)
    {
        let table = PairTable::new(&texts, &ciphertext, &plaintext).unwrap();
        table.split(1, 1, 0);
    }
}

/// Bytes that are often meant as a file of pairs.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let pieces = prop::sample::select(vec![
        "\"",
        "\"\"",
        ",",
        "\t",
        "\n",
        "\r\n",
        "\r",
        " ",
        "a",
        "b,c\n",
        "é",
        "\u{feff}",
        "[",
        "{",
        "}",
        "]",
        ":",
        "\"plaintext\"",
        "ciphertext",
        "\\u",
        "\u{301}",
        "\0",
    ]);
    let piece = prop_oneof![
        9 => pieces.prop_map(|piece| piece.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 1..4),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// Texts and a unit that they could be in.
fn texts_in_a_unit() -> impl Strategy<Value = (&'static str, Texts)> {
    let units = [
        ("characters", "[a-d ,]"),
        ("tokens", "[ab0 ]"),
        ("tokens:-", "[ab0 -]"),
        ("spaced-tokens", "[ab0 ]"),
        ("spaced-tokens:-", "[ab0 -]"),
        ("groups:2", "[a-c]{2}"),
        ("hex", "[0-9a-f]{2}"),
    ];
    let unit = prop::sample::select(units.to_vec());
    unit.prop_flat_map(|(unit, symbols)| texts_of(symbols).prop_map(move |texts| (unit, texts)))
}

proptest! {
    #[test]
    fn alphabets_are_written_and_read_and_messages_too((unit, texts) in texts_in_a_unit()) {
        let lines = texts.iter().map(|(ciphertext, plaintext)| format!("{ciphertext}\t{plaintext}\n"));
        let file = format!("ciphertext\tplaintext\n{}", lines.collect::<String>());
        let texts = read_pairs(file.as_bytes(), &Format::Tsv.into(), 0).unwrap();
        let unit: SymbolUnit = unit.parse().unwrap();
        let reading = Reading { symbols: unit, ..Reading::default() };
        let readings = Readings { ciphertext: reading.clone(), plaintext: reading };
        if let Ok(Alphabets { ciphertext, .. }) = find_alphabets(&texts, &readings) {
            prop_assert_eq!(&ciphertext.to_config().init().unwrap(), &ciphertext);
            for index in 0..texts.len() {
                let ids = ciphertext.encode(texts.ciphertext(index)).unwrap().ids;
                let again = ciphertext.encode(&ciphertext.decode(&ids)).unwrap().ids;
                prop_assert_eq!(again, ids);
            }
        }
    }

    #[test]
    fn no_bytes_make_the_reader_panic(file in bytes(), max_problems in 0_usize..4) {
        use Format::{Bars, Csv, Json, JsonLines, Semicolons, Tsv};
        let formats = [Tsv, Csv, Semicolons, Bars, JsonLines, Json].map(Some);
        for format in formats.into_iter().chain([None]) {
            let hints = FileHints { format, ..FileHints::default() };
            let Ok(texts) = read_pairs(&file, &hints, max_problems) else { continue };
            prop_assert!(texts.problems().len() <= max_problems);
            let n_lines = file.split(|byte| b"\r\n".contains(byte)).count() as u64;
            for problem in texts.problems() {
                prop_assert!((1..=n_lines).contains(&problem.line), "{}", problem);
            }
            prop_assert!(texts.len() as u64 + texts.n_problems() <= n_lines);
            use_all(texts);
        }
    }

    #[test]
    fn pairs_written_with_tabs_are_read_back(texts in clean_texts_of("[^\t\r\n\0\u{feff}]", Some('"'))) {
        let lines = texts.iter().map(|(ciphertext, plaintext)| format!("{ciphertext}\t{plaintext}\r\n"));
        let file = format!("ciphertext\tplaintext\n{}", lines.collect::<String>());
        is_read_back(file.as_bytes(), Format::Tsv, &texts)?;
    }

    #[test]
    fn pairs_are_the_same_whatever_ends_the_lines(texts in clean_texts_of("[^\t\r\n\0\u{feff}]", Some('"'))) {
        for line_end in ["\n", "\r", "\r\n"] {
            let lines = texts.iter().map(|(ciphertext, plaintext)| format!("{ciphertext}\t{plaintext}{line_end}"));
            let file = format!("ciphertext\tplaintext{line_end}{}", lines.collect::<String>());
            is_read_back(file.as_bytes(), Format::Tsv, &texts)?;
        }
    }

    #[test]
    fn pairs_written_by_the_csv_crate_are_read_back(texts in clean_texts_of("[\\PC\t\r\n\",]", None)) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["ciphertext", "plaintext"]).unwrap();
        for (ciphertext, plaintext) in &texts {
            writer.write_record([ciphertext, plaintext]).unwrap();
        }
        is_read_back(&writer.into_inner().unwrap(), Format::Csv, &texts)?;
    }

    #[test]
    fn pairs_written_as_json_are_read_back(texts in clean_texts_of("(?s:.)", None)) {
        let lines = texts.iter().map(|(ciphertext, plaintext)| {
            let pair = serde_json::json!({ "ciphertext": ciphertext, "plaintext": plaintext });
            format!("{pair}\n")
        });
        is_read_back(lines.collect::<String>().as_bytes(), Format::JsonLines, &texts)?;
    }

    #[test]
    fn no_message_is_in_two_sets_and_every_pair_is_in_one_or_left_out(
        (table, validation, test, seed) in (table(), 0_usize..9, 0_usize..9, any::<u64>())
    ) {
        let split = table.split(validation, test, seed);
        prop_assert!(split.validation.len() <= validation && split.test.len() <= test);
        let sets = [&split.training, &split.validation, &split.test];
        let mut all: Vec<usize> = sets.into_iter().chain([&split.left_out]).flatten().copied().collect();
        all.sort_unstable();
        prop_assert_eq!(all, (0..table.len()).collect::<Vec<_>>());
        for side in [PairTable::ciphertext, PairTable::plaintext] {
            let messages = sets.map(|set| {
                set.iter().map(|&index| side(&table, index)).collect::<HashSet<_>>()
            });
            let [training, validation, test] = &messages;
            prop_assert!(training.is_disjoint(validation));
            prop_assert!(training.is_disjoint(test));
            prop_assert!(validation.is_disjoint(test));
        }
    }

    #[test]
    fn sets_are_as_large_as_asked_for_when_all_messages_differ(
        (numbers, validation, test, seed)
            in (prop::collection::hash_set("[a-z]{8}", 20..40), 0_usize..9, 0_usize..9, any::<u64>())
    ) {
        let messages: Vec<String> = numbers.into_iter().collect();
        let (ciphertexts, plaintexts) = messages.split_at(messages.len() / 2);
        let texts: Texts = ciphertexts.iter().cloned().zip(plaintexts.iter().cloned()).collect();
        let split = table_of(&texts).split(validation, test, seed);
        // Random words seldom share much text.
        prop_assume!(split.n_near_duplicates == 0);
        prop_assert_eq!(split.test.len(), test.min(texts.len()));
        prop_assert_eq!(split.validation.len(), validation.min(texts.len() - split.test.len()));
        prop_assert_eq!(
            split.training.len(),
            texts.len() - split.test.len() - split.validation.len()
        );
    }

    #[test]
    fn one_more_pair_moves_at_most_one_out_of_each_set(
        (messages, seed) in (prop::collection::hash_set("[a-z]{8}", 12..40), any::<u64>())
    ) {
        let texts: Texts = messages.into_iter().map(|message| (message.clone(), message)).collect();
        let all = table_of(&texts).split(4, 4, seed);
        let fewer = table_of(&texts[1..].to_vec()).split(4, 4, seed);
        // Without the first line every index is one less.
        let n_moved = |before: &[usize], set: &[usize]| {
            before.iter().filter(|index| !set.contains(&(**index + 1))).count()
        };
        prop_assert!(n_moved(&fewer.validation, &all.validation) <= 1);
        prop_assert!(n_moved(&fewer.test, &all.test) <= 1);
    }

    #[test]
    fn sets_follow_from_the_seed_and_the_messages_and_not_from_the_order_of_the_file(
        (messages, seed) in (prop::collection::hash_set("[a-z]{8}", 40..60), any::<u64>())
    ) {
        let mut texts: Texts =
            messages.into_iter().map(|message| (message.clone(), message)).collect();
        let forwards = table_of(&texts);
        let test = forwards.split(0, 20, seed).test;
        prop_assert_ne!(&forwards.split(0, 20, !seed).test, &test);
        texts.reverse();
        let mut backwards = table_of(&texts).split(0, 20, seed).test;
        backwards.iter_mut().for_each(|index| *index = texts.len() - 1 - *index);
        backwards.reverse();
        prop_assert_eq!(backwards, test);
    }
}

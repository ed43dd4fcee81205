//! How good and bad files of pairs are read.

use cipher_data::{
    Conflict, Conflicts, DataError, Format, PairSplit, PairTable, PairTexts, SymbolUnit,
    find_alphabets, read_pairs,
};

const FORMATS: [Format; 3] = [Format::Tsv, Format::Csv, Format::JsonLines];

fn read(file: impl AsRef<[u8]>, format: Format) -> PairTexts {
    read_pairs(file.as_ref(), format, SymbolUnit::Character, 100).unwrap()
}

/// Every pair as `ciphertext plaintext`, and the problems without the lines they show.
fn outcome(file: impl AsRef<[u8]>, format: Format) -> (Vec<String>, Vec<String>) {
    let texts = read(file, format);
    let pairs = (0..texts.len())
        .map(|index| format!("{} {}", texts.ciphertext(index), texts.plaintext(index)));
    let problems = texts.problems().iter().map(|problem| {
        let displayed = problem.to_string();
        displayed.lines().next().unwrap().into()
    });
    (pairs.collect(), problems.collect())
}

/// The pairs of a file without a problem.
fn pairs(file: impl AsRef<[u8]>, format: Format) -> Vec<String> {
    let (pairs, problems) = outcome(file, format);
    assert_eq!(problems, [""; 0]);
    pairs
}

/// The only problem of a file whose other lines are one pair at the start and one at the end.
fn problem(file: impl AsRef<[u8]>, format: Format) -> String {
    let (pairs, mut problems) = outcome(file, format);
    assert_eq!(pairs, ["AB xy", "CD zw"]);
    assert_eq!(problems.len(), 1, "{problems:?}");
    problems.remove(0)
}

#[test]
fn pairs_of_different_lengths_are_refused_with_both_lengths() {
    let expected = "the ciphertext has 3 symbols and the plaintext 2; \
                    make them equal, counting Unicode code points";
    let tsv = problem("AB\txy\nABC\txy\nCD\tzw\n", Format::Tsv);
    assert_eq!(tsv, format!("2:5: {expected}"));
    let csv = problem("AB,xy\n\"ABC\",xy\nCD,zw\n", Format::Csv);
    assert_eq!(csv, format!("2:7: {expected}"));
    let swapped = outcome("plaintext\tciphertext\nxyz\tAB\n", Format::Tsv).1;
    assert!(swapped[0].starts_with("2:5: the ciphertext has 2 symbols"));
    let json = problem(
        r#"{"ciphertext": "AB", "plaintext": "xy"}
           {"ciphertext": "ABC", "plaintext": "xy"}
           {"ciphertext": "CD", "plaintext": "zw"}"#,
        Format::JsonLines,
    );
    assert_eq!(json, format!("2:1: {expected}"));
}

#[test]
fn a_missing_field_is_named_at_the_end_of_the_line() {
    let tsv = problem("AB\txy\nAB xy\nCD\tzw", Format::Tsv);
    let expected = "2:6: there is only one field; write the ciphertext, a tab, and the plaintext";
    assert_eq!(tsv, expected);
    let csv = problem("AB,xy\nAB;xy\nCD,zw", Format::Csv);
    let expected = "2:6: there is only one field; write the ciphertext, a comma, and the plaintext";
    assert_eq!(csv, expected);
}

#[test]
fn an_extra_field_is_named_where_it_starts() {
    let tsv = problem("AB\txy\nAB\txy\té\nCD\tzw", Format::Tsv);
    assert_eq!(
        tsv,
        "2:7: there are more than two fields; \
         remove all but one tab, or write messages that hold tabs as CSV or JSON Lines"
    );
    let csv = problem("AB,xy\nÄB,x,y\nCD,zw", Format::Csv);
    assert_eq!(
        csv,
        "2:6: there are more than two fields; put quotes around a message that holds a comma"
    );
}

#[test]
fn an_empty_side_is_named() {
    let tsv = problem("AB\txy\nAB\t\nCD\tzw", Format::Tsv);
    assert_eq!(
        tsv,
        "2:4: the plaintext is empty; write it, or remove the line"
    );
    let csv = problem("AB,xy\n\"\",xy\nCD,zw", Format::Csv);
    assert_eq!(
        csv,
        "2:1: the ciphertext is empty; write it, or remove the line"
    );
}

#[test]
fn invalid_utf_8_is_a_problem_of_its_line_alone() {
    let expected = "2:4: the text is not UTF-8 here; save the file with the encoding UTF-8";
    let tsv = b"AB\txy\n\xc3\xa9B\t\xffy\nCD\tzw";
    assert_eq!(problem(tsv, Format::Tsv), expected);
    let csv = b"AB,xy\n\xc3\xa9B,\xffy\nCD,zw";
    assert_eq!(problem(csv, Format::Csv), expected);
    let json = b"[\"AB\", \"xy\"]\n[\"A\xff\", \"xy\"]\n[\"CD\", \"zw\"]";
    assert_eq!(problem(json, Format::JsonLines), expected);
    assert_eq!(read(tsv, Format::Tsv).problems()[0].shown, "éB\\t\u{fffd}y");
}

#[test]
fn a_byte_order_mark_and_carriage_returns_are_no_part_of_a_message() {
    let expected = ["AB xy", "CD zw"];
    let tsv = "\u{feff}AB\txy\r\nCD\tzw\r\n";
    assert_eq!(pairs(tsv, Format::Tsv), expected);
    let csv = "\u{feff}\"AB\",xy\r\nCD,\"zw\"\r\n";
    assert_eq!(pairs(csv, Format::Csv), expected);
    let json = "\u{feff}[\"AB\", \"xy\"]\r\n[\"CD\", \"zw\"]\r\n";
    assert_eq!(pairs(json, Format::JsonLines), expected);
    let second_line = pairs("A\tx\n\u{feff}\ty\n", Format::Tsv);
    assert_eq!(second_line, ["A x", "\u{feff} y"]);
}

#[test]
fn utf_16_is_refused_with_what_to_do() {
    let expected = "there is a NUL character here; is this UTF-16? \
                    save the file with the encoding UTF-8";
    for format in FORMATS {
        let file: Vec<u8> = "[A\tx".encode_utf16().flat_map(u16::to_be_bytes).collect();
        let (pairs, problems) = outcome(file, format);
        assert!(pairs.is_empty());
        assert_eq!(problems, [format!("1:1: {expected}")]);
        let (_, problems) = outcome("\nA\0B\txyz", format);
        assert_eq!(problems, [format!("2:2: {expected}")]);
    }
}

#[test]
fn carriage_returns_alone_end_lines_as_well() {
    let texts = read("plaintext\tciphertext\rxy\tAB\r\rzw\tCD", Format::Tsv);
    assert_eq!(texts.n_problems(), 0);
    assert_eq!([texts.ciphertext(1), texts.plaintext(1)], ["CD", "zw"]);
    assert_eq!([texts.line(0), texts.line(1)], [2, 4]);
    let (pairs, problems) = outcome("\"A\rB\",x\ry\rC,zz\r", Format::Csv);
    assert!(pairs.is_empty());
    assert!(problems[0].starts_with("2:4: "), "{problems:?}");
    assert!(problems[1].starts_with("3:2: "), "{problems:?}");
    let quoted = read("\"A\rB\",xyz\rC,z\r", Format::Csv);
    assert_eq!(quoted.ciphertext(0), "A\rB");
    assert_eq!(quoted.line(1), 3);
}

#[test]
fn line_ends_are_found_wherever_a_buffer_ends() {
    let file = "AB\txy\r\nCD\tzw\rEF\tuv\nG\ts\r\n";
    for capacity in 1..10 {
        let input = std::io::BufReader::with_capacity(capacity, file.as_bytes());
        let texts = read_pairs(input, Format::Tsv, SymbolUnit::Character, 10).unwrap();
        assert_eq!(texts.n_problems(), 0);
        let lines: Vec<u64> = (0..texts.len()).map(|index| texts.line(index)).collect();
        assert_eq!(lines, [1, 2, 3, 4]);
    }
}

#[test]
fn lines_of_nothing_but_spaces_are_skipped_and_still_counted_as_lines() {
    let texts = read("\nAB\txy\n\n  \r\nCD\tzw\n\n\n", Format::Tsv);
    assert_eq!(texts.n_problems(), 0);
    assert_eq!([texts.line(0), texts.line(1)], [2, 5]);
}

#[test]
fn a_header_names_the_columns_in_either_order_and_any_case() {
    assert_eq!(
        pairs("Plaintext\tCIPHERTEXT\nxy\tAB\n", Format::Tsv),
        ["AB xy"]
    );
    assert_eq!(
        pairs("\"ciphertext\", plaintext\nAB,xy\n", Format::Csv),
        ["AB xy"]
    );
    let second_line = problem("AB\txy\nciphertext\tplaintext\nCD\tzw\n", Format::Tsv);
    assert!(second_line.starts_with("2:12: the ciphertext has 10 symbols"));
}

#[test]
fn a_quoted_csv_field_may_hold_tabs_line_breaks_commas_and_quotes() {
    let texts = read("\"A\tB\r\nC\",\"\"\"\"\"x,y\n\"\nAB,xy\n", Format::Csv);
    assert_eq!(texts.n_problems(), 0);
    assert_eq!(texts.ciphertext(0), "A\tB\r\nC");
    assert_eq!(texts.plaintext(0), "\"\"x,y\n");
    assert_eq!([texts.line(0), texts.line(1)], [1, 4]);
}

#[test]
fn a_quote_that_does_not_fit_is_a_problem_of_its_record_alone() {
    let expected = "this quote is misplaced; \
                    put quotes around the whole message, and double those inside it";
    let inside = problem("AB,xy\nAB,x\"y\nCD,zw", Format::Csv);
    assert_eq!(inside, format!("2:5: {expected}"));
    let after = problem("AB,xy\n\"A\nB\"C,xy\nCD,zw", Format::Csv);
    assert_eq!(after, format!("3:3: {expected}"));
    let never_closed = problem("AB,xy\nAB,\"xy\n\nCD,zw", Format::Csv);
    assert_eq!(never_closed, format!("2:4: {expected}"));
    let (_, two) = outcome("\"AB,xy\nAB,xy\nAB,\n", Format::Csv);
    assert!(
        two[0].starts_with("1:1: ") && two[1].starts_with("3:4: "),
        "{two:?}"
    );
}

#[test]
fn json_that_is_not_an_object_of_two_strings_is_refused() {
    let problem = |line| {
        let file = format!("[\"AB\", \"xy\"]\n{line}\n[\"CD\", \"zw\"]");
        let problem = problem(file, Format::JsonLines);
        let advice = "; write {\"ciphertext\": \"...\", \"plaintext\": \"...\"}";
        problem.strip_suffix(advice).unwrap().to_string()
    };
    let missing = problem(r#"{"plaintext": "xy"}"#);
    assert_eq!(missing, "2:19: missing field `ciphertext`");
    let wrong_type = problem(r#"{"ciphertext": 12, "plaintext": "xy"}"#);
    let expected = "2:17: invalid type: integer `12`, expected a string";
    assert_eq!(wrong_type, expected);
    let not_json = problem("ÄÖ\txy");
    assert_eq!(not_json, "2:1: expected value");
}

#[test]
fn other_keys_of_a_json_object_are_ignored() {
    let json = r#"{"id": [7, {}], "plaintext": "x\ty", "key": null, "ciphertext": "A\u00e9B"}"#;
    assert_eq!(pairs(json, Format::JsonLines), ["AéB x\ty"]);
}

#[test]
fn all_problems_are_counted_and_the_first_of_them_kept() {
    let file = "AB\n".repeat(1000);
    let texts = read_pairs(file.as_bytes(), Format::Tsv, SymbolUnit::Character, 3).unwrap();
    let lines: Vec<u64> = texts
        .problems()
        .iter()
        .map(|problem| problem.line)
        .collect();
    assert_eq!(lines, [1, 2, 3]);
    assert_eq!(texts.n_problems(), 1000);
}

#[test]
fn a_ciphertext_with_different_plaintexts_is_a_conflict_of_two_lines() {
    let texts = read("AB\txy\n\nCD\tzw\nAB\tyx\nCD\tzw\n", Format::Tsv);
    let duplicates = texts.duplicates(10);
    assert_eq!(duplicates.identical, 1);
    let conflict = Conflict {
        first: 1,
        second: 4,
    };
    assert_eq!(duplicates.conflicts, [conflict]);
    let refused = texts.without_duplicates(Conflicts::Fail, 10).unwrap_err();
    assert_eq!(refused.0, duplicates);
}

#[test]
fn a_file_of_one_pair_is_enough_for_alphabets_and_a_table() {
    let texts = read("HELLO\tKHOOR", Format::Tsv);
    let (ciphertext, plaintext) = find_alphabets(&texts).unwrap();
    let table = PairTable::new(&texts, &ciphertext, &plaintext).unwrap();
    assert_eq!(table.get(0).unwrap().ciphertext(), [1, 0, 2, 2, 3]);
    let split = table.split(1, 0, 0);
    let expected = PairSplit {
        validation: vec![0],
        ..PairSplit::default()
    };
    assert_eq!(split, expected);
}

#[test]
fn a_file_of_no_pairs_is_read_and_has_no_alphabets() {
    for file in ["", "\n", "\u{feff}", "ciphertext\tplaintext\n"] {
        let texts = read(file, Format::Tsv);
        assert!(texts.is_empty() && texts.n_problems() == 0, "{file:?}");
        assert_eq!(find_alphabets(&texts), Err(DataError::NoPairs));
    }
    for format in FORMATS {
        assert!(read("", format).is_empty());
    }
}

#[test]
fn combining_characters_and_emoji_count_by_their_code_points() {
    // An accent of its own, and a family of three people and two joiners.
    let file = "e\u{301}x\tabc\n👩\u{200d}👩\u{200d}👧\tabcde\n👩\ta\n";
    assert_eq!(pairs(file, Format::Tsv).len(), 3);
    let texts = read("e\u{301}\té\n", Format::Tsv);
    let problem = texts.problems()[0].to_string();
    assert!(problem.starts_with("1:4: the ciphertext has 2 symbols and the plaintext 1;"));
    assert!(problem.ends_with("\n    e\\u{301}\\té"), "{problem}");
}

#[test]
fn graphemes_are_counted_when_asked_for() {
    let read = |file: &str| {
        let read = read_pairs(file.as_bytes(), Format::Tsv, SymbolUnit::Grapheme, 100);
        read.unwrap()
    };
    // An accent of its own, a family of three people and two joiners, and the two halves of a flag.
    let file = "e\u{301}x\tab\n👩\u{200d}👩\u{200d}👧a\tba\n🇩🇪\ta\nb\te\u{301}\n";
    let texts = read(file);
    assert_eq!(texts.n_problems(), 0);
    let (ciphertext, plaintext) = find_alphabets(&texts).unwrap();
    let family = "👩\u{200d}👩\u{200d}👧";
    assert_eq!(
        ciphertext.symbols(),
        ["a", "b", "e\u{301}", "x", "🇩🇪", family]
    );
    let table = PairTable::new(&texts, &ciphertext, &plaintext).unwrap();
    assert_eq!(table.get(1).unwrap().ciphertext(), [5, 0]);
    assert_eq!(table.get(2).unwrap().ciphertext(), [4]);

    let texts = read("e\u{301}x\tabc\n");
    let problem = texts.problems()[0].to_string();
    assert!(problem.starts_with("1:5: the ciphertext has 2 symbols and the plaintext 3;"));
    assert!(
        problem.contains("make them equal, counting grapheme clusters"),
        "{problem}"
    );
}

#[test]
fn texts_without_duplicates_have_the_same_unit_of_symbols() {
    let file = "e\u{301}\tx\ne\u{301}\tx\nab\txy\n";
    let texts = read_pairs(file.as_bytes(), Format::Tsv, SymbolUnit::Grapheme, 0).unwrap();
    let (fewer, _) = texts.without_duplicates(Conflicts::Fail, 10).unwrap();
    assert_eq!(fewer.len(), 2);
    assert_eq!(fewer.unit(), SymbolUnit::Grapheme);
}

//! How good and bad files of pairs are read.

use cipher_data::{
    Alphabets, Conflict, Conflicts, DataError, FileHints, Format, PairSplit, PairTable, PairTexts,
    Reading, Readings, SymbolUnit, find_alphabets, read_pairs,
};

const FORMATS: [Format; 3] = [Format::Tsv, Format::Csv, Format::JsonLines];

fn read(file: impl AsRef<[u8]>, format: Format) -> PairTexts {
    read_pairs(file.as_ref(), &format.into(), 100).unwrap()
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

/// How both sides are read where a symbol is such a unit.
fn readings(symbols: SymbolUnit) -> Readings {
    let reading = Reading {
        symbols,
        ..Reading::default()
    };
    Readings {
        ciphertext: reading.clone(),
        plaintext: reading,
    }
}

#[test]
fn pairs_of_different_lengths_are_listed_with_their_lines_and_lengths() {
    let texts = read("AB\txy\nABC\txy\nCD\tz\ne\u{301}\tx\n", Format::Tsv);
    let (first, n) = texts.unequal(&readings(SymbolUnit::Character), 2);
    assert_eq!(n, 3);
    let lines: Vec<String> = first.iter().map(ToString::to_string).collect();
    assert_eq!(
        lines,
        [
            "2: the ciphertext has 3 symbols and the plaintext 2",
            "3: the ciphertext has 2 symbols and the plaintext 1",
        ]
    );
    assert_eq!(texts.unequal(&readings(SymbolUnit::Grapheme), 2).1, 2);
    let equal = texts.equally_long(&readings(SymbolUnit::Grapheme));
    assert_eq!([equal.line(0), equal.line(1)], [1, 4]);
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
    let expected =
        "2:4: the text is not UTF-8 here; save the file as UTF-8, or say which encoding it has";
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
    // Where files were joined.
    let second_line = pairs("A\tx\n\u{feff}B\ty\n", Format::Tsv);
    assert_eq!(second_line, ["A x", "B y"]);
}

#[test]
fn comments_before_a_header_are_no_pairs() {
    let file = "# station 7, may\nencoded,decoded\nAB,xy\nCD,zw\n";
    assert_eq!(pairs(file, Format::Csv), ["AB xy", "CD zw"]);
    // Without a header, a line may well begin with such a sign.
    assert_eq!(pairs("#A,xy\nCD,zw\n", Format::Csv), ["#A xy", "CD zw"]);
}

#[test]
fn a_nul_character_is_a_problem_of_its_line() {
    let expected =
        "there is a NUL character here; save the file as UTF-8, or say which encoding it has";
    for format in FORMATS {
        let (_, problems) = outcome("\nA\0B\txyz", format);
        assert_eq!(problems, [format!("2:2: {expected}")]);
    }
}

#[test]
fn utf_16_is_read_with_a_byte_order_mark_and_without() {
    for text in ["AB\txy\nCD\tzw\n", "\u{feff}AB\txy\nCD\tzw\n"] {
        for to_bytes in [u16::to_le_bytes, u16::to_be_bytes] {
            let file: Vec<u8> = text.encode_utf16().flat_map(to_bytes).collect();
            assert_eq!(pairs(file, Format::Tsv), ["AB xy", "CD zw"]);
        }
    }
}

#[test]
fn carriage_returns_alone_end_lines_as_well() {
    let texts = read("plaintext\tciphertext\rxy\tAB\r\rzw\tCD", Format::Tsv);
    assert_eq!(texts.n_problems(), 0);
    assert_eq!([texts.ciphertext(1), texts.plaintext(1)], ["CD", "zw"]);
    assert_eq!([texts.line(0), texts.line(1)], [2, 4]);
    let (pairs, problems) = outcome("\"A\rB\",x\ry\rC,zz\r", Format::Csv);
    assert_eq!(pairs, ["A\rB x", "C zz"]);
    assert_eq!(problems.len(), 1);
    assert!(problems[0].starts_with("3:2: "), "{problems:?}");
    let quoted = read("\"A\rB\",xyz\rC,z\r", Format::Csv);
    assert_eq!(quoted.ciphertext(0), "A\rB");
    assert_eq!(quoted.line(1), 3);
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
}

#[test]
fn one_name_that_says_its_side_says_the_other_side_too() {
    for header in [
        "English\tCipher",
        "solution\tpuzzle",
        "solution\tmessage",
        "decrypted\tpage",
    ] {
        assert_eq!(
            pairs(format!("{header}\nxy\tAB\n"), Format::Tsv),
            ["AB xy"],
            "{header}"
        );
    }
    let object = r#"{"english": "xy", "ciphered": "AB"}"#;
    assert_eq!(pairs(object, Format::JsonLines), ["AB xy"]);
    // A message that is such a word.
    assert_eq!(
        pairs("FLSKHU\tCIPHER\nAB\txy\n", Format::Tsv),
        ["FLSKHU CIPHER", "AB xy"]
    );
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
    assert_eq!(after, format!("3:2: {expected}"));
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
    let expected = "2:37: field `ciphertext` is no text";
    assert_eq!(wrong_type, expected);
    let not_json = problem("ÄÖ\txy");
    assert_eq!(not_json, "2:1: expected value");
}

#[test]
fn other_keys_of_a_json_object_are_ignored() {
    let json = r#"{"id": [7, {}], "plaintext": "x\ty", "date": null, "ciphertext": "A\u00e9B"}"#;
    assert_eq!(pairs(json, Format::JsonLines), ["AéB x\ty"]);
}

#[test]
fn all_problems_are_counted_and_the_first_of_them_kept() {
    let file = "AB\n".repeat(1000);
    let texts = read_pairs(file.as_bytes(), &Format::Tsv.into(), 3).unwrap();
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
    let Alphabets {
        ciphertext,
        plaintext,
        ..
    } = find_alphabets(&texts, &Readings::default()).unwrap();
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
        let alphabets = find_alphabets(&texts, &Readings::default());
        assert_eq!(alphabets, Err(DataError::NoPairs));
    }
    for format in FORMATS {
        assert!(read("", format).is_empty());
    }
}

#[test]
fn graphemes_are_one_symbol_where_the_reading_says_so() {
    // An accent of its own, a family of three people and two joiners, and the two halves of a flag.
    let file = "e\u{301}x\tab\n👩\u{200d}👩\u{200d}👧a\tba\n🇩🇪\ta\nb\te\u{301}\n";
    let texts = read(file, Format::Tsv);
    let readings = readings(SymbolUnit::Grapheme);
    assert_eq!(texts.unequal(&readings, 9).1, 0);
    let Alphabets {
        ciphertext,
        plaintext,
        ..
    } = find_alphabets(&texts, &readings).unwrap();
    let family = "👩\u{200d}👩\u{200d}👧";
    assert_eq!(
        ciphertext.symbols(),
        ["a", "b", "e\u{301}", "x", "🇩🇪", family]
    );
    let table = PairTable::new(&texts, &ciphertext, &plaintext).unwrap();
    assert_eq!(table.get(1).unwrap().ciphertext(), [5, 0]);
    assert_eq!(table.get(2).unwrap().ciphertext(), [4]);
}

/// Twelve pairs of capitals and small letters.
fn lines(separator: &str) -> String {
    let line = |i: u8| {
        let letter = char::from(b'A' + i);
        format!("{letter}BC{separator}{}yz\n", letter.to_ascii_lowercase())
    };
    (0..12).map(line).collect()
}

/// The layout that is found and the first pair.
fn found(file: &str, hints: &FileHints) -> (Format, bool, String) {
    let texts = read_pairs(file.as_bytes(), hints, 9).unwrap();
    assert_eq!(texts.problems(), &[]);
    let (_, layout) = texts.origin().unwrap();
    let first = format!("{} {}", texts.ciphertext(0), texts.plaintext(0));
    (layout.format, layout.has_header, first)
}

#[test]
fn the_separator_is_found_from_the_text_whatever_the_name_says() {
    for (separator, format) in [
        ("\t", Format::Tsv),
        (",", Format::Csv),
        (";", Format::Semicolons),
        ("|", Format::Bars),
    ] {
        for likely_format in [None, Some(Format::Csv), Some(Format::Tsv)] {
            let hints = FileHints {
                likely_format,
                ..FileHints::default()
            };
            let first = String::from("ABC ayz");
            assert_eq!(found(&lines(separator), &hints), (format, false, first));
        }
    }
    // A decimal comma in every message, and Excel's own line.
    let file = format!("sep=;\n{}", lines(";").replace('B', ","));
    let hints = FileHints::default();
    let first = String::from("A,C ayz");
    assert_eq!(found(&file, &hints), (Format::Semicolons, false, first));
}

#[test]
fn a_header_is_found_whatever_its_words() {
    for header in [
        "encoded\tdecoded",
        "src\ttgt",
        "x\ty",
        "ENCRYPTED TEXT\tClear text",
        "Kód\tpq",
    ] {
        let file = format!("{header}\n{}", lines("\t"));
        let hints = FileHints::default();
        assert_eq!(
            found(&file, &hints),
            (Format::Tsv, true, "ABC ayz".into()),
            "{header}"
        );
    }
    let turned = format!("decoded,encoded\n{}", lines(","));
    let hints = FileHints::default();
    assert_eq!(
        found(&turned, &hints),
        (Format::Csv, true, "ayz ABC".into())
    );
    // A first message whose symbols all occur in others is a message.
    assert!(!found(&lines("\t"), &hints).1);
}

#[test]
fn columns_are_chosen_by_name_or_number_and_asked_for_where_they_cannot_be_told() {
    let file: String = (0..12).map(|i| format!("{i},A{i},b{i},2024\n")).collect();
    let named = format!("id,code,text,year\n{file}");
    let hints = |columns: &str| FileHints {
        columns: columns.parse().unwrap(),
        ..FileHints::default()
    };
    let first = |file: &str, columns| found(file, &hints(columns)).2;
    assert_eq!(first(&named, "ciphertext=text,plaintext=id"), "b0 0");
    assert_eq!(first(&named, "ciphertext=2,plaintext=3"), "A0 b0");
    assert_eq!(first(&file, "ciphertext=3,plaintext=2"), "b0 A0");
    // `code` and `text` are what people call them.
    assert_eq!(found(&named, &FileHints::default()).2, "A0 b0");
    let error = |file: &str, columns: FileHints| {
        read_pairs(file.as_bytes(), &columns, 9)
            .unwrap_err()
            .to_string()
    };
    let asked = error(&file, FileHints::default());
    assert!(asked.starts_with("the columns are 1, 2, 3, 4: "), "{asked}");
    let unknown = error(&named, hints("ciphertext=coed,plaintext=text"));
    assert!(unknown.contains("\"coed\" is not among them"), "{unknown}");
}

#[test]
fn quotes_of_a_spreadsheet_are_taken_off_in_tab_separated_text_and_others_are_not() {
    let pair = |file: &str| {
        let texts = read(file, Format::Tsv);
        (
            texts.ciphertext(0).to_string(),
            texts.plaintext(0).to_string(),
        )
    };
    assert_eq!(pair("\"A, B\"\t\"x, y\"\nCD\tzw\n").0, "A, B");
    assert_eq!(pair("\"AB\"\t\"xy\"\n\"CD\"\t\"zw\"\n").1, "xy");
    // Here a quote is a symbol.
    assert_eq!(pair("\"AB\"\t\"xy\"\nCD\tzw\n").0, "\"AB\"");
    assert_eq!(pair("\"A, B\"\t\"x, y\"\nC\"\tz,\n").0, "\"A, B\"");
}

#[test]
fn json_is_read_in_all_the_ways_in_which_people_write_pairs() {
    for file in [
        r#"{"ciphertext": "AB", "plaintext": "xy"}"#,
        r#"{"plain": "xy", "id": 7, "cipher": "AB"}"#,
        "{\"first\": \"AB\", \"second\": \"xy\"}\n{\"first\": \"CD\", \"second\": \"zw\"}",
        r#"["AB", "xy"]"#,
        r#"[{"encoded": "AB", "decoded": "xy"}]"#,
        "[\n  [\"AB\", \"xy\"],\n  [\"CD\", \"zw\"]\n]\n",
        r#"{"AB": "xy", "CD": "zw", "EF": "uv"}"#,
        r#"{"ciphertexts": ["AB", "CD"], "plaintexts": ["xy", "zw"]}"#,
        r#"{"pairs": [{"ciphertext": "AB", "plaintext": "xy"}]}"#,
    ] {
        assert_eq!(found(file, &FileHints::default()).2, "AB xy", "{file}");
    }
    let numbers = r#"{"ciphertext": [11, 5], "plaintext": "xy"}"#;
    assert_eq!(found(numbers, &FileHints::default()).2, "11 5 xy");
    let hints = FileHints {
        columns: "ciphertext=Rot13,plaintext=text".parse().unwrap(),
        ..FileHints::default()
    };
    let chosen = r#"{"text": "xy", "Rot13": "AB", "Atbash": "CD"}"#;
    assert_eq!(found(chosen, &hints).2, "AB xy");
    let lines = [chosen; 2].join("\n").replace("text", "words");
    let undecided = read_pairs(lines.as_bytes(), &FileHints::default(), 9);
    assert!(matches!(undecided, Err(DataError::Columns { columns, .. }) if columns.len() == 3));
    // The line of a problem.
    let texts = read(
        "[\n[\"AB\", \"xy\"],\n[\"AB\"],\n[\"C\", \"z\"]]",
        Format::Json,
    );
    assert_eq!(texts.len(), 2);
    assert_eq!(texts.problems()[0].line, 3);
}

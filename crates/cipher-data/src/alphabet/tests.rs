use super::*;

#[test]
fn the_tutorials_alphabet_numbers_a_as_0_and_dash_as_26() {
    let alphabet = Alphabet::letters_and_dash();
    assert_eq!(alphabet.len(), 27);
    assert_eq!(alphabet.id("A"), Some(0));
    assert_eq!(alphabet.id("Z"), Some(25));
    assert_eq!(alphabet.id("-"), Some(26));
}

#[test]
fn folding_makes_letters_upper_case_and_everything_else_a_dash() {
    let alphabet = Alphabet::letters_and_dash();
    let encoded = alphabet.encode("This is, ß, é!").unwrap();
    assert_eq!(alphabet.decode(&encoded.ids), "THIS-IS-------");
}

#[test]
fn folding_finds_lower_case_symbols_too() {
    let alphabet = Alphabet::new("abc.", Outside::Fold).unwrap();
    let encoded = alphabet.encode("CAB!").unwrap();
    assert_eq!(alphabet.decode(&encoded.ids), "cab.");
}

#[test]
fn rejecting_names_the_symbol_and_its_column() {
    let alphabet = Alphabet::new("AÄ", Outside::Reject).unwrap();
    let error = alphabet.encode("AÄA?").unwrap_err();
    let expected = DataError::OutsideAlphabet {
        symbol: "?".into(),
        column: 4,
    };
    assert_eq!(error, expected);
}

#[test]
fn an_alphabet_needs_two_distinct_symbols() {
    let new = |symbols| Alphabet::new(symbols, Outside::Fold).unwrap_err();
    assert_eq!(new(""), DataError::AlphabetEmpty);
    assert_eq!(new("A"), DataError::AlphabetLength(1));
    let repeated = DataError::AlphabetRepeats {
        symbol: "B".into(),
        first: 1,
        second: 3,
    };
    assert_eq!(new("ABCB"), repeated);
}

#[test]
fn a_grapheme_is_one_symbol_of_its_own_beside_its_parts() {
    let symbols = ["e", "e\u{301}", "\u{1f1e9}\u{1f1ea}"];
    let alphabet = Alphabet::of_graphemes(symbols, Outside::Reject).unwrap();
    let text = "e\u{1f1e9}\u{1f1ea}e\u{301}e";
    assert_eq!(alphabet.encode(text).unwrap().ids, [0, 2, 1, 0]);
    assert_eq!(alphabet.decode(&[0, 2, 1, 0]), text);
    assert_eq!(alphabet.decode(&[3]), "\u{fffd}");
}

#[test]
fn columns_count_graphemes_in_an_alphabet_of_graphemes() {
    let alphabet = Alphabet::of_graphemes(["a", "e\u{301}"], Outside::Reject).unwrap();
    let error = alphabet.encode("ae\u{301}e\u{301}e").unwrap_err();
    let expected = DataError::OutsideAlphabet {
        symbol: "e".into(),
        column: 4,
    };
    assert_eq!(error, expected);
}

#[test]
fn folding_finds_graphemes_in_the_other_case_however_many_characters_they_have() {
    // The small j with a caron is one character, and its capital two.
    let symbols = ["E\u{301}", "J\u{30c}", "a\u{308}", "."];
    let alphabet = Alphabet::of_graphemes(symbols, Outside::Fold).unwrap();
    let encoded = alphabet.encode("e\u{301}\u{1f0}A\u{308}éß!").unwrap();
    assert_eq!(encoded.ids, [0, 1, 2, 3, 3, 3]);
}

#[test]
fn a_symbol_of_a_list_must_be_one_grapheme() {
    let refusal = |symbol| {
        let symbols = ["A", symbol];
        let refused = Alphabet::of_graphemes(symbols, Outside::Fold).unwrap_err();
        refused.to_string()
    };
    let several = refusal("e\u{301}e");
    assert!(several.contains("place 1, counted from 0"), "{several}");
    assert!(several.contains("has 2 grapheme clusters"), "{several}");
    assert!(refusal("").contains("has 0 grapheme clusters"));
    assert!(refusal("A").contains("repeats \"A\""));
}

#[test]
fn keeping_takes_a_letter_whose_other_case_is_in_the_alphabet_and_gives_its_case_back() {
    for symbols in ["ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"] {
        let alphabet = Alphabet::new(symbols, Outside::Keep).unwrap();
        let encoded = alphabet.encode("Attack at Dawn!").unwrap();
        assert_eq!(encoded.ids.len(), 12);
        assert_eq!(encoded.passed_through.len(), 3);
        let answer = encoded
            .ids
            .iter()
            .map(|id| (id + 1) % 26)
            .collect::<Vec<_>>();
        assert_eq!(alphabet.restore(&encoded, &answer), "Buubdl bu Ebxo!");
    }
}

#[test]
fn an_answer_without_another_case_outside_the_alphabet_stays_as_it_is() {
    // `a` is a symbol of its own, and `1` has no case.
    let alphabet = Alphabet::new("Aa1B", Outside::Keep).unwrap();
    let encoded = alphabet.encode("bbbb").unwrap();
    assert_eq!(encoded.ids, [3; 4]);
    assert_eq!(alphabet.restore(&encoded, &[0, 1, 2, 3]), "Aa1b");
}

#[test]
fn the_other_case_is_one_symbol_or_none() {
    // The capital of ß is SS; Σ has two small forms, of which the usual one comes back.
    let alphabet = Alphabet::new("ßΣÉ", Outside::Keep).unwrap();
    let restored = |text| {
        let encoded = alphabet.encode(text).unwrap();
        alphabet.restore(&encoded, &encoded.ids)
    };
    assert_eq!(restored("ß SS σς é"), "ß SS σσ é");
    assert_eq!(alphabet.in_case("É", Case::Lower), "é");
    assert_eq!(alphabet.in_case("É", Case::Upper), "É");
    assert_eq!(alphabet.in_case("?", Case::Upper), "?");
}

#[test]
fn an_answer_over_another_alphabet_has_the_case_of_the_text() {
    let [upper, lower] =
        ["ABC", "abc"].map(|symbols| Alphabet::new(symbols, Outside::Keep).unwrap());
    let small = upper.encode("cab").unwrap();
    assert_eq!(lower.restore(&small, &[0, 1, 2]), "abc");
    let capital = lower.encode("CAB").unwrap();
    assert_eq!(upper.restore(&capital, &[0, 1, 2]), "ABC");
}

#[test]
fn the_letters_without_j_fold_it_into_i() {
    for square in ["ABCDEFGHIKLMNOPQRSTUVWXYZ", "zyxwvutsrqponmlkihgfedcba"] {
        let alphabet = Alphabet::new(square, Outside::Fold).unwrap();
        let folded = alphabet.decode(&alphabet.encode("Julius").unwrap().ids);
        assert_eq!(folded.to_uppercase(), "IULIUS");
    }
    // Where J is missing for another reason, or may not pass, nothing stands for it.
    let other = Alphabet::new("ABCDEFGHIKLMNOPQRSTUVWXYZ-", Outside::Fold).unwrap();
    assert_eq!(other.decode(&other.encode("J").unwrap().ids), "-");
    let strict = Alphabet::new("ABCDEFGHIKLMNOPQRSTUVWXYZ", Outside::Reject).unwrap();
    assert!(strict.encode("J").is_err());
}

#[test]
fn a_symbol_that_another_one_stands_for_is_read_as_that() {
    let reading = Reading {
        stand_ins: [("U".into(), "V".into())].into(),
        ..Reading::default()
    };
    let alphabet = Alphabet::of_reading(reading.clone(), ["A", "V"], Outside::Reject).unwrap();
    assert_eq!(alphabet.encode("AUV").unwrap().ids, [0, 1, 1]);
    for symbols in [["A", "B"], ["U", "V"]] {
        let refused = Alphabet::of_reading(reading.clone(), symbols, Outside::Reject);
        assert!(
            matches!(refused, Err(DataError::StandIn { .. })),
            "{symbols:?}"
        );
    }
}

#[test]
fn a_character_that_was_lost_is_unknown_where_others_are_kept() {
    for outside in [Outside::Keep, Outside::KeepPlace, Outside::Mark] {
        let alphabet = Alphabet::new("ABC", outside).unwrap();
        let encoded = alphabet.encode("A, \u{fffd}C").unwrap();
        let [unknown] = &encoded.unknown[..] else {
            panic!("{encoded:?}")
        };
        assert_eq!(unknown.column, 4);
        assert_eq!(alphabet.restore(&encoded, &encoded.ids), "A, ?C");
    }
}

//! The alphabets of files.

use super::*;
use crate::Others;

fn texts(ciphertext: &str, plaintext: &str) -> PairTexts {
    let mut texts = PairTexts::default();
    texts.push(ciphertext, plaintext, 1);
    texts
}

/// The alphabets of a file with one such pair, whose symbols are characters.
fn alphabets(texts: &PairTexts) -> Result<Alphabets, DataError> {
    find_alphabets(texts, &Readings::default())
}

fn graphemes() -> Readings {
    let reading = Reading {
        symbols: SymbolUnit::Grapheme,
        ..Reading::default()
    };
    Readings {
        ciphertext: reading.clone(),
        plaintext: reading,
    }
}

/// The symbols of the alphabets of a file with one such pair.
fn found(ciphertext: &str, plaintext: &str) -> [String; 2] {
    let found = alphabets(&texts(ciphertext, plaintext)).unwrap();
    [found.ciphertext, found.plaintext].map(|alphabet| alphabet.symbols().concat())
}

#[test]
fn the_well_known_alphabets_are_sound_and_go_from_small_to_large() {
    let lengths = well_known().map(|symbols| {
        let alphabet = Alphabet::new(&symbols, Outside::Mark).unwrap();
        alphabet.len()
    });
    assert_eq!(lengths, [10, 16, 16, 26, 26, 27, 27, 27, 52, 64, 94, 95]);
}

#[test]
fn each_well_known_alphabet_is_found_from_its_own_symbols() {
    for symbols in well_known() {
        let backwards: String = symbols.chars().rev().collect();
        assert_eq!(found(&backwards, &symbols), [&symbols[..]; 2]);
    }
}

#[test]
fn two_thirds_of_a_well_known_alphabet_are_enough_and_less_is_not() {
    let letters = |n| UPPER.chars().rev().take(n).collect::<String>();
    assert_eq!(found(&letters(18), "ab"), [UPPER, "ab"]);
    assert_eq!(found(&letters(17), "ab"), [&UPPER[9..], "ab"]);
}

#[test]
fn symbols_of_no_well_known_alphabet_come_in_the_order_of_code_points() {
    assert_eq!(found("βγα", "👩é!"), ["αβγ", "!é👩"]);
}

#[test]
fn a_side_takes_the_alphabet_of_the_other_if_that_has_all_its_symbols() {
    let with_dash = format!("{UPPER}-");
    assert_eq!(found(UPPER, &with_dash), [&with_dash[..]; 2]);
    assert_eq!(found("xyz", "zzx"), ["xyz", "xyz"]);
    assert_eq!(found("xyz", "wxz"), ["xyz", "wxz"]);
}

#[test]
fn plaintexts_of_codes_that_lost_the_case_have_the_common_one() {
    let readings = Readings {
        plaintext: Reading {
            fold_case: true,
            ..Reading::default()
        },
        ..Readings::default()
    };
    let plaintext = |ciphertext, plaintext| {
        let found = find_alphabets(&texts(ciphertext, plaintext), &readings).unwrap();
        found.plaintext.symbols().concat()
    };
    assert_eq!(plaintext("12345", "Abcde"), "abcde");
    assert_eq!(plaintext("12345", "ABCDe"), "ABCDE");
    assert_eq!(plaintext("VWXYZ", "Abcde"), "ABCDE");
}

#[test]
fn a_letter_that_another_one_stands_for_is_in_no_alphabet() {
    let reading = Reading {
        stand_ins: [("J".into(), "I".into())].into(),
        ..Reading::default()
    };
    let readings = Readings {
        ciphertext: reading.clone(),
        plaintext: reading,
    };
    let square = UPPER.replace('J', "");
    let found = find_alphabets(&texts(&square, UPPER), &readings).unwrap();
    assert_eq!(found.plaintext.symbols().concat(), square);
    assert_eq!(found.plaintext.id("J"), found.plaintext.id("I"));
    // Digits have no use for it.
    let found = find_alphabets(&texts("1234567890", UPPER), &readings).unwrap();
    assert_eq!(found.ciphertext.symbols().concat(), DIGITS);
}

#[test]
fn graphemes_come_in_the_order_of_code_points_among_single_characters() {
    // Two flags that consist of the same two halves.
    let texts = texts("\u{1f1e9}\u{1f1ea}fe\u{301}", "\u{1f1ea}\u{1f1e9}ef");
    let found = find_alphabets(&texts, &graphemes()).unwrap();
    let Alphabets {
        ciphertext,
        plaintext,
        ..
    } = found;
    assert_eq!(ciphertext.unit(), SymbolUnit::Grapheme);
    assert_eq!(
        ciphertext.symbols(),
        ["e\u{301}", "f", "\u{1f1e9}\u{1f1ea}"]
    );
    assert_eq!(plaintext.symbols(), ["e", "f", "\u{1f1ea}\u{1f1e9}"]);
}

#[test]
fn graphemes_that_are_letters_make_the_same_well_known_alphabet() {
    let texts = texts(&UPPER[2..], "ab\u{301}");
    let found = find_alphabets(&texts, &graphemes()).unwrap();
    let Alphabets {
        ciphertext,
        plaintext,
        unseen,
    } = found;
    assert_eq!(ciphertext.symbols().concat(), UPPER);
    assert_eq!(ciphertext.unit(), SymbolUnit::Grapheme);
    assert_eq!(plaintext.symbols(), ["a", "b\u{301}"]);
    assert_eq!(unseen, [vec!["A", "B"], vec![]]);
}

#[test]
fn a_symbol_that_only_the_other_side_uses_is_not_missed() {
    let texts = texts(&UPPER[1..], &format!("{}-", &UPPER[2..]));
    let unseen = alphabets(&texts).unwrap().unseen;
    assert_eq!(unseen, [vec!["A"], vec!["A", "B"]]);
}

#[test]
fn a_file_of_no_pairs_or_of_one_symbol_has_no_alphabets() {
    let no_pairs = alphabets(&PairTexts::default());
    assert_eq!(no_pairs, Err(DataError::NoPairs));
    let one_symbol = |side, symbol: &str| {
        let symbol = symbol.into();
        Err(DataError::OneSymbol { side, symbol })
    };
    let ciphertexts = alphabets(&texts("XXX", "abc"));
    assert_eq!(ciphertexts, one_symbol("ciphertext", "X"));
    let plaintexts = alphabets(&texts("XYZ", "aaa"));
    assert_eq!(plaintexts, one_symbol("plaintext", "a"));
}

#[test]
fn more_symbols_than_ids_are_refused() {
    let every_symbol: String = ('\0'..=char::MAX).take(Alphabet::MAX_LEN + 1).collect();
    let error = alphabets(&texts(&every_symbol, "ab")).unwrap_err();
    assert_eq!(error, DataError::AlphabetLength(Alphabet::MAX_LEN + 1));
}

#[test]
fn a_side_does_not_take_symbols_that_it_leaves_out_from_the_other_side() {
    let letters = Reading {
        only: Only::Letters,
        others: Others::Drop,
        ..Reading::default()
    };
    let readings = Readings {
        ciphertext: Reading::default(),
        plaintext: letters,
    };
    let found = find_alphabets(&texts("ab cd ", "ab cd ab"), &readings).unwrap();
    let symbols = [found.ciphertext, found.plaintext].map(|alphabet| alphabet.symbols().concat());
    assert_eq!(symbols, [" abcd", "abcd"]);
}

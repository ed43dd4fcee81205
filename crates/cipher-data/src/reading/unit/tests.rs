//! Texts cut and joined.

use super::*;

fn graphemes(text: &str) -> Vec<&str> {
    SymbolUnit::Grapheme.symbols(text).collect()
}

#[test]
fn characters_are_cut_one_by_one_whatever_they_belong_to() {
    let symbols: Vec<_> = SymbolUnit::Character.symbols("ae\u{301}👩").collect();
    assert_eq!(symbols, ["a", "e", "\u{301}", "👩"]);
}

#[test]
fn a_text_is_cut_into_its_symbols_and_they_are_joined_again() {
    for (name, text, symbols, joined) in [
        (
            "tokens",
            " 11  12\t13\n",
            vec!["11", "12", "13"],
            "11 12 13",
        ),
        ("tokens:,", "11,12, 13", vec!["11", "12", "13"], "11,12,13"),
        ("tokens::", "11:12", vec!["11", "12"], "11:12"),
        (
            "spaced-tokens",
            " 1 2   3 \n4 ",
            vec!["1", "2", " ", "3", " ", "4"],
            "1 2   3   4",
        ),
        (
            "spaced-tokens:-",
            "8-5 2-1-7",
            vec!["8", "5", " ", "2", "1", "7"],
            "8-5 2-1-7",
        ),
        ("spaced-tokens:-", "- 8 - 5 -", vec!["8", " ", "5"], "8 5"),
        ("groups:2", "1112 1", vec!["11", "12", "1"], "11121"),
        ("groups:2", "11, 1-2.", vec!["11", "12"], "1112"),
        ("groups:2", "#+ ..", vec!["#+", ".."], "#+.."),
        ("hex", "0x0A \\xfF:1b", vec!["0a", "ff", "1b"], "0aff1b"),
        ("base64", "Cv8 =", vec!["0a", "ff"], "Cv8="),
        ("base64", "_-8", vec!["ff", "ef"], "/+8="),
        ("characters", "a b", vec!["a", " ", "b"], "a b"),
        ("graphemes", "e\u{301}b", vec!["e\u{301}", "b"], "e\u{301}b"),
    ] {
        let unit: SymbolUnit = name.parse().unwrap();
        assert_eq!(String::from(unit), name);
        let prepared = unit.prepare(text);
        let found: Vec<&str> = unit.symbols(&prepared).collect();
        assert_eq!(found, symbols, "{name}");
        assert_eq!(unit.join(found), joined, "{name}");
        let again = unit.prepare(joined);
        assert!(unit.symbols(&again).eq(symbols), "{name}");
    }
}

#[test]
fn a_text_with_a_part_of_a_group_or_byte_is_not_whole() {
    for (name, text, is_whole) in [
        ("groups:2", "11 12", true),
        ("groups:2", "11 1", false),
        ("hex", "0a:FF", true),
        ("hex", "0af", false),
        ("hex", "hello!", false),
        ("base64", "Cv8=", true),
        ("base64", "hello there", false),
        ("tokens", "1 12", true),
    ] {
        let unit: SymbolUnit = name.parse().unwrap();
        assert_eq!(
            unit.is_whole(&unit.prepare(text)),
            is_whole,
            "{name}: {text}"
        );
    }
}

#[test]
fn what_is_no_base64_stays_as_it_is() {
    assert_eq!(SymbolUnit::Base64Byte.prepare("not base64!"), "not base64!");
}

#[test]
fn a_name_of_no_unit_is_refused_with_those_there_are() {
    for name in [
        "",
        "token",
        "groups",
        "groups:0",
        "groups:10",
        "tokens:a",
        "tokens:,,",
        "hex:2",
    ] {
        let error = name.parse::<SymbolUnit>().unwrap_err().to_string();
        assert!(error.contains("groups:N"), "{error}");
    }
}

#[test]
fn what_a_reader_sees_as_one_is_one_grapheme() {
    for cluster in [
        "e\u{301}",
        "\u{1f469}\u{200d}\u{1f469}\u{200d}\u{1f467}", // a family
        "\u{1f1e9}\u{1f1ea}",                          // a flag
        "\u{1f44b}\u{1f3fd}",                          // a hand with a skin tone
        "\u{1112}\u{1161}\u{11ab}",                    // a Hangul syllable of three letters
        "\u{915}\u{94d}\u{937}",                       // a Devanagari conjunct
        "\r\n",
    ] {
        assert_eq!(graphemes(cluster), [cluster]);
        let text = format!("a{cluster}b");
        assert_eq!(graphemes(&text), ["a", cluster, "b"]);
    }
}

/// Lines of GraphemeBreakTest.txt of Unicode 17, where `÷` is a boundary and `×` is none.
#[test]
fn graphemes_end_where_unicodes_own_test_says() {
    for line in [
        "÷ 0020 × 0308 ÷ 0020 ÷",
        "÷ 000D × 000A ÷ 0061 ÷ 000A ÷ 0308 ÷",
        "÷ AC00 × 11A8 ÷ 1100 ÷",
        "÷ 0061 ÷ 1F1E6 × 1F1E7 ÷ 1F1E8 ÷ 0062 ÷",
        "÷ 0061 ÷ 1F1E6 × 1F1E7 × 200D ÷ 1F1E8 ÷ 0062 ÷",
        "÷ 0061 ÷ 1F1E6 × 200D ÷ 1F1E7 × 1F1E8 ÷ 0062 ÷",
        "÷ 0061 ÷ 1F1E6 × 1F1E7 ÷ 1F1E8 × 1F1E9 ÷ 0062 ÷",
        "÷ 0061 × 0903 ÷ 0062 ÷",
        "÷ 0061 ÷ 0600 × 0062 ÷",
        "÷ 1F476 × 1F3FF ÷ 1F476 ÷",
        "÷ 0061 × 1F3FF ÷ 1F476 × 200D × 1F6D1 ÷",
        "÷ 0061 × 200D ÷ 1F6D1 ÷",
        "÷ 1F6D1 × 200D × 1F6D1 ÷",
        "÷ 0915 × 094D × 0924 ÷",
        "÷ 0915 ÷ 0924 ÷",
    ] {
        let clusters = line
            .split('÷')
            .map(str::trim)
            .filter(|cluster| !cluster.is_empty());
        let character =
            |code: &str| char::from_u32(u32::from_str_radix(code.trim(), 16).unwrap()).unwrap();
        let clusters: Vec<String> = clusters
            .map(|cluster| cluster.split('×').map(character).collect())
            .collect();
        assert_eq!(graphemes(&clusters.concat()), clusters, "{line}");
    }
}

//! What is found of files of each kind.

use super::*;
use crate::{Alphabet, Cipher, Outside, Vigenere};

/// The readings of a file of such pairs.
fn found(pairs: &[(&str, &str)]) -> FoundReadings {
    let mut texts = PairTexts::default();
    for (ciphertext, plaintext) in pairs {
        texts.push(ciphertext, plaintext, 1);
    }
    FoundReadings::of(&texts, &ReadingHints::default())
}

fn units(found: &FoundReadings) -> [String; 2] {
    let Readings {
        ciphertext,
        plaintext,
    } = &found.readings;
    [ciphertext, plaintext].map(|side| side.symbols.into())
}

#[test]
fn what_a_symbol_is_is_found_from_the_lengths() {
    for (pairs, expected) in [
        (
            vec![("KHOOR", "HELLO"), ("ZRUOG", "WORLD")],
            ["characters"; 2],
        ),
        (
            vec![("11 5 3 3 20", "HELLO"), ("7 20 9 3 8", "WORLD")],
            ["tokens", "characters"],
        ),
        (
            vec![("11-5-3-3-20", "HELLO"), ("7-20-9-3-8", "WORLD")],
            ["tokens:-", "characters"],
        ),
        (
            vec![("1105030320", "HELLO"), ("0720090308", "WORLD")],
            ["groups:2", "characters"],
        ),
        (
            vec![("1105 0303 20", "HELLO"), ("0720 0903 08", "WORLD")],
            ["groups:2", "characters"],
        ),
        (
            vec![("0a1b2c2c0f", "HELLO"), ("ff0f102c0d", "WORLD")],
            ["hex", "characters"],
        ),
        (
            vec![("Chssgg8=", "HELLO"), ("/w8QLA0=", "WORLD")],
            ["base64", "characters"],
        ),
        (
            vec![("e\u{301}xa", "abc"), ("👩\u{200d}👧b", "ab")],
            ["graphemes", "characters"],
        ),
        (
            vec![("1 2   3", "AB C"), ("4   5 6", "D EF")],
            ["spaced-tokens", "characters"],
        ),
        (
            vec![(".... . .-..", "HEL"), (".-- --- .-.", "WOR")],
            ["tokens", "characters"],
        ),
    ] {
        let found = found(&pairs);
        assert_eq!(units(&found), expected, "{found}");
        assert_eq!(found.n_equal, 2);
    }
}

#[test]
fn groups_of_five_letters_beside_prose_are_letters_and_the_rest_is_left_out() {
    let found = found(&[
        ("KHOOR ZRUOG", "Hello, world!"),
        ("DWWDF NDWGD ZQ", "Attack at dawn."),
    ]);
    let Readings {
        ciphertext,
        plaintext,
    } = &found.readings;
    assert_eq!(found.n_equal, 2, "{found}");
    assert_eq!(plaintext.only, Only::Letters, "{found}");
    assert_eq!(ciphertext.others, Others::Drop, "{found}");
    assert_eq!(plaintext.others, Others::Drop, "{found}");
    assert!(plaintext.fold_case, "{found}");
}

#[test]
fn what_is_the_same_on_both_sides_passes_through() {
    let found = found(&[
        ("Khoor, zruog!", "Hello, world!"),
        ("Dwwdfn dw gdzq.", "Attack at dawn."),
        ("Uhwuhdw wr wkh klov", "Retreat to the hils"),
    ]);
    let both = [&found.readings.ciphertext, &found.readings.plaintext];
    for side in both {
        assert_eq!(
            (side.only, side.others),
            (Only::Letters, Others::Pass),
            "{found}"
        );
        assert!(side.fold_case, "{found}");
    }
}

#[test]
fn a_letter_too_many_does_not_make_words_of_letters() {
    let found = found(&[
        ("wkh nlqj vohhsv khuh", "the king sleeps here"),
        ("eulqj ilyh erahv qrz", "bring five boxes now"),
        ("mdfn zdv dw txhehfxx", "jack was at quebec"),
        ("crh ohiw wkh yloodjh", "zoe left the village"),
        ("pb kruvh zhqw odph", "my horse went lame"),
    ]);
    assert_eq!(units(&found), ["characters"; 2], "{found}");
    assert_eq!(found.n_equal, 4, "{found}");
}

#[test]
fn a_text_with_a_part_of_a_group_is_not_as_long_as_another() {
    let mut pairs = vec![("1123", "ab"); 99];
    pairs.push(("112", "ab"));
    let found = found(&pairs);
    assert_eq!(units(&found), ["groups:2", "characters"], "{found}");
    assert_eq!(found.n_equal, 99, "{found}");
}

#[test]
fn words_whose_ciphertexts_grow_with_them_are_of_letters_and_others_are_symbols() {
    let plaintexts = [
        "a horse in the old field went lame before noon.",
        "messengers arrived yesterday without any letters.",
        "retreat to bridge 9 at dusk and wait for us",
        "our provisions will not last beyond saturday.",
        "no one knows where general marlow is hiding.",
    ];
    // Two letters for one, but nothing else for what is no letter.
    let code = |letter: char| {
        let other = |step: i8| (letter as u8).saturating_add_signed(step).clamp(b'a', b'z') as char;
        match letter.is_alphabetic() {
            true => vec![other(-1), other(1)],
            false => vec![letter],
        }
    };
    let letters = plaintexts.map(|text| text.chars().flat_map(code).collect::<String>());
    let found_of = |ciphertexts: &[String; 5]| {
        let pairs: Vec<(&str, &str)> = ciphertexts.iter().map(|c| &**c).zip(plaintexts).collect();
        found(&pairs)
    };
    let of_letters = found_of(&letters);
    assert_eq!(units(&of_letters), ["characters"; 2], "{of_letters}");
    // A code book: the number of a word says nothing of its length.
    let numbers = plaintexts.map(|text| {
        let codes = text.split(' ').map(|word| {
            let number = word.bytes().fold(7, |sum: u32, byte| {
                sum.wrapping_mul(31).wrapping_add(byte.into()) % 9973
            });
            format!("{number}")
        });
        codes.collect::<Vec<_>>().join(" ")
    });
    let of_words = found_of(&numbers);
    assert_eq!(units(&of_words), ["tokens"; 2], "{of_words}");
}

#[test]
fn white_space_between_words_of_numbers_is_a_symbol() {
    let found = found(&[
        ("8-5-12-12-15 23-15", "hello wo"),
        ("1-20 4-1-23-14", "at dawn"),
    ]);
    assert_eq!(units(&found), ["spaced-tokens:-", "characters"], "{found}");
    assert_eq!(found.readings.plaintext.only, Only::All, "{found}");
}

#[test]
fn case_is_kept_where_codes_tell_it_and_folded_where_they_do_not() {
    let both_cases = found(&[("65 116 116", "Att"), ("66 97 116", "Bat"), ("98 65", "bA")]);
    assert!(!both_cases.readings.plaintext.fold_case, "{both_cases}");
    let one_case = found(&[("11 44 44", "Att"), ("12 11 44", "Bat"), ("12 11", "bA")]);
    assert!(one_case.readings.plaintext.fold_case, "{one_case}");
}

/// Pairs of a Vigenere cipher whose key advances at each letter, or at each character, with these keys in turn, which
/// the file gives if there are several.
fn vigenere(advances_everywhere: bool, keys: &[&str]) -> FoundReadings {
    let outside = match advances_everywhere {
        true => Outside::KeepPlace,
        false => Outside::Keep,
    };
    let alphabet = Alphabet::new("abcdefghijklmnopqrstuvwxyz", outside).unwrap();
    let words = [
        "we", "meet", "at", "the", "old", "bridge", "tonight", "or", "never", "again",
    ];
    let mut file = String::from("ciphertext\tplaintext\tkey\n");
    for n in 0..60 {
        let key = keys[n % keys.len()];
        let cipher = Vigenere::new(&alphabet, key).unwrap();
        let words: Vec<&str> = (0..7)
            .map(|m| words[(n * 7 + m * m * 3 + n * m) % 10])
            .collect();
        let plaintext = words.join(" ");
        let message = alphabet.encode(&plaintext).unwrap();
        let ciphertext = alphabet.restore(&message, &cipher.encrypt(&message.ids));
        let key = key.to_uppercase();
        file += &format!("{ciphertext}\t{plaintext}\t{key}\n");
    }
    let texts = crate::read_pairs(file.as_bytes(), &crate::FileHints::default(), 9).unwrap();
    FoundReadings::of(&texts, &ReadingHints::default())
}

#[test]
fn spaces_are_symbols_where_the_key_advances_at_them() {
    let many = ["lemon", "ox", "bridges", "a", "quartz", "vow", "fjord"];
    for keys in [&["lemon"][..], &many] {
        let found = vigenere(true, keys);
        assert_eq!(found.readings.ciphertext.only, Only::All, "{found}");
        let found = vigenere(false, keys);
        assert_eq!(found.readings.ciphertext.only, Only::Letters, "{found}");
    }
}

#[test]
fn case_is_kept_in_bytes_of_a_longer_key_and_what_is_said_of_others_is_taken() {
    let key = b"Kx7";
    let texts = [
        "Attack at dawn, at the Bridge",
        "Bring Five boxes to Quebec now",
        "Jack and Zoe left the Village",
    ];
    let ciphertexts = texts.map(|text| {
        let bytes = text
            .bytes()
            .zip(key.iter().cycle())
            .map(|(byte, key)| byte ^ key);
        bytes.map(|byte| format!("{byte:02x}")).collect::<String>()
    });
    let pairs: Vec<(&str, &str)> = ciphertexts
        .iter()
        .zip(texts)
        .map(|(c, p)| (&**c, p))
        .collect();
    let bytes = found(&pairs);
    assert!(!bytes.readings.plaintext.fold_case, "{bytes}");

    let mut pairs = PairTexts::default();
    pairs.push("WKLV LVXX", "This is", 1);
    let hints = ReadingHints {
        only: Some(Only::Letters),
        others: Some(Others::Drop),
        fold_case: Some(true),
        ..ReadingHints::default()
    };
    let Readings {
        ciphertext,
        plaintext,
    } = FoundReadings::of(&pairs, &hints).readings;
    for side in [ciphertext, plaintext] {
        assert!(side.fold_case && side.only == Only::Letters, "{side}");
    }
}

#[test]
fn what_is_said_is_taken() {
    let mut texts = PairTexts::default();
    texts.push("1105", "HE", 1);
    let hints = ReadingHints {
        ciphertext_symbols: Some(SymbolUnit::Character),
        only: Some(Only::Letters),
        others: Some(Others::Drop),
        fold_case: Some(true),
        ..ReadingHints::default()
    };
    let found = FoundReadings::of(&texts, &hints);
    assert_eq!(found.n_equal, 0);
    assert_eq!(units(&found), ["characters"; 2]);
    assert_eq!(found.readings.plaintext.only, Only::Letters);
}

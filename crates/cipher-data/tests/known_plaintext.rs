//! Keys are found from pairs, and none is claimed where there is none.

mod common;
#[allow(dead_code)] // the program prints a table of them
#[path = "../examples/few_pairs/keys.rs"]
mod keys;
#[path = "../examples/few_pairs/search.rs"]
mod search;
#[allow(dead_code)]
#[path = "../examples/few_pairs/unrelated.rs"]
mod unrelated;

use cipher_data::{FoundKey, TextCipherConfig, TextPair, find_keys};
use common::english::prose;
use proptest::prelude::*;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// A cipher over A to Z that keeps case, spaces and punctuation.
fn keeping(cipher: &str) -> TextCipherConfig {
    let alphabet = "[alphabet]\nsymbols = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'\noutside = 'keep'\n";
    toml::from_str(&format!("{alphabet}[cipher]\n{cipher}")).unwrap()
}

/// The first sentences of a text and what a cipher makes of them.
fn pairs(config: &TextCipherConfig, n_pairs: usize) -> Vec<[String; 2]> {
    let cipher = config.init().unwrap();
    let sentences = prose().lines().take(n_pairs);
    let pairs = sentences.map(|text| [cipher.encrypt(text).unwrap().text, text.to_string()]);
    pairs.collect()
}

fn found(texts: &[[String; 2]]) -> Vec<FoundKey> {
    find_keys(&search::pairs_of(texts))
}

/// The key that is certain.
#[track_caller]
fn certain(texts: &[[String; 2]]) -> FoundKey {
    let keys = found(texts);
    let key = keys.first().expect("a key");
    assert!(key.is_certain(), "{key}");
    key.clone()
}

#[test]
fn a_key_of_every_kind_is_found_and_decrypts_other_messages() {
    for kind in keys::KINDS {
        let found = (0..4)
            .filter(|seed| search::is_found(kind, (25, 20), *seed))
            .count();
        assert!(found >= 3, "{}: {found} of 4", kind.name);
    }
}

#[test]
fn a_damaged_line_of_five_is_named_and_the_key_is_found_from_the_others() {
    // A number of two digits for each letter, without spaces.
    let number = |letter: char| 11 + 3 * (letter.to_ascii_lowercase() as u32 - 'a' as u32);
    let numbers = |text: &str| -> String {
        let letters = text.chars().filter(char::is_ascii_alphabetic);
        letters.map(|letter| number(letter).to_string()).collect()
    };
    let coded = pairs(&keeping("name = 'caesar'\nkey = 0"), 5);
    let coded = coded.into_iter().map(|[_, text]| [numbers(&text), text]);
    let mut files = vec![coded.collect::<Vec<_>>()];
    files.extend(
        [
            "name = 'caesar'\nkey = 5",
            "name = 'vigenere'\nkey = 'RAVEN'",
            "name = 'beaufort'\nkey = 'CASTLE'",
            "name = 'autokey'\nkey = 'QUEEN'\nfeedback = 'plaintext'",
        ]
        .map(|cipher| pairs(&keeping(cipher), 5)),
    );
    for whole in files {
        let key = certain(&whole);
        for damaged in 0..5 {
            let mut texts = whole.clone();
            let place = texts[damaged][0].find(char::is_alphanumeric).unwrap();
            texts[damaged][0].remove(place);
            let found = certain(&texts);
            for (_, [ciphertext, _]) in whole.iter().enumerate().filter(|(i, _)| *i != damaged) {
                let [found, expected] = [&found, &key].map(|key| key.decrypt(ciphertext).unwrap());
                assert_eq!(found.text, expected.text);
            }
            assert_eq!(found.wrong_pairs, [damaged]);
            assert_eq!((found.n_pairs, found.n_right_pairs), (5, 4));
        }
    }
}

#[test]
fn a_table_of_homophones_is_found_although_codes_are_wrong_and_a_rare_letter_has_a_wrong_one_only()
{
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    // Three codes for each letter.
    let letter_of = |code: u32| char::from(b'A' + (code % 26) as u8);
    for _ in 0..5 {
        let mut n_seen = [0; 78];
        let mut texts = Vec::new();
        for sentence in prose().lines().take(40) {
            let letters = sentence.to_ascii_uppercase();
            let letters: String = letters
                .matches(|c| matches!(c, 'A'..='I' | 'K'..='Z'))
                .collect();
            let codes = letters.bytes().map(|letter| {
                let code = match rng.random_bool(0.03) {
                    true => rng.random_range(0..78_u32),
                    false => u32::from(letter - b'A') + 26 * rng.random_range(0..3_u32),
                };
                n_seen[code as usize] += 1;
                format!("{code:02}")
            });
            texts.push([codes.collect::<Vec<_>>().join(" "), letters]);
        }
        // A letter that occurs once, with a code of E.
        let [codes, letters] = &mut texts[7];
        codes.push_str(" 04");
        letters.push('J');
        let key = certain(&texts);
        assert!(key.unseen.contains(&"J".to_string()), "{key}");
        // A code that occurs once or twice may be wrong each time.
        for code in (0..78).filter(|code| n_seen[*code as usize] > 9) {
            let answer = key.decrypt(&format!("{code:02}")).unwrap().text;
            assert_eq!(answer, letter_of(code).to_string(), "{code}: {key}");
        }
    }
}

/// The letters of the first sentences, each as the sign that `sign` gives it.
fn numbers(n_pairs: usize, mut sign: impl FnMut(u8) -> String) -> Vec<[String; 2]> {
    let sentences = prose().lines().take(n_pairs);
    let pairs = sentences.map(|sentence| {
        let letters = sentence.to_ascii_uppercase();
        let letters: String = letters.matches(|c: char| c.is_ascii_uppercase()).collect();
        let signs: Vec<String> = letters.bytes().map(&mut sign).collect();
        [signs.join(" "), letters]
    });
    pairs.collect()
}

#[test]
fn a_sign_for_what_nobody_could_read_stands_for_no_letter() {
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    for unread in ["?", "[?]", "*"] {
        let texts = numbers(30, |letter| match rng.random_bool(0.04) {
            true => unread.into(),
            false => (letter - 54).to_string(),
        });
        let key = certain(&texts);
        let [ciphertext, plaintext] = &texts[0];
        let answer = key.decrypt(&format!("{ciphertext} {unread}")).unwrap();
        let expected = ciphertext.split(' ').zip(plaintext.chars());
        let expected = expected.map(|(sign, letter)| if sign == unread { '?' } else { letter });
        assert_eq!(
            answer.text,
            expected.chain(['?']).collect::<String>(),
            "{key}"
        );
        // What it leaves open is wrong, and is none of its answers.
        let pairs = search::pairs_of(&texts);
        assert!(key.score(pairs.iter().copied()).unwrap().wrong_symbols > 0);
        let answers = key.score_of_answers(pairs).unwrap();
        assert_eq!(answers.wrong_symbols, 0);
    }
}

#[test]
fn a_key_is_found_although_letters_of_either_side_could_not_be_read_and_moves_past_them() {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    // The text with a sign in place of some letters that have a letter on each side.
    let mut unread = |text: &str, sign: char| -> String {
        let characters: Vec<char> = text.chars().collect();
        let is_letter = |place: usize| characters.get(place).is_some_and(|c| c.is_alphabetic());
        let places = 0..characters.len();
        let signs = places.map(|place| {
            let is_inside = place > 0 && (place - 1..=place + 1).all(is_letter);
            match is_inside && rng.random_bool(0.05) {
                true => sign,
                false => characters[place],
            }
        });
        signs.collect()
    };
    for cipher in [
        "name = 'caesar'\nkey = 5",
        "name = 'vigenere'\nkey = 'LANTERN'",
        "name = 'beaufort'\nkey = 'CASTLE'",
        "name = 'substitution'\nkey = 'QWERTYUIOPASDFGHJKLZXCVBNM'",
    ] {
        for sign in ['?', '*'] {
            let whole = pairs(&keeping(cipher), 8);
            let mut texts = whole.clone();
            texts[..5]
                .iter_mut()
                .for_each(|[ciphertext, _]| *ciphertext = unread(ciphertext, sign));
            texts[5..]
                .iter_mut()
                .for_each(|[_, plaintext]| *plaintext = unread(plaintext, sign));
            let key = certain(&texts);
            for ([ciphertext, _], [_, plaintext]) in texts.iter().zip(&whole) {
                let signs = ciphertext.chars().zip(plaintext.chars());
                let expected = signs.map(|(c, p)| if c == sign { '?' } else { p });
                assert_eq!(
                    key.decrypt(ciphertext).unwrap().text,
                    expected.collect::<String>()
                );
            }
        }
    }
}

#[test]
fn signs_inside_words_that_stand_on_both_sides_stay_where_they_are() {
    let mut texts = pairs(&keeping("name = 'vigenere'\nkey = 'LANTERN'"), 6);
    texts
        .iter_mut()
        .flatten()
        .for_each(|text| text.insert(1, '*'));
    let key = certain(&texts);
    assert_eq!(key.name(), "Vigenere: key LANTERN");
    let [ciphertext, plaintext] = &texts[0];
    assert_eq!(key.decrypt(ciphertext).unwrap().text, *plaintext);
}

#[test]
fn a_sign_that_stands_as_often_for_one_letter_as_for_another_stands_for_none() {
    let mut texts = numbers(12, |letter| (letter - 54).to_string());
    for (letter, [ciphertext, plaintext]) in "EETT".chars().zip(&mut texts) {
        *ciphertext += " 99";
        plaintext.push(letter);
    }
    let answer = certain(&texts).decrypt("15 99 30").unwrap();
    assert_eq!((answer.text.as_str(), answer.unknown.len()), ("E?T", 1));
}

#[test]
fn numbers_in_the_order_of_the_alphabet_keep_the_gaps_between_words() {
    let number = |letter: char| (letter as u32 - 'a' as u32 + 1).to_string();
    let word = |word: &str| word.chars().map(number).collect::<Vec<_>>().join("-");
    let encrypt = |text: &str| text.split(' ').map(word).collect::<Vec<_>>().join(" ");
    let texts = [
        "the old light house",
        "bring the silver key",
        "meet me at the well",
    ];
    let texts = texts.map(|text| [encrypt(text), text.to_string()]);
    let key = certain(&texts);
    assert!(key.name().starts_with("A1Z26"), "{key}");
    let other = "a quiet river";
    assert_eq!(key.decrypt(&encrypt(other)).unwrap().text, other);
}

#[test]
fn letters_with_accents_stay_and_the_alphabet_is_that_of_the_language() {
    // The letters of Spanish and of Swedish, and those of Russian with Ё, which no line needs to have.
    for (letters, key, lines) in [
        (
            "ABCDEFGHIJKLMNÑOPQRSTUVWXYZ",
            3,
            [
                "Nos vemos en el puente viejo al amanecer",
                "La llave está debajo de la tercera piedra",
                "No confíes en el capitán es un traidor",
                "El mapa se esconde dentro del libro rojo",
                "El perro y el gato de la niña duermen",
            ],
        ),
        (
            "ABCDEFGHIJKLMNOPQRSTUVWXYZÅÄÖ",
            1,
            [
                "Vi ses vid den gamla bron",
                "Nyckeln ligger under den tredje stenen",
                "Lita inte på kaptenen",
                "Kartan är gömd i boken",
                "Jag väntar på dig vid zoo",
            ],
        ),
        (
            "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ",
            5,
            [
                "Встречаемся на рассвете у старого моста",
                "Ключ лежит под третьим камнем слева",
                "Не доверяйте капитану он предатель",
                "Карта спрятана в книге на верхней полке",
                "Сегодня ночью мы уходим в горы",
            ],
        ),
    ] {
        let config = format!(
            "[alphabet]\nsymbols = '{letters}'\noutside = 'keep'\n[cipher]\nname = 'caesar'\nkey = {key}"
        );
        let config: TextCipherConfig = toml::from_str(&config).unwrap();
        let cipher = config.init().unwrap();
        let texts = lines.map(|line| [cipher.encrypt(line).unwrap().text, line.to_string()]);
        let found = certain(&texts[..4]);
        assert_eq!(found.name(), format!("Caesar: key {key}"));
        let [ciphertext, plaintext] = &texts[4];
        assert_eq!(found.decrypt(ciphertext).unwrap().text, *plaintext);
    }
}

#[test]
fn a_short_text_in_both_cases_has_a_key_over_the_letters_and_none_over_all_characters() {
    let texts = [["Rijvs Uyvjn".to_string(), "Hello World".to_string()]];
    let keys = found(&texts);
    assert_eq!(keys[0].name(), "Vigenere: key KEY");
}

#[test]
fn no_key_is_claimed_for_pairs_that_have_nothing_to_do_with_each_other() {
    let claims: Vec<String> = (0..240).filter_map(unrelated::claimed).collect();
    assert!(claims.is_empty(), "{claims:?}");
}

#[test]
fn random_texts_fit_no_more_often_than_is_said() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let n_files = 4000;
    let mut bits = Vec::new();
    for _ in 0..n_files {
        let length = rng.random_range(3..=6_u32) as usize;
        let mut text = || keys::message(&mut rng, "ABCDEFGH", length);
        let texts = [[text(), text()]];
        bits.extend(found(&texts).first().map(|key| key.bits));
    }
    // By the union bound, at most 2^-b of the files show b bits.
    for least in 1..12 {
        let n = bits
            .iter()
            .filter(|bits| **bits >= f64::from(least))
            .count();
        let expected = f64::from(n_files) / 2_f64.powi(least);
        assert!(
            n as f64 <= expected + 3.0 * expected.sqrt() + 3.0,
            "{least} bits: {n} > {expected}"
        );
    }
}

#[test]
fn five_sentences_are_enough_whatever_their_case_and_punctuation() {
    for (cipher, title, key) in [
        ("name = 'caesar'\nkey = 13", "Caesar", "key 13"),
        ("name = 'atbash'", "Atbash", ""),
        (
            "name = 'affine'\na = 5\nb = 8",
            "affine",
            "ciphertext = 5 x plaintext + 8",
        ),
        ("name = 'trithemius'", "Trithemius", ""),
        ("name = 'vigenere'\nkey = 'LEMON'", "Vigenere", "key LEMON"),
        ("name = 'beaufort'\nkey = 'LEMON'", "Beaufort", "key LEMON"),
        ("name = 'gronsfeld'\nkey = '0317'", "Gronsfeld", "key 0317"),
        ("name = 'autokey'\nkey = 'LEMON'", "autokey", "key LEMON"),
        (
            "name = 'autokey'\nkey = 'LEMON'\nfeedback = 'ciphertext'",
            "ciphertext autokey",
            "key LEMON",
        ),
        (
            "name = 'substitution'\nkey = { keyword = 'ZEBRAS' }",
            "substitution",
            "key of the keyword ZEBRAS",
        ),
        (
            "name = 'substitution'\nkey = { keyword = 'ZEBRAS', fill = 'after-keyword' }",
            "substitution",
            "key of the keyword ZEBRAS (filled after its last letter)",
        ),
        (
            "name = 'progressive-key'\nkey = 'KEY'\nstep = -2",
            "progressive key",
            "key KEY, step -2",
        ),
        (
            "name = 'columnar-transposition'\nkey = 'ZEBRAS'",
            "columnar transposition",
            "key FCBDAE",
        ),
    ] {
        let found = certain(&pairs(&keeping(cipher), 5)).texts.cipher;
        assert_eq!((found.title(), found.key().as_str()), (title, key));
    }
}

#[test]
fn where_two_keys_are_the_same_cipher_both_are_named() {
    // The second table with one key is the first with another.
    let key = certain(&pairs(
        &keeping("name = 'porta'\nkey = 'LEMON'\ntable = 'second'"),
        5,
    ));
    assert_eq!(key.texts.cipher.key(), "key QWOMO");
    assert_eq!(key.also, ["Porta: key KEMOM, second table"]);
    let key = certain(&pairs(&keeping("name = 'vigenere'\nkey = 'LEMON'"), 5));
    assert_eq!(key.also, ["variant Beaufort: key PWOMN"]);
}

#[test]
fn a_wrong_letter_and_a_line_that_does_not_belong_hide_no_key_and_are_named() {
    for cipher in [
        "name = 'columnar-transposition'\nkey = 'ZEBRAS'",
        "name = 'hill'\nkey = [[3, 3], [2, 5]]",
        "name = 'rail-fence'\nrails = 4",
        "name = 'quagmire'\nkey = 'LEMON'\nplaintext = { keyword = 'ZEBRAS' }",
    ] {
        let mut texts = pairs(&keeping(cipher), 24);
        for [ciphertext, plain] in &mut texts {
            let letters: String = plain.chars().filter(char::is_ascii_alphabetic).collect();
            *plain = letters.to_uppercase()[..24].into();
            *ciphertext = keeping(cipher).init().unwrap().encrypt(plain).unwrap().text;
        }
        texts[3][0].replace_range(5..6, "Q");
        texts[17][0] = "NOTHINGOFTHISISENCRYPTED".into();
        let key = certain(&texts);
        assert_eq!(key.wrong_pairs, [3, 17], "{key}");
    }
}

#[test]
fn bytes_are_not_read_as_the_letters_among_their_digits() {
    let config = "[alphabet]\nsymbols = { from = '00', to = 'ff' }\nreading = { symbols = 'hex' }\n\
                  [cipher]\nname = 'xor'\nkey = { hex = '20' }";
    let config: TextCipherConfig = toml::from_str(config).unwrap();
    let cipher = config.init().unwrap();
    let texts: Vec<[String; 2]> = prose()
        .lines()
        .take(4)
        .map(|text| {
            let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
            [cipher.encrypt(&hex).unwrap().text, hex]
        })
        .collect();
    assert_eq!(certain(&texts).texts.cipher, config.cipher);
}

#[test]
fn short_words_in_columns_are_a_columnar_transposition_and_not_two() {
    let config = keeping("name = 'columnar-transposition'\nkey = 'ZEB'");
    let words = "CAT DOG HORSE APPLE TREE HOUSE WATER STONE RIVER LION GARDEN WINTER";
    let cipher = config.init().unwrap();
    let texts = words
        .split(' ')
        .map(|word| [cipher.encrypt(word).unwrap().text, word.into()]);
    let key = certain(&texts.collect::<Vec<_>>());
    assert_eq!(key.texts.cipher.key(), "key CBA");
}

#[test]
fn a_message_beyond_a_running_key_is_refused() {
    let key = keeping("name = 'running-key'\nkey = 'ATTACKATDAWN'")
        .init()
        .unwrap();
    assert!(key.decrypt("ABCDEFGHIJKL").is_ok());
    let error = key.decrypt("ABCDEFGHIJKLM").unwrap_err().to_string();
    assert!(error.contains("13 symbols and the key has 12"), "{error}");
}

#[test]
fn the_answer_to_another_line_has_its_case_and_its_punctuation() {
    // Wikipedia, Vigenère cipher.
    let key = certain(&pairs(&keeping("name = 'vigenere'\nkey = 'LEMON'"), 3));
    assert_eq!(
        key.decrypt("Lxfopv ef Rnhr!").unwrap().text,
        "Attack at Dawn!"
    );
}

#[test]
fn a_key_that_advances_with_every_character_is_found() {
    let mut config = keeping("name = 'vigenere'\nkey = 'LEMON'");
    config.alphabet.outside = cipher_data::Outside::KeepPlace;
    let texts = pairs(&config, 5);
    let key = certain(&texts);
    assert_eq!(key.texts, config);
}

#[test]
fn groups_of_five_capitals_are_read_as_the_letters_of_a_text() {
    let texts = pairs(&keeping("name = 'vigenere'\nkey = 'LEMON'"), 5);
    let grouped = texts.map_ciphertexts(|text| {
        let letters: Vec<char> = text.chars().filter(char::is_ascii_alphabetic).collect();
        let groups = letters
            .chunks(5)
            .map(|group| group.iter().collect::<String>().to_uppercase());
        groups.collect::<Vec<_>>().join(" ")
    });
    let key = certain(&grouped);
    assert_eq!(key.texts.cipher.key(), "key LEMON");
    assert_eq!(key.decrypt("LXFOP VEFRN HR").unwrap().text, "ATTACKATDAWN");
}

/// Changes one side of pairs.
trait MapCiphertexts {
    fn map_ciphertexts(self, change: impl Fn(&str) -> String) -> Vec<[String; 2]>;
}

impl MapCiphertexts for Vec<[String; 2]> {
    fn map_ciphertexts(self, change: impl Fn(&str) -> String) -> Vec<[String; 2]> {
        let changed = self
            .into_iter()
            .map(|[ciphertext, plain]| [change(&ciphertext), plain]);
        changed.collect()
    }
}

#[test]
fn a_key_is_found_though_some_symbols_are_wrong() {
    let texts = pairs(&keeping("name = 'vigenere'\nkey = 'LEMON'"), 20);
    let texts = texts.map_ciphertexts(|text| text.replace('q', "a").replace('z', "b"));
    let key = certain(&texts);
    assert_eq!(key.texts.cipher.key(), "key LEMON");
    assert!(key.n_right < key.n_symbols);
}

#[test]
fn too_short_a_text_is_not_certain_and_says_how_many_symbols_are_missing() {
    let texts = [["KHOOR".to_string(), "HELLO".to_string()]];
    let keys = found(&texts);
    assert_eq!(keys[0].texts.cipher.key(), "key 3");
    assert!(!keys[0].is_certain());
    // With that many more symbols it is.
    let more = "WORLDAGAINANDAGAIN";
    let longer = &more[..keys[0].n_missing + 2];
    let caesar = keeping("name = 'caesar'\nkey = 3").init().unwrap();
    let plain = format!("HELLO{longer}");
    let key = certain(&[[caesar.encrypt(&plain).unwrap().text, plain]]);
    assert_eq!(key.texts.cipher.key(), "key 3");
}

#[test]
fn a_letter_that_the_pairs_do_not_show_is_marked_and_not_guessed() {
    let config = keeping("name = 'substitution'\nkey = 'QWERTYUIOPASDFGHJKLZXCVBNM'");
    let plain =
        "THE SHIP LEAVES THE HARBOUR AT NOON AND IT LEAVES THE HARBOUR AT MIDNIGHT".to_string();
    let cipher = config.init().unwrap();
    let key = certain(&[[cipher.encrypt(&plain).unwrap().text, plain]]);
    // E stands for C, which does not occur.
    assert!(key.unseen.contains(&"E".to_string()), "{:?}", key.unseen);
    let answer = key
        .decrypt(&cipher.encrypt("A CAT AND A FISH").unwrap().text)
        .unwrap();
    assert_eq!(answer.text, "A ?AT AND A ?ISH");
    assert_eq!(answer.unknown.len(), 2);
}

#[test]
fn a_key_that_was_found_is_written_and_read_again() {
    let config = keeping("name = 'substitution'\nkey = 'QWERTYUIOPASDFGHJKLZXCVBNM'");
    for key in found(&pairs(&config, 2)) {
        let json = serde_json::to_string(&key).unwrap();
        assert_eq!(serde_json::from_str::<FoundKey>(&json).unwrap(), key);
        let toml = toml::to_string(&key.texts).unwrap();
        assert_eq!(
            toml::from_str::<TextCipherConfig>(&toml).unwrap(),
            key.texts
        );
    }
}

#[test]
fn a_part_of_a_file_is_found_at_its_place_and_the_key_decrypts_all_of_it() {
    let config = "[alphabet]\nsymbols = { from = '00', to = 'ff' }\nreading = { symbols = 'utf-8' }\n\
                  [ciphertext]\nsymbols = 'hex'\n[cipher]\nname = 'xor'\nkey = 'secret'";
    let config: TextCipherConfig = toml::from_str(config).unwrap();
    let whole = prose().lines().take(4).collect::<Vec<_>>().join(" ");
    let ciphertext = config.init().unwrap().encrypt(&whole).unwrap().text;
    let key = certain(&[[ciphertext.clone(), whole[33..57].to_string()]]);
    assert_eq!(key.place, Some(33));
    assert_eq!(key.decrypt(&ciphertext).unwrap().text, whole);
}

#[test]
fn no_texts_make_the_search_fail() {
    for texts in [
        &[][..],
        &[["", ""]],
        &[["A", ""]],
        &[["A", "A"]],
        &[["\u{0}", "\u{fffd}"]],
        &[["🇩🇪🇩🇪", "e\u{301}ß"]],
        &[["1 2 3", "ABC"], ["", "X"]],
        &[["AAAAAAAAAA", "BBBBBBBBBB"]],
    ] {
        let pairs = texts.iter().map(|[ciphertext, plaintext]| TextPair {
            ciphertext,
            plaintext,
        });
        let keys = find_keys(&pairs.collect::<Vec<_>>());
        assert!(keys.iter().all(|key| !key.is_certain()), "{texts:?}");
    }
}

/// Texts of few different symbols, as codes, bytes and words have them.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-E ]{0,30}",
        "[a-eA-E.,!]{0,30}",
        "[0-9]{1,2}( [0-9]{1,2}){0,12}",
        "([0-9a-f]{2}){0,14}",
        "[ADFGVX]{0,24}",
        "[.-]{1,4}( [./-]{1,4}){0,9}",
        "[AB]{0,30}",
        any::<String>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_texts_are_searched_and_keys_that_are_found_decrypt_any_text(
        texts in prop::collection::vec([any_text(), any_text()], 0..6),
        other in any_text(),
    ) {
        for key in found(&texts) {
            prop_assert!(key.n_right <= key.n_symbols);
            if let Ok(answer) = key.decrypt(&other) {
                key.init().unwrap().encrypt(&answer.text).ok();
            }
        }
    }
}

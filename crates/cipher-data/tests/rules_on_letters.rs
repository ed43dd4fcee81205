//! Ciphers that encrypt the letters of a text and keep cases, spaces and punctuation.

mod common;

use cipher_data::{
    Alphabet, Cipher, CipherConfig, Feedback, Outside, Pair, Rule, explain, find_rules,
};
use common::english::prose;

const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// All symbols of the text, and the letters of both cases that it may be encrypted to.
fn alphabet() -> Alphabet {
    let mut symbols: Vec<char> = prose().chars().filter(|symbol| *symbol != '\n').collect();
    symbols.extend(LETTERS.chars().chain(LETTERS.to_lowercase().chars()));
    symbols.sort_unstable();
    symbols.dedup();
    Alphabet::new(&symbols.iter().collect::<String>(), Outside::Reject).unwrap()
}

/// The letters encrypted, in their own case, and all else as it is.
fn encrypt(text: &str, cipher: &dyn Cipher) -> String {
    let letters = Alphabet::new(LETTERS, Outside::Reject).unwrap();
    let alone: String = text.chars().filter(char::is_ascii_alphabetic).collect();
    let ids = letters.encode(&alone.to_uppercase()).unwrap().ids;
    let encrypted = letters.decode(&cipher.encrypt(&ids));
    in_case(text, encrypted.chars())
}

/// The letters of a text replaced by others.
fn in_case(text: &str, mut letters: impl Iterator<Item = char>) -> String {
    let symbols = text.chars().map(|symbol| match symbol {
        'A'..='Z' => letters.next().unwrap(),
        'a'..='z' => letters.next().unwrap().to_ascii_lowercase(),
        _ => symbol,
    });
    symbols.collect()
}

/// A Vigenere cipher whose key is taken at the position in the text.
fn by_position(text: &str, key: &str) -> String {
    let shifted = text
        .chars()
        .zip(key.bytes().cycle())
        .filter_map(|(symbol, key)| {
            let letter = symbol
                .is_ascii_alphabetic()
                .then(|| symbol.to_ascii_uppercase())?;
            Some(char::from(b'A' + (letter as u8 - b'A' + key - b'A') % 26))
        });
    in_case(text, shifted)
}

fn pair(alphabet: &Alphabet, ciphertext: &str, plaintext: &str) -> Pair {
    let ids = |text| alphabet.encode(text).unwrap().ids;
    Pair::new(ids(ciphertext), ids(plaintext)).unwrap()
}

/// The simplest rule that explains the last 20 sentences, found from the others.
fn simplest(encrypt: impl Fn(&str) -> String) -> Option<(Rule, String)> {
    let alphabet = alphabet();
    let sentences = prose().lines();
    let pairs: Vec<Pair> = sentences
        .map(|text| pair(&alphabet, &encrypt(text), text))
        .collect();
    let (training, test) = pairs.split_at(pairs.len() - 20);
    let rules = find_rules(training, &alphabet, &alphabet);
    let rule = rules
        .into_iter()
        .find(|rule| explain(rule, test).is_perfect())?;
    let description = rule.describe(&alphabet, &alphabet);
    Some((rule, description))
}

fn simplest_for(config: CipherConfig) -> (String, String) {
    let letters = Alphabet::new(LETTERS, Outside::Reject).unwrap();
    let cipher = config.init(&letters).unwrap();
    let (rule, description) = simplest(|text| encrypt(text, cipher.as_ref())).unwrap();
    (rule.name(), description)
}

#[test]
fn the_key_is_found_whatever_the_case_and_the_punctuation() {
    let key = || "LEMON".to_string();
    let autokey = |feedback| CipherConfig::Autokey {
        key: key(),
        feedback,
    };
    let expected = [
        (CipherConfig::Caesar { key: 13 }, "shift", "key 13;"),
        (
            CipherConfig::Affine { a: 5, b: 8 },
            "affine",
            "ciphertext = 5 x plaintext + 8 modulo 26;",
        ),
        (
            CipherConfig::Trithemius {},
            "growing shift",
            "key 0 for the first symbol",
        ),
        (
            CipherConfig::Vigenere { key: key() },
            "Vigenere",
            "key LEMON,",
        ),
        (
            CipherConfig::Beaufort { key: key() },
            "Beaufort",
            "key LEMON;",
        ),
        (autokey(Feedback::Plaintext), "autokey", "key LEMON;"),
        (
            autokey(Feedback::Ciphertext),
            "ciphertext autokey",
            "key LEMON;",
        ),
    ];
    for (config, kind, key) in expected {
        let (name, description) = simplest_for(config);
        assert_eq!(name, format!("{kind} on letters"));
        assert!(description.starts_with(key), "{description}");
        assert!(
            description.ends_with("they do not advance the key"),
            "{description}"
        );
    }
}

#[test]
fn a_key_that_advances_with_each_symbol_is_found_too() {
    let (rule, description) = simplest(|text| by_position(text, "LEMON")).unwrap();
    assert_eq!(rule.name(), "Vigenere on letters, all advance");
    assert!(description.starts_with("key LEMON,"), "{description}");
    assert!(
        description.ends_with("and they advance the key"),
        "{description}"
    );
}

#[test]
fn a_published_example_is_decrypted_in_its_own_case() {
    let (rule, _) = simplest(|text| {
        let letters = Alphabet::new(LETTERS, Outside::Reject).unwrap();
        let vigenere = CipherConfig::Vigenere {
            key: "LEMON".into(),
        }
        .init(&letters)
        .unwrap();
        encrypt(text, vigenere.as_ref())
    })
    .unwrap();
    let alphabet = alphabet();
    let ciphertext = alphabet.encode("Lxfopv ef Rnhr").unwrap().ids;
    assert_eq!(alphabet.decode(&rule.answer(&ciphertext)), "Attack at Dawn");
}

#[test]
fn symbols_that_training_never_showed_stay_if_they_are_not_letters() {
    let alphabet = Alphabet::new(&format!("{LETTERS} .!"), Outside::Reject).unwrap();
    let caesar = |text: &str| by_position(text, "D");
    let text = "ATTACK AT DAWN. BRING THE OTHERS";
    let rules = find_rules(
        &[pair(&alphabet, &caesar(text), text)],
        &alphabet,
        &alphabet,
    );
    let rule = rules
        .iter()
        .find(|rule| rule.name() == "shift on letters")
        .unwrap();
    // Neither J nor ! was in the text.
    let ids = alphabet.encode("MXPS!").unwrap().ids;
    assert_eq!(alphabet.decode(&rule.answer(&ids)), "JUMP!");
}

#[test]
fn sides_in_different_cases_are_one_alphabet_of_letters() {
    let upper = Alphabet::new(LETTERS, Outside::Reject).unwrap();
    let lower = Alphabet::new(&LETTERS.to_lowercase(), Outside::Reject).unwrap();
    let pairs: Vec<Pair> = prose()
        .lines()
        .map(|line| {
            let text: String = line.chars().filter(char::is_ascii_alphabetic).collect();
            let plaintext = upper.encode(&text.to_uppercase()).unwrap().ids;
            let ciphertext = plaintext.iter().map(|id| (id + 3) % 26).collect();
            Pair::new(ciphertext, plaintext).unwrap()
        })
        .collect();
    let rules = find_rules(&pairs, &lower, &upper);
    assert_eq!(rules[0].name(), "shift on letters");
    assert!(explain(&rules[0], &pairs).is_perfect());
}

#[test]
fn rules_on_letters_are_not_tried_where_other_symbols_change() {
    let alphabet = Alphabet::new(&format!("{LETTERS}-"), Outside::Reject).unwrap();
    let text: String = prose()
        .chars()
        .map(|c| {
            if c.is_alphabetic() {
                c.to_ascii_uppercase()
            } else {
                '-'
            }
        })
        .collect();
    let plaintext = alphabet.encode(&text).unwrap().ids;
    let ciphertext = plaintext.iter().map(|id| (id + 13) % 27).collect();
    let rules = find_rules(
        &[Pair::new(ciphertext, plaintext).unwrap()],
        &alphabet,
        &alphabet,
    );
    assert!(rules.iter().all(|rule| !rule.name().contains("letters")));
}

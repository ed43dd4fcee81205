//! How many keys the ciphers have, counted by what the keys do to all the messages of a length.

mod common;

use std::collections::HashSet;

use cipher_data::{
    Alphabet, CipherConfig, EnigmaConfig, EnigmaModel, Feedback, ReflectorName, RotorName, SymbolId,
};
use common::{alphabet_from, alphabet_of};

/// Every sequence of `length` symbols.
fn sequences(n_symbols: usize, length: u32) -> Vec<Vec<SymbolId>> {
    let digit = |number: usize, place| (number / n_symbols.pow(place) % n_symbols) as SymbolId;
    let sequence = |number| (0..length).map(|place| digit(number, place)).collect();
    (0..n_symbols.pow(length)).map(sequence).collect()
}

/// Every text of `length` symbols.
fn texts(alphabet: &Alphabet, length: u32) -> Vec<String> {
    let texts = sequences(alphabet.len(), length);
    texts.iter().map(|text| alphabet.decode(text)).collect()
}

/// How many of the keys differ on some message of `length` symbols.
fn count(alphabet: &Alphabet, length: u32, keys: impl IntoIterator<Item = CipherConfig>) -> usize {
    let messages = sequences(alphabet.len(), length);
    let encrypt_all = |key: CipherConfig| -> Vec<Vec<SymbolId>> {
        let cipher = key.init(alphabet).unwrap();
        messages
            .iter()
            .map(|message| cipher.encrypt(message))
            .collect()
    };
    keys.into_iter()
        .map(encrypt_all)
        .collect::<HashSet<_>>()
        .len()
}

#[test]
fn caesar_has_a_key_for_each_symbol() {
    let keys = (0..7).map(|key| CipherConfig::Caesar { key });
    assert_eq!(count(&alphabet_of(7), 1, keys), 7);
}

#[test]
fn affine_has_n_times_phi_of_n_keys() {
    for (n_symbols, phi) in [
        (2, 1),
        (3, 2),
        (6, 2),
        (7, 6),
        (8, 4),
        (9, 6),
        (12, 4),
        (26, 12),
    ] {
        let alphabet = alphabet_of(n_symbols);
        let pairs = (0..n_symbols).flat_map(|a| (0..n_symbols).map(move |b| (a, b)));
        let keys = pairs.map(|(a, b)| CipherConfig::Affine { a, b });
        let keys = keys.filter(|key| key.init(&alphabet).is_ok());
        assert_eq!(count(&alphabet, 1, keys), n_symbols * phi);
    }
}

#[test]
fn substitution_has_a_key_for_each_order_of_the_alphabet() {
    let alphabet = alphabet_of(4);
    let keys = texts(&alphabet, 4).into_iter();
    let keys = keys.map(|key| CipherConfig::Substitution { key });
    let keys = keys.filter(|key| key.init(&alphabet).is_ok());
    assert_eq!(count(&alphabet, 1, keys), 4 * 3 * 2);
}

#[test]
fn a_keyword_that_is_added_or_subtracted_is_one_of_n_to_its_length() {
    type Make = fn(String) -> CipherConfig;
    let ciphers: [Make; 6] = [
        |key| CipherConfig::Vigenere { key },
        |key| CipherConfig::Beaufort { key },
        |key| CipherConfig::VariantBeaufort { key },
        |key| CipherConfig::RunningKey { key },
        |key| CipherConfig::Autokey {
            key,
            feedback: Feedback::Plaintext,
        },
        |key| CipherConfig::Autokey {
            key,
            feedback: Feedback::Ciphertext,
        },
    ];
    let alphabet = alphabet_of(4);
    for make in ciphers {
        let keys = texts(&alphabet, 3).into_iter().map(make);
        assert_eq!(count(&alphabet, 4, keys), 4 * 4 * 4);
    }
}

#[test]
fn gronsfeld_has_ten_keys_for_each_digit() {
    let keys = (0..100).map(|key| CipherConfig::Gronsfeld {
        key: format!("{key:02}"),
    });
    assert_eq!(count(&alphabet_of(10), 2, keys), 100);
}

#[test]
fn porta_has_half_as_many_keys_as_symbols_for_each_letter_of_the_keyword() {
    let alphabet = alphabet_of(6);
    let keys = texts(&alphabet, 2).into_iter();
    let keys = keys.map(|key| CipherConfig::Porta { key });
    assert_eq!(count(&alphabet, 3, keys), 3 * 3);
}

#[test]
fn a_rail_fence_reads_a_message_in_one_way_less_than_it_has_symbols() {
    for length in 2..7 {
        let keys = (2..20).map(|rails| CipherConfig::RailFence { rails });
        assert_eq!(count(&alphabet_of(4), length, keys), length as usize - 1);
    }
}

#[test]
fn a_columnar_transposition_has_a_key_for_each_order_of_its_columns() {
    let alphabet = alphabet_of(4);
    let keys = texts(&alphabet, 4).into_iter();
    let keys = keys.map(|key| CipherConfig::ColumnarTransposition { key });
    assert_eq!(count(&alphabet, 5, keys), 4 * 3 * 2);
}

/// What an Enigma with rotors I, II and III makes of each letter twelve times.
fn enigma(rings: &str, start: &str) -> Vec<Vec<SymbolId>> {
    let config = CipherConfig::Enigma(EnigmaConfig {
        model: EnigmaModel::I,
        rotors: vec![RotorName::I, RotorName::II, RotorName::III],
        reflector: ReflectorName::B,
        rings: rings.into(),
        start: start.into(),
        plugboard: String::new(),
    });
    let cipher = config.init(&alphabet_from('A', 'Z')).unwrap();
    let twelve_times = |letter| cipher.encrypt(&[letter; 12]);
    (0..26).map(twelve_times).collect()
}

#[test]
fn the_starts_of_an_enigma_are_fewer_by_those_that_the_double_step_leads_together() {
    let starts = texts(&alphabet_from('A', 'Z'), 3);
    let ciphertexts: HashSet<_> = starts.iter().map(|start| enigma("AAA", start)).collect();
    assert_eq!(ciphertexts.len(), 26 * 26 * 26 - 26 * 25);
    assert_eq!(enigma("AAA", "AEW"), enigma("AAA", "BFW"));
}

#[test]
fn of_the_rings_of_an_enigma_only_the_left_one_adds_nothing_to_the_start() {
    assert_eq!(enigma("AAA", "KDO"), enigma("BAA", "LDO"));
    assert_ne!(enigma("AAA", "KDO"), enigma("ABA", "KEO"));
    assert_ne!(enigma("AAA", "KDO"), enigma("AAB", "KDP"));
}

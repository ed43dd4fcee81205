//! Configs that cannot be used are refused with what is wrong and what to do.

mod common;

use cipher_data::{Alphabet, CipherConfig};
use common::{alphabet_from, alphabet_of};

/// Why this TOML makes no cipher.
fn refusal(alphabet: &Alphabet, toml: &str) -> String {
    match toml::from_str::<CipherConfig>(toml) {
        Ok(config) => config.init(alphabet).unwrap_err().to_string(),
        Err(error) => error.message().into(),
    }
}

#[test]
fn every_cipher_refuses_a_bad_key_and_says_what_to_do() {
    for (toml, expected) in [
        ("name = 'caesar'\nkey = 26", "a key from 0 to 25"),
        ("name = 'rot13'\nkey = 13", "unknown field `key`"),
        ("name = 'rot47'\nkey = 47", "unknown field `key`"),
        ("name = 'atbash'\nkey = 1", "unknown field `key`"),
        ("name = 'affine'\na = 4\nb = 0", "give a number without"),
        ("name = 'affine'\na = 0\nb = 0", "give a number without"),
        ("name = 'affine'\na = 27\nb = 0", "give one below 26"),
        ("name = 'affine'\na = 1\nb = 26", "give one below 26"),
        ("name = 'affine'\na = 1", "missing field `b`"),
        (
            "name = 'substitution'\nkey = 'ZEBRAS'",
            "write each of the alphabet's 26 once",
        ),
        ("name = 'vigenere'", "missing field `key`"),
        ("name = 'vigenere'\nkey = ''", "at least one symbol"),
        (
            "name = 'vigenere'\nkey = 'Lemon'",
            "\"e\" is not in the alphabet; write it with",
        ),
        ("name = 'beaufort'\nkey = ''", "at least one symbol"),
        (
            "name = 'variant-beaufort'\nkey = '1'",
            "with the alphabet's symbols",
        ),
        ("name = 'gronsfeld'\nkey = '3I4'", "write it with digits"),
        ("name = 'gronsfeld'\nkey = ''", "write it with digits"),
        ("name = 'trithemius'\nkey = 'A'", "unknown field `key`"),
        ("name = 'porta'\nkey = ''", "at least one symbol"),
        ("name = 'autokey'\nkey = ''", "at least one symbol"),
        (
            "name = 'autokey'\nkey = 'A'\nfeedback = 'key'",
            "`plaintext` or `ciphertext`",
        ),
        ("name = 'running-key'\nkey = ''", "as long as the messages"),
        ("name = 'running-key'\nkey = 'A LINE'", "\" \" at column 2"),
        ("name = 'rail-fence'\nrails = 1", "a number of rails from 2"),
        (
            "name = 'columnar-transposition'\nkey = ''",
            "at least one symbol",
        ),
    ] {
        let refusal = refusal(&alphabet_from('A', 'Z'), toml);
        assert!(refusal.contains(expected), "{toml}: {refusal}");
    }
}

#[test]
fn ciphers_refuse_an_alphabet_that_they_are_not_defined_over() {
    for (n_symbols, toml, expected) in [
        (27, "name = 'rot13'", "26 symbols"),
        (94, "name = 'rot47'", "from '!' to '~'"),
        (9, "name = 'gronsfeld'\nkey = '1'", "at least 10 symbols"),
        (27, "name = 'porta'\nkey = '一'", "even number of symbols"),
        (27, ENIGMA, "26 symbols"),
    ] {
        let refusal = refusal(&alphabet_of(n_symbols), toml);
        assert!(refusal.contains(expected), "{toml}: {refusal}");
        assert!(refusal.contains("or choose another cipher"), "{refusal}");
    }
}

const ENIGMA: &str = "name = 'enigma'
    model = 'I'
    rotors = ['I', 'II', 'III']
    reflector = 'B'
    rings = 'AAA'
    start = 'AAA'
    plugboard = 'AB CD'";

#[test]
fn an_enigma_refuses_parts_and_settings_that_its_model_does_not_have() {
    for (right, wrong, expected) in [
        ("'I'\n", "'M5'\n", "`I`, `M3`, `M4`"),
        ("'III'", "'VI'", "three different rotors of I to V"),
        ("'III'", "'I'", "three different rotors of I to V"),
        (", 'III'", "", "three different rotors of I to V"),
        ("'III'", "'IX'", "`Gamma`"),
        ("model = 'I'", "model = 'M4'", "Beta or Gamma, then three"),
        (
            "reflector = 'B'",
            "reflector = 'thin-B'",
            "reflector A, B or C",
        ),
        (
            "rings = 'AAA'",
            "rings = 'AA'",
            "one letter for each of the 3 rotors",
        ),
        (
            "start = 'AAA'",
            "start = 'AA1'",
            "write it with the alphabet's symbols",
        ),
        ("AB CD", "ABCD", "write pairs as \"AB CD\""),
        ("AB CD", "AB BD", "one cable at most"),
        ("AB CD", "AA", "one cable at most"),
        ("plugboard = 'AB CD'", "", "missing field `plugboard`"),
        ("plugboard", "plugs", "unknown field `plugs`"),
    ] {
        let toml = ENIGMA.replace(right, wrong);
        let refusal = refusal(&alphabet_from('A', 'Z'), &toml);
        assert!(refusal.contains(expected), "{toml}: {refusal}");
    }
}

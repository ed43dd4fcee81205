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
        ("name = 'caesar'\nkey = 'C'", "invalid type: string"),
        ("name = 'rot13'\nkey = 13", "unknown field `key`"),
        ("name = 'rot47'\nkey = 47", "unknown field `key`"),
        ("name = 'atbash'\nkey = 1", "unknown field `key`"),
        (
            "name = 'affine'\na = 4\nb = 0",
            "the nearest number without one is 3",
        ),
        (
            "name = 'affine'\na = 13\nb = 0",
            "the nearest number without one is 11",
        ),
        (
            "name = 'affine'\na = 0\nb = 0",
            "the nearest number without one is 1",
        ),
        (
            "name = 'affine'\na = 28\nb = -3",
            "the nearest number without one is 1",
        ),
        ("name = 'affine'\na = 1", "missing field `b`"),
        (
            "name = 'substitution'\nkey = 'ZEBRAS'",
            "write each of the alphabet's 26 once, or a keyword as { keyword = \"ZEBRAS\" }",
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
        (
            "name = 'rail-fence'\nrails = 1",
            "from 2 to 65536, such as 2",
        ),
        ("name = 'hill'\nkey = [[2, 4], [1, 2]]", "its determinant 0"),
        ("name = 'hill'\nkey = 'ABC'", "a text of 4 or 9 symbols"),
        ("name = 'hill'\nkey = 7", "the key is a matrix, such as [["),
        (
            "name = 'gromark'\nprimer = 7\nkey = { keyword = 'A' }",
            "at least two digits",
        ),
        ("name = 'bacon'\nletters = 'AA'", "two different characters"),
        (
            "name = 'quagmire'\nkey = 'A'\nbelow = 'AB'",
            "is not one symbol",
        ),
        (
            "name = 'quagmire'\nkey = 'A'\nplaintext = { keywrd = 'A' }",
            "{ keyword = \"ZEBRAS\" }",
        ),
        (
            "name = 'code-table'\ncodes = { A = '1' }",
            "\"B\" has no code",
        ),
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
        (
            26,
            "name = 'playfair'\nkey = { keyword = '一' }",
            "25 letters without J",
        ),
        (
            25,
            "name = 'trifid'\nkey = { keyword = '一' }\nperiod = 5",
            "a cube",
        ),
        (
            16,
            "name = 'adfgvx'\nkey = '一'\nsquare = { keyword = '一' }",
            "25 symbols, or of 36",
        ),
        (
            100,
            "name = 'nihilist'\nkey = '一'\nsquare = { keyword = '一' }",
            "at most 9 by 9",
        ),
        (26, "name = 'xor'\nkey = '一'", "256 bytes"),
        (33, "name = 'bacon'", "at most 32 symbols"),
        (26, "name = 'morse'", "capital letters, digits"),
        (
            26,
            "name = 'reversal'\nof = 'words'",
            "a space in the alphabet",
        ),
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
            "rings = 'AAA'",
            "rings = '1 2 27'",
            "numbers are from 1 for A to 26",
        ),
        (
            "rings = 'AAA'",
            "rings = '1 2'",
            "nor one number from 1 to 26",
        ),
        ("AB CD", "1/2 3", "write pairs as \"AB CD\" or \"1/2 3/4\""),
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

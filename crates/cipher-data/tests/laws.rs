//! Laws that hold for every cipher, every alphabet and every text.

mod common;
mod random_ciphers;

use std::collections::BTreeSet;

use cipher_data::{Alphabet, CipherConfig, NO_SYMBOL, Outside, SymbolId, SymbolUnit};
use proptest::prelude::*;

/// A cipher, its alphabet, and a message for it.
fn cipher_and_message() -> impl Strategy<Value = (CipherConfig, Alphabet, Vec<SymbolId>)> {
    random_ciphers::cipher_and_alphabet().prop_flat_map(|(cipher, alphabet)| {
        let message = prop::collection::vec(0..alphabet.len() as SymbolId, 0..80);
        (Just(cipher), Just(alphabet), message)
    })
}

/// Distinct characters of any script.
fn symbols() -> impl Strategy<Value = String> {
    prop::collection::hash_set(any::<char>(), 2..60).prop_map(|set| set.into_iter().collect())
}

/// Distinct characters of ASCII that can be seen.
fn ascii_symbols() -> impl Strategy<Value = String> {
    prop::collection::hash_set(prop::char::range(' ', '~'), 2..60)
        .prop_map(|set| set.into_iter().collect())
}

/// A text whose letters differ only where they are different letters.
fn without_case(text: &str) -> String {
    let upper = text.chars().flat_map(char::to_uppercase);
    upper.flat_map(char::to_lowercase).collect()
}

/// Text of characters that often make one grapheme with their neighbours.
fn clustered_text() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        "[ae\u{301}\u{308}\u{200d}👩👧🏽🇩🇪각ᆨक्ष\r\n]",
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(character, 0..40).prop_map(|characters| characters.concat())
}

/// The graphemes of a text, and two more so that there are enough.
fn alphabet_of_graphemes(text: &str, outside: Outside) -> Alphabet {
    let symbols: BTreeSet<&str> = SymbolUnit::Grapheme
        .symbols(text)
        .chain(["X", "Y"])
        .collect();
    Alphabet::of_graphemes(symbols, outside).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn what_was_encrypted_is_decrypted_and_the_length_and_the_alphabets_are_kept(
        (cipher, alphabet, message) in cipher_and_message()
    ) {
        let cipher = cipher.init(&alphabet).unwrap();
        let (padded, encrypted) = (cipher.padded(&message), cipher.encrypt(&message));
        prop_assert_eq!(encrypted.len(), padded.len());
        let n_signs = cipher.ciphertext_symbols().map_or(alphabet.len(), |signs| signs.len());
        prop_assert!(encrypted.iter().all(|&id| usize::from(id) < n_signs));
        prop_assert_eq!(cipher.decrypt(&encrypted), &padded[..]);
    }

    #[test]
    fn padding_keeps_the_message_and_is_put_in_once((cipher, alphabet, message) in cipher_and_message()) {
        let cipher = cipher.init(&alphabet).unwrap();
        let padded = cipher.padded(&message);
        prop_assert_eq!(cipher.padded(&padded), &padded[..]);
        prop_assert_eq!(cipher.encrypt(&padded), cipher.encrypt(&message));
        let mut rest = padded.iter();
        prop_assert!(message.iter().all(|symbol| rest.any(|other| other == symbol)));
    }

    #[test]
    fn what_was_decrypted_is_encrypted_unless_nothing_is_encrypted_to_it(
        (cipher, alphabet, message) in cipher_and_message()
    ) {
        let cipher = cipher.init(&alphabet).unwrap();
        let n_signs = cipher.ciphertext_symbols().map_or(alphabet.len(), |signs| signs.len());
        let message: Vec<_> = message.into_iter().filter(|id| usize::from(*id) < n_signs).collect();
        let decrypted = cipher.decrypt(&message);
        prop_assert_eq!(decrypted.len(), message.len());
        let is_symbol = |&id: &SymbolId| usize::from(id) < alphabet.len();
        prop_assert!(decrypted.iter().all(|id| is_symbol(id) || *id == NO_SYMBOL));
        if decrypted.iter().all(is_symbol) && cipher.padded(&decrypted) == decrypted {
            prop_assert_eq!(cipher.encrypt(&decrypted), message);
        }
    }

    #[test]
    fn after_a_period_a_cipher_continues_as_it_began((cipher, alphabet, message) in cipher_and_message()) {
        let cipher = cipher.init(&alphabet).unwrap();
        if let Some(period) = cipher.period() {
            let later = period.min(message.len());
            prop_assert_eq!(&cipher.encrypt(&message)[later..], cipher.encrypt(&message[later..]));
        }
    }

    #[test]
    fn a_cipher_written_as_toml_reads_back_the_same((cipher, _, _) in cipher_and_message()) {
        let text = toml::to_string(&cipher).unwrap();
        prop_assert_eq!(toml::from_str::<CipherConfig>(&text).unwrap(), cipher);
    }
}

proptest! {
    #[test]
    fn text_of_an_alphabet_is_the_same_after_encoding_and_decoding(
        (symbols, places) in (symbols(), prop::collection::vec(any::<prop::sample::Index>(), 0..80))
    ) {
        let characters: Vec<char> = symbols.chars().collect();
        let text: String = places.iter().map(|place| *place.get(&characters)).collect();
        for outside in [Outside::Fold, Outside::Reject, Outside::Keep] {
            let alphabet = Alphabet::new(&symbols, outside).unwrap();
            let encoded = alphabet.encode(&text).unwrap();
            prop_assert_eq!(alphabet.decode(&encoded.ids), &text[..]);
        }
    }

    #[test]
    fn folding_keeps_the_number_of_characters(symbols in symbols(), text in any::<String>()) {
        let alphabet = Alphabet::new(&symbols, Outside::Fold).unwrap();
        prop_assert_eq!(alphabet.encode(&text).unwrap().ids.len(), text.chars().count());
    }

    #[test]
    fn keeping_gives_a_text_of_ascii_back(symbols in ascii_symbols(), text in "[ -~]{0,60}") {
        let alphabet = Alphabet::new(&symbols, Outside::Keep).unwrap();
        let encoded = alphabet.encode(&text).unwrap();
        prop_assert_eq!(alphabet.restore(&encoded, &encoded.ids), text);
    }

    #[test]
    fn keeping_gives_any_text_back_but_for_case(symbols in symbols(), text in any::<String>()) {
        let text = text.replace(char::REPLACEMENT_CHARACTER, ""); // it is unknown
        let alphabet = Alphabet::new(&symbols, Outside::Keep).unwrap();
        let encoded = alphabet.encode(&text).unwrap();
        prop_assert_eq!(without_case(&alphabet.restore(&encoded, &encoded.ids)), without_case(&text));
    }

    #[test]
    fn keeping_leaves_no_letter_in_the_clear(symbols in ascii_symbols(), text in "[ -~]{0,60}") {
        let alphabet = Alphabet::new(&symbols, Outside::Keep).unwrap();
        let encoded = alphabet.encode(&text).unwrap();
        for (_, symbol) in encoded.passed_through {
            prop_assert!(!symbols.to_lowercase().contains(&symbol.to_lowercase()), "{}", symbol);
        }
    }

    #[test]
    fn rejecting_finds_the_first_character_outside(symbols in symbols(), text in any::<String>()) {
        let alphabet = Alphabet::new(&symbols, Outside::Reject).unwrap();
        let outside = text.chars().position(|character| !symbols.contains(character));
        match (alphabet.encode(&text), outside) {
            (Ok(_), None) => {}
            (Err(error), Some(place)) => {
                let column = format!("at column {} ", place + 1);
                prop_assert!(error.to_string().contains(&column), "{}", error);
            }
            (result, _) => prop_assert!(false, "{:?}", result),
        }
    }

    #[test]
    fn text_is_the_same_after_encoding_and_decoding_over_its_own_graphemes(text in clustered_text()) {
        let alphabet = alphabet_of_graphemes(&text, Outside::Reject);
        let encoded = alphabet.encode(&text).unwrap();
        prop_assert_eq!(alphabet.decode(&encoded.ids), text);
    }

    #[test]
    fn keeping_gives_a_text_of_graphemes_back_but_for_case(
        (symbols, text) in (clustered_text(), clustered_text())
    ) {
        let text = text.replace(char::REPLACEMENT_CHARACTER, ""); // it is unknown
        let alphabet = alphabet_of_graphemes(&symbols, Outside::Keep);
        let encoded = alphabet.encode(&text).unwrap();
        prop_assert_eq!(without_case(&alphabet.restore(&encoded, &encoded.ids)), without_case(&text));
    }

    #[test]
    fn folding_keeps_the_number_of_graphemes((symbols, text) in (clustered_text(), clustered_text())) {
        let alphabet = alphabet_of_graphemes(&symbols, Outside::Fold);
        let n_graphemes = SymbolUnit::Grapheme.symbols(&text).count();
        prop_assert_eq!(alphabet.encode(&text).unwrap().ids.len(), n_graphemes);
    }
}

//! Laws that hold for every cipher, every alphabet and every text.

use cipher_data::{Alphabet, CipherConfig, Outside, SymbolId};
use proptest::prelude::*;

/// A cipher over an alphabet of so many symbols, and a message for it.
fn cipher_and_message() -> impl Strategy<Value = (CipherConfig, usize, Vec<SymbolId>)> {
    (2_usize..300).prop_flat_map(|n_symbols| {
        let cipher = (0..n_symbols).prop_map(|key| CipherConfig::Caesar { key });
        let message = prop::collection::vec(0..n_symbols as SymbolId, 0..80);
        (cipher, Just(n_symbols), message)
    })
}

/// Distinct characters of any script.
fn symbols() -> impl Strategy<Value = String> {
    prop::collection::hash_set(any::<char>(), 2..60).prop_map(|set| set.into_iter().collect())
}

proptest! {
    #[test]
    fn decrypting_what_was_encrypted_gives_the_message(
        (cipher, n_symbols, message) in cipher_and_message()
    ) {
        let cipher = cipher.init(n_symbols).unwrap();
        let ciphertext = cipher.encrypt(&message);
        prop_assert_eq!(ciphertext.len(), message.len());
        prop_assert!(ciphertext.iter().all(|&id| usize::from(id) < n_symbols));
        prop_assert_eq!(cipher.decrypt(&ciphertext), message);
    }

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
    fn kept_characters_and_symbols_together_are_the_text(symbols in symbols(), text in any::<String>()) {
        let alphabet = Alphabet::new(&symbols, Outside::Keep).unwrap();
        let encoded = alphabet.encode(&text).unwrap();
        let decoded = alphabet.decode(&encoded.ids);
        let restored: String = encoded.restore(decoded.chars()).into_iter().collect();
        prop_assert_eq!(restored, text);
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
}

//! Which columns are the two sides and the keys, by their names.

use super::name_words::{
    AFTER_KEY, BEFORE_KEY, CIPHERTEXT, CIPHERTEXT_STEMS, KEY, KEY_STEMS, MAYBE_CIPHERTEXT,
    MAYBE_PLAINTEXT, MESSAGE_STEMS, PLAINTEXT, PLAINTEXT_STEMS,
};

/// The places of the two columns that are called ciphertext and plaintext, or something that means
/// it. A word that comes first in its list wins over the others.
pub(super) fn by_words(names: &[&str]) -> Option<(usize, usize)> {
    let simple: Vec<String> = names.iter().map(|name| simple(name)).collect();
    let first = |words: &[&str]| {
        words
            .iter()
            .find_map(|word| simple.iter().position(|name| name == word))
    };
    let only = |is_side: fn(&str) -> bool, weak: &[&str]| {
        let names = simple.iter().enumerate();
        let mut places = names.filter(|(_, name)| is_side(name) && !weak.contains(&name.as_str()));
        let (place, _) = places.next()?;
        places.next().is_none().then_some(place)
    };
    let ciphertext = first(&CIPHERTEXT)
        .or_else(|| only(is_ciphertext, &MAYBE_CIPHERTEXT))
        .or_else(|| first(&MAYBE_CIPHERTEXT))?;
    let plaintext = first(&PLAINTEXT)
        .or_else(|| only(is_plaintext, &MAYBE_PLAINTEXT))
        .or_else(|| first(&MAYBE_PLAINTEXT))?;
    (ciphertext != plaintext).then_some((ciphertext, plaintext))
}

/// Which of two columns beside those of keys is the ciphertext and which the plaintext, where only one of their names
/// says it.
pub(super) fn by_one_word(names: &[&str]) -> Option<(usize, usize)> {
    let [(at_one, one), (at_other, other)] = two_beside_keys(names)?;
    let means = |name: &str| {
        let name = simple(name);
        let is_plaintext = plaintext_rank(&name).is_some() || is_plaintext(&name);
        let is_ciphertext = CIPHERTEXT.contains(&&*name)
            || MAYBE_CIPHERTEXT.contains(&&*name)
            || is_ciphertext(&name);
        (is_ciphertext, is_plaintext)
    };
    match (means(one), means(other)) {
        ((true, false), (false, false)) | ((false, false), (false, true)) => {
            Some((at_one, at_other))
        }
        ((false, true), (false, false)) | ((false, false), (true, false)) => {
            Some((at_other, at_one))
        }
        _ => None,
    }
}

fn is_plaintext(name: &str) -> bool {
    has_any(name, &PLAINTEXT_STEMS)
        || has_any(name, &MESSAGE_STEMS) && !has_any(name, &CIPHERTEXT_STEMS)
}

fn is_ciphertext(name: &str) -> bool {
    has_any(name, &CIPHERTEXT_STEMS) && !has_any(name, &PLAINTEXT_STEMS)
}

fn has_any(name: &str, stems: &[&str]) -> bool {
    stems.iter().any(|stem| name.contains(stem))
}

/// The places of the columns that are called keys and are neither of the two sides.
pub(super) fn keys_by_words(names: &[&str], sides: [usize; 2]) -> Vec<usize> {
    let names = names.iter().enumerate();
    let keys = names.filter(|(place, name)| !sides.contains(place) && is_key(&simple(name)));
    keys.map(|(place, _)| place).collect()
}

fn is_key(name: &str) -> bool {
    let before = name.strip_suffix("key");
    let after = name.strip_prefix("key");
    let mut stems = KEY_STEMS.iter();
    KEY.contains(&name)
        || before.is_some_and(|word| BEFORE_KEY.contains(&word))
        || after.is_some_and(|word| AFTER_KEY.contains(&word))
        || stems.any(|stem| name.starts_with(stem) || name.ends_with(stem))
}

/// The places of two columns and their names, if all others are called keys.
fn two_beside_keys<'a>(names: &[&'a str]) -> Option<[(usize, &'a str); 2]> {
    let names = names.iter().copied().enumerate();
    let others: Vec<_> = match names.len() {
        2 => names.collect(),
        _ => names.filter(|(_, name)| !is_key(&simple(name))).collect(),
    };
    others.try_into().ok()
}

/// Which of two columns beside those of keys is the ciphertext and which the plaintext, where both are called something
/// that only plaintexts are called: the one that comes first in its list is the plaintext.
pub(super) fn by_plaintext_words(names: &[&str]) -> Option<(usize, usize)> {
    let [(at_one, one), (at_other, other)] = two_beside_keys(names)?;
    let rank = |name: &str| plaintext_rank(&simple(name));
    Some(match rank(one)? < rank(other)? {
        true => (at_other, at_one),
        false => (at_one, at_other),
    })
}

/// The place of a name among those of plaintexts.
fn plaintext_rank(name: &str) -> Option<usize> {
    let mut words = PLAINTEXT.iter().chain(&MAYBE_PLAINTEXT);
    words.position(|word| *word == name)
}

/// A name in small letters and nothing else.
fn simple(name: &str) -> String {
    let letters = name.chars().filter(|character| character.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// Which of two names of texts means the ciphertext and which the plaintext, by one word at least or else by
/// their order.
pub(super) fn sides_of_two<'a>(names: &[&'a str]) -> Option<(&'a str, &'a str)> {
    let &[one, other] = names else { return None };
    let is_swapped = by_plaintext_words(names).or_else(|| by_one_word(names)) == Some((1, 0));
    Some(if is_swapped {
        (other, one)
    } else {
        (one, other)
    })
}

/// Which of the names means the ciphertext and which the plaintext.
pub(super) fn sides_of<'a>(names: &[&'a str]) -> Option<(&'a str, &'a str)> {
    let (ciphertext, plaintext) = by_words(names)?;
    Some((names.get(ciphertext)?, names.get(plaintext)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names of the ciphertexts, plaintexts and keys in a header.
    fn found<'a>(names: &[&'a str]) -> Option<[&'a str; 3]> {
        let (ciphertext, plaintext) = by_words(names).or_else(|| by_plaintext_words(names))?;
        match keys_by_words(names, [ciphertext, plaintext])[..] {
            [key] => Some([ciphertext, plaintext, key].map(|place| names[place])),
            _ => None,
        }
    }

    #[test]
    fn headers_in_several_languages_say_which_column_is_which() {
        for names in [
            ["ciphertext", "plaintext", "Key (word)"],
            ["Message", "Decrypted", "passkey"],
            ["Encrypted Message", "Message", "secret"],
            ["message chiffré", "message clair", "Mot-clé"],
            ["Texte chiffré", "Texte clair", "clé de chiffrement"],
            ["Mensaje cifrado", "Mensaje", "Palabra clave"],
            ["Criptograma", "Texto plano", "desplazamiento"],
            ["Geheimtext", "Klartext", "Schlüsselwort"],
            ["verschlüsselt", "entschlüsselt", "Verschiebung"],
            ["testo cifrato", "testo in chiaro", "chiave"],
            ["verschlüsselte Nachricht", "Nachricht", "Schlüssel"],
            ["cijfertekst", "klare tekst", "sleutelwoord"],
            [
                "зашифрованное сообщение",
                "расшифрованное сообщение",
                "пароль",
            ],
            ["cipher", "text", "password"],
        ] {
            assert_eq!(found(&names), Some(names));
            let [ciphertext, plaintext, key] = names;
            assert_eq!(found(&[key, plaintext, ciphertext]), Some(names));
        }
        // A word that says less does not count beside one that says more.
        for weak in ["source", "cipher", "code", "output", "message"] {
            let names = [weak, "texte chiffré", "texte clair"];
            assert_eq!(by_words(&names), Some((1, 2)), "{weak}");
        }
        // What has such a word in it may be anything.
        for other in ["monkey", "key length", "keyboard", "rotor", "secretary"] {
            let keys = keys_by_words(&["ciphertext", "plaintext", other], [0, 1]);
            assert!(keys.is_empty(), "{other}");
        }
    }
}

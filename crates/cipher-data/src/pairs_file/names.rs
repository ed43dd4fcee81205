//! What people call the columns of the two sides, and of keys.

/// What people call a column of ciphertexts, without spaces and signs.
const CIPHERTEXT: [&str; 32] = [
    "ciphertext",
    "ciphertexts",
    "cipher",
    "encrypted",
    "encryptedtext",
    "encryption",
    "encoded",
    "encodedtext",
    "enciphered",
    "encoding",
    "crypt",
    "crypted",
    "cryptogram",
    "cryptotext",
    "code",
    "coded",
    "codetext",
    "secret",
    "ct",
    "enc",
    "chiffre",
    "geheimtext",
    "chiffrat",
    "chiffretext",
    "cifrado",
    "cifrato",
    "source",
    "src",
    "input",
    "in",
    "x",
    "from",
];
/// What people call a column of plaintexts, without spaces and signs.
const PLAINTEXT: [&str; 35] = [
    "plaintext",
    "plaintexts",
    "plain",
    "decrypted",
    "decryptedtext",
    "decryption",
    "decoded",
    "decodedtext",
    "deciphered",
    "decoding",
    "clear",
    "cleartext",
    "solution",
    "solved",
    "answer",
    "meaning",
    "translation",
    "transcription",
    "pt",
    "dec",
    "klartext",
    "clair",
    "texteclair",
    "textoclaro",
    "claro",
    "chiaro",
    "text",
    "message",
    "original",
    "target",
    "tgt",
    "output",
    "out",
    "y",
    "to",
];

/// What people call a column of keys, without spaces and signs. A word before `key` or after it may say what it is.
const KEY: [&str; 28] = [
    "key",
    "password",
    "passwort",
    "passphrase",
    "shift",
    "offset",
    "codeword",
    "schlüssel",
    "schluessel",
    "schlüsselwort",
    "kennwort",
    "codewort",
    "losung",
    "losungswort",
    "clé",
    "clef",
    "motdepasse",
    "clave",
    "llave",
    "contraseña",
    "chiave",
    "parola",
    "chave",
    "senha",
    "sleutel",
    "wachtwoord",
    "nyckel",
    "ключ",
];
const BEFORE_KEY: [&str; 9] = [
    "the",
    "secret",
    "cipher",
    "message",
    "encryption",
    "decryption",
    "vigenere",
    "running",
    "private",
];
const AFTER_KEY: [&str; 9] = [
    "s", "word", "words", "phrase", "text", "string", "letter", "letters", "used",
];

/// What such names begin with or have in them, in several languages. Those of plaintexts come first:
/// to decipher has cipher in it.
const PLAINTEXT_STEMS: [&str; 18] = [
    "plain",
    "clear",
    "clair",
    "claro",
    "chiaro",
    "klar",
    "decrypt",
    "decod",
    "decipher",
    "dechiffr",
    "déchiffr",
    "descifr",
    "decifr",
    "entschl",
    "открыт",
    "mensaje",
    "messag",
    "msg",
];
const CIPHERTEXT_STEMS: [&str; 10] = [
    "cipher", "cypher", "crypt", "cript", "cifr", "chiffr", "geheim", "verschl", "шифр", "şifre",
];

/// The places of the two columns that are called ciphertext and plaintext, or something that means
/// it. A word that comes first in its list wins over the others.
pub(super) fn by_words(names: &[&str]) -> Option<(usize, usize)> {
    let simple: Vec<String> = names.iter().map(|name| simple(name)).collect();
    let first = |words: &[&str]| {
        words
            .iter()
            .find_map(|word| simple.iter().position(|name| name == word))
    };
    let only = |is_side: &dyn Fn(&str) -> bool| {
        let mut places = simple.iter().enumerate().filter(|(_, name)| is_side(name));
        let (place, _) = places.next()?;
        places.next().is_none().then_some(place)
    };
    let ciphertext = first(&CIPHERTEXT).or_else(|| only(&is_ciphertext))?;
    let plaintext = first(&PLAINTEXT).or_else(|| only(&is_plaintext))?;
    (ciphertext != plaintext).then_some((ciphertext, plaintext))
}

/// Which of two columns is the ciphertext and which the plaintext, where only one of their names says it.
pub(super) fn by_one_word(names: &[&str]) -> Option<(usize, usize)> {
    let [one, other] = names else { return None };
    let means = |name: &str| {
        let name = simple(name);
        let is_plaintext = PLAINTEXT.contains(&&*name) || is_plaintext(&name);
        let is_ciphertext = CIPHERTEXT.contains(&&*name) || is_ciphertext(&name);
        (is_ciphertext, is_plaintext)
    };
    match (means(one), means(other)) {
        ((true, false), (false, false)) | ((false, false), (false, true)) => Some((0, 1)),
        ((false, true), (false, false)) | ((false, false), (true, false)) => Some((1, 0)),
        _ => None,
    }
}

fn is_plaintext(name: &str) -> bool {
    PLAINTEXT_STEMS.iter().any(|stem| name.contains(stem))
}

fn is_ciphertext(name: &str) -> bool {
    !is_plaintext(name) && CIPHERTEXT_STEMS.iter().any(|stem| name.contains(stem))
}

/// The places of the columns that are called keys and are neither of the two sides.
pub(super) fn keys_by_words(names: &[&str], sides: [usize; 2]) -> Vec<usize> {
    let is_key = |name: &str| {
        let name = simple(name);
        let before = name.strip_suffix("key");
        let after = name.strip_prefix("key");
        KEY.contains(&name.as_str())
            || before.is_some_and(|word| BEFORE_KEY.contains(&word))
            || after.is_some_and(|word| AFTER_KEY.contains(&word))
    };
    let names = names.iter().enumerate();
    let keys = names.filter(|(place, name)| !sides.contains(place) && is_key(name));
    keys.map(|(place, _)| place).collect()
}

/// Which of two columns is the ciphertext and which the plaintext, where both are called something
/// that only plaintexts are called: the one that comes first in its list is the plaintext.
pub(super) fn by_plaintext_words(names: &[&str]) -> Option<(usize, usize)> {
    let [one, other] = names else { return None };
    let rank = |name: &str| PLAINTEXT.iter().position(|word| *word == simple(name));
    let (one, other) = (rank(one)?, rank(other)?);
    Some(if one < other { (1, 0) } else { (0, 1) })
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

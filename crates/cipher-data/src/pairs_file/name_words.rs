//! What people call the columns of the two sides, and of keys, in several languages.

/// What people call a column of ciphertexts, without spaces and signs.
pub(super) const CIPHERTEXT: [&str; 22] = [
    "ciphertext",
    "ciphertexts",
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
    "coded",
    "codetext",
    "ct",
    "enc",
    "geheimtext",
    "chiffrat",
    "chiffretext",
    "cifrado",
    "cifrato",
];
/// What may be such a column if no other is. Beside ciphertexts, a secret is a key.
pub(super) const MAYBE_CIPHERTEXT: [&str; 10] = [
    "cipher", "code", "chiffre", "source", "src", "input", "in", "x", "from", "secret",
];
/// What people call a column of plaintexts, without spaces and signs.
pub(super) const PLAINTEXT: [&str; 23] = [
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
    "pt",
    "dec",
    "klartext",
    "clair",
    "texteclair",
    "textoclaro",
    "claro",
    "chiaro",
    "translation",
];
/// What may be such a column if no other is.
pub(super) const MAYBE_PLAINTEXT: [&str; 12] = [
    "answer",
    "meaning",
    "transcription",
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
pub(super) const KEY: [&str; 18] = [
    "key",
    "passkey",
    "password",
    "passphrase",
    "secret",
    "shift",
    "offset",
    "rot",
    "rotation",
    "codeword",
    "cle",
    "motcle",
    "motdepasse",
    "parola",
    "senha",
    "wachtwoord",
    "nyckel",
    "пароль",
];
/// What such names begin or end with in other languages, as `palabra clave` does.
pub(super) const KEY_STEMS: [&str; 18] = [
    "schlüssel",
    "schluessel",
    "passwort",
    "kennwort",
    "codewort",
    "losung",
    "verschiebung",
    "clé",
    "clef",
    "décalage",
    "clave",
    "llave",
    "contraseña",
    "desplazamiento",
    "chiave",
    "chave",
    "sleutel",
    "ключ",
];
pub(super) const BEFORE_KEY: [&str; 9] = [
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
pub(super) const AFTER_KEY: [&str; 9] = [
    "s", "word", "words", "phrase", "text", "string", "letter", "letters", "used",
];

/// What such names begin with or have in them, in several languages. Those of plaintexts come first:
/// to decipher has cipher in it.
pub(super) const PLAINTEXT_STEMS: [&str; 18] = [
    "plain",
    "plano",
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
    "расшифр",
    "ontsleut",
];
/// Such names of messages, which are of plaintexts unless they say otherwise, as `message chiffré` does.
pub(super) const MESSAGE_STEMS: [&str; 5] = ["mensaje", "messag", "msg", "nachricht", "сообщени"];
pub(super) const CIPHERTEXT_STEMS: [&str; 12] = [
    "cipher", "cypher", "crypt", "cript", "cifr", "chiffr", "geheim", "verschl", "шифр", "şifre",
    "cijfer", "versleut",
];

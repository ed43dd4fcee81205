//! Helpers for the tests of all ciphers.

use crate::{Alphabet, Cipher, Outside};

/// `A`-`Z`, without any other symbol.
pub fn letters() -> Alphabet {
    Alphabet::new("ABCDEFGHIJKLMNOPQRSTUVWXYZ", Outside::Reject).unwrap()
}

/// Checks one message in both directions.
#[track_caller]
pub fn assert_encrypts(cipher: &dyn Cipher, alphabet: &Alphabet, plain: &str, encrypted: &str) {
    let plaintext = alphabet.encode(plain).unwrap().ids;
    let ciphertext = alphabet.encode(encrypted).unwrap().ids;
    assert_eq!(alphabet.decode(&cipher.encrypt(&plaintext)), encrypted);
    assert_eq!(alphabet.decode(&cipher.decrypt(&ciphertext)), plain);
}

//! One search: a random key of a kind, pairs of it, and whether what is found decrypts other messages.

use cipher_data::{Changed, TextCipher, TextCipherConfig, TextPair, find_keys};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use crate::keys::{Kind, message};

/// Messages that a key which was found must decrypt.
const N_OTHERS: usize = 10;

/// Whether the first key that is found is certain, and right wherever it says something.
pub fn is_found(kind: &Kind, (n_pairs, length): (usize, usize), seed: u64) -> bool {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let key = (kind.key)(&mut rng);
    let toml = match key.starts_with("[alphabet]") {
        true => key,
        false => format!(
            "[alphabet]\nsymbols = '{}'\noutside = 'reject'\n{key}",
            kind.alphabet
        ),
    };
    let config: TextCipherConfig = toml::from_str(&toml).expect("a config");
    let cipher = config.init().expect("a key of the kind");
    let mut pair = || encrypted(&cipher, &message(&mut rng, kind.alphabet, length));
    let texts: Vec<[String; 2]> = (0..n_pairs).map(|_| pair()).collect();
    let keys = find_keys(&pairs_of(&texts));
    let Some(found) = keys.first().filter(|key| key.is_certain()) else {
        return false;
    };
    (0..N_OTHERS).all(|_| {
        let [ciphertext, plaintext] = pair();
        let answer = found.decrypt(&ciphertext).map(|Changed { text, .. }| text);
        is_right(&answer.unwrap_or_default(), &plaintext)
    })
}

/// The texts as pairs.
pub fn pairs_of(texts: &[[String; 2]]) -> Vec<TextPair<'_>> {
    let pairs = texts.iter().map(|[ciphertext, plaintext]| TextPair {
        ciphertext,
        plaintext,
    });
    pairs.collect()
}

/// Whether an answer is right except where it says that it does not know.
fn is_right(answer: &str, plaintext: &str) -> bool {
    let same_length = answer.chars().count() == plaintext.chars().count();
    let mut both = answer.chars().zip(plaintext.chars());
    same_length && both.all(|(answer, right)| answer == '?' || answer == right)
}

fn encrypted(cipher: &TextCipher, plaintext: &str) -> [String; 2] {
    let ciphertext = cipher
        .encrypt(plaintext)
        .expect("a message of the alphabet")
        .text;
    let ids = cipher
        .plaintext
        .encode(plaintext)
        .expect("a message of the alphabet")
        .ids;
    [
        ciphertext,
        cipher.plaintext.decode(&cipher.cipher.padded(&ids)),
    ]
}

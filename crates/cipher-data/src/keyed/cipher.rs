use std::collections::HashMap;

use rand::{Rng, RngExt};

use super::key_set::once;
use super::{FEWEST_KEYS_TO_HOLD_OUT, KeySet};
use crate::split::hash;
use crate::{Alphabet, Cipher, CipherConfig, DataError, LengthRange, Outside, SymbolId};

/// A cipher without its key, which is another for each message.
#[derive(Debug, Clone)]
pub struct KeyedCipher {
    /// The cipher under any key.
    cipher: CipherConfig,
    plaintext: Alphabet,
    keys: Alphabet,
    /// For each symbol of a key the first one that enciphers as it does, as `A` for `B` under Porta.
    first_alike: Vec<SymbolId>,
    lengths: LengthRange,
}

/// Draws after which a set of keys counts as empty. With one key in sixteen, the chance that this many
/// draws miss a set that is not empty is (15/16)^4096.
const MAX_DRAWS: usize = 4096;

impl KeyedCipher {
    /// The longest key that can be drawn, in symbols.
    pub const MAX_KEY: usize = 64;

    /// A cipher over an alphabet, with random keys of these lengths. The key that `cipher` has is
    /// not used. The key of an Enigma is the letters in the windows of its last rotors; the other
    /// rotors start as `cipher` says.
    ///
    /// # Errors
    ///
    /// [`DataError::NoDrawnKeys`] for a cipher whose keys are not such words; [`DataError::Key`]
    /// where it has none of such a length; those of the cipher.
    pub fn new(
        cipher: CipherConfig,
        plaintext: &Alphabet,
        lengths: LengthRange,
    ) -> Result<Self, DataError> {
        let keys = match &cipher {
            CipherConfig::Gronsfeld { .. } => Alphabet::new("0123456789", Outside::Reject)?,
            _ => plaintext.clone(),
        };
        let mut keyed = Self {
            cipher,
            plaintext: plaintext.clone(),
            first_alike: (0..keys.len() as SymbolId).collect(),
            keys,
            lengths,
        };
        for length in [lengths.min(), lengths.max()] {
            if length > Self::MAX_KEY {
                return Err(DataError::KeyLength {
                    length,
                    max: Self::MAX_KEY,
                });
            }
            keyed.with_key(&vec![0; length])?;
        }
        keyed.first_alike = keyed.find_first_alike()?;
        Ok(keyed)
    }

    /// For each symbol of a key the first that enciphers every symbol as it does, where a key of one symbol
    /// can tell.
    fn find_first_alike(&self) -> Result<Vec<SymbolId>, DataError> {
        let all = 0..self.keys.len() as SymbolId;
        if self.with_key(&[0]).is_err() {
            return Ok(all.collect());
        }
        let symbols: Vec<SymbolId> = (0..self.plaintext.len() as SymbolId).collect();
        let mut firsts = HashMap::new();
        let first = |id| {
            let encrypted = self.with_key(&[id])?.encrypt(&symbols);
            Ok(*firsts.entry(hash("alike", &encrypted)).or_insert(id))
        };
        all.map(first).collect()
    }

    /// A key in the first of the symbols that encipher alike.
    pub fn in_first_alike(&self, key: &[SymbolId]) -> Vec<SymbolId> {
        let first = |id: &SymbolId| self.first_alike.get(usize::from(*id)).copied();
        key.iter().filter_map(first).collect()
    }

    /// The symbols of keys.
    pub fn key_alphabet(&self) -> &Alphabet {
        &self.keys
    }

    /// The lengths of the keys that are drawn.
    pub fn key_lengths(&self) -> LengthRange {
        self.lengths
    }

    /// Whether keys of the longest length are held out. There are too few of one length below
    /// a thousand: training has them all, or it would learn which ones there never are.
    pub fn holds_keys_out(&self) -> bool {
        self.are_enough(self.lengths.max())
    }

    fn is_blank(&self, key: &[SymbolId]) -> bool {
        let mut symbols = key.iter().map(|id| self.keys.symbol(*id));
        symbols.all(|symbol| symbol.trim().is_empty())
    }

    /// Whether there are enough keys of a length to hold some out.
    fn are_enough(&self, length: usize) -> bool {
        let n_different = (0..)
            .zip(&self.first_alike)
            .filter(|(id, first)| id == *first)
            .count();
        (n_different as f64).powi(length as i32) >= FEWEST_KEYS_TO_HOLD_OUT as f64
    }

    /// A random key of a set: each length is as likely as another, and so is each symbol. In training, every
    /// second length is the longer of two: the last symbols of long keys are learned last. Where there are
    /// too few of a length, they are in all sets. Keys that encipher alike are in the same set.
    ///
    /// # Errors
    ///
    /// [`DataError::TooFewKeys`] when the set has none.
    pub fn draw(&self, set: KeySet, rng: &mut impl Rng) -> Result<Vec<SymbolId>, DataError> {
        // Once: drawn again with each key, it would mostly be one whose keys are in all sets.
        let mut length = self.lengths.draw(rng);
        if set == KeySet::Training && rng.random() {
            length = length.max(self.lengths.draw(rng));
        }
        for _ in 0..MAX_DRAWS {
            let key: Vec<SymbolId> = (0..length)
                .map(|_| rng.random_range(0..self.keys.len() as u32) as SymbolId)
                .collect();
            if self.is_blank(&key) {
                continue; // Nobody could read it in a file, nor type it.
            }
            let in_first = self.in_first_alike(&key);
            if !self.are_enough(once(&in_first).len()) || KeySet::of(&in_first) == set {
                return Ok(key);
            }
        }
        Err(DataError::TooFewKeys)
    }

    /// The cipher with a key.
    ///
    /// # Errors
    ///
    /// See [`Self::new`].
    pub fn with_key(&self, key: &[SymbolId]) -> Result<Box<dyn Cipher>, DataError> {
        self.config_with_key(key)?.init(&self.plaintext)
    }

    /// The config of the cipher with a key.
    ///
    /// # Errors
    ///
    /// See [`Self::new`].
    pub fn config_with_key(&self, key: &[SymbolId]) -> Result<CipherConfig, DataError> {
        let text = self.keys.decode(key);
        let mut cipher = self.cipher.clone();
        match &mut cipher {
            CipherConfig::Caesar { key: shift } => match *key {
                [symbol] => *shift = symbol.into(),
                _ => {
                    return Err(not_of_length(
                        "caesar",
                        "one symbol, as in { length = 1 }",
                        key.len(),
                    ));
                }
            },
            CipherConfig::Vigenere { key }
            | CipherConfig::Beaufort { key }
            | CipherConfig::VariantBeaufort { key }
            | CipherConfig::Gronsfeld { key }
            | CipherConfig::Porta { key, .. }
            | CipherConfig::Autokey { key, .. }
            | CipherConfig::ProgressiveKey { key, .. }
            | CipherConfig::Quagmire { key, .. } => *key = text,
            CipherConfig::Enigma(enigma) => {
                let fixed = enigma.start.chars().count().checked_sub(key.len());
                let Some(fixed) = fixed else {
                    let n_rotors = enigma.start.chars().count();
                    let needed = format!("at most {n_rotors} letters, one for each rotor");
                    return Err(not_of_length("enigma", &needed, key.len()));
                };
                enigma.start = enigma.start.chars().take(fixed).collect::<String>() + &text;
            }
            _ => return Err(DataError::NoDrawnKeys(self.cipher.title())),
        }
        Ok(cipher)
    }
}

fn not_of_length(cipher: &'static str, needed: &str, length: usize) -> DataError {
    DataError::Key {
        cipher,
        field: "key",
        reason: format!("it has {length} symbols and should be {needed}"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::streams::{self, ChaCha8Rng};

    fn keyed(cipher: CipherConfig, min: usize, max: usize) -> Result<KeyedCipher, DataError> {
        let letters = Alphabet::new("ABCDEFGHIJKLMNOPQRSTUVWXYZ", Outside::Keep).unwrap();
        KeyedCipher::new(cipher, &letters, LengthRange::new(min, max).unwrap())
    }

    fn vigenere() -> CipherConfig {
        CipherConfig::Vigenere { key: String::new() }
    }

    fn rng() -> ChaCha8Rng {
        streams::weights(5)
    }

    #[test]
    fn a_drawn_key_makes_the_cipher_that_a_config_with_its_text_makes() {
        let keyed = keyed(vigenere(), 1, 6).unwrap();
        let key = keyed.draw(KeySet::Test, &mut rng()).unwrap();
        let config = CipherConfig::Vigenere {
            key: keyed.key_alphabet().decode(&key),
        };
        let expected = config.init(keyed.key_alphabet()).unwrap();
        let message: Vec<SymbolId> = (0..26).collect();
        let found = keyed.with_key(&key).unwrap().encrypt(&message);
        assert_eq!(found, expected.encrypt(&message));
    }

    #[test]
    fn keys_have_every_length_and_are_of_their_set() {
        let keyed = keyed(vigenere(), 2, 6).unwrap();
        let mut rng = rng();
        let mut counts = [0; 7];
        for _ in 0..1000 {
            let key = keyed.draw(KeySet::Validation, &mut rng).unwrap();
            // There are 676 of two letters, and 26 letters that such keys repeat.
            if once(&key).len() > 2 {
                assert_eq!(KeySet::of(&key), KeySet::Validation);
            }
            counts[key.len()] += 1;
        }
        // 200 expected; 5 standard deviations are 63.
        assert_eq!(counts[..2], [0, 0]);
        assert!(
            counts[2..].iter().all(|n| (137..263).contains(n)),
            "{counts:?}"
        );
    }

    #[test]
    fn keys_that_encipher_alike_are_in_one_set() {
        // Under a Porta cipher, so do A and B, C and D, and all other pairs of letters.
        let key = String::new();
        let table = Default::default();
        let porta = keyed(CipherConfig::Porta { key, table }, 3, 3).unwrap();
        let mut rng = rng();
        let mut draw = |set| {
            let keys = (0..3000).map(|_| porta.draw(set, &mut rng).unwrap());
            let message = vec![0; 3];
            keys.map(|key| porta.with_key(&key).unwrap().encrypt(&message))
                .collect::<BTreeSet<_>>()
        };
        let [training, test] = [KeySet::Training, KeySet::Test].map(&mut draw);
        assert!(training.len() > 1000 && test.len() > 50);
        let n_shared = training.intersection(&test).count();
        // Keys of one letter that is repeated are in all sets: there are 13.
        assert!(n_shared <= 13, "{n_shared}");
    }

    #[test]
    fn no_key_is_of_spaces_alone() {
        let alphabet = Alphabet::new("A ", Outside::Keep).unwrap();
        let lengths = LengthRange::new(1, 2).unwrap();
        let keyed = KeyedCipher::new(vigenere(), &alphabet, lengths).unwrap();
        let mut rng = rng();
        let keys = (0..200).map(|_| keyed.draw(KeySet::Training, &mut rng).unwrap());
        let keys: BTreeSet<String> = keys.map(|key| alphabet.decode(&key)).collect();
        assert_eq!(keys, ["A", "AA", "A ", " A"].map(String::from).into());
    }

    #[test]
    fn in_training_every_second_length_is_the_longer_of_two() {
        let keyed = keyed(vigenere(), 1, 5).unwrap();
        let mut rng = rng();
        let mut counts = [0_i32; 6];
        for _ in 0..5000 {
            let key = keyed.draw(KeySet::Training, &mut rng).unwrap();
            counts[key.len()] += 1;
        }
        // One draw gives each length in 1 case of 5; the longer of two is `n` in 2n - 1 cases of 25.
        let expected = |n: i32| 2500 / 5 + 2500 * (2 * n - 1) / 25;
        for n in 1..=5 {
            let off = counts[n as usize] - expected(n);
            assert!(off.abs() < 5 * 34, "{counts:?}");
        }
    }

    #[test]
    fn of_few_keys_training_has_all() {
        let caesar = keyed(CipherConfig::Caesar { key: 0 }, 1, 1).unwrap();
        assert!(!caesar.holds_keys_out());
        let mut rng = rng();
        let keys = (0..1000).map(|_| caesar.draw(KeySet::Training, &mut rng).unwrap()[0]);
        assert_eq!(keys.collect::<BTreeSet<_>>().len(), 26);
    }

    #[test]
    fn a_key_that_the_cipher_cannot_have_is_refused() {
        let error = |cipher, min, max| keyed(cipher, min, max).unwrap_err().to_string();
        let found = error(CipherConfig::Caesar { key: 0 }, 1, 2);
        assert!(found.contains("should be one symbol"), "{found}");
        let found = error(CipherConfig::Morse {}, 1, 1);
        assert!(found.contains("Morse"), "{found}");
        let found = error(vigenere(), 1, 65);
        assert!(found.contains("64"), "{found}");
    }
}

use std::iter::repeat_n;
use std::sync::Arc;

use burn::data::dataset::{Dataset, DatasetError};

use super::KeyedCipher;
use crate::{Alphabet, DataError, Outside, Pair, PairSource, SymbolId};

/// Known plaintext: the network reads a ciphertext beside its plaintext, and names the key.
///
/// After the message it is asked for the key, a symbol at a time, until it answers [`Self::END`]. So this is a
/// network that is told something beside the ciphertext, as one with an aligned key is: the plaintext
/// instead of the key.
#[derive(Debug, Clone)]
pub struct KeyRecovery {
    cipher: Arc<KeyedCipher>,
    ciphertext: Alphabet,
    plaintext: Alphabet,
    answers: Alphabet,
}

impl KeyRecovery {
    /// Stands on both sides of a message where the network is asked for a symbol of the key.
    pub const ASK: &str = "□";
    /// The answer after the last symbol of the key.
    pub const END: &str = "■";

    /// The keys of a cipher, between ciphertexts and plaintexts over these alphabets.
    ///
    /// # Errors
    ///
    /// When an alphabet has [`Self::ASK`] or [`Self::END`] already, or no place for it; those of the cipher.
    pub fn new(
        cipher: Arc<KeyedCipher>,
        ciphertext: &Alphabet,
        plaintext: &Alphabet,
    ) -> Result<Self, DataError> {
        Ok(Self {
            ciphertext: with_symbol(ciphertext, Self::ASK)?,
            plaintext: with_symbol(plaintext, Self::ASK)?,
            answers: with_symbol(cipher.key_alphabet(), Self::END)?,
            cipher,
        })
    }

    /// What the network reads of ciphertexts.
    pub fn ciphertext_alphabet(&self) -> &Alphabet {
        &self.ciphertext
    }

    /// What the network is told beside them.
    pub fn plaintext_alphabet(&self) -> &Alphabet {
        &self.plaintext
    }

    /// What it answers.
    pub fn answers(&self) -> &Alphabet {
        &self.answers
    }

    /// A side of a message over an alphabet that ends with [`Self::ASK`], followed by as many of them as the
    /// longest key has symbols, and one for [`Self::END`].
    pub fn asked(
        mut side: Vec<SymbolId>,
        alphabet: &Alphabet,
        longest_key: usize,
    ) -> Vec<SymbolId> {
        let ask = alphabet.len() as SymbolId - 1;
        side.extend(repeat_n(ask, longest_key + 1));
        side
    }

    /// What the network reads of a pair, and answers to it: the shortest key that explains the pair, in the
    /// first of the symbols that encipher alike. No answer counts while it reads the message.
    ///
    /// # Errors
    ///
    /// Those of the cipher.
    pub fn question(&self, pair: &Pair) -> Result<Pair, DataError> {
        let longest_key = self.cipher.key_lengths().max();
        let asked = |side: &[SymbolId], alphabet| Self::asked(side.to_vec(), alphabet, longest_key);
        let ciphertext = asked(pair.ciphertext(), &self.ciphertext);
        let plaintext = asked(pair.plaintext(), &self.plaintext);
        let not_asked = self.answers.len() as SymbolId;
        let mut answers = vec![not_asked; pair.len()];
        answers.extend(self.shortest(pair)?);
        answers.push(not_asked - 1);
        answers.resize(ciphertext.len(), not_asked);
        Ok(Pair::new(ciphertext, answers)?.with_key(plaintext))
    }

    /// The shortest key that gives a pair.
    fn shortest(&self, pair: &Pair) -> Result<Vec<SymbolId>, DataError> {
        let key = self.cipher.in_first_alike(pair.key());
        for length in self.cipher.key_lengths().min()..key.len() {
            let candidate = key.get(..length).unwrap_or_default();
            if self.cipher.with_key(candidate)?.encrypt(pair.plaintext()) == pair.ciphertext() {
                return Ok(candidate.to_vec());
            }
        }
        Ok(key)
    }

    /// The questions of all pairs of a source.
    pub fn questions(self: &Arc<Self>, source: Arc<dyn PairSource>) -> Arc<dyn PairSource> {
        Arc::new(Questions {
            source,
            recovery: self.clone(),
        })
    }
}

/// The alphabet with one more symbol at its end. Others cannot be folded into it.
fn with_symbol(alphabet: &Alphabet, symbol: &'static str) -> Result<Alphabet, DataError> {
    if alphabet.id(symbol).is_some() {
        return Err(DataError::Reserved(symbol));
    }
    let symbols = alphabet.symbols().iter().cloned();
    let symbols = symbols.chain([symbol.into()]).collect::<Vec<String>>();
    let outside = match alphabet.outside() {
        Outside::Keep => Outside::Keep,
        _ => Outside::Reject,
    };
    Alphabet::of_reading(alphabet.reading().clone(), symbols, outside)
}

/// A source of pairs as questions for their keys.
struct Questions {
    source: Arc<dyn PairSource>,
    recovery: Arc<KeyRecovery>,
}

impl PairSource for Questions {
    fn pairs_at(&self, epoch: u64) -> Arc<dyn Dataset<Pair>> {
        Arc::new(QuestionsOfEpoch {
            pairs: self.source.pairs_at(epoch),
            recovery: self.recovery.clone(),
        })
    }
}

struct QuestionsOfEpoch {
    pairs: Arc<dyn Dataset<Pair>>,
    recovery: Arc<KeyRecovery>,
}

impl Dataset<Pair> for QuestionsOfEpoch {
    fn get(&self, index: usize) -> Result<Pair, DatasetError> {
        let pair = self.pairs.get(index)?;
        self.recovery.question(&pair).map_err(DatasetError::new)
    }

    fn len(&self) -> usize {
        self.pairs.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CipherConfig, LengthRange};

    fn letters() -> Alphabet {
        Alphabet::new("ABCDEFGHIJKLMNOPQRSTUVWXYZ", Outside::Reject).unwrap()
    }

    /// The key that the network should answer to a text under a key of at most 6 letters.
    fn answer(cipher: CipherConfig, key: &str, text: &str) -> String {
        let letters = letters();
        let lengths = LengthRange::new(1, 6).unwrap();
        let cipher = Arc::new(KeyedCipher::new(cipher, &letters, lengths).unwrap());
        let recovery = KeyRecovery::new(cipher.clone(), &letters, &letters).unwrap();
        let ids = |text: &str| letters.encode(text).unwrap().ids;
        let plaintext = ids(text);
        let ciphertext = cipher.with_key(&ids(key)).unwrap().encrypt(&plaintext);
        let pair = Pair::new(ciphertext, plaintext).unwrap().with_key(ids(key));
        let question = recovery.question(&pair).unwrap();
        assert_eq!(question.len(), text.len() + 7);
        assert_eq!(question.key().len(), question.len());
        assert_eq!(question.key()[text.len()..], [26; 7]);
        assert_eq!(question.ciphertext()[text.len()..], [26; 7]);
        let (during, after) = question.plaintext().split_at(text.len());
        assert!(
            during.iter().all(|&id| id == 27),
            "asked during the message"
        );
        let answers = after.iter().take_while(|&&id| id < 27).copied();
        recovery.answers().decode(&answers.collect::<Vec<_>>())
    }

    #[test]
    fn the_answer_is_the_shortest_key_that_explains_the_pair() {
        let vigenere = || CipherConfig::Vigenere { key: String::new() };
        let answer = |key, text| answer(vigenere(), key, text);
        let end = KeyRecovery::END;
        assert_eq!(answer("LEMON", "ATTACKATDAWN"), format!("LEMON{end}"));
        assert_eq!(answer("ABAB", "ATTACKATDAWN"), format!("AB{end}"));
        // Four letters do not show the fifth of the key.
        assert_eq!(answer("LEMON", "ATTA"), format!("LEMO{end}"));
    }

    #[test]
    fn of_symbols_that_encipher_alike_the_answer_is_the_first() {
        let porta = CipherConfig::Porta {
            key: "A".into(),
            table: Default::default(),
        };
        // Each two letters of a Porta key are the same.
        let end = KeyRecovery::END;
        assert_eq!(answer(porta, "BADE", "ATTACKATDAWN"), format!("AACE{end}"));
    }
}

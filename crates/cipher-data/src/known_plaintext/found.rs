use serde::{Deserialize, Serialize};

use super::TextPair;
use super::answered::evidence;
use super::conventions::Convention;
use super::evidence::Evidence;
use super::kinds::Candidate;
use crate::{
    Alphabet, Changed, CipherConfig, DataError, NO_SYMBOL, Others, Outside, Score, SymbolId,
    SymbolUnit, TextCipher, TextCipherConfig, n_unread_signs,
};

/// A key counts as certain from this many bits of evidence on: one random file in a million would show
/// as much.
const MIN_BITS: f64 = 20.0;
/// The bits of the choice between kinds of ciphers and ways to read the texts.
const CHOICE_BITS: f64 = 8.0;
/// A key must explain this share of the symbols: transcriptions have errors.
pub(super) const MIN_RIGHT: f64 = 0.9;

/// A cipher with a key that explains pairs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FoundKey {
    /// The cipher, its key, and how its texts are read.
    pub texts: TextCipherConfig,
    /// What the pairs leave open, such as letters that never occur.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unseen: Vec<String>,
    /// Symbols that the alphabet lacks and that stay where they are in the pairs, besides white space and
    /// punctuation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passing: Vec<String>,
    /// Whether a `?` or `*` inside a word stays where it is, as it does in the pairs. Otherwise it stands for a letter
    /// that nobody could read.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub keeps_signs: bool,
    /// Other names and keys of the same cipher.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// The first pairs that the key does not explain, counted from 0.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wrong_pairs: Vec<usize>,
    /// The symbols of the pairs.
    pub n_symbols: usize,
    /// How many of them the key explains.
    pub n_right: usize,
    /// The pairs.
    pub n_pairs: usize,
    /// How many of them the key explains altogether.
    pub n_right_pairs: usize,
    /// Symbols that confirm the key, besides those that it takes to find it.
    pub n_confirming: usize,
    /// The evidence in bits: a random file shows `b` bits with a probability of 2^-b at most.
    pub bits: f64,
    /// The symbols that are still needed to be certain.
    pub n_missing: usize,
    /// Where in the ciphertext the plaintext begins, in bytes, if it is a part of a longer text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<usize>,
    /// The bits that it takes to choose the key, and for each symbol that it does not explain.
    pub cost: f64,
}

impl FoundKey {
    /// Lets a candidate decrypt the pairs. Nothing if it is no key or does not explain them.
    pub(super) fn judge(
        pairs: &[TextPair<'_>],
        convention: &Convention,
        candidate: Candidate,
    ) -> Option<Self> {
        let texts = TextCipherConfig {
            alternative: candidate.alternative,
            ..convention.with(candidate.cipher)
        };
        let mut cipher = texts.init().ok()?;
        if convention.n_unread > 0 {
            cipher = with_unread_signs(cipher);
        }
        let (evidence, wrong_pairs, left_out) = evidence(pairs, &cipher)?;
        let moves_symbols = texts.cipher.moves_symbols();
        let bits_per_symbol = if moves_symbols {
            evidence.bits_per_symbol * evidence.anagram_share
        } else {
            evidence.bits_per_symbol
        };
        let evidence = Evidence {
            bits_per_symbol,
            ..evidence
        };
        let key_bits = candidate.key_bits + CHOICE_BITS + left_out.bits(pairs.len());
        let bits = evidence.bits(key_bits);
        let n_wrong = evidence.n_symbols - evidence.n_right;
        let is_explained = evidence.n_right as f64 >= MIN_RIGHT * evidence.n_symbols as f64;
        // Every key with as much freedom as there are symbols explains them.
        let has_support = bits + CHOICE_BITS > 0.0 && (bits > 0.0 || n_wrong == 0);
        if !is_explained || !has_support {
            return None;
        }
        let in_symbols = |bits: f64| (bits / bits_per_symbol).max(0.0);
        Some(Self {
            texts,
            unseen: sorted(candidate.unseen),
            passing: Vec::new(),
            keeps_signs: false,
            also: Vec::new(),
            wrong_pairs,
            n_symbols: evidence.n_symbols,
            n_right: evidence.n_right,
            n_pairs: evidence.n_pairs,
            n_right_pairs: evidence.n_right_pairs,
            n_confirming: in_symbols(bits + CHOICE_BITS).floor() as usize,
            bits,
            n_missing: in_symbols(MIN_BITS - bits).ceil() as usize,
            place: None,
            cost: candidate.key_bits
                + convention.bits()
                + (n_wrong + left_out.n_symbols) as f64 * BITS_OF_AN_ERROR,
        })
    }

    /// Whether a random file would hardly ever fit as well.
    pub fn is_certain(&self) -> bool {
        self.bits >= MIN_BITS
    }

    /// What the key gets right of pairs. What it leaves open is wrong, and so are texts that it cannot
    /// read.
    ///
    /// # Errors
    ///
    /// As [`Self::init`].
    pub fn score<'a>(
        &self,
        pairs: impl IntoIterator<Item = TextPair<'a>>,
    ) -> Result<Score, DataError> {
        self.score_where(pairs, |_| true)
    }

    /// As [`Self::score`], of the places that the key does not leave open: there it says that it does not know.
    ///
    /// # Errors
    ///
    /// As [`Self::init`].
    pub fn score_of_answers<'a>(
        &self,
        pairs: impl IntoIterator<Item = TextPair<'a>>,
    ) -> Result<Score, DataError> {
        self.score_where(pairs, |answer| answer != NO_SYMBOL)
    }

    fn score_where<'a>(
        &self,
        pairs: impl IntoIterator<Item = TextPair<'a>>,
        is_asked: impl Fn(SymbolId) -> bool,
    ) -> Result<Score, DataError> {
        let cipher = self.init()?;
        let scores = pairs.into_iter().map(|pair| {
            let plaintext = cipher.plaintext.encode(pair.plaintext);
            let plaintext = plaintext.map(|plain| cipher.cipher.padded(&plain.ids));
            let answer = cipher.ciphertext.encode(pair.ciphertext);
            let answer = answer.and_then(|encrypted| cipher.decrypt_ids(&encrypted.ids));
            let (mut answer, mut plaintext) =
                (answer.unwrap_or_default(), plaintext.unwrap_or_default());
            let mut asked = answer.clone().into_iter().map(&is_asked);
            plaintext.retain(|_| asked.next().unwrap_or(true));
            answer.retain(|&id| is_asked(id));
            Score::of_answer(&answer, &plaintext)
        });
        Ok(scores.collect::<Vec<_>>().iter().sum())
    }

    /// Decrypts a text. What the key leaves open is unknown.
    ///
    /// # Errors
    ///
    /// As [`Self::init`], and those of [`TextCipher::decrypt`].
    pub fn decrypt(&self, ciphertext: &str) -> Result<Changed, DataError> {
        self.init()?.decrypt(ciphertext)
    }

    /// The cipher between texts.
    ///
    /// A letter that neither the alphabet nor the pairs have is unknown, although the config of the texts
    /// would keep it ([`Outside::Keep`]): it was written in another form, or nobody could read it, and a
    /// key that moves along the text moves past it.
    ///
    /// # Errors
    ///
    /// Those of the alphabets and of the key, where the value was read from a damaged file.
    pub fn init(&self) -> Result<TextCipher, DataError> {
        let mut texts = self.texts.clone();
        if texts.alphabet.outside == Outside::Keep {
            texts.alphabet.outside = Outside::Mark;
        }
        let cipher = texts.init()?;
        let [plaintext, ciphertext] = [cipher.plaintext, cipher.ciphertext]
            .map(|alphabet| alphabet.with_passing(self.passing.iter().cloned()))
            .map(Alphabet::with_passing_digits);
        let cipher = TextCipher {
            plaintext,
            ciphertext,
            ..cipher
        };
        let passes = texts.alphabet.reading.others == Others::Pass;
        Ok(match passes && !self.keeps_signs {
            true => with_unread_signs(cipher),
            false => cipher,
        })
    }

    /// Notes which symbols of the pairs stay where they are.
    pub(super) fn with_passing(mut self, pairs: &[TextPair<'_>]) -> Result<Self, DataError> {
        self.keeps_signs = pairs.iter().any(|pair| {
            let [encrypted, plain] = [pair.ciphertext, pair.plaintext].map(n_unread_signs);
            encrypted > 0 && encrypted == plain
        });
        if self.texts.alphabet.outside != Outside::Keep {
            return Ok(self);
        }
        let marking = self.init()?.ciphertext;
        let mut passing = Vec::new();
        for pair in pairs {
            let unknown = marking.encode(pair.ciphertext)?.unknown.into_iter();
            let symbols = unknown.map(|unknown| unknown.symbol);
            passing.extend(symbols.filter(|symbol| pair.plaintext.contains(symbol)));
        }
        self.passing = sorted(passing);
        Ok(self)
    }
}

/// The cipher between texts in which signs stand for letters that nobody could read.
fn with_unread_signs(cipher: TextCipher) -> TextCipher {
    TextCipher {
        plaintext: cipher.plaintext.with_unread_signs(),
        ciphertext: cipher.ciphertext.with_unread_signs(),
        ..cipher
    }
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort();
    names.dedup();
    names
}

/// The keys, those that are certain first, and among these the simplest first. Where one is certain, the
/// others stay only if they are about as simple: a kind with more freedom explains what a simpler one does.
/// Keys of the same cipher become one with several names.
pub(super) fn ranked(mut found: Vec<FoundKey>) -> Vec<FoundKey> {
    found.sort_by(|one, other| {
        let by_certainty = other.is_certain().cmp(&one.is_certain());
        by_certainty.then(one.cost.total_cmp(&other.cost))
    });
    let mut ranked: Vec<FoundKey> = Vec::new();
    for key in found {
        if ranked
            .iter()
            .any(|one| one.texts.cipher == key.texts.cipher)
        {
            continue;
        }
        if let Some(same) = ranked.iter_mut().find(|one| one.is_same_cipher(&key)) {
            if same.also.len() < MAX_ALSO && !key.texts.cipher.is_general() {
                let name = key.name();
                if name != same.name() {
                    same.also.push(name);
                }
            }
            continue;
        }
        let is_behind = ranked.first().is_some_and(|best| {
            let is_less_certain = best.is_certain() && !key.is_certain();
            is_less_certain || key.cost - best.cost > MAX_BEHIND
        });
        if !is_behind {
            ranked.push(key);
        }
    }
    ranked
}

impl FoundKey {
    /// The cipher and its key in a line.
    pub fn name(&self) -> String {
        if let Some(unit) = self.only_written_otherwise() {
            return format!("no cipher: the ciphertext is the plaintext as {unit}");
        }
        match self.texts.cipher.key().as_str() {
            "" => self.texts.cipher.title().into(),
            key => format!("{}: {key}", self.texts.cipher.title()),
        }
    }

    /// How the bytes of the plaintext are written, if nothing else changes them.
    fn only_written_otherwise(&self) -> Option<SymbolUnit> {
        let (CipherConfig::Xor { key, .. } | CipherConfig::Add { key, .. }) = &self.texts.cipher
        else {
            return None;
        };
        let unit = self.texts.ciphertext.as_ref()?.symbols;
        (key.is_zero() && self.texts.alphabet.reading.symbols != unit).then_some(unit)
    }

    /// Whether another key decrypts everything in the same way, as far as a long text shows.
    fn is_same_cipher(&self, other: &Self) -> bool {
        let (Ok(one), Ok(other)) = (self.init(), other.init()) else {
            return false;
        };
        if one.ciphertext != other.ciphertext || one.plaintext != other.plaintext {
            return false;
        }
        // Every symbol at every place of a long period: n and the period of the text have no common divisor.
        let n = one.ciphertext.len();
        let text = (0..LONG).map(|place| (place * (place / n + 1) % n) as SymbolId);
        let text: Vec<SymbolId> = text.collect();
        one.decrypt_ids(&text) == other.decrypt_ids(&text)
    }
}

/// The length of the text on which ciphers are compared, in symbols.
const LONG: usize = 4000;
/// Other names of a cipher that are given, at most.
const MAX_ALSO: usize = 3;
/// What a wrong symbol costs: its place, and what it is.
const BITS_OF_AN_ERROR: f64 = 10.0;
/// Bits that a key may be behind the simplest one to be named beside it.
const MAX_BEHIND: f64 = 6.0;

//! How the texts of a cipher may be read: the alphabets, and what happens to what they lack.

mod alphabets;
mod bytes;
mod codes;
mod one_alphabet;
mod squares;

pub(super) use alphabets::LETTERS;

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::TextPair;
use super::sample::{Message, Sample};
use crate::alphabet::mark_unread;
use crate::ciphers::of_signs;
use crate::{
    Alphabet, AlphabetConfig, CipherConfig, Encoded, Others, Outside, Reading, SymbolUnit,
    SymbolsConfig, TextCipherConfig, UnknownSymbol, n_unread_signs,
};

/// The share of pairs that must be alike for a convention to hold. The others may be damaged: one of four or
/// five lines is.
pub(super) const MIN_SHARE: f64 = 0.7;
/// What a sign that nobody could read costs: less than an error, as its place is known, and about as much as a
/// letter of its own, which a sign that is seen twice for the same letter may be.
const BITS_OF_AN_UNREAD_SIGN: f64 = 4.0;
/// Texts that conventions are found with.
const MAX_TEXTS: usize = 300;

/// Which kinds of ciphers a convention is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    /// Both sides are of one alphabet.
    OneAlphabet,
    /// Both sides have the same symbols, whose order nobody knows.
    Unordered,
    /// Both sides are of one alphabet, and what is no symbol has a place, too.
    Places,
    /// Both sides are bytes.
    Bytes,
    /// Both sides are of an alphabet that fills a square or a cube, and may be padded.
    Square,
    /// The ciphertext has signs of its own.
    Codes,
    /// As [`Self::Codes`], for codes that have no key, or nearly none.
    KnownCodes,
    /// Numbers that are sums of two.
    Sums,
    /// Pairs of the letters of ADFGVX.
    Adfgvx,
}

/// A way to read pairs.
#[derive(Debug, Clone)]
pub(super) struct Convention {
    pub family: Family,
    pub alphabet: AlphabetConfig,
    /// How ciphertexts are read, if not as plaintexts.
    pub ciphertext: Option<Reading>,
    /// The ciphertexts' symbols where they are not those of the alphabet.
    signs: Option<Vec<String>>,
    /// How many signs of the texts are taken for letters that nobody could read.
    pub n_unread: usize,
}

impl Convention {
    fn new(family: Family, alphabet: AlphabetConfig) -> Self {
        Self {
            family,
            alphabet,
            ciphertext: None,
            signs: None,
            n_unread: 0,
        }
    }

    /// The alphabets of ciphertexts and of plaintexts.
    pub fn alphabets(&self) -> Option<[Alphabet; 2]> {
        let plaintext = self.alphabet.init().ok()?;
        let ciphertext = match (&self.signs, &self.ciphertext) {
            (None, None) => plaintext.clone(),
            (Some(signs), Some(reading)) => of_signs(&plaintext, reading.clone(), signs).ok()?,
            (_, Some(reading)) => {
                let symbols = plaintext.symbols().iter().map(String::as_str);
                Alphabet::of_reading(reading.clone(), symbols, plaintext.outside()).ok()?
            }
            (Some(_), None) => return None,
        };
        let alphabets = [ciphertext, plaintext];
        Some(match self.n_unread {
            0 => alphabets,
            _ => alphabets.map(Alphabet::with_unread_signs),
        })
    }

    /// The pairs read like this; nothing if they cannot be.
    pub fn sample(&self, pairs: &[TextPair<'_>]) -> Option<Sample> {
        let [ciphertext, plaintext] = self.alphabets()?;
        let mut messages = Vec::new();
        let mut n_failed = 0;
        for pair in pairs {
            match message(pair, &ciphertext, &plaintext, self.family) {
                Some(message) if !message.ciphertext.is_empty() => messages.push(message),
                _ => n_failed += 1,
            }
        }
        let n_needed = MIN_SHARE * (messages.len() + n_failed) as f64;
        let is_read = !messages.is_empty() && messages.len() as f64 >= n_needed;
        is_read.then(|| Sample::new(plaintext, ciphertext, messages))
    }

    /// What the symbols of ciphertexts are.
    pub fn ciphertext_unit(&self) -> SymbolUnit {
        let reading = self.ciphertext.as_ref().unwrap_or(&self.alphabet.reading);
        reading.symbols
    }

    /// The bits that the convention leaves unexplained: what it leaves out of a text.
    pub fn bits(&self) -> f64 {
        let others = match self.alphabet.reading.others {
            Others::Drop => 3.0,
            Others::Pass => 0.0,
        };
        others + self.n_unread as f64 * BITS_OF_AN_UNREAD_SIGN
    }

    /// The cipher between texts that are read like this. A letter that no code stands for is left out of
    /// the alphabet: only damaged pairs have it.
    pub fn with(&self, cipher: CipherConfig) -> TextCipherConfig {
        let mut alphabet = self.alphabet.clone();
        if let (CipherConfig::CodeTable { codes, .. }, SymbolsConfig::Text(symbols)) =
            (&cipher, &mut alphabet.symbols)
        {
            symbols.retain(|symbol| codes.contains_key(&symbol.to_string()));
        }
        TextCipherConfig {
            alphabet,
            ciphertext: self.ciphertext.clone(),
            cipher,
            alternative: None,
        }
    }
}

/// A pair as ids, if its sides can be those of a cipher of the family.
fn message(
    pair: &TextPair<'_>,
    ciphertext: &Alphabet,
    plaintext: &Alphabet,
    family: Family,
) -> Option<Message> {
    let encrypted = ciphertext.encode(pair.ciphertext).ok()?;
    let plain = plaintext.encode(pair.plaintext).ok()?;
    let mut unknown = encrypted.unknown.iter().chain(&plain.unknown);
    // Signs with nothing between them are signs of letters alone.
    let is_alike = match (ciphertext.outside(), plaintext.outside()) {
        (Outside::Mark, Outside::Keep) => encrypted.passed_through == plain.passed_through,
        (Outside::Mark, _) => encrypted.passed_through.is_empty(),
        _ => true,
    };
    if !is_alike || !unknown.all(UnknownSymbol::is_lost) {
        return None;
    }
    let [n_encrypted, n_plain] = [encrypted.ids.len(), plain.ids.len()];
    let fits = match family {
        Family::Square => (n_plain..=2 * n_plain).contains(&n_encrypted),
        _ => n_encrypted == n_plain,
    };
    // A reading that leaves out much of a text explains little of it.
    let is_read = [(pair.ciphertext, n_encrypted), (pair.plaintext, n_plain)].into_iter();
    let is_read = is_read
        .zip([ciphertext, plaintext])
        .all(|((text, n), alphabet)| {
            let is_of_characters = alphabet.unit() == SymbolUnit::Character;
            let n_visible = text.chars().filter(|c| c.is_alphanumeric()).count();
            !is_of_characters
                || 4 * n_visible <= 5 * n.max(1)
                || alphabet.reading().others == Others::Pass
        });
    let kept = not_asked(&encrypted, &plain);
    (fits && is_read && encrypted.kept == plain.kept).then_some(Message {
        ciphertext: encrypted.ids,
        plaintext: plain.ids,
        kept,
    })
}

/// The places that are not asked for, in order: what is no symbol, and what nobody could read.
pub(super) fn not_asked(encrypted: &Encoded<'_>, plain: &Encoded<'_>) -> Vec<usize> {
    let unknown = encrypted.unknown.iter().chain(&plain.unknown);
    let lost = unknown.filter(|unknown| unknown.is_lost());
    let kept = encrypted.kept.iter().map(|(place, _)| *place);
    let places: BTreeSet<usize> = kept.chain(lost.map(|unknown| unknown.place)).collect();
    places.into_iter().collect()
}

/// The characters of the ciphertexts and of the plaintexts.
type Sides = [BTreeSet<char>; 2];

/// Whether both sides are of the same letters. A few that stay as they are, such as `è` among runes, do not
/// make them so.
fn share_letters(sides: &Sides) -> bool {
    let [encrypted, plain] = sides.each_ref().map(|side| {
        let letters = side.iter().filter(|c| c.is_alphabetic());
        letters
            .flat_map(|c| c.to_lowercase())
            .collect::<BTreeSet<char>>()
    });
    4 * encrypted.intersection(&plain).count() > plain.len()
}

fn sides(pairs: &[TextPair<'_>]) -> Sides {
    let ciphertexts = pairs.iter().flat_map(|pair| pair.ciphertext.chars());
    let plaintexts = pairs.iter().flat_map(|pair| pair.plaintext.chars());
    [ciphertexts.collect(), plaintexts.collect()]
}

/// The conventions of one alphabet in which a sign on one side only stands for a letter that nobody could read.
fn with_unread_signs(pairs: &[TextPair<'_>]) -> Vec<Convention> {
    let marked: Vec<[Cow<'_, str>; 2]> = pairs
        .iter()
        .map(|pair| [pair.ciphertext, pair.plaintext].map(mark_unread))
        .collect();
    let counts = marked
        .iter()
        .map(|sides| sides.each_ref().map(|side| n_unread_signs(side)));
    let (mut n_signs, mut is_on_one_side) = (0, false);
    for [ciphertext, plaintext] in counts {
        n_signs += ciphertext + plaintext;
        is_on_one_side |= ciphertext != plaintext;
    }
    if !is_on_one_side {
        return Vec::new();
    }
    let marked: Vec<TextPair<'_>> = marked
        .iter()
        .map(|[ciphertext, plaintext]| TextPair {
            ciphertext,
            plaintext,
        })
        .collect();
    let sides = sides(&marked).map(|mut side| {
        side.remove(&char::REPLACEMENT_CHARACTER);
        side
    });
    let mut found = one_alphabet::of(&marked, &sides);
    for convention in &mut found {
        convention.n_unread = n_signs;
    }
    found
}

/// The conventions that these pairs may follow, the likeliest first.
pub(super) fn conventions(pairs: &[TextPair<'_>]) -> Vec<Convention> {
    let pairs = &pairs[..pairs.len().min(MAX_TEXTS)];
    let sides = sides(pairs);
    let mut found = one_alphabet::of(pairs, &sides);
    found.extend(with_unread_signs(pairs));
    found.extend(bytes::of(pairs));
    found.extend(squares::of(&sides));
    found.extend(codes::of(pairs, &sides));
    found
}

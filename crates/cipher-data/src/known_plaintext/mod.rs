//! Known-plaintext attacks: from pairs to the cipher and its key, without a network.
//!
//! [`find_keys`] reads the pairs by each convention that people have, searches for a key of each kind
//! of cipher, and lets the cipher with that key decrypt the pairs. A key is certain where a random
//! file would hardly ever show as many right symbols.

#![allow(clippy::indexing_slicing)] // ids, places and cells are those of the alphabets and pairs at hand

mod answered;
mod conventions;
mod crib;
mod describe;
mod evidence;
mod found;
mod keyword;
mod kinds;
mod sample;
mod tableau;

pub use found::FoundKey;

use conventions::{Convention, Family, conventions};
use kinds::Candidate;
use sample::Sample;

use crate::{Cipher, CipherConfig, SymbolUnit};

/// A ciphertext with its plaintext.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextPair<'a> {
    /// The ciphertext.
    pub ciphertext: &'a str,
    /// The plaintext.
    pub plaintext: &'a str,
}

/// The keys that explain nearly all symbols of the pairs, the likeliest first. Those that are
/// [certain](FoundKey::is_certain) come before others that may fit by chance.
///
/// At most the first 131,072 symbols are compared.
///
/// ```
/// use cipher_data::{TextPair, find_keys};
///
/// let pair = TextPair {
///     ciphertext: "Lxfopv ef Rnhr, nfvyk mzy elq ary sr mbco!",
///     plaintext: "Attack at Dawn, bring all the men of york!",
/// };
/// let keys = find_keys(&[pair]);
/// assert_eq!(keys[0].name(), "Vigenere: key LEMON");
/// assert!(keys[0].is_certain());
/// ```
pub fn find_keys(pairs: &[TextPair<'_>]) -> Vec<FoundKey> {
    find_keys_of(pairs, None)
}

/// [`find_keys`] for ciphertexts whose symbols are known to be of a unit.
pub fn find_keys_of(pairs: &[TextPair<'_>], unit: Option<SymbolUnit>) -> Vec<FoundKey> {
    let pairs = within_limit(pairs);
    let mut conventions = conventions(pairs);
    conventions.retain(|convention| unit.is_none_or(|unit| convention.ciphertext_unit() == unit));
    let mut found = Vec::new();
    for effort in [Effort::Quick, Effort::Long] {
        for part in parts(pairs, effort) {
            found.extend(found_in(part, pairs, &conventions, effort));
            if found.iter().any(FoundKey::is_certain) {
                return finished(found, pairs);
            }
        }
    }
    finished(found, pairs)
}

/// The keys as [`find_keys`] gives them.
fn finished(found: Vec<FoundKey>, pairs: &[TextPair<'_>]) -> Vec<FoundKey> {
    let ranked = found::ranked(found).into_iter();
    let passing = ranked.filter_map(|key| key.with_passing(pairs).ok());
    passing.collect()
}

/// All pairs, and parts of them: a kind that is found only where no symbol is wrong is found in a part
/// without a wrong one.
fn parts<'a, 'b>(pairs: &'b [TextPair<'a>], effort: Effort) -> Vec<&'b [TextPair<'a>]> {
    let size = (pairs.len() / 3).clamp(MIN_PART, MAX_PART);
    let parts = pairs.chunks_exact(size).take(N_PARTS);
    let has_parts = effort == Effort::Long && pairs.len() >= 2 * MIN_PART;
    [pairs]
        .into_iter()
        .chain(parts.filter(|_| has_parts))
        .collect()
}

/// The pairs of a part.
const MIN_PART: usize = 4;
const MAX_PART: usize = 12;
/// The parts that are searched.
const N_PARTS: usize = 4;

/// The keys that are found in a part of the pairs and explain all of them.
fn found_in(
    part: &[TextPair<'_>],
    pairs: &[TextPair<'_>],
    conventions: &[Convention],
    effort: Effort,
) -> Vec<FoundKey> {
    let mut found = Vec::new();
    for convention in conventions {
        let Some(sample) = convention.sample(part) else {
            if let (Effort::Quick, [pair, ..]) = (effort, part) {
                found.extend(crib::find(pair, convention));
            }
            continue;
        };
        let mut candidates = candidates(&sample, convention, effort);
        if part.len() < pairs.len() {
            // These were searched in all pairs only.
            candidates.extend(self::candidates(&sample, convention, Effort::Quick));
        }
        for candidate in candidates {
            found.extend(FoundKey::judge(pairs, convention, candidate));
        }
    }
    found
}

/// Symbols that are compared, at most.
const MAX_SYMBOLS: usize = 1 << 17;

fn within_limit<'a, 'b>(pairs: &'b [TextPair<'a>]) -> &'b [TextPair<'a>] {
    let mut n_bytes = 0;
    let is_within = |pair: &&TextPair<'_>| {
        let is_within = n_bytes < MAX_SYMBOLS;
        n_bytes += pair.plaintext.len();
        is_within
    };
    let n = pairs.iter().take_while(is_within).count();
    &pairs[..n]
}

/// How long a search may take. Long ones are made where the quick ones find nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effort {
    Quick,
    Long,
}

/// The keys of each kind that may fit pairs that are read by a convention.
fn candidates(sample: &Sample, convention: &Convention, effort: Effort) -> Vec<Candidate> {
    match (convention.family, effort) {
        (Family::OneAlphabet, _) => of_one_alphabet(sample, effort),
        (Family::Unordered, _) => in_no_order(sample, effort),
        (Family::Places | Family::Bytes, Effort::Quick) => kinds::periodic::find(sample),
        (Family::Square, _) => of_squares(sample, effort),
        (Family::KnownCodes, Effort::Quick) => kinds::codes::known(sample),
        (Family::Codes, Effort::Quick) => {
            let square = match sample.n_symbols() {
                25 => kinds::codes::polybius(sample, 5),
                36 => kinds::codes::polybius(sample, 6),
                _ => None,
            };
            // A letter that another stands for has no code of its own.
            let is_whole = sample.plaintext.reading().stand_ins.is_empty();
            let table = || kinds::codes::table(sample).filter(|_| is_whole);
            square.or_else(table).into_iter().collect()
        }
        (Family::Sums, Effort::Quick) => {
            let smallest = crate::Nihilist::SMALLEST;
            kinds::nihilist::find(sample, smallest)
                .into_iter()
                .collect()
        }
        (Family::Adfgvx, Effort::Long) => kinds::adfgvx::find(sample).into_iter().collect(),
        _ => Vec::new(),
    }
}

fn of_one_alphabet(sample: &Sample, effort: Effort) -> Vec<Candidate> {
    let mut found = Vec::new();
    match effort {
        Effort::Quick => {
            found.extend(kinds::monoalphabetic::find(sample));
            found.extend(kinds::periodic::find(sample));
            found.extend(kinds::autokey::find(sample));
        }
        Effort::Long => {
            found.extend(kinds::quagmire::find(sample));
            found.extend(kinds::hill::find(sample));
            found.extend(kinds::gromark::find(sample));
            found.extend(kinds::enigma::find(sample));
        }
    }
    found.extend(transposed(sample, effort));
    found
}

/// The kinds that need no order of the symbols.
fn in_no_order(sample: &Sample, effort: Effort) -> Vec<Candidate> {
    let mut found = Vec::new();
    if effort == Effort::Quick {
        found.extend(kinds::monoalphabetic::in_no_order(sample));
    }
    found.extend(transposed(sample, effort));
    found
}

/// The kinds that only move symbols.
fn transposed(sample: &Sample, effort: Effort) -> Vec<Candidate> {
    if !sample.is_transposed() {
        return Vec::new();
    }
    match effort {
        Effort::Quick => {
            let mut found = kinds::transposition::find(sample);
            found.extend(kinds::columns::find(sample));
            found
        }
        Effort::Long => kinds::columns::find_double(sample).into_iter().collect(),
    }
}

fn of_squares(sample: &Sample, effort: Effort) -> Vec<Candidate> {
    let mut found = Vec::new();
    let n = sample.n_symbols();
    let is_equal = sample.is_equally_long();
    match effort {
        Effort::Quick if !is_equal => {
            found.extend(kinds::columns::find_padded(sample));
        }
        Effort::Quick => {}
        Effort::Long if n.isqrt().pow(2) == n => {
            if is_equal {
                found.extend(kinds::coordinates::find_fractionated(sample, 2));
            }
            if let Some(even) = padded_as(sample, |key| CipherConfig::FourSquare {
                upper_right: key.clone(),
                lower_left: key,
                padding: None,
            }) {
                found.extend(kinds::four_square::find(&even));
                found.extend(kinds::coordinates::find_two_squares(&even));
            }
            let playfair = |key| CipherConfig::Playfair { key, padding: None };
            if let Some(apart) = padded_as(sample, playfair) {
                found.extend(kinds::playfair::find(&apart));
            }
        }
        Effort::Long if is_equal => {
            found.extend(kinds::coordinates::find_fractionated(sample, 3));
        }
        // Equally long texts are searched for a matrix as those of one alphabet.
        Effort::Long => found.extend(kinds::hill::find(sample)),
    }
    found
}

/// The sample with its plaintexts as a cipher pads them; nothing if they do not become as long as the
/// ciphertexts.
fn padded_as(
    sample: &Sample,
    cipher: impl Fn(crate::MixedAlphabet) -> CipherConfig,
) -> Option<Sample> {
    let key = crate::MixedAlphabet::of_keyword("", crate::Fill::FromStart);
    let cipher = cipher(key).init(&sample.plaintext).ok()?;
    let padded = with_padding(sample, cipher.as_ref());
    padded.is_equally_long().then_some(padded)
}

fn with_padding(sample: &Sample, cipher: &dyn Cipher) -> Sample {
    let messages = sample.messages.iter().map(|message| sample::Message {
        plaintext: cipher.padded(&message.plaintext),
        ..message.clone()
    });
    Sample::new(
        sample.plaintext.clone(),
        sample.ciphertext.clone(),
        messages.collect(),
    )
}

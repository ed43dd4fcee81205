//! The primer and the mixed alphabet of a Gromark cipher. Every primer of five digits is tried: under the
//! right one, places and ciphertext symbols go together.

use super::Candidate;
use crate::known_plaintext::keyword::complete;
use crate::known_plaintext::sample::Sample;
use crate::{CipherConfig, Gromark, SymbolId};

/// The digits of a primer.
const LENGTH: usize = 5;
/// The alphabets that it is tried over.
const MAX_SYMBOLS: usize = 64;

pub fn find(sample: &Sample) -> Option<Candidate> {
    let n = sample.n_symbols();
    if !(10..=MAX_SYMBOLS).contains(&n) {
        return None;
    }
    let longest = sample.longest();
    let (primer, table) = (0..10_usize.pow(LENGTH as u32)).find_map(|number| {
        let digit = |place: usize| (number / 10_usize.pow((LENGTH - 1 - place) as u32) % 10) as u8;
        let primer: [u8; LENGTH] = std::array::from_fn(digit);
        Some((primer, table(sample, &primer, longest)?))
    })?;
    let completed = complete(&sample.plaintext, &table);
    let primer: String = primer
        .iter()
        .map(|&digit| char::from(b'0' + digit))
        .collect();
    let primer_bits = LENGTH as f64 * 10_f64.log2();
    let key = Candidate::with_alphabet(&sample.plaintext, &completed, primer_bits, |key| {
        CipherConfig::Gromark {
            primer: primer.clone(),
            key,
        }
    });
    Some(key)
}

/// The mixed alphabet under a primer, as far as it is shown; nothing where two symbols contradict each
/// other.
fn table(sample: &Sample, primer: &[u8], longest: usize) -> Option<Vec<Option<SymbolId>>> {
    let n = sample.n_symbols();
    let mut table: Vec<Option<SymbolId>> = vec![None; n];
    let mut place_of: Vec<Option<usize>> = vec![None; n];
    let mut digits = primer.to_vec();
    for (place, c, p) in sample.symbols() {
        if place >= digits.len() {
            digits = Gromark::digits(primer, (2 * place).min(longest).max(place + 1));
        }
        let at = (usize::from(p) + usize::from(digits[place])) % n;
        let c_place = &mut place_of[usize::from(c)];
        if *table[at].get_or_insert(c) != c || *c_place.get_or_insert(at) != at {
            return None;
        }
    }
    Some(table)
}

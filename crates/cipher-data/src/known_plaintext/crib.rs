//! A known part of a longer text, at a place that is not known: the header of a file, or a word that it must
//! have. It is tried at every place of the bytes.

use super::conventions::{Convention, Family};
use super::kinds::{Candidate, periodic};
use super::{FoundKey, TextPair};
use crate::{ByteKey, CipherConfig, HexKey, SymbolId};

/// The places that are tried.
const MAX_PLACES: usize = 1 << 14;

/// The keys under which a text of bytes has its plaintext somewhere.
pub(super) fn find(pair: &TextPair<'_>, convention: &Convention) -> Vec<FoundKey> {
    let (Family::Bytes, Some(reading)) = (convention.family, &convention.ciphertext) else {
        return Vec::new();
    };
    let Some((ciphertext, plaintext)) = read(pair, convention) else {
        return Vec::new();
    };
    let (Some(n_places), false) = (
        ciphertext.len().checked_sub(plaintext.len()),
        plaintext.is_empty(),
    ) else {
        return Vec::new();
    };
    let places = 0..=n_places.min(MAX_PLACES);
    let place_bits = (places.clone().count() as f64).log2();
    let symbol = |id: &SymbolId| format!("{id:02x}");
    let found = places.filter_map(|place| {
        let part: Vec<String> = ciphertext[place..place + plaintext.len()]
            .iter()
            .map(symbol)
            .collect();
        let text = reading.symbols.join(part.iter().map(String::as_str));
        let part = [TextPair {
            ciphertext: &text,
            plaintext: pair.plaintext,
        }];
        let sample = convention.sample(&part)?;
        let keys = periodic::find(&sample).into_iter().filter_map(|candidate| {
            let candidate = Candidate {
                key_bits: candidate.key_bits + place_bits,
                ..candidate
            };
            FoundKey::judge(&part, convention, candidate)
        });
        let key = keys.min_by(|one, other| one.cost.total_cmp(&other.cost))?;
        key.at(place)
    });
    found.collect()
}

/// The ids of both sides.
fn read(pair: &TextPair<'_>, convention: &Convention) -> Option<(Vec<SymbolId>, Vec<SymbolId>)> {
    let [ciphertext, plaintext] = convention.alphabets()?;
    let encrypted = ciphertext.encode(pair.ciphertext).ok()?.ids;
    let plain = plaintext.encode(pair.plaintext).ok()?.ids;
    Some((encrypted, plain))
}

impl FoundKey {
    /// The key of a text whose plaintext is known from a place on, from that of the part.
    fn at(mut self, place: usize) -> Option<Self> {
        let (CipherConfig::Xor { key, offset } | CipherConfig::Add { key, offset }) =
            &mut self.texts.cipher
        else {
            return None;
        };
        let length = match key {
            ByteKey::Text(text) => text.len(),
            ByteKey::Hex(HexKey { hex }) => hex.len() / 2,
        };
        // The part's first byte takes the key's first, so the text's first one takes an earlier one.
        *offset = (length - place % length) % length;
        self.place = Some(place);
        Some(self)
    }
}

//! Both sides are bytes.

use super::{Convention, Family};
use crate::known_plaintext::TextPair;
use crate::{AlphabetConfig, Outside, Reading, SymbolRange, SymbolUnit, SymbolsConfig};

/// Bytes that are written in hexadecimal or Base64, or are those of the text.
pub fn of(pairs: &[TextPair<'_>]) -> Vec<Convention> {
    let bytes = |unit: SymbolUnit| Reading {
        symbols: unit,
        ..Reading::default()
    };
    let ciphertexts: Vec<&str> = pairs.iter().map(|pair| pair.ciphertext).collect();
    let plaintexts: Vec<&str> = pairs.iter().map(|pair| pair.plaintext).collect();
    let is_written = |texts: &[&str], unit: SymbolUnit| {
        texts.iter().all(|text| unit.is_whole(&unit.prepare(text)))
    };
    let mut units = vec![];
    for unit in [SymbolUnit::HexByte, SymbolUnit::Base64Byte] {
        let is_likely = unit != SymbolUnit::Base64Byte || looks_like_base64(&ciphertexts);
        if is_likely && is_written(&ciphertexts, unit) {
            units.push((unit, SymbolUnit::TextByte));
            if is_written(&plaintexts, unit) {
                units.push((unit, unit));
            }
        }
    }
    if ciphertexts
        .iter()
        .any(|text| text.chars().any(|c| c.is_control()))
    {
        units.push((SymbolUnit::TextByte, SymbolUnit::TextByte));
    }
    let conventions = units.into_iter().map(|(encrypted, plain)| Convention {
        ciphertext: Some(bytes(encrypted)),
        ..Convention::new(
            Family::Bytes,
            AlphabetConfig {
                symbols: SymbolsConfig::Range(SymbolRange::bytes()),
                outside: Outside::Reject,
                reading: bytes(plain),
            },
        )
    });
    conventions.collect()
}

/// Whether texts have what Base64 has and words hardly ever: letters of both cases and digits or signs
/// side by side, or padding.
fn looks_like_base64(texts: &[&str]) -> bool {
    let has = |is: fn(char) -> bool| texts.iter().any(|text| text.contains(is));
    let has_signs = has(|c| matches!(c, '+' | '/' | '='));
    let has_cases = has(|c| c.is_ascii_lowercase()) && has(|c| c.is_ascii_uppercase());
    let has_digits = has(|c| c.is_ascii_digit());
    has_signs || has_cases && has_digits
}

//! The alphabets that people use, and the usual ways to treat what they lack.

use std::collections::BTreeMap;

use crate::{AlphabetConfig, Only, Others, Outside, Reading, SymbolsConfig};

pub const LATIN: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
pub const WITHOUT_J: &str = "ABCDEFGHIKLMNOPQRSTUVWXYZ";
pub const WITHOUT_Q: &str = "ABCDEFGHIJKLMNOPRSTUVWXYZ";
pub const WITHOUT_K: &str = "ABCDEFGHIJLMNOPQRSTUVWXYZ";
pub const OF_BACON: &str = "ABCDEFGHIKLMNOPQRSTUWXYZ";
pub const WITH_DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
pub const DIGITS_FIRST: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// Alphabets of letters in the order that their languages have. The first that has all letters is
/// taken.
pub const LETTERS: &[&str] = &[
    LATIN,
    "ABCDEFGHIJKLMNÑOPQRSTUVWXYZ",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÜ",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÜß",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÅÄÖ",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÆØÅ",
    "ABCÇDEFGĞHIİJKLMNOÖPRSŞTUÜVYZ",
    "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ",
    "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ",
    "АБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЬЮЯ",
    "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ",
    "אבגדהוזחטיכלמנסעפצקרשת",
];

/// Alphabets of all symbols of a text, in their usual orders.
pub const ALL_SYMBOLS: &[&str] = &[
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ-",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ ",
    " ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "abcdefghijklmnopqrstuvwxyz ",
    " abcdefghijklmnopqrstuvwxyz",
    "0123456789",
    "0123456789abcdef",
    "0123456789ABCDEF",
    WITH_DIGITS,
    DIGITS_FIRST,
    "abcdefghijklmnopqrstuvwxyz0123456789",
    "0123456789abcdefghijklmnopqrstuvwxyz",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
];

/// Symbols of which a cipher may leave all others as they are: visible characters, and digits.
pub const KEPT_ALONE: &[std::ops::RangeInclusive<char>] = &['!'..='~', '0'..='9'];

pub fn keeping(symbols: &str, outside: Outside) -> AlphabetConfig {
    AlphabetConfig {
        symbols: SymbolsConfig::Text(symbols.into()),
        outside,
        reading: Reading::default(),
    }
}

/// Letters of either case, whose answers have the case of the alphabet. What is no letter stays.
pub fn in_one_case(symbols: &str) -> AlphabetConfig {
    AlphabetConfig {
        reading: Reading {
            only: Only::Letters,
            ..Reading::default()
        },
        ..keeping(symbols, Outside::Fold)
    }
}

/// What is no symbol is left out.
pub fn dropping(symbols: &str, only: Only) -> AlphabetConfig {
    AlphabetConfig {
        reading: Reading {
            only,
            others: Others::Drop,
            fold_case: true,
            ..Reading::default()
        },
        ..keeping(symbols, Outside::Reject)
    }
}

pub fn without_j() -> AlphabetConfig {
    let mut config = dropping(WITHOUT_J, Only::Letters);
    config.reading.stand_ins = BTreeMap::from([("J".into(), "I".into()), ("j".into(), "I".into())]);
    config
}

pub fn without_k() -> AlphabetConfig {
    let mut config = dropping(WITHOUT_K, Only::Letters);
    config.reading.stand_ins = BTreeMap::from([("K".into(), "C".into()), ("k".into(), "C".into())]);
    config
}

pub fn bacons() -> AlphabetConfig {
    let mut config = dropping(OF_BACON, Only::Letters);
    let stand_ins = [("J", "I"), ("j", "I"), ("V", "U"), ("v", "U")];
    config.reading.stand_ins = stand_ins
        .map(|(one, other)| (one.into(), other.into()))
        .into();
    config
}

use std::collections::{BTreeSet, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::reading::{Only, Others, Reading, SymbolUnit};

/// More symbols than this are not told apart: no alphabet of a cipher is as large.
const MAX_SYMBOLS: usize = 1 << 16;
/// The share of messages in which what passes through, or the case, may differ between the sides.
const MAX_DIFFERENT: f64 = 0.01;

/// What a sample of one side's texts is under a reading.
pub(super) struct Measured {
    pub(super) reading: Reading,
    /// Symbols in each message; 0 where a text is not whole symbols.
    lengths: Vec<usize>,
    /// Symbols that the texts are cut into, without those that are left out.
    pub(super) n_cut: usize,
    /// Different symbols.
    pub(super) n_symbols: usize,
    /// Whether the reading leaves out some of the text.
    pub(super) drops: bool,
    /// A hash of what passes through, and where, for each message.
    passed: Vec<u64>,
    /// A hash of the case of each letter, for each message.
    cases: Vec<u64>,
}

impl Measured {
    pub(super) fn of(reading: Reading, sample: &[&str]) -> Self {
        let mut symbols: HashSet<String> = HashSet::new();
        let mut measured = Self {
            lengths: Vec::with_capacity(sample.len()),
            n_cut: 0,
            n_symbols: 0,
            drops: false,
            passed: Vec::new(),
            cases: Vec::new(),
            reading,
        };
        let reading = &measured.reading;
        for text in sample {
            let text = reading.prepare(text);
            let (mut n, mut n_passed) = (0, 0);
            let [mut passed, mut cases] = [(); 2].map(|()| DefaultHasher::new());
            for symbol in reading.symbols.symbols(&text) {
                if !reading.only.has(symbol) {
                    measured.drops |= reading.others == Others::Drop;
                    (n, symbol).hash(&mut passed);
                    n_passed += 1;
                    continue;
                }
                n += 1;
                if reading.fold_case && symbol.chars().any(char::is_lowercase) {
                    n.hash(&mut cases);
                }
                if symbols.len() < MAX_SYMBOLS && !symbols.contains(symbol) {
                    symbols.insert(symbol.into());
                }
            }
            let is_whole = reading.symbols.is_whole(&text);
            measured.lengths.push(if is_whole { n } else { 0 });
            measured.n_cut += n + if reading.others == Others::Pass {
                n_passed
            } else {
                0
            };
            measured.passed.push(passed.finish());
            measured.cases.push(cases.finish());
        }
        measured.n_symbols = if reading.fold_case {
            let folded: BTreeSet<String> = symbols.iter().map(|s| s.to_lowercase()).collect();
            folded.len()
        } else {
            symbols.len()
        };
        measured
    }

    /// The places of the messages that have as many symbols as the other side's.
    pub(super) fn equal(&self, other: &Self) -> Vec<usize> {
        let lengths = self.lengths.iter().zip(&other.lengths).enumerate();
        let equal = lengths.filter(|(_, (one, other))| one == other && **one > 0);
        equal.map(|(place, _)| place).collect()
    }

    /// How many times as many symbols as the other has each message has, as a fraction; nothing
    /// where messages differ in that.
    pub(super) fn times(&self, other: &Self) -> Option<(usize, usize)> {
        let mut lengths = self.lengths.iter().zip(&other.lengths);
        let (&one, &reference) = lengths.next()?;
        let is_same = lengths.all(|(a, b)| a * reference == b * one);
        is_same.then_some((one, reference))
    }

    /// Whether symbols are bytes.
    pub(super) fn is_of_bytes(&self) -> bool {
        matches!(
            self.reading.symbols,
            SymbolUnit::HexByte | SymbolUnit::Base64Byte
        )
    }

    /// Whether the same passes through on both sides of these messages.
    pub(super) fn same_passed(&self, other: &Self, places: &[usize]) -> bool {
        self.reading.only == Only::All || are_same(&self.passed, &other.passed, places)
    }

    /// Whether letters have the same case on both sides of these messages.
    pub(super) fn same_cases(&self, other: &Self, places: &[usize]) -> bool {
        are_same(&self.cases, &other.cases, places)
    }
}

fn are_same(one: &[u64], other: &[u64], places: &[usize]) -> bool {
    let differs = |&&place: &&usize| one.get(place) != other.get(place);
    let n_different = places.iter().filter(differs).count();
    n_different as f64 <= MAX_DIFFERENT * places.len() as f64
}

/// A symbol, in small letters where the reading folds case.
pub(super) fn same_case(reading: &Reading, symbol: &str) -> String {
    if reading.fold_case {
        symbol.to_lowercase()
    } else {
        symbol.into()
    }
}

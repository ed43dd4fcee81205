use super::ReadingHints;
use crate::reading::{Codes, Only, Others, Reading, SymbolUnit};

/// The share of texts that must fit a unit for it to be tried. The others may be damaged; whether the
/// unit is right is decided by the lengths of the sides.
const MIN_FITTING: f64 = 0.7;
/// Characters that separate tokens, besides white space.
const SEPARATORS: &str = ",-/|.;_:";

/// The sensible readings of one side's texts, the simplest first, as far as the hints leave them open.
pub(crate) fn candidates(
    symbols: Option<SymbolUnit>,
    hints: &ReadingHints,
    sample: &[&str],
    is_ciphertext: bool,
) -> Vec<Reading> {
    let units = symbols.map_or_else(|| units(sample, is_ciphertext), |unit| vec![unit]);
    let mut readings = Vec::new();
    for unit in units {
        for (only, others) in parts(unit, hints) {
            for fold_case in cases(unit, hints, sample) {
                readings.push(Reading {
                    symbols: unit,
                    only,
                    others,
                    fold_case,
                    stand_ins: hints.stand_ins.clone(),
                    normalize: hints.normalize,
                    codes: Codes::default(),
                });
            }
        }
    }
    readings
}

/// The units that the texts could be in.
fn units(sample: &[&str], is_ciphertext: bool) -> Vec<SymbolUnit> {
    use SymbolUnit::{Base64Byte, Character, Grapheme, Group, HexByte, SpacedToken, Token};
    let mut units = vec![Character];
    if sample.iter().any(|text| {
        Grapheme
            .symbols(text)
            .any(|symbol| symbol.chars().count() > 1)
    }) {
        units.push(Grapheme);
    }
    let share = |fits: &dyn Fn(&str) -> bool| {
        let n = sample.iter().filter(|text| fits(text)).count();
        n as f64 >= MIN_FITTING * sample.len() as f64 && n > 0
    };
    let has_gap = |text: &str, separates: &dyn Fn(char) -> bool| text.trim().contains(separates);
    if share(&|text| has_gap(text, &char::is_whitespace)) {
        units.push(Token(None));
        if sample.iter().any(|text| text.trim().contains("  ")) {
            units.push(SpacedToken(None));
        }
    }
    for separator in SEPARATORS.chars() {
        if share(&|text| has_gap(text, &|c| c == separator)) {
            units.push(Token(Some(separator)));
            if sample
                .iter()
                .any(|text| has_gap(text, &char::is_whitespace))
            {
                units.push(SpacedToken(Some(separator)));
            }
        }
    }
    let is_whole = |unit: SymbolUnit, text: &str| unit.is_whole(&unit.prepare(text));
    let has_letters = sample.iter().any(|text| text.contains(char::is_alphabetic));
    if has_letters && share(&|text| is_whole(HexByte, text)) {
        units.push(HexByte);
    }
    for length in [2, 3, 4, 5, 8] {
        let fits = |text: &str| {
            let is_group = |c: char| c.is_alphanumeric() || c.is_whitespace();
            is_whole(Group(length), text) && text.chars().all(is_group)
        };
        // Groups of a plaintext are equally many by nothing but chance.
        if is_ciphertext && share(&fits) {
            units.push(Group(length));
        }
    }
    // Any letters can be Base64; these signs are in hardly any other text.
    let has_signs = sample
        .iter()
        .any(|text| text.ends_with('=') || text.contains(['+', '/']));
    if has_signs && share(&|text| is_whole(Base64Byte, text)) {
        units.push(Base64Byte);
    }
    units
}

/// What messages may be of. Only texts of characters have punctuation and spaces between.
fn parts(unit: SymbolUnit, hints: &ReadingHints) -> Vec<(Only, Others)> {
    let onlys = match (hints.only, unit) {
        (Some(only), _) => vec![only],
        (None, SymbolUnit::Character | SymbolUnit::Grapheme) => {
            // Of two that are as good, the first is taken: what is no letter then passes through.
            vec![Only::All, Only::Letters, Only::Alphanumeric, Only::NoSpaces]
        }
        (None, _) => vec![Only::All],
    };
    let mut parts = Vec::new();
    for only in onlys {
        match (only, hints.others) {
            (Only::All, _) => parts.push((only, Others::Pass)),
            (_, Some(others)) => parts.push((only, others)),
            (_, None) => parts.extend([Others::Pass, Others::Drop].map(|others| (only, others))),
        }
    }
    parts
}

/// Whether the case may be folded: where letters occur in both.
fn cases(unit: SymbolUnit, hints: &ReadingHints, sample: &[&str]) -> Vec<bool> {
    let is_of_letters = matches!(unit, SymbolUnit::Character | SymbolUnit::Grapheme);
    let has = |is_case: fn(char) -> bool| sample.iter().any(|text| text.contains(is_case));
    match hints.fold_case {
        Some(fold_case) => vec![fold_case],
        None if is_of_letters && has(char::is_lowercase) && has(char::is_uppercase) => {
            vec![false, true]
        }
        None => vec![false],
    }
}

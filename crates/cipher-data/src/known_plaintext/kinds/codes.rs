//! Ciphertexts of signs of their own: each sign stands for one symbol.

use std::collections::BTreeMap;

use super::Candidate;
use crate::ciphers::has_morse;
use crate::known_plaintext::keyword::complete;
use crate::known_plaintext::sample::Sample;
use crate::{CipherConfig, CodeSigns, MixedAlphabet, SymbolId};

/// The codes that have no key, or nearly none.
pub fn known(sample: &Sample) -> Vec<Candidate> {
    let mut found = vec![Candidate::new(CipherConfig::Morse {}, 0.0)];
    found.retain(|_| {
        sample
            .plaintext
            .symbols()
            .iter()
            .all(|symbol| has_morse(symbol))
    });
    found.extend(a1z26(sample));
    found.extend(bacon(sample));
    found
}

/// Numbers in the order of the alphabet.
fn a1z26(sample: &Sample) -> Option<Candidate> {
    let (_, c, p) = sample.symbols().next()?;
    let number: i64 = sample.ciphertext.symbol(c).parse().ok()?;
    let first = number - i64::from(p);
    let cipher = CipherConfig::A1z26 { first };
    Some(Candidate::new(cipher, (sample.n_symbols() as f64).log2()))
}

/// Five of two characters for each letter.
fn bacon(sample: &Sample) -> Vec<Candidate> {
    let signs = sample.ciphertext.symbols().concat();
    let mut characters: Vec<char> = signs.chars().collect();
    characters.sort_unstable();
    characters.dedup();
    let &[one, other] = &characters[..] else {
        return Vec::new();
    };
    let letters = [[one, other], [other, one]].map(String::from_iter);
    let ciphers = letters.map(|letters| CipherConfig::Bacon {
        letters: (letters != "AB").then_some(letters),
    });
    ciphers
        .into_iter()
        .map(|cipher| Candidate::new(cipher, 2.0))
        .collect()
}

/// A square whose rows and columns the signs name.
pub fn polybius(sample: &Sample, side: usize) -> Option<Candidate> {
    let parts = |sign: &str| -> Option<[String; 2]> {
        let (row, column) = match sign.split_once(' ') {
            Some(both) => both,
            None => sign.split_at_checked(sign.chars().next()?.len_utf8())?,
        };
        Some([row.to_string(), column.to_string()])
    };
    let signs = sample.ciphertext.symbols().iter().map(|sign| parts(sign));
    let signs = signs.collect::<Option<Vec<[String; 2]>>>()?;
    let digits: Vec<String> = (1..=side).map(|digit| digit.to_string()).collect();
    let knocks: Vec<String> = (1..=side).map(|n| ".".repeat(n)).collect();
    let mut seen: Vec<String> = signs.iter().flatten().cloned().collect();
    seen.sort_unstable();
    seen.dedup();
    let has_k = ["K", "k"]
        .iter()
        .any(|k| sample.plaintext.symbols().contains(&(*k).into()));
    let of = |labels: &[String]| seen.iter().all(|label| labels.contains(label));
    let labels = match () {
        () if of(&digits) => digits.clone(),
        // Knocks are a tap code, in which C stands for K.
        () if of(&knocks) && has_k => return None,
        () if of(&knocks) => knocks,
        () if seen.len() == side => seen,
        () => return None,
    };
    let mut cells: Vec<Option<SymbolId>> = vec![None; side * side];
    for (_, c, p) in sample.symbols() {
        let [row, column] = &signs[usize::from(c)];
        let place = |label: &String| labels.iter().position(|other| other == label);
        let cell = place(row)? * side + place(column)?;
        if *cells[cell].get_or_insert(p) != p {
            return None;
        }
    }
    let mut known: Vec<SymbolId> = cells.iter().flatten().copied().collect();
    known.sort_unstable();
    if known.windows(2).any(|two| two[0] == two[1]) {
        return None;
    }
    let completed = complete(&sample.plaintext, &cells);
    let is_short = labels.iter().all(|label| label.chars().count() == 1);
    let labels = (labels != digits).then(|| labels.join(if is_short { "" } else { " " }));
    let key = Candidate::with_alphabet(&sample.plaintext, &completed, 0.0, |key: MixedAlphabet| {
        CipherConfig::Polybius {
            key,
            labels: labels.clone(),
        }
    });
    Some(key)
}

/// Any table of signs, of which several may stand for one symbol.
pub fn table(sample: &Sample) -> Option<Candidate> {
    let mut symbols = BTreeMap::<SymbolId, BTreeMap<SymbolId, usize>>::new();
    for (_, c, p) in sample.symbols() {
        *symbols.entry(c).or_default().entry(p).or_default() += 1;
    }
    let mut codes = BTreeMap::<String, Vec<String>>::new();
    for (c, answers) in &symbols {
        let (p, _) = answers
            .iter()
            .max_by_key(|(p, count)| (**count, u16::MAX - **p))?;
        let signs = codes.entry(sample.plaintext.symbol(*p).into()).or_default();
        signs.push(sample.ciphertext.symbol(*c).into());
    }
    let n_plaintexts = codes.len().max(2) as f64;
    let codes = codes
        .into_iter()
        .map(|(symbol, mut signs)| match signs.len() {
            1 => (symbol, CodeSigns::One(signs.remove(0))),
            _ => (symbol, CodeSigns::Several(signs)),
        });
    let cipher = CipherConfig::CodeTable {
        codes: codes.collect(),
    };
    Some(Candidate::new(
        cipher,
        symbols.len() as f64 * n_plaintexts.log2(),
    ))
}

//! A key that is repeated along the message.

use super::Candidate;
use crate::known_plaintext::sample::Sample;
use crate::known_plaintext::tableau::Tableau;
use crate::{ByteKey, CipherConfig, PortaTable, SymbolId};

/// The longest key that is looked for.
const MAX_PERIOD: usize = 256;
/// The longest key that moves on.
const MAX_PROGRESSIVE: usize = 24;
/// The largest alphabet over which a key may move on.
const MAX_STEPPED: usize = 64;

/// Every cipher with a repeated key that fits.
pub fn find(sample: &Sample) -> Vec<Candidate> {
    let n = sample.n_symbols();
    let mut tableaus = vec![Tableau::Vigenere, Tableau::Beaufort];
    if n.is_multiple_of(2) && n <= MAX_STEPPED {
        tableaus.extend([PortaTable::First, PortaTable::Second].map(Tableau::Porta));
    }
    if sample.plaintext.unit().is_bytes() {
        tableaus.push(Tableau::Xor);
    }
    let found = tableaus.into_iter().flat_map(|tableau| {
        let key = repeated_key(sample, tableau);
        key.map_or(Vec::new(), |key| candidates(sample, tableau, &key))
    });
    let mut found: Vec<Candidate> = found.collect();
    if n <= MAX_STEPPED {
        found.extend(progressive(sample));
    }
    found
}

/// A key, with the cells that the pairs show.
struct RepeatedKey {
    /// The symbols; nothing where no pair shows one.
    symbols: Vec<Option<SymbolId>>,
    /// How well it fits, to compare keys.
    score: i64,
}

/// The key that explains the most beyond its own symbols.
fn repeated_key(sample: &Sample, tableau: Tableau) -> Option<RepeatedKey> {
    let n = sample.n_symbols();
    let stream: Vec<_> = stream(sample, tableau).collect();
    let periods = 1..=MAX_PERIOD.min(sample.longest());
    let keys = periods.filter_map(|period| key_of_period(&stream, period, n));
    let best = keys.reduce(|best, key| if key.score > best.score { key } else { best });
    best.filter(|key| key.score > 0)
}

/// Every place with the key symbol that it needs.
fn stream(sample: &Sample, tableau: Tableau) -> impl Iterator<Item = (usize, Option<SymbolId>)> {
    let n = sample.n_symbols();
    sample
        .symbols()
        .map(move |(place, c, p)| (place, tableau.key(n, c, p)))
}

/// The commonest key symbol at each place modulo a period.
fn key_of_period(
    stream: &[(usize, Option<SymbolId>)],
    period: usize,
    n: usize,
) -> Option<RepeatedKey> {
    let mut counts = vec![0_u32; period * n];
    for (place, key) in stream {
        if let Some(key) = key {
            counts[place % period * n + usize::from(*key)] += 1;
        }
    }
    let mut n_right = 0;
    let symbols = counts.chunks(n).map(|counts| {
        let (best, most) = counts
            .iter()
            .enumerate()
            .max_by_key(|(id, count)| (**count, n - id))?;
        n_right += i64::from(*most);
        (*most > 0).then_some(best as SymbolId)
    });
    let symbols: Vec<Option<SymbolId>> = symbols.collect();
    let n_cells = symbols.iter().flatten().count() as i64;
    let n_wrong = stream.len() as i64 - n_right;
    Some(RepeatedKey {
        score: n_right - n_cells - 2 * n_wrong,
        symbols,
    })
}

/// The ciphers that a repeated key makes.
fn candidates(sample: &Sample, tableau: Tableau, key: &RepeatedKey) -> Vec<Candidate> {
    let n = sample.n_symbols();
    let n_shown = key.symbols.iter().flatten().count();
    let length_bits = (sample.longest() as f64).log2();
    let key_bits = n_shown as f64 * (tableau.n_keys(n) as f64).log2() + length_bits;
    let with = |fill: SymbolId, cipher: fn(String) -> CipherConfig| {
        let ids: Vec<SymbolId> = key.symbols.iter().map(|id| id.unwrap_or(fill)).collect();
        cipher(sample.plaintext.decode(&ids))
    };
    let candidate = |cipher: fn(String) -> CipherConfig| {
        let is_whole = n_shown == key.symbols.len();
        let other = if tableau.n_keys(n) == n { 1 } else { 2 };
        let unseen = (1..).zip(&key.symbols).filter(|(_, id)| id.is_none());
        let unseen = unseen.map(|(place, _): (usize, _)| format!("place {place} of the key"));
        Candidate {
            alternative: (!is_whole).then(|| with(other, cipher)),
            unseen: unseen.collect(),
            ..Candidate::new(with(0, cipher), key_bits)
        }
    };
    let is_one = key.symbols.len() == 1;
    let is_repeated = key.symbols.len() < sample.longest();
    match tableau {
        Tableau::Xor => bytes(key, key_bits, |key, offset| CipherConfig::Xor {
            key,
            offset,
        }),
        Tableau::Vigenere if sample.plaintext.unit().is_bytes() => {
            bytes(key, key_bits, |key, offset| CipherConfig::Add {
                key,
                offset,
            })
        }
        Tableau::Vigenere if is_one => shift(key.symbols[0], n),
        // One letter of Beaufort's cipher is an affine one.
        Tableau::Beaufort if is_one => Vec::new(),
        Tableau::Vigenere if !is_repeated => {
            let running = candidate(|key| CipherConfig::RunningKey { key });
            vec![running]
        }
        Tableau::Vigenere => {
            let mut found = vec![candidate(|key| CipherConfig::Vigenere { key })];
            found.extend(gronsfeld(key, n, length_bits));
            found.extend(variant(sample, key, key_bits));
            found
        }
        Tableau::Beaufort => vec![candidate(|key| CipherConfig::Beaufort { key })],
        Tableau::Porta(PortaTable::First) => vec![candidate(|key| CipherConfig::Porta {
            key,
            table: PortaTable::First,
        })],
        Tableau::Porta(PortaTable::Second) => vec![candidate(|key| CipherConfig::Porta {
            key,
            table: PortaTable::Second,
        })],
    }
}

fn shift(key: Option<SymbolId>, n: usize) -> Vec<Candidate> {
    let key = key.map(|key| CipherConfig::Caesar { key: key.into() });
    let bits = (n as f64).log2();
    key.map(|cipher| Candidate::new(cipher, bits))
        .into_iter()
        .collect()
}

/// The same cipher with its two directions exchanged.
fn variant(sample: &Sample, key: &RepeatedKey, key_bits: f64) -> Option<Candidate> {
    let n = sample.n_symbols();
    let negative = |id: &Option<SymbolId>| Some(((n - usize::from((*id)?)) % n) as SymbolId);
    let ids = key
        .symbols
        .iter()
        .map(negative)
        .collect::<Option<Vec<_>>>()?;
    let key = sample.plaintext.decode(&ids);
    // Vigenere's is the name that more people know.
    Some(Candidate::new(
        CipherConfig::VariantBeaufort { key },
        key_bits + 0.5,
    ))
}

/// A key of digits, if it has no other symbols.
fn gronsfeld(key: &RepeatedKey, n: usize, length_bits: f64) -> Option<Candidate> {
    if n < 10 {
        return None;
    }
    let digit = |id: &Option<SymbolId>| char::from_digit((*id)?.into(), 10);
    let key: String = key.symbols.iter().map(digit).collect::<Option<_>>()?;
    let bits = key.len() as f64 * 10_f64.log2() + length_bits;
    Some(Candidate::new(CipherConfig::Gronsfeld { key }, bits))
}

/// A key of bytes, all of which are shown.
fn bytes(
    key: &RepeatedKey,
    key_bits: f64,
    cipher: impl Fn(ByteKey, usize) -> CipherConfig,
) -> Vec<Candidate> {
    let bytes = key
        .symbols
        .iter()
        .map(|id| id.and_then(|id| u8::try_from(id).ok()));
    match bytes.collect::<Option<Vec<u8>>>() {
        Some(bytes) => {
            let cipher = cipher(ByteKey::of_bytes(&bytes), 0);
            vec![Candidate::new(cipher, key_bits)]
        }
        None => Vec::new(),
    }
}

/// A key that moves on with each repetition.
fn progressive(sample: &Sample) -> Option<Candidate> {
    let n = sample.n_symbols();
    let longest = sample.longest();
    let stream: Vec<_> = stream(sample, Tableau::Vigenere).take(MAX_STREAM).collect();
    let mut best: Option<(RepeatedKey, usize)> = None;
    for period in 1..=MAX_PROGRESSIVE.min(longest.saturating_sub(1)) {
        for step in 1..n {
            let moved = stream.iter().map(|&(place, key)| {
                let step = step * (place / period) % n;
                let key = key.map(|key| ((usize::from(key) + n - step) % n) as SymbolId);
                (place, key)
            });
            let key = key_of_period(&moved.collect::<Vec<_>>(), period, n)?;
            if key.score > best.as_ref().map_or(0, |(best, _)| best.score) {
                best = Some((key, step));
            }
        }
    }
    let (key, step) = best?;
    let ids = key
        .symbols
        .iter()
        .copied()
        .collect::<Option<Vec<SymbolId>>>()?;
    let bits = (ids.len() as f64 + 1.0) * (n as f64).log2() + (longest as f64).log2();
    let is_trithemius = ids == [0] && step == 1;
    let cipher = if is_trithemius {
        CipherConfig::Trithemius {}
    } else {
        CipherConfig::ProgressiveKey {
            key: sample.plaintext.decode(&ids),
            // The shorter way around the alphabet.
            step: if 2 * step > n {
                step as i64 - n as i64
            } else {
                step as i64
            },
        }
    };
    Some(Candidate::new(cipher, bits))
}

/// Symbols that keys with a step are tried on: there are many of them.
const MAX_STREAM: usize = 600;

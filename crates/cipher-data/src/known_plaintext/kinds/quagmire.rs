//! The mixed alphabets of a Quagmire cipher.
//!
//! With a and b the places of a symbol in the two mixed alphabets and s the shift of the keyword's symbol,
//! `b(c) = a(p) + s` modulo n. These are linear equations, which are solved modulo each prime factor of n.

use super::Candidate;
use super::equations::Echelon;
use crate::known_plaintext::keyword::{Partial, complete, shortest_keyword};
use crate::known_plaintext::sample::Sample;
use crate::{CipherConfig, MixedAlphabet, SymbolId};

/// The longest keyword that is looked for.
const MAX_PERIOD: usize = 20;

/// Which of the alphabets are mixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mixed {
    Plaintext,
    Ciphertext,
    Same,
    Both,
}

pub fn find(sample: &Sample) -> Vec<Candidate> {
    let n = sample.n_symbols();
    let Some(primes) = distinct_primes(n) else {
        return Vec::new();
    };
    let kinds = [
        Mixed::Plaintext,
        Mixed::Ciphertext,
        Mixed::Same,
        Mixed::Both,
    ];
    for period in 2..=MAX_PERIOD.min(sample.longest()) {
        let Some(cells) = cells(sample, period) else {
            continue;
        };
        for mixed in kinds {
            if let Some(solution) = solve(&cells, period, n, &primes, mixed) {
                return candidate(sample, &solution, mixed).into_iter().collect();
            }
        }
    }
    Vec::new()
}

/// The prime factors of a number that has none twice, if they are small.
fn distinct_primes(n: usize) -> Option<Vec<usize>> {
    let mut primes = Vec::new();
    let mut rest = n;
    for prime in 2..=64 {
        if rest.is_multiple_of(prime) {
            rest /= prime;
            primes.push(prime);
            if rest.is_multiple_of(prime) {
                return None;
            }
        }
    }
    (rest == 1).then_some(primes)
}

/// The different (place in the keyword, plaintext, ciphertext); nothing if they contradict each other.
fn cells(sample: &Sample, period: usize) -> Option<Vec<(usize, SymbolId, SymbolId)>> {
    let symbols = sample.symbols().map(|(place, c, p)| (place % period, p, c));
    let mut cells: Vec<_> = symbols.collect();
    cells.sort_unstable();
    cells.dedup();
    let is_one_to_many = cells
        .windows(2)
        .any(|two| (two[0].0, two[0].1) == (two[1].0, two[1].1));
    let mut inverse: Vec<_> = cells.iter().map(|&(place, p, c)| (place, c, p)).collect();
    inverse.sort_unstable();
    let is_many_to_one = inverse
        .windows(2)
        .any(|two| (two[0].0, two[0].1) == (two[1].0, two[1].1));
    (!is_one_to_many && !is_many_to_one).then_some(cells)
}

/// Places in the two mixed alphabets, and the shifts.
struct Solution {
    plaintext: Vec<Option<usize>>,
    ciphertext: Vec<Option<usize>>,
    shifts: Vec<Option<usize>>,
}

/// Solves the equations, if they leave nothing open that a ciphertext would show.
fn solve(
    cells: &[(usize, SymbolId, SymbolId)],
    period: usize,
    n: usize,
    primes: &[usize],
    mixed: Mixed,
) -> Option<Solution> {
    let unknowns = Unknowns { n, mixed };
    let mut partial = vec![(1, vec![Some(0); unknowns.len(period)])];
    for &prime in primes {
        let residues = solve_modulo(cells, period, prime, &unknowns)?;
        let combined = partial.iter().flat_map(|(modulus, values)| {
            let both = residues
                .iter()
                .map(|residues| combined(values, *modulus, residues, prime));
            both.map(|values| (modulus * prime, values))
                .collect::<Vec<_>>()
        });
        partial = combined.collect();
    }
    partial.iter().find_map(|(_, values)| {
        let solution = unknowns.solution(values, period);
        let fits = are_different(&solution.plaintext) && are_different(&solution.ciphertext);
        fits.then_some(solution)
    })
}

/// The values modulo a product from those modulo its two factors (the Chinese remainder theorem).
fn combined(
    values: &[Option<usize>],
    modulus: usize,
    residues: &[Option<usize>],
    prime: usize,
) -> Vec<Option<usize>> {
    let both = values.iter().zip(residues).map(|(value, residue)| {
        let candidates = (0..prime).map(|times| Some((*value)? + times * modulus));
        let residue = (*residue)?;
        candidates
            .flatten()
            .find(|candidate| candidate % prime == residue)
    });
    both.collect()
}

fn are_different(places: &[Option<usize>]) -> bool {
    let mut places: Vec<usize> = places.iter().flatten().copied().collect();
    places.sort_unstable();
    places.windows(2).all(|two| two[0] != two[1])
}

/// Which unknown of the equations is which.
struct Unknowns {
    n: usize,
    mixed: Mixed,
}

impl Unknowns {
    fn len(&self, period: usize) -> usize {
        2 * self.n + period
    }

    fn plaintext(&self, p: SymbolId) -> usize {
        p.into()
    }

    fn ciphertext(&self, c: SymbolId) -> usize {
        match self.mixed {
            Mixed::Same => c.into(),
            _ => self.n + usize::from(c),
        }
    }

    fn shift(&self, place: usize) -> usize {
        2 * self.n + place
    }

    /// Values that are given: an alphabet that is not mixed, and those of a symbol and a shift that only
    /// say where counting begins.
    fn given(&self, cells: &[(usize, SymbolId, SymbolId)]) -> Vec<(usize, usize)> {
        let (place, p, c) = cells[0];
        let straight = |of: &dyn Fn(SymbolId) -> usize| -> Vec<(usize, usize)> {
            (0..self.n as SymbolId)
                .map(|id| (of(id), id.into()))
                .collect()
        };
        match self.mixed {
            Mixed::Plaintext => {
                let mut given = straight(&|id| self.ciphertext(id));
                given.push((self.plaintext(p), 0));
                given
            }
            Mixed::Ciphertext => {
                let mut given = straight(&|id| self.plaintext(id));
                given.push((self.ciphertext(c), 0));
                given
            }
            Mixed::Same => vec![(self.plaintext(p), 0)],
            Mixed::Both => vec![(self.plaintext(p), 0), (self.shift(place), 0)],
        }
    }

    fn solution(&self, values: &[Option<usize>], period: usize) -> Solution {
        let ids = || 0..self.n as SymbolId;
        Solution {
            plaintext: ids().map(|id| values[self.plaintext(id)]).collect(),
            ciphertext: ids().map(|id| values[self.ciphertext(id)]).collect(),
            shifts: (0..period).map(|place| values[self.shift(place)]).collect(),
        }
    }
}

/// The values modulo a prime of the unknowns that occur, in every way that the equations allow.
///
/// Nothing says how far apart symbols are where both alphabets are mixed, so their scale is free; and
/// where all shifts are multiples of a factor of n, symbols fall into sets that never meet.
fn solve_modulo(
    cells: &[(usize, SymbolId, SymbolId)],
    period: usize,
    prime: usize,
    unknowns: &Unknowns,
) -> Option<Vec<Vec<Option<usize>>>> {
    let len = unknowns.len(period);
    let mut occurs = vec![false; len];
    let mut equations: Vec<Vec<usize>> = Vec::new();
    for &(unknown, value) in &unknowns.given(cells) {
        let mut equation = vec![0; len + 1];
        equation[unknown] = 1;
        equation[len] = value % prime;
        occurs[unknown] = true;
        equations.push(equation);
    }
    for &(place, p, c) in cells {
        let mut equation = vec![0; len + 1];
        for (unknown, factor) in [
            (unknowns.ciphertext(c), 1),
            (unknowns.plaintext(p), prime - 1),
            (unknowns.shift(place), prime - 1),
        ] {
            equation[unknown] = (equation[unknown] + factor) % prime;
            occurs[unknown] = true;
        }
        equations.push(equation);
    }
    let mut echelon = Echelon::new(prime, len);
    for equation in equations {
        echelon.add(equation)?;
    }
    let is_free = |unknown: &usize| occurs[*unknown] && echelon.pivots[*unknown].is_none();
    let free: Vec<usize> = (0..len).filter(is_free).collect();
    let may_be_free = match unknowns.mixed {
        Mixed::Same | Mixed::Both => MAX_FREE,
        Mixed::Plaintext | Mixed::Ciphertext => MAX_FREE - 1,
    };
    if free.len() > may_be_free {
        return None;
    }
    let ways = 0..prime.pow(free.len() as u32);
    let values = ways.map(|way| {
        let mut given = vec![0; len];
        for (place, unknown) in (0..).zip(&free) {
            given[*unknown] = way / prime.pow(place) % prime;
        }
        let values = (0..len).map(|one| occurs[one].then(|| echelon.value(one, &given)));
        values.collect()
    });
    Some(values.collect())
}

/// The unknowns that may be free: a scale, and how far two sets of symbols are apart.
const MAX_FREE: usize = 2;

/// The cipher of a solution. Places are read as orders, and of all scales that are as good the one with
/// the shortest keywords is taken.
fn candidate(sample: &Sample, solution: &Solution, mixed: Mixed) -> Option<Candidate> {
    let n = sample.n_symbols();
    let scales: Vec<usize> = match mixed {
        Mixed::Same | Mixed::Both => (1..n)
            .filter(|scale| crate::ciphers::inverse(*scale, n).is_some())
            .collect(),
        _ => vec![1],
    };
    let shown = solution
        .shifts
        .iter()
        .copied()
        .collect::<Option<Vec<usize>>>()?;
    let mut best: Option<Candidate> = None;
    for scale in scales {
        let scaled = |places: &[Option<usize>]| -> Partial {
            let mut order = vec![None; n];
            for (id, place) in (0..).zip(places) {
                if let Some(place) = place {
                    order[place * scale % n] = Some(id);
                }
            }
            order
        };
        let shifts: Vec<usize> = shown.iter().map(|shift| shift * scale % n).collect();
        let orders = [scaled(&solution.plaintext), scaled(&solution.ciphertext)];
        let one = with_orders(sample, orders, &shifts, mixed);
        if best
            .as_ref()
            .is_none_or(|best| one.key_bits < best.key_bits)
        {
            best = Some(one);
        }
    }
    best
}

fn with_orders(
    sample: &Sample,
    [plaintext, ciphertext]: [Partial; 2],
    shifts: &[usize],
    mixed: Mixed,
) -> Candidate {
    let n = sample.n_symbols();
    let alphabet = &sample.plaintext;
    let (plain_turn, plaintext) = turned_to_keyword(plaintext);
    let (cipher_turn, ciphertext) = match mixed {
        Mixed::Same => (plain_turn, plaintext.clone()),
        _ => turned_to_keyword(ciphertext),
    };
    let [plain, encrypted] = [&plaintext, &ciphertext].map(|order| complete(alphabet, order));
    let straight = MixedAlphabet::Whole(alphabet.decode(&(0..n as SymbolId).collect::<Vec<_>>()));
    let is_plain_mixed = mixed != Mixed::Ciphertext;
    let is_cipher_mixed = mixed != Mixed::Plaintext;
    let make = |plain: &MixedAlphabet, encrypted: &MixedAlphabet| {
        let order =
            |mixed: &MixedAlphabet| mixed.init("quagmire", "key", alphabet).unwrap_or_default();
        let cipher_order = order(if is_cipher_mixed {
            encrypted
        } else {
            &straight
        });
        let first = order(if is_plain_mixed { plain } else { &straight })
            .first()
            .copied();
        // The symbol of the ciphertext that stands below the first one of the plaintext's alphabet.
        let below = |shift: &usize| {
            let place = (shift + plain_turn + n - cipher_turn % n) % n;
            cipher_order.get(place).copied()
        };
        let key: Vec<SymbolId> = shifts.iter().filter_map(below).collect();
        CipherConfig::Quagmire {
            plaintext: is_plain_mixed.then(|| plain.clone()),
            ciphertext: is_cipher_mixed.then(|| encrypted.clone()),
            key: alphabet.decode(&key),
            below: first.map(|id| alphabet.symbol(id).into()),
        }
    };
    let (mut open, mut bits) = (Vec::new(), shifts.len() as f64 * (n as f64).log2() + 4.0);
    if is_plain_mixed {
        open.extend(&plain.open);
        bits += plain.bits;
    }
    if is_cipher_mixed && mixed != Mixed::Same {
        open.extend(&encrypted.open);
        bits += encrypted.bits;
    }
    let other = |one: &crate::known_plaintext::keyword::Completed| {
        one.alternative.clone().unwrap_or(one.key.clone())
    };
    Candidate {
        alternative: (!open.is_empty()).then(|| make(&other(&plain), &other(&encrypted))),
        unseen: open.iter().map(|&id| alphabet.symbol(id).into()).collect(),
        ..Candidate::new(make(&plain.key, &encrypted.key), bits)
    }
}

/// How far an order is turned, and the order turned so that the shortest keyword is at its front.
fn turned_to_keyword(order: Partial) -> (usize, Partial) {
    let turned = |turn: usize| {
        let mut turned = order.clone();
        turned.rotate_left(turn);
        turned
    };
    let lengths = (0..order.len()).filter_map(|turn| {
        let keyed = shortest_keyword(&turned(turn))?;
        Some((keyed.length, turn))
    });
    let turn = lengths.min().map_or(0, |(_, turn)| turn);
    (turn, turned(turn))
}

//! How likely it is that a key fits by chance.
//!
//! The null hypothesis is that the two sides of a pair have nothing to do with each other. Then each
//! symbol that a key explains is a coincidence of some bits, and the choice of the key among all keys
//! makes up for some of them. What remains are bits of evidence: a random file shows `b` bits with a
//! probability of at most 2^-b, by the union bound over all keys.

use std::collections::{BTreeMap, HashSet};

use crate::SymbolId;

/// What a key explains of pairs.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Evidence {
    pub n_symbols: usize,
    pub n_right: usize,
    pub n_pairs: usize,
    pub n_right_pairs: usize,
    /// Right answers that no earlier pair predicts.
    pub n_new_right: usize,
    /// All places that no earlier pair predicts.
    pub n_new: usize,
    /// The bits of a coincidence at one symbol.
    pub bits_per_symbol: f64,
    /// The share of them that remains where both sides have the same symbols in another order.
    pub anagram_share: f64,
}

impl Evidence {
    /// The bits that the right answers are worth for a key that was chosen with `key_bits`.
    pub fn bits(&self, key_bits: f64) -> f64 {
        let n_wrong = self.n_new - self.n_new_right;
        self.n_new_right as f64 * self.bits_per_symbol
            - key_bits
            - log2_choose(self.n_new, n_wrong)
            - log2_choose(self.n_new.max(1), 1) * f64::from(u8::from(n_wrong > 0))
    }
}

/// The symbols of a run that predicts nothing if it was seen before.
const RUN: usize = 3;

/// Adds up the evidence of one pair after the other.
#[derive(Debug, Default)]
pub(super) struct Tally {
    evidence: Evidence,
    /// Places that earlier pairs had: near-duplicates and repeated words are no new evidence.
    seen_places: HashSet<(usize, SymbolId, SymbolId)>,
    /// Runs of up to three symbols of both sides.
    seen_runs: HashSet<Vec<(SymbolId, SymbolId)>>,
    ciphertext: BTreeMap<SymbolId, usize>,
    plaintext: BTreeMap<SymbolId, usize>,
    /// The bits of choosing the order of each plaintext's symbols.
    order_bits: f64,
    n_ordered: usize,
}

impl Tally {
    /// Compares an answer to a ciphertext with the plaintext, at the places that are asked for. Returns
    /// whether it is right everywhere.
    pub fn add(
        &mut self,
        ciphertext: &[SymbolId],
        plaintext: &[SymbolId],
        answer: &[SymbolId],
        is_asked: impl Fn(usize) -> bool,
    ) -> bool {
        let n = ciphertext.len().max(plaintext.len());
        let mut n_wrong = 0;
        let mut run: Vec<(SymbolId, SymbolId)> = Vec::new();
        for place in 0..n {
            if !is_asked(place) {
                continue;
            }
            let (Some(&c), Some(&p)) = (ciphertext.get(place), plaintext.get(place)) else {
                n_wrong += 1;
                continue;
            };
            let is_right = answer.get(place) == Some(&p);
            n_wrong += usize::from(!is_right);
            // A symbol that was there a moment before may be part of a pattern.
            let is_repeated = run.contains(&(c, p));
            if run.len() == RUN {
                run.remove(0);
            }
            run.push((c, p));
            let is_new_place = self.seen_places.insert((place, c, p));
            let is_new_run = self.see(&run);
            if is_new_place && is_new_run && !is_repeated {
                self.evidence.n_new += 1;
                self.evidence.n_new_right += usize::from(is_right);
                *self.ciphertext.entry(c).or_default() += 1;
                *self.plaintext.entry(p).or_default() += 1;
            }
        }
        self.order_bits += order_bits(plaintext);
        self.n_ordered += plaintext.len();
        let n_asked = (0..n).filter(|&place| is_asked(place)).count();
        self.evidence.n_symbols += n_asked;
        self.evidence.n_right += n_asked - n_wrong;
        self.evidence.n_pairs += 1;
        self.evidence.n_right_pairs += usize::from(n_wrong == 0);
        n_wrong == 0
    }

    /// Whether a run is new. Its ends are seen from then on as well, as the beginning of another text.
    fn see(&mut self, run: &[(SymbolId, SymbolId)]) -> bool {
        for start in 1..run.len() {
            self.seen_runs.insert(run[start..].to_vec());
        }
        self.seen_runs.insert(run.to_vec())
    }

    /// The evidence, over an alphabet of `n_symbols`. A coincidence has the bits of the side with fewer of them: whatever the other side
    /// is, a match is at least as unlikely.
    pub fn finish(self, n_symbols: usize) -> Evidence {
        let [one, other] =
            [&self.ciphertext, &self.plaintext].map(|counts| entropy(counts, n_symbols));
        let bits_per_symbol = one.min(other);
        let ordered = self.order_bits / self.n_ordered.max(1) as f64;
        Evidence {
            bits_per_symbol,
            anagram_share: (ordered / bits_per_symbol.max(f64::MIN_POSITIVE)).min(1.0),
            ..self.evidence
        }
    }
}

/// The binary logarithm of the number of different orders of a message's symbols.
fn order_bits(message: &[SymbolId]) -> f64 {
    let mut counts = BTreeMap::<SymbolId, usize>::new();
    for &id in message {
        *counts.entry(id).or_default() += 1;
    }
    let n = message.len();
    let repeated: f64 = counts
        .values()
        .map(|&count| log2_orders(count, count))
        .sum();
    log2_orders(n, n) - repeated
}

/// The entropy in bits of what a sample over `n_symbols` is drawn from.
///
/// The shares are drawn towards equal ones by as much as the sample's size says (the James-Stein
/// estimator of Hausser and Strimmer, *Entropy inference and the James-Stein estimator*, 2009).
fn entropy(counts: &BTreeMap<SymbolId, usize>, n_symbols: usize) -> f64 {
    let n = counts.values().sum::<usize>() as f64;
    let equal = 1.0 / n_symbols.max(counts.len()) as f64;
    let shares: Vec<f64> = counts.values().map(|&count| count as f64 / n).collect();
    let squares: f64 = shares.iter().map(|share| share * share).sum();
    if squares >= 1.0 || n < 2.0 {
        return 0.0;
    }
    let drawn = (1.0 - squares) / ((n - 1.0) * (squares - equal).max(f64::MIN_POSITIVE));
    let drawn = drawn.min(1.0);
    let bits = |share: f64| -share * share.log2();
    let seen: f64 = shares
        .iter()
        .map(|share| bits(drawn * equal + (1.0 - drawn) * share))
        .sum();
    let n_unseen = n_symbols.saturating_sub(counts.len()) as f64;
    let unseen = if drawn > 0.0 {
        n_unseen * bits(drawn * equal)
    } else {
        0.0
    };
    seen + unseen
}

/// The binary logarithm of the number of ways to choose `k` of `n`.
pub(super) fn log2_choose(n: usize, k: usize) -> f64 {
    (1..=k.min(n - k.min(n)))
        .map(|i| ((n - k.min(n - k) + i) as f64 / i as f64).log2())
        .sum()
}

/// The binary logarithm of n (n - 1) .. with `k` factors: the ways to choose `k` of `n` in order.
pub(super) fn log2_orders(n: usize, k: usize) -> f64 {
    (0..k.min(n)).map(|i| ((n - i) as f64).log2()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choosing_in_any_order_is_choosing_in_order_without_the_orders() {
        for (n, k) in [(5, 0), (5, 2), (5, 5), (40, 7), (1000, 3)] {
            let expected = log2_orders(n, k) - log2_orders(k, k);
            assert!((log2_choose(n, k) - expected).abs() < 1e-9, "{n} {k}");
        }
    }

    #[test]
    fn a_copy_of_a_pair_is_no_new_evidence() {
        let mut tally = Tally::default();
        for _ in 0..10 {
            tally.add(&[1, 2, 3, 4], &[5, 6, 7, 8], &[5, 6, 7, 8], |_| true);
        }
        let evidence = tally.finish(26);
        assert_eq!((evidence.n_new, evidence.n_symbols), (4, 40));
    }

    #[test]
    fn the_entropy_is_that_of_the_alphabet_for_few_symbols_and_that_of_the_shares_for_many() {
        let few = BTreeMap::from([(0, 1), (1, 1), (2, 1), (3, 1)]);
        assert!((entropy(&few, 26) - 26_f64.log2()).abs() < 1e-9);
        let many = BTreeMap::from([(0, 30_000), (1, 10_000)]);
        let expected = 0.75 * (4.0_f64 / 3.0).log2() + 0.25 * 4.0_f64.log2();
        assert!((entropy(&many, 26) - expected).abs() < 0.01);
    }

    #[test]
    fn a_text_that_repeats_itself_is_evidence_once_wherever_it_begins() {
        let mut tally = Tally::default();
        for start in 0..4_u16 {
            let text = |first: u16| {
                (start..start + 12)
                    .map(|place| first + place % 4)
                    .collect::<Vec<_>>()
            };
            let (ciphertext, plaintext) = (text(10), text(0));
            tally.add(&ciphertext, &plaintext, &plaintext, |_| true);
        }
        // Four symbols, and the two that are needed to see what follows them.
        assert!(tally.finish(26).n_new <= 6);
    }

    #[test]
    fn a_side_of_one_symbol_is_no_evidence() {
        let mut tally = Tally::default();
        tally.add(&[1; 40], &[5; 40], &[5; 40], |_| true);
        assert_eq!(tally.finish(26).bits_per_symbol, 0.0);
    }
}

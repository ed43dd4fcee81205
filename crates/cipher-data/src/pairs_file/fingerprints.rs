use std::collections::{HashMap, VecDeque};

use crate::SymbolId;

/// Expected number of runs that two messages of the whole file share by chance.
const MAX_CHANCE_MATCHES: f64 = 1e-3;

/// Fingerprints of one side of a file, at most about this many: 128 MiB of them.
const MAX_FINGERPRINTS: usize = 1 << 23;

/// A run that repeats itself after this many symbols or fewer is filler, such as `XXXX` or
/// `-.-.`: two messages that share it need not share any text.
const MAX_FILLER_PERIOD: usize = 4;

/// Multiplier of the rolling hash, an odd number with its bits well mixed (2^64 over the golden
/// ratio).
const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;

/// How to choose the fingerprints of a message: hashes of some of its runs of `run` symbols.
///
/// Every `window` runs in a row have at least one that is chosen, and the choice depends on their
/// symbols alone: two messages that share `run + window - 1` symbols in a row share a fingerprint.
/// This is *winnowing* (Schleimer, Wilkerson and Aiken, SIGMOD 2003).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fingerprints {
    run: usize,
    window: usize,
}

impl Fingerprints {
    /// The shortest runs that two messages hardly ever share by chance, given how often two symbols
    /// of these messages are equal (their *index of coincidence*); nothing if all symbols are
    /// equal. Every run is a fingerprint, unless that would be too many.
    pub(super) fn of<'a>(messages: impl Iterator<Item = &'a [SymbolId]> + Clone) -> Option<Self> {
        let mut counts: HashMap<SymbolId, u64> = HashMap::new();
        for &symbol in messages.clone().flatten() {
            *counts.entry(symbol).or_default() += 1;
        }
        let n_symbols = counts.values().sum::<u64>() as f64;
        let equal = counts.values().map(|&n| n as f64 * (n as f64 - 1.0));
        let coincidence = equal.sum::<f64>() / (n_symbols * (n_symbols - 1.0)).max(1.0);
        if coincidence >= 1.0 {
            return None;
        }
        let n_comparisons = n_symbols * n_symbols / 2.0;
        let rate = -coincidence.max(f64::MIN_POSITIVE).ln();
        let run = ((n_comparisons / MAX_CHANCE_MATCHES).ln() / rate).ceil();
        let run = (run as usize).max(2);
        let n_runs: usize = messages
            .map(|message| (message.len() + 1).saturating_sub(run))
            .sum();
        let window = if n_runs <= MAX_FINGERPRINTS {
            1
        } else {
            // Of random hashes, a share of 2 / (window + 1) is chosen.
            (2 * n_runs).div_ceil(MAX_FINGERPRINTS)
        };
        Some(Self { run, window })
    }

    /// Symbols in a run.
    pub(super) fn run(self) -> usize {
        self.run
    }

    /// The fingerprints of a message, sorted and each once.
    pub(super) fn choose(self, message: &[SymbolId]) -> Vec<u64> {
        let hashes = self.hashes(message);
        let window = self.window.min(hashes.len());
        let mut chosen = Vec::new();
        // The places in the window whose hash is smaller than all after it.
        let mut smallest: VecDeque<(usize, u64)> = VecDeque::new();
        for (place, hash) in hashes.into_iter().enumerate() {
            if let Some(hash) = hash {
                while smallest.back().is_some_and(|back| back.1 >= hash) {
                    smallest.pop_back();
                }
                smallest.push_back((place, hash));
            }
            smallest.pop_front_if(|front| front.0 + window <= place);
            if place + 1 >= window
                && let Some(&(_, hash)) = smallest.front()
                && chosen.last() != Some(&hash)
            {
                chosen.push(hash);
            }
        }
        chosen.sort_unstable();
        chosen.dedup();
        chosen
    }

    /// The hash of each run, or nothing where the run is filler.
    fn hashes(self, message: &[SymbolId]) -> Vec<Option<u64>> {
        if message.len() < self.run {
            return Vec::new();
        }
        let outgoing = (1..self.run).fold(1_u64, |power, _| power.wrapping_mul(MULTIPLIER));
        let value = |symbol: SymbolId| u64::from(symbol) + 1;
        let leaving = std::iter::repeat_n(None, self.run).chain(message.iter().map(Some));
        let mut filler = Filler::new(message);
        let mut hash = 0_u64;
        let mut hashes = Vec::with_capacity(message.len() + 1 - self.run);
        for ((place, &symbol), leaving) in message.iter().enumerate().zip(leaving) {
            if let Some(&leaving) = leaving {
                hash = hash.wrapping_sub(value(leaving).wrapping_mul(outgoing));
            }
            hash = hash.wrapping_mul(MULTIPLIER).wrapping_add(value(symbol));
            let filler = filler.run_ending_at(place);
            if place + 1 >= self.run {
                hashes.push((filler < self.run).then(|| mix(hash)));
            }
        }
        hashes
    }
}

/// Spreads a hash over all bits, as the last step of SplitMix64 does: which hash of a window is the
/// smallest must not depend on the order of the alphabet.
fn mix(mut hash: u64) -> u64 {
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

/// How many symbols before a place, up to it, repeat themselves with a short period.
struct Filler<'a> {
    message: &'a [SymbolId],
    /// For each period, how many symbols in a row equal the one a period before.
    equal: [usize; MAX_FILLER_PERIOD],
}

impl<'a> Filler<'a> {
    fn new(message: &'a [SymbolId]) -> Self {
        Self {
            message,
            equal: [0; MAX_FILLER_PERIOD],
        }
    }

    /// The length of the longest repetition that ends at `place`. Places are asked for in order.
    fn run_ending_at(&mut self, place: usize) -> usize {
        let mut longest = 0;
        for (period, equal) in (1..).zip(&mut self.equal) {
            let before = place
                .checked_sub(period)
                .map(|before| self.message.get(before));
            *equal = if before == Some(self.message.get(place)) {
                *equal + 1
            } else {
                0
            };
            longest = longest.max(*equal + period);
        }
        longest
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::RngExt;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    fn random(n_symbols: SymbolId, len: usize, seed: u64) -> Vec<SymbolId> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        (0..len).map(|_| rng.random_range(0..n_symbols)).collect()
    }

    #[test]
    fn runs_are_longer_the_more_symbols_are_compared_and_the_fewer_kinds_there_are() {
        let run = |n_symbols, len| {
            let message = random(n_symbols, len, 1);
            Fingerprints::of([&message[..]].into_iter()).unwrap().run()
        };
        // 1,000 symbols make 5e5 comparisons, a thousandth of 5e8: 26^6 is 3.1e8 and 26^7 8e9,
        // 2^28 is 2.7e8 and 2^29 5.4e8. For 100,000 it is 5e12, between 26^8 and 26^9.
        assert_eq!(run(26, 1000), 7);
        assert_eq!(run(2, 1000), 29);
        assert_eq!(run(26, 100_000), 9);
    }

    #[test]
    fn messages_of_one_symbol_have_no_fingerprints() {
        assert_eq!(Fingerprints::of([&[3, 3, 3][..]].into_iter()), None);
    }

    #[test]
    fn filler_is_no_fingerprint() {
        let every = Fingerprints { run: 8, window: 1 };
        assert!(every.choose(&[7; 100]).is_empty());
        assert!(every.choose(&[1, 2, 3, 4].repeat(20)).is_empty());
        assert!(!every.choose(&[1, 2, 3, 4, 5].repeat(20)).is_empty());
    }

    #[test]
    fn equal_runs_have_equal_hashes_wherever_they_are() {
        let every = Fingerprints { run: 6, window: 1 };
        let message = random(26, 60, 2);
        let all = every.hashes(&message);
        for (place, hash) in all.iter().enumerate() {
            assert_eq!(every.hashes(&message[place..place + 6]), [*hash]);
        }
        assert_eq!(every.choose(&message).len(), 55);
    }

    #[test]
    fn messages_that_share_a_run_and_a_window_share_a_fingerprint() {
        let some = Fingerprints { run: 6, window: 5 };
        for seed in 0..200 {
            let shared = random(26, 6 + 5 - 1, seed);
            let [one, other] = [1000 + seed, 2000 + seed].map(|seed| {
                let around = random(26, 40, seed);
                some.choose(&[&around[..20], &shared, &around[20..]].concat())
            });
            assert!(one.iter().any(|hash| other.contains(hash)), "{seed}");
            assert!(one.len() < 25, "{}", one.len());
        }
    }
}

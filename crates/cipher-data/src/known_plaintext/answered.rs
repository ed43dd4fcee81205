//! What a cipher answers to the pairs, and which of them are left out.

use super::TextPair;
use super::conventions::{MIN_SHARE, not_asked};
use super::evidence::{Evidence, Tally, log2_choose};
use super::found::MIN_RIGHT;
use crate::{SymbolId, TextCipher};

/// Pairs that are named because a key does not explain them, at most.
const MAX_WRONG: usize = 5;

/// What a cipher explains of pairs. Nothing if it cannot read most of them.
///
/// Beside it are the first pairs that it does not explain, and what was left out: pairs that cannot be read, and
/// those that are mostly wrong, if they are few. Where a symbol is missing, all that follows is out of step.
pub(super) fn evidence(
    pairs: &[TextPair<'_>],
    cipher: &TextCipher,
) -> Option<(Evidence, Vec<usize>, LeftOut)> {
    let answer = |pair| Answered::of(pair, cipher);
    let answered: Vec<Option<Answered>> = pairs.iter().map(answer).collect();
    let is_mostly_right =
        |one: &Option<Answered>| one.as_ref().is_some_and(Answered::is_mostly_right);
    let is_few = |n: usize| n as f64 <= (1.0 - MIN_SHARE) * pairs.len() as f64;
    let skips_wrong = is_few(answered.iter().filter(|one| !is_mostly_right(one)).count());
    let mut tally = Tally::default();
    let (mut wrong_pairs, mut left_out) = (Vec::new(), LeftOut::default());
    for (index, (pair, answered)) in pairs.iter().zip(&answered).enumerate() {
        let kept = answered
            .as_ref()
            .filter(|one| !skips_wrong || one.is_mostly_right());
        if kept.is_none() {
            left_out.n_pairs += 1;
            left_out.n_symbols += pair.plaintext.chars().count();
        }
        if !kept.is_some_and(|one| one.add_to(&mut tally)) {
            wrong_pairs.push(index);
        }
    }
    let evidence = tally.finish(cipher.plaintext.len());
    wrong_pairs.truncate(MAX_WRONG);
    let is_read = evidence.n_pairs > 0 && is_few(left_out.n_pairs);
    let evidence = Evidence {
        n_pairs: pairs.len(),
        ..evidence
    };
    is_read.then_some((evidence, wrong_pairs, left_out))
}

/// Pairs that were left out of the evidence, and their plaintexts' symbols.
#[derive(Debug, Default)]
pub(super) struct LeftOut {
    pub n_pairs: usize,
    pub n_symbols: usize,
}

impl LeftOut {
    /// The bits of choosing them among all pairs.
    pub fn bits(&self, n_pairs: usize) -> f64 {
        log2_choose(n_pairs, self.n_pairs)
    }
}

/// What a cipher answers to a pair that it can read.
struct Answered {
    ciphertext: Vec<SymbolId>,
    plaintext: Vec<SymbolId>,
    answer: Vec<SymbolId>,
    /// Places that are not asked for, in order.
    kept: Vec<usize>,
}

impl Answered {
    fn of(pair: &TextPair<'_>, cipher: &TextCipher) -> Option<Self> {
        let encrypted = cipher.ciphertext.encode(pair.ciphertext).ok()?;
        let plain = cipher.plaintext.encode(pair.plaintext).ok()?;
        let is_read = encrypted.kept == plain.kept && !encrypted.ids.is_empty();
        is_read.then(|| Self {
            plaintext: cipher.cipher.padded(&plain.ids),
            answer: cipher.cipher.decrypt(&encrypted.ids),
            kept: not_asked(&encrypted, &plain),
            ciphertext: encrypted.ids,
        })
    }

    fn is_mostly_right(&self) -> bool {
        let both = self.answer.iter().zip(&self.plaintext).enumerate();
        let asked = both.filter(|(place, _)| self.is_asked(*place));
        let n_right = asked.filter(|(_, (one, other))| one == other).count();
        let n_asked = (0..self.plaintext.len()).filter(|&place| self.is_asked(place));
        n_right as f64 >= MIN_RIGHT * n_asked.count() as f64
    }

    /// Whether all of it is right.
    fn add_to(&self, tally: &mut Tally) -> bool {
        tally.add(&self.ciphertext, &self.plaintext, &self.answer, |place| {
            self.is_asked(place)
        })
    }

    fn is_asked(&self, place: usize) -> bool {
        self.kept.binary_search(&place).is_err()
    }
}

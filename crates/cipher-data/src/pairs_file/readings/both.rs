use super::groups::Units;
use super::measured::Measured;
use super::{ReadingHints, Readings};
use crate::reading::{Only, Others};

/// A reading of each side.
pub(super) struct Both<'a> {
    pub(super) ciphertext: &'a Measured,
    pub(super) plaintext: &'a Measured,
    pub(super) n_equal: usize,
    /// Whether an answer can be written as the plaintexts are: nothing is left out, and what passes
    /// through is the same on both sides.
    pub(super) is_lossless: bool,
}

impl<'a> Both<'a> {
    /// Nothing where the readings do not go together, unless the hints say so.
    pub(super) fn of(
        ciphertext: &'a Measured,
        plaintext: &'a Measured,
        hints: &ReadingHints,
    ) -> Option<Self> {
        let [one, other] = [&ciphertext.reading, &plaintext.reading];
        let passes = [one, other].map(|side| side.only != Only::All && side.others == Others::Pass);
        let equal = ciphertext.equal(plaintext);
        let passes_alike = ciphertext.same_passed(plaintext, &equal);
        let is_open = hints.others.is_none();
        if is_open
            && (passes[0] != passes[1] || passes[0] && (one.only != other.only || !passes_alike))
        {
            return None;
        }
        if hints.fold_case.is_none()
            && one.fold_case
            && other.fold_case
            && !ciphertext.same_cases(plaintext, &equal)
        {
            return None;
        }
        Some(Self {
            n_equal: equal.len(),
            is_lossless: [ciphertext, plaintext].iter().all(|side| !side.drops),
            ciphertext,
            plaintext,
        })
    }

    pub(super) fn readings(&self) -> Readings {
        Readings {
            ciphertext: self.ciphertext.reading.clone(),
            plaintext: self.plaintext.reading.clone(),
        }
    }

    pub(super) fn units(&self) -> Units {
        [self.ciphertext, self.plaintext].map(|side| side.reading.symbols)
    }

    pub(super) fn n_cut(&self) -> usize {
        self.ciphertext.n_cut + self.plaintext.n_cut
    }

    /// Whether another reading only differs in what is left out, or cuts both sides into fewer
    /// symbols by the same factor, as groups of two letters are to letters. Whether symbols are bytes
    /// is another question.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let sides = [
            (self.ciphertext, other.ciphertext),
            (self.plaintext, other.plaintext),
        ];
        let are_all = |is: fn(&Measured, &Measured) -> bool| sides.iter().all(|(a, b)| is(a, b));
        let (is_by_one_factor, cuts_the_same) = match sides.map(|(a, b)| a.times(b)) {
            [Some(one), Some(other)] => (
                one.0 * other.1 == one.1 * other.0,
                one.0 == one.1 && other.0 == other.1,
            ),
            _ => (false, false),
        };
        are_all(|a, b| a.reading.symbols == b.reading.symbols)
            || cuts_the_same
            || is_by_one_factor && are_all(|a, b| a.is_of_bytes() == b.is_of_bytes())
    }
}

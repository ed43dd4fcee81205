use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::PairTexts;
use crate::DataError;

/// The policy for pairs with the same ciphertext and different plaintexts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Conflicts {
    /// Keep them all.
    Keep,
    /// Drop every pair of such a ciphertext, since it is unknown which one is right.
    Drop,
    /// Refuse the file.
    #[default]
    Fail,
}

impl FromStr for Conflicts {
    type Err = DataError;

    fn from_str(name: &str) -> Result<Self, DataError> {
        DataError::by_name(name)
    }
}

/// Two lines that give the same ciphertext different plaintexts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conflict {
    /// The first line with the ciphertext.
    pub first: u64,
    /// The first line with another plaintext for it.
    pub second: u64,
}

impl fmt::Display for Conflict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { first, second } = self;
        write!(
            formatter,
            "lines {first} and {second} have the same ciphertext and different plaintexts; \
             remove the wrong one"
        )
    }
}

/// Repetitions in a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Duplicates {
    /// The number of pairs that equal an earlier one.
    pub identical: usize,
    /// The first conflicts by their second line, as many as were asked for.
    pub conflicts: Vec<Conflict>,
    /// The number of all conflicts: one for each further plaintext of a ciphertext.
    pub n_conflicts: usize,
}

/// Conflicts that are refused under [`Conflicts::Fail`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "{} ciphertexts are repeated with another plaintext; remove the wrong pairs, or choose the \
     policy \"keep\" or \"drop\" for them",
    .0.n_conflicts
)]
pub struct ConflictingPairs(pub Duplicates);

impl PairTexts {
    /// Finds repeated pairs and conflicts, and lists at most `max_conflicts` of them.
    pub fn duplicates(&self, max_conflicts: usize) -> Duplicates {
        let mut identical = 0;
        let mut conflicts = Vec::new();
        self.for_each_ciphertext(|pairs, versions| {
            identical += pairs - versions.len();
            let mut lines = versions.iter().map(|&version| self.line(version));
            if let Some(first) = lines.next() {
                conflicts.extend(lines.map(|second| Conflict { first, second }));
            }
        });
        let n_conflicts = conflicts.len();
        conflicts.sort_unstable_by_key(|conflict| conflict.second);
        conflicts.truncate(max_conflicts);
        Duplicates {
            identical,
            conflicts,
            n_conflicts,
        }
    }

    /// Keeps the first of identical pairs and treats conflicts by the policy. Returns the pairs that
    /// are left and what was found, with at most `max_conflicts` conflicts.
    ///
    /// If any pair is dropped, the others are copied, so that the text is in memory twice for that
    /// time.
    ///
    /// # Errors
    ///
    /// [`ConflictingPairs`] under [`Conflicts::Fail`] only.
    pub fn without_duplicates(
        self,
        policy: Conflicts,
        max_conflicts: usize,
    ) -> Result<(Self, Duplicates), ConflictingPairs> {
        let duplicates = self.duplicates(max_conflicts);
        if policy == Conflicts::Fail && duplicates.n_conflicts > 0 {
            return Err(ConflictingPairs(duplicates));
        }
        // Sorting millions of pairs takes a while, so it is not done again without need.
        if duplicates.identical == 0 && duplicates.n_conflicts == 0 {
            return Ok((self, duplicates));
        }
        let mut kept = Vec::with_capacity(self.len());
        self.for_each_ciphertext(|_, versions| {
            if policy != Conflicts::Drop || versions.len() == 1 {
                kept.extend_from_slice(versions);
            }
        });
        kept.sort_unstable();
        Ok((self.select(&kept), duplicates))
    }

    /// Calls `visit` once for each ciphertext, under each key that it has, with the number of its pairs and
    /// with the first pair of each of its plaintexts, in the order of the file.
    ///
    /// Sorting finds equal texts with 8 bytes for each pair; a hash table would take more.
    fn for_each_ciphertext(&self, mut visit: impl FnMut(usize, &[usize])) {
        let mut order: Vec<usize> = (0..self.len()).collect();
        let question = |index| (self.ciphertext(index), self.key(index));
        order.sort_unstable_by_key(|&index| (question(index), self.plaintext(index), index));
        for pairs in order.chunk_by(|&one, &next| question(one) == question(next)) {
            let same = pairs.chunk_by(|&one, &next| self.plaintext(one) == self.plaintext(next));
            let mut versions: Vec<usize> = same.filter_map(|same| same.first().copied()).collect();
            versions.sort_unstable();
            visit(pairs.len(), &versions);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FileHints, read_pairs};

    /// Two identical pairs, three plaintexts for `AB`, and a pair of its own.
    fn texts() -> PairTexts {
        let pairs = ["AB xy", "CD zz", "AB uv", "AB xy", "AB ab"];
        let mut texts = PairTexts::default();
        for (index, pair) in pairs.iter().enumerate() {
            texts.push(&pair[..2], &pair[3..], index as u64 + 1);
        }
        texts
    }

    fn lines(texts: &PairTexts) -> Vec<u64> {
        (0..texts.len()).map(|index| texts.line(index)).collect()
    }

    #[test]
    fn each_further_plaintext_of_a_ciphertext_is_a_conflict_with_the_first() {
        let (first, second) = (1, 3);
        let mut expected = Duplicates {
            identical: 1,
            conflicts: vec![Conflict { first, second }, Conflict { first, second: 5 }],
            n_conflicts: 2,
        };
        assert_eq!(texts().duplicates(9), expected);
        expected.conflicts.truncate(1);
        assert_eq!(texts().duplicates(1), expected);
    }

    #[test]
    fn a_ciphertext_may_have_another_plaintext_under_another_key() {
        let file = "ciphertext,plaintext,key\nAB,xy,K\nAB,uv,L\nAB,xy,K\nAB,zz,L\n";
        let texts = read_pairs(file.as_bytes(), &FileHints::default(), 9).unwrap();
        let found = texts.duplicates(9);
        let (first, second) = (3, 5);
        assert_eq!(found.conflicts, [Conflict { first, second }]);
        assert_eq!(found.identical, 1);
    }

    #[test]
    fn conflicts_are_listed_in_the_order_of_the_file() {
        let mut texts = PairTexts::default();
        for (line, ciphertext) in (1..).zip(["B", "A", "B", "A"]) {
            texts.push(ciphertext, &line.to_string(), line);
        }
        let seconds = texts.duplicates(9).conflicts;
        let seconds: Vec<u64> = seconds.iter().map(|conflict| conflict.second).collect();
        assert_eq!(seconds, [3, 4]);
    }

    #[test]
    fn conflicts_are_kept_dropped_or_refused_and_identical_pairs_kept_once() {
        let without_duplicates = |policy| texts().without_duplicates(policy, 1);
        let found = texts().duplicates(1);
        let (kept, kept_found) = without_duplicates(Conflicts::Keep).unwrap();
        assert_eq!(lines(&kept), [1, 2, 3, 5]);
        assert_eq!((kept.ciphertext(2), kept.plaintext(2)), ("AB", "uv"));
        assert_eq!(kept_found, found);
        let (dropped, _) = without_duplicates(Conflicts::Drop).unwrap();
        assert_eq!(lines(&dropped), [2]);
        let none = dropped.clone().without_duplicates(Conflicts::Fail, 1);
        assert_eq!(none, Ok((dropped, Duplicates::default())));
        let refused = without_duplicates(Conflicts::Fail).unwrap_err();
        assert!(
            refused.to_string().starts_with("2 ciphertexts "),
            "{refused}"
        );
        assert_eq!(refused, ConflictingPairs(found));
    }

    #[test]
    fn a_policy_is_known_by_its_name_in_a_config() {
        assert_eq!("drop".parse(), Ok(Conflicts::Drop));
        let error = "first".parse::<Conflicts>().unwrap_err().to_string();
        assert!(error.ends_with("one of `keep`, `drop`, `fail`"), "{error}");
    }
}

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{PairTexts, by_name};
use crate::DataError;

/// What happens to pairs with the same ciphertext and different plaintexts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Conflicts {
    /// Keep them all.
    Keep,
    /// Drop every pair of such a ciphertext: there is no telling which is right.
    Drop,
    /// Refuse the file.
    #[default]
    Fail,
}

/// Every policy under the name it has in a config and on the command line.
const POLICIES: [(&str, Conflicts); 3] = [
    ("keep", Conflicts::Keep),
    ("drop", Conflicts::Drop),
    ("fail", Conflicts::Fail),
];

impl FromStr for Conflicts {
    type Err = DataError;

    fn from_str(name: &str) -> Result<Self, DataError> {
        by_name("policy for conflicts", &POLICIES, name)
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

/// What a file says more than once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Duplicates {
    /// Pairs that are the same as an earlier one.
    pub identical: usize,
    /// The first conflicts by their second line, as many as were asked for.
    pub conflicts: Vec<Conflict>,
    /// How many conflicts there are: one for each further plaintext of a ciphertext.
    pub n_conflicts: usize,
}

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

    /// Keeps the first of identical pairs, and treats conflicts by the policy. If any pair goes,
    /// the others are copied, and the text is in memory twice for that time.
    ///
    /// # Errors
    ///
    /// [`DataError::ConflictingPairs`] under [`Conflicts::Fail`] only.
    pub fn without_duplicates(self, policy: Conflicts) -> Result<Self, DataError> {
        if policy == Conflicts::Fail
            && let duplicates = self.duplicates(1)
            && let Some(&Conflict { first, second }) = duplicates.conflicts.first()
        {
            return Err(DataError::ConflictingPairs {
                first,
                second,
                n_conflicts: duplicates.n_conflicts,
            });
        }
        let mut kept = Vec::with_capacity(self.len());
        self.for_each_ciphertext(|_, versions| {
            if policy != Conflicts::Drop || versions.len() == 1 {
                kept.extend_from_slice(versions);
            }
        });
        if kept.len() == self.len() {
            return Ok(self);
        }
        kept.sort_unstable();
        Ok(self.select(&kept))
    }

    /// Calls `visit` once for each ciphertext with the number of its pairs, and with the first
    /// pair of each of its plaintexts, in the order of the file.
    ///
    /// Sorting brings equal texts together with 8 bytes a pair; a table of them would take more.
    fn for_each_ciphertext(&self, mut visit: impl FnMut(usize, &[usize])) {
        let mut order: Vec<usize> = (0..self.len()).collect();
        order.sort_unstable_by_key(|&index| (self.ciphertext(index), self.plaintext(index), index));
        for pairs in order.chunk_by(|&one, &next| self.ciphertext(one) == self.ciphertext(next)) {
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
        let kept = texts().without_duplicates(Conflicts::Keep).unwrap();
        assert_eq!(lines(&kept), [1, 2, 3, 5]);
        assert_eq!((kept.ciphertext(2), kept.plaintext(2)), ("AB", "uv"));
        let dropped = texts().without_duplicates(Conflicts::Drop).unwrap();
        assert_eq!(lines(&dropped), [2]);
        assert_eq!(
            dropped.without_duplicates(Conflicts::Fail).unwrap().len(),
            1
        );
        let refused = DataError::ConflictingPairs {
            first: 1,
            second: 3,
            n_conflicts: 2,
        };
        assert_eq!(texts().without_duplicates(Conflicts::Fail), Err(refused));
    }

    #[test]
    fn a_policy_has_the_same_name_on_the_command_line_and_in_a_config() {
        for (name, policy) in POLICIES {
            assert_eq!(name.parse(), Ok(policy));
            assert_eq!(serde_json::to_value(policy).unwrap(), name);
        }
    }
}

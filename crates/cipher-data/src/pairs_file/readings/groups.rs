use std::cmp::Reverse;
use std::collections::HashMap;

use super::MARGIN;
use super::both::Both;
use crate::reading::SymbolUnit;

/// The share of the most equally long pairs from which on finer units are taken.
const MOST: f64 = 0.8;

/// The units of the ciphertexts and of the plaintexts.
pub(super) type Units = [SymbolUnit; 2];

/// What is known of all readings with the same units.
#[derive(Default)]
struct Group {
    most_equal: usize,
    /// The most symbols that one of the readings cuts, of those with the most equally long pairs.
    n_cut: usize,
}

/// The readings by their units.
pub(super) struct Groups {
    groups: HashMap<Units, Group>,
    pub(super) most_equal: usize,
    pub(super) margin: usize,
}

impl Groups {
    pub(super) fn of(both: &[Both<'_>], n_pairs: usize) -> Self {
        let margin = (MARGIN * n_pairs as f64) as usize;
        let mut groups: HashMap<Units, Group> = HashMap::new();
        for one in both {
            let group = groups.entry(one.units()).or_default();
            group.most_equal = group.most_equal.max(one.n_equal);
        }
        for one in both {
            if let Some(group) = groups.get_mut(&one.units())
                && one.n_equal + margin >= group.most_equal
            {
                group.n_cut = group.n_cut.max(one.n_cut());
            }
        }
        let most_equal = groups.values().map(|group| group.most_equal).max();
        Self {
            groups,
            most_equal: most_equal.unwrap_or(0),
            margin,
        }
    }

    /// The smallest is the best.
    pub(super) fn rank(&self, both: &Both<'_>) -> impl Ord + use<> {
        let Group { most_equal, n_cut } = self.groups.get(&both.units()).unwrap_or(&Group {
            most_equal: 0,
            n_cut: 0,
        });
        let is_enough = *most_equal as f64 >= MOST * self.most_equal as f64;
        let enough = most_equal.saturating_sub(self.margin);
        (
            Reverse(if is_enough { *n_cut } else { 0 }),
            Reverse(both.n_equal.min(enough)),
            Reverse(both.n_cut()),
            !both.is_lossless,
            both.ciphertext.n_symbols + both.plaintext.n_symbols,
        )
    }
}

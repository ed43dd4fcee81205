use std::ops::Range;

use super::Sides;

/// Places beside a likely one that stay in the band.
const MARGIN: u32 = 2;

/// The places of a lattice that are looked at: in each row, a range.
#[derive(Debug, Clone)]
pub(super) struct Band {
    /// The first place of each row, and the one after the last.
    rows: Vec<[u32; 2]>,
}

impl Band {
    /// The places near the diagonal of a pair.
    pub(super) fn diagonal((ciphertext, plaintext): Sides<'_>) -> Self {
        let (n, m) = (ciphertext.len(), plaintext.len());
        let half = half_width(m);
        let row = |i: usize| {
            let middle = i * m / n.max(1);
            let end = (middle + half).min(m) + 1;
            [middle.saturating_sub(half) as u32, end as u32]
        };
        Self {
            rows: (0..=n).map(row).collect(),
        }
    }

    /// The places of this band around the likely ones, which are a range in each row. A row without
    /// any is inside a code of several symbols.
    pub(super) fn around(&self, likely: impl IntoIterator<Item = Range<usize>>) -> Self {
        let mut before = 0;
        let rows = likely
            .into_iter()
            .zip(&self.rows)
            .map(|(likely, [low, end])| {
                let mut row = [likely.start as u32, likely.end as u32];
                if likely.is_empty() {
                    row = [before, before + 1];
                }
                before = row[1] - 1;
                let [first, after] = row;
                [
                    first.saturating_sub(MARGIN).max(*low),
                    (after + MARGIN).min(*end),
                ]
            });
        Self {
            rows: rows.collect(),
        }
    }

    /// The places of row i.
    pub(super) fn row(&self, i: usize) -> Range<usize> {
        let [low, end] = self.rows[i];
        low as usize..end as usize
    }

    /// Where each row begins in a list of all places, and where the last one ends.
    pub(super) fn offsets(&self) -> Vec<usize> {
        let mut end = 0;
        let ends = self.rows.iter().map(|[low, after]| {
            end += after.saturating_sub(*low) as usize;
            end
        });
        [0].into_iter().chain(ends).collect()
    }
}

/// Places on either side of the diagonal, for `m` plaintext symbols.
///
/// How far an alignment strays from the diagonal grows with the square root of its length, if its
/// steps are drawn one by one.
pub(super) fn half_width(m: usize) -> usize {
    12 + 3 * (m as f64).sqrt() as usize
}

use std::ops::Range;

/// Rows of a batch that a thread takes through time together. The cut depends on the sizes alone,
/// never on the number of threads.
pub fn shares(batch: usize, d_padded: usize) -> impl Iterator<Item = Range<usize>> + Clone {
    // Large weights do not stay in a core's own cache: each share reads them anew every step, so
    // it should have many rows to use them for.
    let most = if d_padded < 256 { 32 } else { 64 };
    let n_shares = batch.div_ceil(most).max(1);
    // Even shares, so that threads end together.
    (0..n_shares).map(move |share| share * batch / n_shares..(share + 1) * batch / n_shares)
}

#[cfg(test)]
mod tests {
    use super::shares;

    #[test]
    fn every_row_is_in_one_share() {
        for batch in 0..300 {
            let rows: Vec<usize> = shares(batch, 16).flatten().collect();
            assert_eq!(rows, (0..batch).collect::<Vec<_>>());
        }
    }
}

use std::ops::Range;

/// The share of a symbol that is in no code. A sequence is cut into such only where nothing else fits.
const UNSEEN: f64 = 1e-9;

/// Cuts `n` symbols into the likeliest codes of at most `longest`, as if each were drawn by itself.
/// `share` tells how often a code is drawn; a symbol that is in none stands alone.
#[allow(clippy::indexing_slicing)] // places are from 0 to n
pub(crate) fn likeliest_cut(
    n: usize,
    longest: usize,
    share: impl Fn(Range<usize>) -> Option<f64>,
) -> Vec<Range<usize>> {
    let mut best = vec![(f64::NEG_INFINITY, 0); n + 1];
    best[0].0 = 0.0;
    for end in 1..=n {
        for length in 1..=longest.min(end) {
            let share = match share(end - length..end) {
                Some(share) => share,
                None if length == 1 => UNSEEN,
                None => continue,
            };
            let score = best[end - length].0 + share.ln();
            if score > best[end].0 {
                best[end] = (score, length);
            }
        }
    }
    let mut cut = Vec::new();
    let mut end = n;
    while end > 0 {
        let start = end - best[end].1;
        cut.push(start..end);
        end = start;
    }
    cut.reverse();
    cut
}

use std::collections::HashMap;
use std::hash::Hash;

/// The share of answers that a table gets right which was made from all others. Each answer comes with its place in
/// the table.
pub(super) fn explained<K: Eq + Hash, A: Eq + Hash>(answers: impl Iterator<Item = (K, A)>) -> f64 {
    let mut cells: HashMap<K, HashMap<A, usize>> = HashMap::new();
    let mut n_answers = 0;
    for (place, answer) in answers {
        *cells.entry(place).or_default().entry(answer).or_default() += 1;
        n_answers += 1;
    }
    // An answer that is alone in its cell is explained by none of the others.
    let right = cells.values().filter_map(|answers| answers.values().max());
    right.map(|most| most - 1).sum::<usize>() as f64 / n_answers.max(1) as f64
}

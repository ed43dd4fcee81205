//! A key that continues with the message itself.

use super::Candidate;
use crate::known_plaintext::sample::Sample;
use crate::known_plaintext::tableau::Tableau;
use crate::{CipherConfig, Feedback, SymbolId};

/// The longest keyword that is looked for.
const MAX_LENGTH: usize = 64;

pub fn find(sample: &Sample) -> Vec<Candidate> {
    let feedbacks = [Feedback::Plaintext, Feedback::Ciphertext];
    feedbacks
        .into_iter()
        .filter_map(|feedback| keyword(sample, feedback))
        .collect()
}

/// The keyword of the length that explains the most.
fn keyword(sample: &Sample, feedback: Feedback) -> Option<Candidate> {
    let n = sample.n_symbols();
    let longest = sample.longest();
    let lengths = 1..=MAX_LENGTH.min(longest.saturating_sub(1));
    let best = lengths.map(|length| (score(sample, feedback, length), length));
    let (score, length) = best.reduce(|best, one| if one.0 > best.0 { one } else { best })?;
    if score <= 0 {
        return None;
    }
    let ids = (0..length).map(|place| commonest(sample, place));
    let ids = ids.collect::<Option<Vec<SymbolId>>>()?;
    let bits = length as f64 * (n as f64).log2() + (longest as f64).log2();
    let key = sample.plaintext.decode(&ids);
    Some(Candidate::new(
        CipherConfig::Autokey { key, feedback },
        bits,
    ))
}

/// How many symbols the message explains, less those that it gets wrong and those of the keyword.
fn score(sample: &Sample, feedback: Feedback, length: usize) -> i64 {
    let n = sample.n_symbols();
    let mut score = 0;
    for message in &sample.messages {
        let fed = match feedback {
            Feedback::Plaintext => &message.plaintext,
            Feedback::Ciphertext => &message.ciphertext,
        };
        let both = message.ciphertext.iter().zip(&message.plaintext);
        for ((&c, &p), fed) in both.skip(length).zip(fed) {
            let is_right = Tableau::Vigenere.key(n, c, p) == Some(*fed);
            score += if is_right { 1 } else { -2 };
        }
    }
    score - length as i64
}

/// The commonest key symbol at a place of the keyword.
fn commonest(sample: &Sample, place: usize) -> Option<SymbolId> {
    let n = sample.n_symbols();
    let mut counts = vec![0; n];
    for message in &sample.messages {
        if let (Some(&c), Some(&p)) = (message.ciphertext.get(place), message.plaintext.get(place))
        {
            counts[usize::from(Tableau::Vigenere.key(n, c, p)?)] += 1;
        }
    }
    let (id, count) = counts
        .iter()
        .enumerate()
        .max_by_key(|(id, count)| (**count, n - id))?;
    (*count > 0).then_some(id as SymbolId)
}

use crate::{Pair, Rule, Score, SymbolId};

/// Lets a rule decrypt the ciphertext of every pair and compares its answers with the plaintexts. An
/// answer that does not follow from what the rule was fitted on is wrong.
///
/// This tells how well the rule does on new messages only if
/// [`find_rules`](crate::find_rules) has not seen the pairs.
pub fn explain<'a>(rule: &Rule, held_out: impl IntoIterator<Item = &'a Pair>) -> Score {
    let mut score = Score::default();
    for pair in held_out {
        let known = known_answers(rule, [pair]).into_iter();
        let wrong_symbols = pair.len() - known.filter(|(_, is_right)| *is_right).count();
        score += Score {
            n_symbols: pair.len(),
            wrong_symbols,
            n_messages: 1,
            wrong_messages: usize::from(wrong_symbols > 0),
        };
    }
    score
}

/// The places of pairs for which a rule has an answer, as (plaintext symbol, whether it is right).
pub fn known_answers<'a>(
    rule: &Rule,
    held_out: impl IntoIterator<Item = &'a Pair>,
) -> Vec<(SymbolId, bool)> {
    let mut known_answers = Vec::new();
    for pair in held_out {
        let known = rule.knows(pair.ciphertext());
        let answers = rule.answer(pair.ciphertext()).into_iter().zip(known);
        for ((answer, is_known), &right) in answers.zip(pair.plaintext()) {
            if is_known {
                known_answers.push((right, answer == right));
            }
        }
    }
    known_answers
}

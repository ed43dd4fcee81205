use crate::{Pair, Rule, Score};

/// Lets a rule decrypt the ciphertext of every pair and compares its answers with the plaintexts.
///
/// This tells how well the rule does on new messages only if
/// [`find_rules`](crate::find_rules) has not seen the pairs.
pub fn explain<'a>(rule: &Rule, held_out: impl IntoIterator<Item = &'a Pair>) -> Score {
    let mut score = Score::default();
    for pair in held_out {
        score += Score::of_answer(&rule.answer(pair.ciphertext()), pair.plaintext());
    }
    score
}

use std::iter::Sum;
use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

use crate::SymbolId;

/// How many answers were wrong. These are counts, so scores of batches of any size can be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Score {
    /// Symbols asked for, padding not counted.
    pub n_symbols: usize,
    /// Symbols answered wrongly.
    pub wrong_symbols: usize,
    /// Messages asked for.
    pub n_messages: usize,
    /// Messages with at least one wrong symbol.
    pub wrong_messages: usize,
}

impl Score {
    /// The score of one message's answer. Symbols that the answer lacks are wrong.
    pub fn of_answer(answer: &[SymbolId], plaintext: &[SymbolId]) -> Self {
        let both = answer.iter().zip(plaintext);
        let right_symbols = both.filter(|(answer, right)| answer == right).count();
        let wrong_symbols = plaintext.len() - right_symbols;
        Self {
            n_symbols: plaintext.len(),
            wrong_symbols,
            n_messages: 1,
            wrong_messages: usize::from(wrong_symbols > 0),
        }
    }

    /// The score of one message's answer of any length. The wrong symbols are the edits, of at most as
    /// many as the plaintext has symbols, that turn the answer into the plaintext: symbols to put in,
    /// to take out or to change (the Levenshtein distance, as in the character error rate).
    pub fn of_edits(answer: &str, plaintext: &str) -> Self {
        let n_symbols = plaintext.chars().count();
        let wrong_symbols = strsim::levenshtein(answer, plaintext);
        Self {
            n_symbols,
            wrong_symbols: wrong_symbols.min(n_symbols),
            n_messages: 1,
            wrong_messages: usize::from(wrong_symbols > 0),
        }
    }

    /// The numbers of right symbols and of all.
    pub fn right_and_all(&self) -> (usize, usize) {
        (self.n_symbols - self.wrong_symbols, self.n_symbols)
    }

    /// Whether there was something to answer and every answer is right.
    pub fn is_perfect(&self) -> bool {
        self.n_symbols > 0 && self.wrong_symbols == 0
    }

    /// The share of symbols answered rightly, from 0 to 1; 1 if none was asked for.
    pub fn character_accuracy(&self) -> f64 {
        right_share(self.wrong_symbols, self.n_symbols)
    }

    /// The share of messages without a wrong symbol, from 0 to 1; 1 if none was asked for.
    pub fn message_accuracy(&self) -> f64 {
        right_share(self.wrong_messages, self.n_messages)
    }
}

impl AddAssign for Score {
    fn add_assign(&mut self, other: Self) {
        self.n_symbols += other.n_symbols;
        self.wrong_symbols += other.wrong_symbols;
        self.n_messages += other.n_messages;
        self.wrong_messages += other.wrong_messages;
    }
}

impl<'a> Sum<&'a Score> for Score {
    fn sum<I: Iterator<Item = &'a Score>>(scores: I) -> Self {
        let mut sum = Self::default();
        scores.for_each(|score| sum += *score);
        sum
    }
}

fn right_share(wrong: usize, all: usize) -> f64 {
    match all {
        0 => 1.0,
        _ => all.saturating_sub(wrong) as f64 / all as f64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_and_whole_messages_are_counted_and_scores_add_up() {
        let mut score = Score::of_answer(&[3, 4, 5], &[3, 0, 0]);
        score += Score::of_answer(&[6], &[6]);
        let expected = Score {
            n_symbols: 4,
            wrong_symbols: 2,
            n_messages: 2,
            wrong_messages: 1,
        };
        assert_eq!(score, expected);
        assert_eq!(score.character_accuracy(), 0.5);
        assert_eq!(score.message_accuracy(), 0.5);
    }

    #[test]
    fn symbols_that_an_answer_lacks_are_wrong() {
        assert_eq!(Score::of_answer(&[1], &[1, 2, 3]).wrong_symbols, 2);
    }

    #[test]
    fn a_symbol_that_is_missing_or_too_many_is_one_edit() {
        // Levenshtein's own kinds of error: deletion, insertion and substitution.
        for (answer, wrong_symbols) in [
            ("KITTEN", 0),
            ("KITEN", 1),
            ("KITTTEN", 1),
            ("SITTEN", 1),
            ("SITTING", 3),
            ("", 6),
            ("a long text of other letters", 6),
        ] {
            let score = Score::of_edits(answer, "KITTEN");
            assert_eq!(
                (score.wrong_symbols, score.n_symbols),
                (wrong_symbols, 6),
                "{answer}"
            );
            assert_eq!(score.wrong_messages, usize::from(wrong_symbols > 0));
        }
    }

    #[test]
    fn a_score_of_nothing_is_not_perfect_and_has_no_wrong_answer() {
        let nothing = Score::default();
        assert!(!nothing.is_perfect());
        assert_eq!(nothing.character_accuracy(), 1.0);
        assert!(Score::of_answer(&[1], &[1]).is_perfect());
        assert!(!Score::of_answer(&[1, 2], &[1, 3]).is_perfect());
    }
}

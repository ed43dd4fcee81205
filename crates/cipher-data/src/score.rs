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
    fn a_score_of_nothing_is_not_perfect_and_has_no_wrong_answer() {
        let nothing = Score::default();
        assert!(!nothing.is_perfect());
        assert_eq!(nothing.character_accuracy(), 1.0);
        assert!(Score::of_answer(&[1], &[1]).is_perfect());
        assert!(!Score::of_answer(&[1, 2], &[1, 3]).is_perfect());
    }
}

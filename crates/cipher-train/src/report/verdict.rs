//! What a training came to, in words, from held-out messages alone.

use std::collections::BTreeMap;
use std::fmt;

use cipher_data::{Alphabet, SymbolId};

use super::interval::{of_characters, wilson};
use crate::commands::percent;

/// From this share of right characters on, a cipher counts as learned.
const LEARNED: f64 = 0.99;
/// A symbol or a position fails when, in 95 of 100 cases, fewer than this share of it is right.
const FAILING: f64 = 0.9;
/// How far above always giving the commonest symbol an answer must be to count as knowledge.
const MARGIN: f64 = 0.02;
/// Symbols and stretches of positions that are named at most.
const MOST_NAMED: usize = 8;

/// A held-out message and the network's answer, of equal length.
#[derive(Debug, Clone)]
pub struct Answered {
    pub plaintext: Vec<SymbolId>,
    pub answer: Vec<SymbolId>,
}

/// What the verdict rests on.
pub struct Evidence<'a> {
    pub held_out: &'a [Answered],
    pub plaintext_alphabet: &'a Alphabet,
    /// The share of characters answered rightly of the pairs that were trained on.
    pub training_accuracy: f64,
    /// Ciphertext symbols of the held-out messages that no training pair has.
    pub never_trained: Vec<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    Learned,
    /// Better than nothing; what fails.
    Partly(Vec<String>),
    /// No better than always giving the commonest symbol; why, as far as it can be seen.
    NotLearnable(Vec<String>),
}

impl Answered {
    /// (right, all) characters.
    pub fn counts(&self) -> (usize, usize) {
        let pairs = self.plaintext.iter().zip(&self.answer);
        let right = pairs.filter(|(plaintext, answer)| plaintext == answer);
        (right.count(), self.plaintext.len())
    }
}

impl Evidence<'_> {
    pub fn verdict(&self) -> Verdict {
        let counts: Vec<_> = self.held_out.iter().map(Answered::counts).collect();
        let right: usize = counts.iter().map(|(right, _)| right).sum();
        let all: usize = counts.iter().map(|(_, all)| all).sum();
        let accuracy = right as f64 / all.max(1) as f64;
        let [low, _] = of_characters(&counts);
        if low <= self.commonest_share() + MARGIN && accuracy < LEARNED {
            return Verdict::NotLearnable(self.reasons());
        }
        let mut failing = self.failing_symbols();
        failing.extend(self.failing_positions());
        if accuracy >= LEARNED && failing.is_empty() {
            return Verdict::Learned;
        }
        failing.extend(self.reasons());
        Verdict::Partly(failing)
    }

    /// How right somebody would be who always gives the commonest plaintext symbol.
    fn commonest_share(&self) -> f64 {
        let mut counts = BTreeMap::new();
        let symbols = self.held_out.iter().flat_map(|message| &message.plaintext);
        symbols.for_each(|symbol| *counts.entry(symbol).or_insert(0) += 1);
        let n: usize = counts.values().sum();
        counts.values().max().copied().unwrap_or(0) as f64 / n.max(1) as f64
    }

    fn failing_symbols(&self) -> Vec<String> {
        let mut counts = BTreeMap::new();
        for message in self.held_out {
            for (&plaintext, &answer) in message.plaintext.iter().zip(&message.answer) {
                let (right, all) = counts.entry(plaintext).or_insert((0, 0));
                *right += usize::from(plaintext == answer);
                *all += 1;
            }
        }
        let failing: Vec<_> = counts.iter().filter(|(_, count)| fails(**count)).collect();
        if failing.is_empty() || failing.len() == counts.len() {
            return Vec::new(); // no symbol is worse than others
        }
        let named = failing.iter().take(MOST_NAMED);
        let named: Vec<_> = named
            .map(|(symbol, (right, all))| {
                let symbol = self.plaintext_alphabet.symbol(**symbol);
                format!("{symbol:?} ({right} of {all} right)")
            })
            .collect();
        vec![format!(
            "plaintext symbols that fail: {}{}",
            named.join(", "),
            more(failing.len())
        )]
    }

    fn failing_positions(&self) -> Vec<String> {
        let longest = self
            .held_out
            .iter()
            .map(|m| m.plaintext.len())
            .max()
            .unwrap_or(0);
        let mut counts = vec![(0, 0); longest];
        for message in self.held_out {
            for (place, (plaintext, answer)) in
                message.plaintext.iter().zip(&message.answer).enumerate()
            {
                counts[place].0 += usize::from(plaintext == answer);
                counts[place].1 += 1;
            }
        }
        let failing: Vec<usize> = (0..longest).filter(|&place| fails(counts[place])).collect();
        if failing.is_empty() || failing.len() == longest {
            return Vec::new();
        }
        let stretches = stretches(&failing);
        let named: Vec<_> = stretches
            .iter()
            .take(MOST_NAMED)
            .map(String::as_str)
            .collect();
        vec![format!(
            "positions that fail, counted from 1: {}{}",
            named.join(", "),
            more(stretches.len())
        )]
    }

    fn reasons(&self) -> Vec<String> {
        let mut reasons = Vec::new();
        if !self.never_trained.is_empty() {
            let symbols = self.never_trained.iter().take(40);
            let symbols: String = symbols.map(String::as_str).collect();
            reasons.push(format!(
                "{} ciphertext symbols of the held-out messages stand in no training pair: {symbols:?}",
                self.never_trained.len()
            ));
        }
        reasons.push(match self.training_accuracy >= LEARNED {
            true => "the training pairs were learned by heart and the others were not: too few pairs, \
                     or the plaintext does not follow from the ciphertext"
                .into(),
            false => format!(
                "only {} of the characters of the training pairs themselves are right: \
                 the plaintext may not follow from the ciphertext at the same place (try \
                 --set model.bidirectional=true), or the network needs longer (--set training.epochs) \
                 or more units (--set model.d_hidden)",
                percent(self.training_accuracy)
            ),
        });
        reasons
    }
}

fn fails((right, all): (usize, usize)) -> bool {
    let [_, high] = wilson(right as f64, all as f64);
    high < FAILING
}

fn more(n: usize) -> String {
    match n > MOST_NAMED {
        true => format!(", and {} more", n - MOST_NAMED),
        false => String::new(),
    }
}

/// Places counted from 0 as stretches counted from 1: `3`, `5 to 9`.
fn stretches(places: &[usize]) -> Vec<String> {
    let runs = places.chunk_by(|a, b| a + 1 == *b);
    runs.map(|run| match run {
        [place] => format!("{}", place + 1),
        run => format!("{} to {}", run[0] + 1, run[run.len() - 1] + 1),
    })
    .collect()
}

impl fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        let reasons = match self {
            Self::Learned => return write!(formatter, "verdict: learned"),
            Self::Partly(reasons) => {
                write!(formatter, "verdict: partly learned")?;
                reasons
            }
            Self::NotLearnable(reasons) => {
                write!(
                    formatter,
                    "verdict: not learnable from these pairs; its answers are no better \
                     than the commonest symbol"
                )?;
                reasons
            }
        };
        reasons
            .iter()
            .try_for_each(|reason| write!(formatter, "\n  {reason}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: SymbolId = 0;
    const Q: SymbolId = 16;

    /// 200 messages of 20 letters, answered by a rule from (message, place, letter).
    fn verdict(answer: impl Fn(usize, usize, SymbolId) -> SymbolId) -> Verdict {
        let letter = |message: usize, place: usize| {
            ((message * 7919 + place * 104_729) / 7 % 26) as SymbolId
        };
        let messages: Vec<_> = (0..200)
            .map(|message| {
                let plaintext: Vec<SymbolId> =
                    (0..20).map(|place| letter(message, place)).collect();
                let answers = plaintext.iter().enumerate();
                let answer = answers.map(|(place, &right)| answer(message, place, right));
                Answered {
                    answer: answer.collect(),
                    plaintext,
                }
            })
            .collect();
        let evidence = Evidence {
            held_out: &messages,
            plaintext_alphabet: &Alphabet::letters_and_dash(),
            training_accuracy: 1.0,
            never_trained: Vec::new(),
        };
        evidence.verdict()
    }

    #[test]
    fn all_right_is_learned() {
        assert_eq!(verdict(|_, _, right| right), Verdict::Learned);
    }

    #[test]
    fn always_the_same_letter_is_not_learnable() {
        assert!(matches!(verdict(|_, _, _| A), Verdict::NotLearnable(_)));
    }

    #[test]
    fn a_letter_that_is_always_wrong_is_named() {
        let found = verdict(|_, _, right| if right == Q { A } else { right });
        assert!(found.to_string().contains("\"Q\" (0 of"), "{found}");
        assert!(!found.to_string().contains("positions"), "{found}");
    }

    #[test]
    fn the_positions_from_which_it_fails_are_named() {
        let found = verdict(
            |message, place, right| match place < 12 || message % 26 == 0 {
                true => right,
                false => A,
            },
        );
        assert!(
            found.to_string().contains("counted from 1: 13 to 20"),
            "{found}"
        );
    }
}

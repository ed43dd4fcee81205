//! Whether a cipher was learned, judged by test messages alone.

use std::collections::BTreeMap;
use std::fmt;

use cipher_data::{Alphabet, KeyInput, Score, SymbolId};

use super::interval::{of_characters, wilson};
use crate::numbers::percent;
use crate::symbols::list;

/// A cipher counts as learned from this share of right characters on ..
const LEARNED: f64 = 0.99;
/// .. if the lower end of the interval is at least this: it takes 35 test messages.
const LEARNED_FOR_SURE: f64 = 0.9;
/// From this share of right characters on, a cipher is learned but for a rest.
const NEARLY: f64 = 0.9;
/// A symbol or a position fails when the upper end of its interval is below this.
const FAILING: f64 = 0.9;
/// How much better than the commonest symbol answers must be to count as knowledge.
const MARGIN: f64 = 0.02;
/// Symbols and stretches of positions that are named at most.
const MAX_NAMED: usize = 8;

/// What is known of a message, and the network's answer there.
#[derive(Debug, Clone, Default)]
pub struct Answered {
    /// The places of the message where the right answer is known.
    pub places: Vec<usize>,
    /// The right answer at each of these.
    pub plaintext: Vec<SymbolId>,
    /// The network's.
    pub answer: Vec<SymbolId>,
}

/// The evidence for a verdict.
pub struct Evidence<'a> {
    /// The numbers of right characters and of all, for each test message.
    pub counts: Vec<(usize, usize)>,
    /// The commonest character of the test messages, and its share.
    pub commonest: (String, f64),
    /// The test messages, symbol by symbol, if symbols and positions can fail.
    pub test: &'a [Answered],
    /// The alphabet of both sides of `test`.
    pub plaintext_alphabet: &'a Alphabet,
    /// The share of right characters on the training pairs.
    pub training_accuracy: f64,
    /// Ciphertext symbols of the test messages that occur in no training pair.
    pub never_trained: Vec<String>,
    /// How the network is told the key of each message, if it is.
    pub key_input: Option<KeyInput>,
}

/// Whether a cipher was learned.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// Nearly all characters are right, and there are enough messages to be sure.
    Learned,
    /// The answers are good, but too few messages show it.
    TooFewMessages {
        /// Test messages.
        n_messages: usize,
        /// The lower end of the interval of right characters.
        low: f64,
    },
    /// Better than guessing; what fails, and why.
    Partly(Vec<String>),
    /// No better than always answering with the commonest symbol; why, as far as can be seen.
    NotLearned(Vec<String>),
}

impl Answered {
    /// An answer to a message of which all is known.
    #[cfg(test)]
    pub fn of_all(plaintext: Vec<SymbolId>, answer: Vec<SymbolId>) -> Self {
        Self {
            places: (0..plaintext.len()).collect(),
            plaintext,
            answer,
        }
    }

    /// Each known place with the right answer and the network's.
    pub fn known(&self) -> impl Iterator<Item = (usize, SymbolId, SymbolId)> {
        let answers = self.plaintext.iter().zip(&self.answer);
        let places = self.places.iter().zip(answers);
        places.map(|(&place, (&plaintext, &answer))| (place, plaintext, answer))
    }

    /// What is right, symbol by symbol.
    pub fn score(&self) -> Score {
        Score::of_answer(&self.answer, &self.plaintext)
    }
}

impl Evidence<'_> {
    /// The verdict.
    pub fn verdict(&self) -> Verdict {
        let counts = &self.counts;
        let accuracy = self.accuracy();
        let [low, high] = of_characters(counts);
        let too_few = Verdict::TooFewMessages {
            n_messages: counts.len(),
            low,
        };
        let (symbol, share) = &self.commonest;
        let guessing = share + MARGIN;
        if accuracy <= guessing {
            let mut reasons = Vec::new();
            if *share >= LEARNED_FOR_SURE {
                reasons.push(format!(
                    "{} of the test characters are {symbol:?}, so the test shows nothing",
                    percent(*share),
                ));
            }
            reasons.extend(self.reasons());
            return Verdict::NotLearned(reasons);
        }
        // Where it may be guessing and may have learned it, the messages are too few to tell.
        if low <= guessing && high < LEARNED {
            return Verdict::NotLearned(self.reasons());
        }
        if low <= guessing {
            return too_few;
        }
        let mut failing = self.failing_symbols();
        failing.extend(self.failing_positions());
        if accuracy < LEARNED || !failing.is_empty() {
            failing.extend(self.reasons());
            return Verdict::Partly(failing);
        }
        if low < LEARNED_FOR_SURE {
            return too_few;
        }
        Verdict::Learned
    }

    /// The share of the test characters that are right.
    fn accuracy(&self) -> f64 {
        let right: usize = self.counts.iter().map(|(right, _)| right).sum();
        let all: usize = self.counts.iter().map(|(_, all)| all).sum();
        right as f64 / all.max(1) as f64
    }

    fn failing_symbols(&self) -> Vec<String> {
        let mut counts = BTreeMap::new();
        for message in self.test {
            for (_, plaintext, answer) in message.known() {
                let (right, all) = counts.entry(plaintext).or_insert((0, 0));
                *right += usize::from(plaintext == answer);
                *all += 1;
            }
        }
        let failing: Vec<_> = counts.iter().filter(|(_, count)| fails(**count)).collect();
        if failing.is_empty() || failing.len() == counts.len() {
            return Vec::new(); // no symbol is worse than others
        }
        let named = failing.iter().take(MAX_NAMED);
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
        let places = self.test.iter().flat_map(|message| &message.places);
        let longest = places.max().map_or(0, |last| last + 1);
        let mut counts = vec![(0, 0); longest];
        for message in self.test {
            for (place, plaintext, answer) in message.known() {
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
            .take(MAX_NAMED)
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
            reasons.push(format!(
                "{} ciphertext symbols of the test messages occur in no training pair: {}",
                self.never_trained.len(),
                list(&self.never_trained)
            ));
        }
        let is_memorized = self.training_accuracy >= LEARNED;
        let is_nearly = self.training_accuracy.min(self.accuracy()) >= NEARLY;
        reasons.push(if is_memorized && is_nearly {
            "the training pairs are learned, and most of the test messages; more pairs may show the rest, unless \
             it is errors of the pairs"
                .into()
        } else if is_memorized {
            "overfitting: the training pairs were memorized, but the test messages are not \
             decrypted; there are too few pairs, or the plaintext does not follow from the \
             ciphertext"
                .into()
        } else if is_nearly {
            format!(
                "{} of the characters of the training pairs are right; the rest may be errors of the pairs, or \
                 the network needs longer (--set training.epochs) or more hidden units (--set model.d_hidden)",
                percent(self.training_accuracy)
            )
        } else {
            format!(
                "only {} of the characters of the training pairs themselves are right: the \
                 plaintext may not follow from the ciphertext, or the network needs longer \
                 (--set training.epochs) or more hidden units (--set model.d_hidden)",
                percent(self.training_accuracy)
            )
        });
        let is_far_off = self.accuracy() < NEARLY;
        let why = match self.key_input.filter(|_| is_far_off) {
            Some(KeyInput::Aligned) => {
                "the network was told the key's symbol for each place, as if the key were repeated; where it is not, \
                 as under an autokey, let the network read the whole key first (--set model.key_input=prefix), which \
                 takes many more pairs"
            }
            Some(KeyInput::Prefix) => {
                "a network that reads the key first needs many more pairs than one that is told the key's symbol for \
                 each place (--set model.key_input=aligned)"
            }
            None => return reasons,
        };
        reasons.push(why.into());
        reasons.push(
            "`solve` on a file of one line may show that the cipher is a known one, which `decrypt --with-key CONFIG \
             --key KEY` decrypts without a network"
                .into(),
        );
        reasons
    }
}

/// The commonest symbol and its share, which is how right it would be as the answer to everything.
pub fn commonest<T: Ord + Copy + Default>(symbols: impl IntoIterator<Item = T>) -> (T, f64) {
    let mut counts = BTreeMap::new();
    for symbol in symbols {
        *counts.entry(symbol).or_insert(0_usize) += 1;
    }
    let n: usize = counts.values().sum();
    let (symbol, count) = counts
        .into_iter()
        .max_by_key(|&(_, count)| count)
        .unwrap_or_default();
    (symbol, count as f64 / n.max(1) as f64)
}

fn fails((right, all): (usize, usize)) -> bool {
    let [_, high] = wilson(right as f64, all as f64);
    high < FAILING
}

fn more(n: usize) -> String {
    if n > MAX_NAMED {
        format!(", and {} more", n - MAX_NAMED)
    } else {
        String::new()
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

impl Verdict {
    /// The verdict in one line, without the reasons.
    pub fn headline(&self) -> String {
        match self {
            Self::Learned => "learned".into(),
            Self::TooFewMessages { n_messages, low } => format!(
                "too few test messages to be sure: with {n_messages}, the true accuracy may be as \
                 low as {}",
                percent(*low)
            ),
            Self::Partly(_) => "partly learned".into(),
            Self::NotLearned(_) => {
                "not learned: the answers are no better than always the commonest symbol, as far as the \
                 test messages show".into()
            }
        }
    }

    /// What fails, and why, as far as can be seen.
    pub fn reasons(&self) -> &[String] {
        match self {
            Self::Partly(reasons) | Self::NotLearned(reasons) => reasons,
            Self::Learned | Self::TooFewMessages { .. } => &[],
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        write!(formatter, "verdict: {}", self.headline())?;
        self.reasons()
            .iter()
            .try_for_each(|reason| write!(formatter, "\n  {reason}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: SymbolId = 0;
    const Q: SymbolId = 16;

    /// Messages of 20 letters, answered by a rule from (message, place, letter).
    fn verdict_of(
        n_messages: usize,
        letter: impl Fn(usize, usize) -> SymbolId,
        answer: impl Fn(usize, usize, SymbolId) -> SymbolId,
    ) -> Verdict {
        let messages: Vec<_> = (0..n_messages)
            .map(|message| {
                let plaintext: Vec<SymbolId> =
                    (0..20).map(|place| letter(message, place)).collect();
                let answers = plaintext.iter().enumerate();
                let answer = answers.map(|(place, &right)| answer(message, place, right));
                let answer = answer.collect();
                Answered::of_all(plaintext, answer)
            })
            .collect();
        let letters = Alphabet::letters_and_dash();
        let (symbol, share) = commonest(
            messages
                .iter()
                .flat_map(|message| message.plaintext.clone()),
        );
        let evidence = Evidence {
            counts: messages
                .iter()
                .map(|message| message.score().right_and_all())
                .collect(),
            commonest: (letters.symbol(symbol).into(), share),
            test: &messages,
            plaintext_alphabet: &Alphabet::letters_and_dash(),
            training_accuracy: 1.0,
            never_trained: Vec::new(),
            key_input: None,
        };
        evidence.verdict()
    }

    fn letter(message: usize, place: usize) -> SymbolId {
        ((message * 7919 + place * 104_729) / 7 % 26) as SymbolId
    }

    fn verdict(answer: impl Fn(usize, usize, SymbolId) -> SymbolId) -> Verdict {
        verdict_of(200, letter, answer)
    }

    #[test]
    fn all_right_is_learned() {
        assert_eq!(verdict(|_, _, right| right), Verdict::Learned);
    }

    #[test]
    fn always_the_same_letter_is_not_learned() {
        assert!(matches!(verdict(|_, _, _| A), Verdict::NotLearned(_)));
    }

    #[test]
    fn two_messages_that_are_all_right_are_too_few() {
        let verdict = verdict_of(2, letter, |_, _, right| right);
        assert!(
            matches!(verdict, Verdict::TooFewMessages { n_messages: 2, .. }),
            "{verdict}"
        );
    }

    #[test]
    fn most_of_one_message_right_may_be_anything_and_half_of_it_is_not_enough() {
        let four_letters = |_, place| (place % 4) as SymbolId;
        let found = verdict_of(1, four_letters, |_, place, right| {
            right + SymbolId::from(place % 8 == 3)
        });
        let is_too_few = matches!(found, Verdict::TooFewMessages { n_messages: 1, .. });
        assert!(is_too_few, "{found}");
        let found = verdict_of(1, four_letters, |_, place, right| {
            right + SymbolId::from(place % 8 < 4)
        });
        assert!(matches!(found, Verdict::NotLearned(_)), "{found}");
    }

    #[test]
    fn nothing_is_learned_of_messages_that_are_all_one_letter() {
        let verdict = verdict_of(200, |_, _| A, |_, _, right| right);
        assert!(matches!(verdict, Verdict::NotLearned(_)), "{verdict}");
        assert!(verdict.to_string().contains("100 % of the test characters"));
    }

    #[test]
    fn coin_flips_that_were_guessed_in_two_messages_are_too_few() {
        let verdict = verdict_of(2, |m, p| letter(m, p) % 2, |_, _, right| right);
        assert!(
            matches!(verdict, Verdict::TooFewMessages { .. }),
            "{verdict}"
        );
    }

    #[test]
    fn a_letter_that_is_always_wrong_is_named() {
        let found = verdict(|_, _, right| if right == Q { A } else { right });
        assert!(found.to_string().contains("\"Q\" (0 of"), "{found}");
        assert!(!found.to_string().contains("positions"), "{found}");
    }

    #[test]
    fn the_positions_from_which_it_fails_are_named() {
        let found = verdict(|message, place, right| {
            if place < 12 || message % 26 == 0 {
                right
            } else {
                A
            }
        });
        assert!(
            found.to_string().contains("counted from 1: 13 to 20"),
            "{found}"
        );
    }
}

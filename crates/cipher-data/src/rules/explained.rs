use crate::{Pair, Rule};

/// What a rule got wrong, and out of how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Explained {
    /// Symbols asked for.
    pub n_symbols: usize,
    /// Symbols answered wrongly.
    pub wrong_symbols: usize,
    /// Messages asked for.
    pub n_messages: usize,
    /// Messages with at least one wrong symbol.
    pub wrong_messages: usize,
}

impl Explained {
    /// Whether there was something to explain and nothing of it is wrong: no network is needed.
    pub fn wholly(&self) -> bool {
        self.n_symbols > 0 && self.wrong_symbols == 0
    }

    /// The share of symbols answered rightly, from 0 to 1; 1 if none was asked.
    pub fn character_accuracy(&self) -> f64 {
        right_share(self.wrong_symbols, self.n_symbols)
    }

    /// The share of messages answered rightly as a whole, from 0 to 1; 1 if none was asked.
    pub fn message_accuracy(&self) -> f64 {
        right_share(self.wrong_messages, self.n_messages)
    }
}

fn right_share(wrong: usize, all: usize) -> f64 {
    match all {
        0 => 1.0,
        _ => (all - wrong) as f64 / all as f64,
    }
}

/// Lets the rule decrypt every pair's ciphertext and counts where its answer is not the plaintext.
///
/// This says how well the rule would do on messages it has never seen only if the pairs are held
/// out: [`find_rules`](crate::find_rules) must not have had them.
pub fn explain<'a>(rule: &Rule, held_out: impl IntoIterator<Item = &'a Pair>) -> Explained {
    let mut explained = Explained::default();
    for pair in held_out {
        let answer = rule.answer(pair.ciphertext());
        let both = answer.iter().zip(pair.plaintext());
        let n_wrong = both.filter(|(answer, right)| answer != right).count();
        explained.n_symbols += pair.len();
        explained.wrong_symbols += n_wrong;
        explained.n_messages += 1;
        explained.wrong_messages += usize::from(n_wrong > 0);
    }
    explained
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::rule::Kind;

    #[test]
    fn symbols_and_whole_messages_are_counted() {
        let held_out = [
            Pair::new(vec![3, 4, 5], vec![3, 0, 0]).unwrap(),
            Pair::new(vec![6], vec![6]).unwrap(),
        ];
        let rule = Rule::from(Kind::Copying);
        let copying = explain(&rule, &held_out);
        let expected = Explained {
            n_symbols: 4,
            wrong_symbols: 2,
            n_messages: 2,
            wrong_messages: 1,
        };
        assert_eq!(copying, expected);
        assert!(!copying.wholly());
        assert!(!explain(&rule, &[]).wholly());
    }
}

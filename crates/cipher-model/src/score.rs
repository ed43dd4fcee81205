use burn::tensor::{Int, Tensor};
use serde::{Deserialize, Serialize};

/// How many answers were wrong: counts, so that batches of any size add up rightly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Score {
    /// Symbols asked, padding not counted.
    pub n_symbols: usize,
    /// Symbols answered wrongly.
    pub wrong_symbols: usize,
    /// Messages asked.
    pub n_messages: usize,
    /// Messages with a wrong symbol.
    pub wrong_messages: usize,
}

impl Score {
    /// The share of symbols answered rightly, from 0 to 1; 1 if none was asked.
    pub fn character_accuracy(&self) -> f64 {
        right_share(self.wrong_symbols, self.n_symbols)
    }

    /// The share of messages answered rightly as a whole, from 0 to 1; 1 if none was asked.
    pub fn message_accuracy(&self) -> f64 {
        right_share(self.wrong_messages, self.n_messages)
    }
}

impl std::ops::AddAssign for Score {
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
        _ => (all - wrong.min(all)) as f64 / all as f64,
    }
}

/// Counts the symbols whose largest logit is not the plaintext's, and the messages that have one. The
/// two counts stay on the device until they are read. Padding is not counted.
///
/// # Shapes
///
/// - logits: `[batch, time, n_plaintext_symbols]`
/// - plaintext: `[batch, time]`, padded with `n_plaintext_symbols`
/// - counts: `[2]`, wrong symbols and wrong messages
pub fn count_wrong(logits: Tensor<3>, plaintext: Tensor<2, Int>) -> Tensor<1, Int> {
    let [_, _, n_plaintext_symbols] = logits.dims();
    let is_symbol = plaintext
        .clone()
        .not_equal_scalar(n_plaintext_symbols as i64);
    let answers: Tensor<2, Int> = logits.argmax(2).squeeze_dim(2); // [batch, time]
    let wrong = answers.not_equal(plaintext).bool_and(is_symbol).int(); // [batch, time]
    let wrong_messages = wrong.clone().max_dim(1).sum(); // [1]
    Tensor::cat(vec![wrong.sum(), wrong_messages], 0) // [2]
}

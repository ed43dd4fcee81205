//! The code book beside the network, where the sides of pairs have different lengths.

use anyhow::Result;
use cipher_data::Score;
use cipher_model::Decryptor;

use super::assessment::SolvingRule;
use crate::data::{Aligned, Data};
use crate::run::RunRule;

/// What the code book of the training pairs gets right.
pub struct CodeBookResult {
    /// Of each test message.
    pub scores: Vec<Score>,
    /// Whether it is used in place of the network: the network has to do better on the validation messages
    /// by more than chance. The test messages decide nothing.
    pub is_used: bool,
}

impl CodeBookResult {
    /// Compares the code book with the network.
    ///
    /// # Errors
    ///
    /// Those of the device.
    pub fn of(aligned: &Aligned, network: &Decryptor) -> Result<Self> {
        let book = aligned.code_book();
        let validation = aligned.validation();
        let of_network: Score = aligned.scores(network, validation)?.iter().sum();
        let of_book: Score = aligned.scores_of_book(&book, validation).iter().sum();
        Ok(Self {
            scores: aligned.scores_of_book(&book, aligned.test()),
            is_used: !is_clearly_less(of_network.wrong_symbols, of_book.wrong_symbols),
        })
    }

    /// The rule's name and score.
    pub fn named(&self) -> (String, Score) {
        ("code book".into(), self.scores.iter().sum())
    }

    /// The code book of all pairs, if it is used.
    pub fn solving(&self, data: &Data) -> Option<SolvingRule> {
        let aligned = data.aligned.as_ref().filter(|_| self.is_used)?;
        let rule = RunRule::Table(aligned.full_code_book().into());
        Some(SolvingRule {
            key: rule.describe(&data.ciphertext_alphabet, &data.plaintext_alphabet),
            score: self.scores.iter().sum(),
            replaces_network: true,
            rule,
        })
    }
}

/// Whether one count of errors is below another by more than two standard deviations of their difference, which
/// are those of two Poisson distributions.
fn is_clearly_less(one: usize, other: usize) -> bool {
    let difference = other as f64 - one as f64;
    difference > 2.0 * ((one + other) as f64).sqrt()
}

//! An assessment as text for a reader, and as JSON for a program.

use std::fmt::{self, Display, Formatter};

use cipher_model::Score;
use serde_json::{Value, json};

use super::assessment::{Assessment, SolvingRule};
use super::measure::Measure;
use crate::numbers::{count, percent};
use crate::run::RunRule;

impl Assessment {
    /// Everything that the text says.
    pub fn to_json(&self) -> Value {
        let rules = self.rules.iter();
        let rules = rules
            .map(|(name, score)| json!({"name": name, "score": score_json(score, self.measure)}));
        json!({
            "test": score_json(&self.score, self.measure),
            "character_accuracy_interval": self.character_interval,
            "message_accuracy_interval": self.message_interval,
            "expected_calibration_error": self.calibration_error,
            "rules": rules.collect::<Vec<_>>(),
            "is_solved": self.is_solved(),
            "verdict": self.verdict.headline(),
            "reasons": self.verdict.reasons(),
            "rule": self.rule.as_ref().map(|solving| json!({
                "name": solving.rule.name(),
                "key": solving.key,
                "replaces_network": solving.replaces_network,
            })),
        })
    }
}

/// A score as an object.
pub fn score_json(score: &Score, measure: Measure) -> Value {
    json!({
        "measure": measure.name(),
        "character_accuracy": score.character_accuracy(),
        "message_accuracy": score.message_accuracy(),
        "n_characters": score.n_symbols,
        "wrong_characters": score.wrong_symbols,
        "n_messages": score.n_messages,
        "wrong_messages": score.wrong_messages,
    })
}

impl Display for Assessment {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let interval =
            |[low, high]: [f64; 2]| format!("95 % interval {} to {}", percent(low), percent(high));
        let [characters, messages] = score_lines(&self.score, self.measure);
        writeln!(f, "{characters}, {}", interval(self.character_interval))?;
        writeln!(f, "{messages}, {}", interval(self.message_interval))?;
        writeln!(
            f,
            "expected calibration error  {}",
            percent(self.calibration_error)
        )?;
        writeln!(f, "tables on the same test messages:")?;
        for (name, score) in &self.rules {
            writeln!(f, "  {name:26} {}", percent(score.character_accuracy()))?;
        }
        write!(f, "{}", self.verdict)?;
        if let Some(SolvingRule {
            rule,
            score,
            key,
            replaces_network,
        }) = &self.rule
        {
            if let RunRule::Key(_) = rule {
                return match replaces_network {
                    true => write!(
                        f,
                        "\nno network needed: the cipher and its key are found, {key}\n\
                         decrypt will use this key (with --network, the network)"
                    ),
                    false => write!(
                        f,
                        "\na cipher and a key are found, {key}\n\
                         the network is better on the test messages, and decrypt will use it"
                    ),
                };
            }
            let space = if key.contains('\n') { "\n" } else { ": " };
            let name = rule.name();
            let solved = match (self.measure, score.wrong_symbols) {
                (_, 0) => "no network needed: a simple rule decrypts every test message".into(),
                (Measure::Symbols | Measure::Keys, n) => format!(
                    "a simple rule decrypts the test messages, except for {} that the training \
                     pairs never showed",
                    count(n, "character")
                ),
                (Measure::Edits, _) => {
                    "on the validation messages the network is not clearly better than a simple rule".into()
                }
            };
            write!(f, "\n{solved}, {name}{space}{key}")?;
            if *replaces_network {
                write!(
                    f,
                    "\ndecrypt will use this rule (with --network, the network)"
                )?;
            }
        } else if self.measure == Measure::Edits {
            write!(
                f,
                "\nthe network is clearly better than the code book on the validation messages, and decrypt will \
                 use it"
            )?;
        }
        Ok(())
    }
}

/// A score on test messages as two lines for a reader.
pub fn score_lines(score: &Score, measure: Measure) -> [String; 2] {
    let Score {
        n_symbols,
        wrong_symbols,
        n_messages,
        wrong_messages,
    } = score;
    let counted = match measure {
        Measure::Symbols | Measure::Keys => format!("{} of {n_symbols}", n_symbols - wrong_symbols),
        Measure::Edits => format!("edit distance {wrong_symbols} of {n_symbols} characters"),
    };
    let [symbols, wholes] = match measure {
        Measure::Symbols | Measure::Edits => ["test character accuracy", "test message accuracy"],
        Measure::Keys => ["test key symbols right", "test whole keys right"],
    };
    [
        format!(
            "{symbols:27} {:8} ({counted})",
            percent(score.character_accuracy()),
        ),
        format!(
            "{wholes:27} {:8} ({} of {n_messages})",
            percent(score.message_accuracy()),
            n_messages - wrong_messages,
        ),
    ]
}

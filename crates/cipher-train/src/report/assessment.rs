//! What a network learned of a file of pairs: its accuracy on the test messages, the simple rules
//! beside it, and the verdict.

use std::collections::BTreeSet;

use anyhow::Result;
use burn::tensor::Device;
use cipher_data::{Pair, Rule, explain, find_rules};
use cipher_model::{Decryptor, Score};

use super::answers::Answers;
use super::calibration::expected_calibration_error;
use super::interval::{of_characters, wilson};
use super::verdict::{Answered, Evidence, Verdict, commonest};
use crate::data::{Data, first_pairs};
use crate::run::{RunFolder, RunResult};
use crate::training::Trained;

/// Training messages that the network is asked to decrypt, to tell learning from memorizing.
const MAX_TRAINING_MESSAGES: usize = 500;
/// A rule may get this share of the training characters wrong: transcriptions have errors.
const MAX_TRAINING_ERRORS: f64 = 0.1;
/// A rule is believed from this many bits of evidence on: by chance alone, one file in a million
/// would show as much.
const MIN_EVIDENCE: f64 = 20.0;

/// What a network learned of a file of pairs.
#[derive(Debug)]
pub struct Assessment {
    /// The network's answers to the test messages.
    pub score: Score,
    /// The 95 % interval of its character accuracy.
    pub character_interval: [f64; 2],
    /// The 95 % interval of its message accuracy.
    pub message_interval: [f64; 2],
    /// The expected calibration error of its confidences.
    pub calibration_error: f64,
    /// Each kind of rule that was fitted to the training pairs, and its answers to the test
    /// messages.
    pub rules: Vec<(String, Score)>,
    /// Whether the network learned the cipher.
    pub verdict: Verdict,
    /// The simplest rule that decrypts every test message.
    pub rule: Option<SolvingRule>,
}

/// A rule that decrypts every test message.
#[derive(Debug)]
pub struct SolvingRule {
    /// The rule.
    pub rule: Rule,
    /// Its key or table, for a reader.
    pub key: String,
    /// Whether the rule is to be used in place of the network, as the network is worse or too few
    /// test messages show how good it is.
    pub replaces_network: bool,
}

impl Assessment {
    /// Asks the network for the test messages, and fits the rules to the training messages.
    ///
    /// # Errors
    ///
    /// Those of the data and of the device.
    pub fn of(decryptor: &Decryptor, data: &Data) -> Result<Self> {
        let test = first_pairs(&data.test, usize::MAX)?;
        let training = first_pairs(&data.training_once, usize::MAX)?;
        let ask = |pairs: &[Pair]| {
            let alphabets = (&data.ciphertext_alphabet, &data.plaintext_alphabet);
            Answers::of(decryptor, alphabets.0, alphabets.1, pairs)
        };
        let answers = ask(&test)?;
        let counts: Vec<_> = answers.messages.iter().map(Answered::counts).collect();
        let score = score(&answers.messages);
        let verdict = Evidence {
            test: &answers.messages,
            plaintext_alphabet: &data.plaintext_alphabet,
            training_accuracy: {
                let training = ask(&training[..training.len().min(MAX_TRAINING_MESSAGES)])?;
                self::score(&training.messages).character_accuracy()
            },
            never_trained: never_trained(&training, &test, data),
        }
        .verdict();
        let (rules, solving) = rules(&training, &test, data);
        let is_doubtful = score.wrong_symbols > 0 || verdict != Verdict::Learned;
        Ok(Self {
            score,
            character_interval: of_characters(&counts),
            message_interval: wilson(
                (score.n_messages - score.wrong_messages) as f64,
                score.n_messages as f64,
            ),
            calibration_error: expected_calibration_error(&answers.confidences),
            rules,
            verdict,
            rule: solving.map(|rule| SolvingRule {
                key: rule.describe(&data.ciphertext_alphabet, &data.plaintext_alphabet),
                replaces_network: is_doubtful,
                rule,
            }),
        })
    }

    /// Assesses what a run has learned, and writes the run's result: its last file.
    ///
    /// # Errors
    ///
    /// Those of the data, of the device and of the run's files.
    pub fn of_run(
        run: &RunFolder,
        trained: &Trained,
        data: &Data,
        device: &Device,
    ) -> Result<Self> {
        let decryptor = Decryptor::new(trained.bundle.clone(), device);
        let assessment = Self::of(&decryptor, data)?;
        let rule = assessment.rule.as_ref();
        let rule_sha256 = match rule.filter(|rule| rule.replaces_network) {
            Some(solving) => Some(run.set_rule(&solving.rule)?),
            None => None,
        };
        run.set_result(&RunResult {
            rule_sha256,
            verdict: Some(assessment.verdict.headline()),
            ..trained.result.clone()
        })?;
        Ok(assessment)
    }

    /// Whether the test messages can be decrypted, by the network or by a rule.
    pub fn is_solved(&self) -> bool {
        self.verdict == Verdict::Learned || self.rule.is_some()
    }
}

fn score(messages: &[Answered]) -> Score {
    let mut score = Score::default();
    for message in messages {
        score += Score::of_answer(&message.answer, &message.plaintext);
    }
    score
}

/// All rules with their scores, and the simplest one that solves the cipher.
fn rules(training: &[Pair], test: &[Pair], data: &Data) -> (Vec<(String, Score)>, Option<Rule>) {
    let alphabets = (&data.ciphertext_alphabet, &data.plaintext_alphabet);
    let found = find_rules(training, alphabets.0, alphabets.1);
    let evidence = evidence(test) - (found.len() as f64).log2();
    let mut scores = Vec::new();
    let mut solving = None;
    for rule in found {
        let score = explain(&rule, test);
        scores.push((rule.name(), score));
        let solves = score.is_perfect() && evidence >= MIN_EVIDENCE;
        if solving.is_none()
            && solves
            && explain(&rule, training).character_accuracy() >= 1.0 - MAX_TRAINING_ERRORS
        {
            solving = Some(rule);
        }
    }
    (scores, solving)
}

/// The bits of evidence that right answers to all test characters are: what it would take to guess
/// them with the share of the commonest symbol.
fn evidence(test: &[Pair]) -> f64 {
    let symbols = test.iter().flat_map(|pair| pair.plaintext());
    let n = symbols.clone().count();
    let (_, share) = commonest(symbols);
    if n == 0 {
        0.0
    } else {
        n as f64 * -share.log2()
    }
}

fn never_trained(training: &[Pair], test: &[Pair], data: &Data) -> Vec<String> {
    let mut trained = vec![false; data.ciphertext_alphabet.len()];
    for pair in training {
        pair.ciphertext()
            .iter()
            .for_each(|&id| trained[usize::from(id)] = true);
    }
    let asked: BTreeSet<_> = test.iter().flat_map(|pair| pair.ciphertext()).collect();
    let never = asked.into_iter().filter(|&&id| !trained[usize::from(id)]);
    never
        .map(|&id| data.ciphertext_alphabet.symbol(id).into())
        .collect()
}

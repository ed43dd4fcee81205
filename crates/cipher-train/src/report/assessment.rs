//! What a network learned of a file of pairs: its accuracy on the test messages, the simple rules
//! beside it, and the verdict.

use std::collections::BTreeSet;

use anyhow::Result;
use burn::tensor::Device;
use cipher_data::{
    FoundKey, Outside, Pair, PairTable, Rule, SymbolId, TextPair, explain, find_rules,
    known_answers,
};
use cipher_model::{Decryptor, Score};

use super::answers::Answers;
use super::calibration::expected_calibration_error;
use super::codes::CodeBookResult;
use super::interval::{of_characters, wilson};
use super::measure::Measure;
use super::verdict::{Answered, Evidence, Verdict, commonest};
use crate::data::{Data, first_pairs};
use crate::run::{RunFolder, RunResult, RunRule};
use crate::training::Trained;

/// Training messages that the network is asked to decrypt, to tell learning from memorizing.
const MAX_TRAINING_MESSAGES: usize = 500;
/// Pairs that a table is fitted to after it was confirmed, beside the training pairs.
const MAX_REFITTED: usize = 1 << 17;
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
    /// How answers are compared with the plaintexts.
    pub measure: Measure,
    /// The 95 % interval of its character accuracy.
    pub character_interval: [f64; 2],
    /// The 95 % interval of its message accuracy.
    pub message_interval: [f64; 2],
    /// The expected calibration error of its confidences.
    pub calibration_error: f64,
    /// Each kind of table that was fitted to the training pairs, and its answers to the test messages.
    pub rules: Vec<(String, Score)>,
    /// Whether the cipher was learned: by the network or, where a code book is better and the sides have
    /// different lengths, by that.
    pub verdict: Verdict,
    /// The cipher and its key, or else the simplest table that decrypts all test messages, except for
    /// symbols that never occurred in the training pairs.
    pub rule: Option<SolvingRule>,
}

/// A rule that decrypts all it has seen.
#[derive(Debug)]
pub struct SolvingRule {
    /// The rule, with what the validation and test messages show too.
    pub rule: RunRule,
    /// What a key gets right of all pairs, or a table of the training pairs of the test messages. What it
    /// leaves open is wrong.
    pub score: Score,
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
        let untrained = data.untrained()?;
        let answers = ask(&test)?;
        let scores = match &data.aligned {
            Some(aligned) => aligned.scores(&guessing(decryptor)?, aligned.test())?,
            None => answers.messages.iter().map(Answered::score).collect(),
        };
        let score: Score = scores.iter().sum();
        let book = match &data.aligned {
            Some(aligned) => Some(CodeBookResult::of(aligned, &guessing(decryptor)?)?),
            None => None,
        };
        let used = book
            .as_ref()
            .filter(|book| book.is_used)
            .map(|book| &book.scores);
        let verdict = Evidence {
            counts: counts(used.unwrap_or(&scores)),
            commonest: commonest_character(data, &answers.messages),
            // Labels say nothing of characters that were left out or put in.
            test: if data.aligned.is_some() {
                &[]
            } else {
                &answers.messages
            },
            plaintext_alphabet: &data.plaintext_alphabet,
            training_accuracy: {
                let training = ask(&training[..training.len().min(MAX_TRAINING_MESSAGES)])?;
                let scores: Vec<Score> = training.messages.iter().map(Answered::score).collect();
                scores.iter().sum::<Score>().character_accuracy()
            },
            never_trained: never_trained(&untrained, &test, data),
            key_input: decryptor.key_input(),
        }
        .verdict();
        let (rules, mut rule) = match book {
            Some(book) => (vec![book.named()], book.solving(data)),
            None => {
                // What no training pair shows, a rule learns from the others and a network does not.
                let lacks = untrained.iter().any(|&id| occurs(data, id));
                let is_doubtful = score.wrong_symbols > 0 || verdict != Verdict::Learned || lacks;
                let is_replaced =
                    |rule: &Score| is_doubtful && rule.wrong_symbols <= score.wrong_symbols;
                rules(&training, &test, data, is_replaced)
            }
        };
        if let Some(key) = data.key() {
            let of_key = Score {
                n_symbols: key.n_symbols,
                wrong_symbols: key.n_symbols - key.n_right,
                n_messages: key.n_pairs,
                wrong_messages: key.n_pairs - key.n_right_pairs,
            };
            rule = Some(SolvingRule {
                key: key.to_string(),
                replaces_network: is_as_good(key, of_key, score, &test, data)?,
                score: of_key,
                rule: RunRule::Key(Box::new(key.clone())),
            });
        }
        Ok(Self {
            character_interval: of_characters(&counts(&scores)),
            message_interval: wilson(
                (score.n_messages - score.wrong_messages) as f64,
                score.n_messages as f64,
            ),
            score,
            measure: Measure::of(&data.plaintext_alphabet),
            calibration_error: expected_calibration_error(&answers.confidences),
            rules,
            verdict,
            rule,
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
        let by_rule = |solving: &SolvingRule| match solving.rule {
            // It is certain, and what it does not explain are errors of the pairs.
            RunRule::Key(_) => solving.replaces_network,
            RunRule::Table(_) => solving.score.is_perfect(),
        };
        self.verdict == Verdict::Learned || self.rule.as_ref().is_some_and(by_rule)
    }
}

/// Whether a key gets as much right as the network: of the test messages, which may have errors of their own, or
/// even of all pairs.
fn is_as_good(
    key: &FoundKey,
    of_all: Score,
    network: Score,
    test: &[Pair],
    data: &Data,
) -> Result<bool> {
    if data.aligned.is_some() {
        return Ok(of_all.character_accuracy() >= network.character_accuracy());
    }
    let texts = test.iter().map(|pair| {
        let ciphertext = data.ciphertext_alphabet.decode(pair.ciphertext());
        (ciphertext, data.plaintext_alphabet.decode(pair.plaintext()))
    });
    let texts: Vec<(String, String)> = texts.collect();
    // A place that it leaves open is marked, and is better than an answer that may be wrong.
    let of_test = key.score_of_answers(texts.iter().map(|(ciphertext, plaintext)| TextPair {
        ciphertext,
        plaintext,
    }))?;
    let accuracy = of_all
        .character_accuracy()
        .max(of_test.character_accuracy());
    Ok(accuracy >= network.character_accuracy())
}

/// A decryptor whose guess at a symbol that training never showed is an answer, too.
fn guessing(decryptor: &Decryptor) -> Result<Decryptor> {
    Ok(decryptor.clone().with_outside(Outside::Reject)?)
}

fn counts(scores: &[Score]) -> Vec<(usize, usize)> {
    scores.iter().map(Score::right_and_all).collect()
}

/// The commonest character of the test messages, and its share.
fn commonest_character(data: &Data, messages: &[Answered]) -> (String, f64) {
    match &data.aligned {
        Some(aligned) => {
            let plaintexts = aligned.plaintexts(aligned.test()).concat();
            let (character, share) = commonest(plaintexts.chars());
            (character.into(), share)
        }
        None => {
            let symbols = messages.iter().flat_map(|message| &message.plaintext);
            let (symbol, share) = commonest(symbols.copied());
            (data.plaintext_alphabet.symbol(symbol).into(), share)
        }
    }
}

/// A rule, and what it gets right of the test messages.
type Scored = (Rule, Score);

/// The name of each rule with its score, and the simplest rule that solves the cipher.
fn rules(
    training: &[Pair],
    test: &[Pair],
    data: &Data,
    replaces_network: impl Fn(&Score) -> bool,
) -> (Vec<(String, Score)>, Option<SolvingRule>) {
    let (scores, solving) = find(training, test, data);
    let solving = solving.map(|(rule, score)| {
        let indices = 0..data.table().map_or(0, PairTable::len).min(MAX_REFITTED);
        let others: Vec<Pair> = indices.filter_map(|i| data.table()?.get(i)).collect();
        let rule = rule.refitted(training.iter().chain(&others));
        SolvingRule {
            key: rule.describe(&data.ciphertext_alphabet, &data.plaintext_alphabet),
            replaces_network: replaces_network(&score),
            score,
            rule: RunRule::Table(rule),
        }
    });
    (scores, solving)
}

/// The name of each rule with its score, and the simplest rule that gets all right that it can know.
fn find(training: &[Pair], test: &[Pair], data: &Data) -> (Vec<(String, Score)>, Option<Scored>) {
    let alphabets = (&data.ciphertext_alphabet, &data.plaintext_alphabet);
    let found = find_rules(training, alphabets.0, alphabets.1);
    let n_bits_of_choice = (found.len() as f64).log2();
    let mut scores = Vec::new();
    let mut solving = None;
    for rule in found {
        let score = explain(&rule, test);
        scores.push((rule.name(), score));
        let known = known_answers(&rule, test);
        let is_right = known.iter().all(|(_, is_right)| *is_right);
        let symbols: Vec<SymbolId> = known.iter().map(|(symbol, _)| *symbol).collect();
        if solving.is_none()
            && is_right
            && evidence(&symbols) - n_bits_of_choice >= MIN_EVIDENCE
            && explain(&rule, training).character_accuracy() >= 1.0 - MAX_TRAINING_ERRORS
        {
            solving = Some((rule, score));
        }
    }
    (scores, solving)
}

/// The bits of evidence that right answers to these plaintext symbols are: what it would take to
/// guess them with the share of the commonest symbol.
fn evidence(symbols: &[SymbolId]) -> f64 {
    if symbols.is_empty() {
        return 0.0;
    }
    let (_, share) = commonest(symbols.iter().copied());
    symbols.len() as f64 * -share.log2()
}

/// Whether a ciphertext symbol occurs in any pair.
fn occurs(data: &Data, id: SymbolId) -> bool {
    let Some(table) = data.table() else {
        return false;
    };
    (0..table.len()).any(|index| table.ciphertext(index).contains(&id))
}

/// The ciphertext symbols of the test messages among those that no training pair has.
fn never_trained(untrained: &[SymbolId], test: &[Pair], data: &Data) -> Vec<String> {
    let asked: BTreeSet<_> = test.iter().flat_map(|pair| pair.ciphertext()).collect();
    let never = untrained.iter().filter(|id| asked.contains(id));
    never
        .map(|&id| data.ciphertext_alphabet.symbol(id).into())
        .collect()
}

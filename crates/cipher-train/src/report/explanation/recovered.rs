//! The cipher as the network has it: what it answers to each symbol, at each place of the period.

use std::collections::BTreeMap;

use cipher_data::{Pair, SymbolId};
use serde::Serialize;

use super::super::answers::Answers;

/// Longer periods are not looked for.
const LONGEST_PERIOD: usize = 64;
/// A period counts if a longer one predicts no more than this share of answers better.
const MARGIN: f64 = 0.005;
/// Cells in the table, at most.
const MAX_CELLS: usize = 10_000;

/// What the network answers to each symbol at each place of its period.
#[derive(Debug, Serialize)]
pub struct Recovered {
    /// The number of places after which the answers repeat; 1 where the place makes no difference.
    pub period: usize,
    /// The share of answers that follow from the symbol and its place in the period alone, as the
    /// other messages show it.
    pub predicted: f64,
    pub cells: Vec<Cell>,
}

/// One ciphertext symbol at one place of the period.
#[derive(Debug, Serialize)]
pub struct Cell {
    pub ciphertext: SymbolId,
    /// From 0 to the period.
    pub place: usize,
    /// How often the symbol was seen there.
    pub n: usize,
    /// The network's commonest answer,
    pub answer: SymbolId,
    /// how often it was that one,
    pub n_answer: usize,
    /// and how sure the network was of it, from 0 to 1.
    pub confidence: f64,
    /// The commonest plaintext.
    pub plaintext: SymbolId,
    /// How often it was that one.
    pub n_plaintext: usize,
}

/// A ciphertext symbol at its position, and what became of it.
struct Sighting {
    position: usize,
    ciphertext: SymbolId,
    plaintext: SymbolId,
    answer: SymbolId,
    confidence: f32,
}

impl Recovered {
    pub fn of(pairs: &[Pair], answers: &Answers) -> Self {
        let sightings = sightings(pairs, answers);
        let longest = pairs.iter().map(Pair::len).max().unwrap_or(1);
        let predicted: Vec<f64> = (1..=longest.clamp(1, LONGEST_PERIOD))
            .map(|period| predicted(&sightings, period))
            .collect();
        let best = predicted.iter().copied().fold(0.0, f64::max);
        let place = predicted.iter().position(|&share| share >= best - MARGIN);
        let period = place.unwrap_or(0) + 1;
        Self {
            period,
            predicted: predicted[period - 1],
            cells: cells(&sightings, period),
        }
    }
}

fn sightings(pairs: &[Pair], answers: &Answers) -> Vec<Sighting> {
    let mut confidences = answers.confidences.iter();
    let mut sightings = Vec::with_capacity(answers.confidences.len());
    for (pair, answered) in pairs.iter().zip(&answers.messages) {
        for (position, plaintext, answer) in answered.known() {
            sightings.push(Sighting {
                position,
                ciphertext: pair.ciphertext()[position],
                plaintext,
                answer,
                confidence: confidences
                    .next()
                    .map_or(0.0, |&(confidence, _)| confidence),
            });
        }
    }
    sightings
}

/// The share of answers that the other sightings of the same symbol at the same place of the period
/// predict: an answer that is only seen once in its cell is predicted by nothing.
fn predicted(sightings: &[Sighting], period: usize) -> f64 {
    let mut counts = BTreeMap::new();
    for sighting in sightings {
        let cell = (sighting.position % period, sighting.ciphertext);
        let answers: &mut BTreeMap<SymbolId, usize> = counts.entry(cell).or_default();
        *answers.entry(sighting.answer).or_default() += 1;
    }
    let right = counts.values().map(|answers| {
        let mut votes: Vec<usize> = answers.values().copied().collect();
        votes.sort_unstable_by(|a, b| b.cmp(a));
        let runner_up = votes.get(1).copied().unwrap_or(0);
        // Leaving out one of the winner's votes must not cost it the lead.
        if votes[0] > runner_up + 1 {
            votes[0]
        } else {
            0
        }
    });
    right.sum::<usize>() as f64 / sightings.len().max(1) as f64
}

fn cells(sightings: &[Sighting], period: usize) -> Vec<Cell> {
    let mut groups: BTreeMap<_, Vec<&Sighting>> = BTreeMap::new();
    for sighting in sightings {
        let cell = (sighting.ciphertext, sighting.position % period);
        groups.entry(cell).or_default().push(sighting);
    }
    let cells = groups.into_iter().map(|((ciphertext, place), group)| {
        let (answer, n_answer) = commonest(group.iter().map(|sighting| sighting.answer));
        let (plaintext, n_plaintext) = commonest(group.iter().map(|sighting| sighting.plaintext));
        let sure = group.iter().filter(|sighting| sighting.answer == answer);
        let sure: f64 = sure.map(|sighting| f64::from(sighting.confidence)).sum();
        Cell {
            ciphertext,
            place,
            n: group.len(),
            answer,
            n_answer,
            confidence: sure / n_answer as f64,
            plaintext,
            n_plaintext,
        }
    });
    cells.take(MAX_CELLS).collect()
}

/// The commonest of some symbols, of several the first of the alphabet, and how often it is there.
fn commonest(symbols: impl Iterator<Item = SymbolId>) -> (SymbolId, usize) {
    let mut counts = BTreeMap::new();
    symbols.for_each(|symbol| *counts.entry(symbol).or_insert(0) += 1);
    let best = counts.into_iter().rev().max_by_key(|&(_, n)| n);
    best.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::verdict::Answered;

    /// Messages of 24 symbols of 10 under a rule, which a network answers without a mistake.
    fn recovered(rule: impl Fn(usize, SymbolId) -> SymbolId) -> Recovered {
        let message = |message: usize| -> Vec<SymbolId> {
            (0..24)
                .map(|place| ((message * 7919 + place * 104_729) / 13 % 10) as SymbolId)
                .collect()
        };
        let pairs: Vec<Pair> = (0..300)
            .map(|index| {
                let ciphertext = message(index);
                let plaintext = ciphertext.iter().enumerate();
                let plaintext = plaintext
                    .map(|(place, &symbol)| rule(place, symbol))
                    .collect();
                Pair::new(ciphertext, plaintext).unwrap()
            })
            .collect();
        let answered = pairs
            .iter()
            .map(|pair| Answered::of_all(pair.plaintext().to_vec(), pair.plaintext().to_vec()));
        let answers = Answers {
            messages: answered.collect(),
            confidences: vec![(0.75, true); 300 * 24],
        };
        Recovered::of(&pairs, &answers)
    }

    #[test]
    fn a_substitution_has_no_period_and_one_cell_a_symbol() {
        let found = recovered(|_, symbol| (symbol * 3 + 1) % 10);
        assert_eq!((found.period, found.predicted), (1, 1.0));
        let answers: Vec<_> = found.cells.iter().map(|cell| cell.answer).collect();
        assert_eq!(answers, [1, 4, 7, 0, 3, 6, 9, 2, 5, 8]);
        assert!(found.cells.iter().all(|cell| cell.confidence == 0.75));
    }

    #[test]
    fn the_period_of_a_key_is_found_and_not_its_double() {
        let found = recovered(|place, symbol| (symbol + [0, 3, 1, 4, 1][place % 5]) % 10);
        assert_eq!((found.period, found.predicted), (5, 1.0));
        let cell = found
            .cells
            .iter()
            .find(|cell| (cell.ciphertext, cell.place) == (8, 3));
        assert_eq!(cell.unwrap().answer, 2);
        assert_eq!(cell.unwrap().plaintext, 2);
    }
}

use std::collections::HashMap;

use super::both::Both;
use super::measured::same_case;
use crate::PairTexts;
use crate::reading::{Only, Others, Reading};

/// The longest period of a key that is looked for.
const MAX_PERIOD: usize = 24;
/// How much more of the letters a key must explain that also advances at what passes through.
const MIN_GAIN: f64 = 0.1;
/// Fewer letters than this show no key.
const MIN_LETTERS: usize = 200;

/// Where the best readings let some symbols pass, though a key advances there: the place of the
/// readings that have all symbols.
pub(super) fn key_in_all_symbols(
    both: &[Both<'_>],
    indices: &[usize],
    texts: &PairTexts,
) -> Option<usize> {
    let best = both.first()?.readings();
    let passes = |side: &Reading| side.only != Only::All && side.others == Others::Pass;
    if !passes(&best.ciphertext) || !passes(&best.plaintext) {
        return None;
    }
    let mut all = best.clone();
    for side in [&mut all.ciphertext, &mut all.plaintext] {
        (side.only, side.others) = (Only::All, Others::Pass);
    }
    let place = both.iter().position(|other| other.readings() == all)?;
    let letters: Vec<Letter> = indices
        .iter()
        .flat_map(|&index| {
            let ciphertext = best
                .ciphertext
                .prepare(texts.ciphertext(index))
                .into_owned();
            let plaintext = best.plaintext.prepare(texts.plaintext(index)).into_owned();
            letters(&best.ciphertext, &ciphertext, &plaintext)
        })
        .collect();
    if letters.len() < MIN_LETTERS {
        return None;
    }
    let among_letters = explained(&letters, |letter| letter.place_among_letters);
    let among_all = explained(&letters, |letter| letter.place);
    (among_all > among_letters + MIN_GAIN).then_some(place)
}

/// A letter of a ciphertext and its plaintext.
struct Letter {
    place: usize,
    place_among_letters: usize,
    sides: (String, String),
}

fn letters(reading: &Reading, ciphertext: &str, plaintext: &str) -> Vec<Letter> {
    let symbols = reading.symbols.symbols(ciphertext);
    let both = symbols.zip(reading.symbols.symbols(plaintext));
    let letters = both
        .enumerate()
        .filter(|(_, (symbol, _))| reading.only.has(symbol));
    letters
        .enumerate()
        .map(|(place_among_letters, (place, (symbol, answer)))| Letter {
            place,
            place_among_letters,
            sides: (same_case(reading, symbol), same_case(reading, answer)),
        })
        .collect()
}

/// The largest share of letters that a table for each place of a period gets right which was made
/// from all others.
fn explained(letters: &[Letter], place: impl Fn(&Letter) -> usize) -> f64 {
    let of_period = |period: usize| {
        let mut cells: HashMap<(usize, &str), HashMap<&str, usize>> = HashMap::new();
        for letter in letters {
            let (symbol, answer) = &letter.sides;
            let cell = cells.entry((place(letter) % period, symbol)).or_default();
            *cell.entry(answer).or_default() += 1;
        }
        // A letter that is alone in its cell is explained by none of the others.
        let right = cells.values().filter_map(|answers| answers.values().max());
        right.map(|most| most - 1).sum::<usize>() as f64 / letters.len() as f64
    };
    (1..=MAX_PERIOD).map(of_period).fold(0.0, f64::max)
}

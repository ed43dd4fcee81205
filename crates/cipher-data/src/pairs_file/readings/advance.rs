use std::rc::Rc;

use super::both::Both;
use super::measured::same_case;
use crate::PairTexts;
use crate::pairs_file::explained::explained;
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
            let key = texts.key(index).filter(|_| texts.is_keyed());
            letters(&best.ciphertext, &ciphertext, &plaintext, key)
        })
        .collect();
    if letters.len() < MIN_LETTERS {
        return None;
    }
    let among_letters = best_explained(&letters, |letter| letter.place_among_letters);
    let among_all = best_explained(&letters, |letter| letter.place);
    (among_all > among_letters + MIN_GAIN).then_some(place)
}

/// A letter of a ciphertext and its plaintext.
struct Letter {
    place: usize,
    place_among_letters: usize,
    sides: (String, String),
    /// The symbols of the key that the file gives for the message; none if it gives no keys.
    key: Rc<[String]>,
}

fn letters(reading: &Reading, ciphertext: &str, plaintext: &str, key: Option<&str>) -> Vec<Letter> {
    let key: Rc<[String]> = key.map_or_else(Vec::new, key_symbols).into();
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
            key: Rc::clone(&key),
        })
        .collect()
}

/// The symbols of a key: its letters and digits, or its numbers if they are separated.
fn key_symbols(key: &str) -> Vec<String> {
    let is_of_symbol = |c: char| c.is_alphanumeric();
    let are_numbers = key.contains(|c: char| c.is_ascii_digit()) && !key.chars().all(is_of_symbol);
    if are_numbers {
        let numbers = key.split(|c| !is_of_symbol(c));
        return numbers
            .filter(|one| !one.is_empty())
            .map(String::from)
            .collect();
    }
    let letters = key.chars().filter(|&c| is_of_symbol(c));
    letters.map(|c| c.to_uppercase().collect()).collect()
}

/// The largest share of letters that a table for each symbol of the keys that the file gives, or for each place of
/// a period, gets right which was made from all others.
fn best_explained(letters: &[Letter], place: impl Fn(&Letter) -> usize) -> f64 {
    let by_given_keys = explained(letters.iter().filter_map(|letter| {
        let (symbol, answer) = &letter.sides;
        let due = place(letter).checked_rem(letter.key.len())?;
        Some(((letter.key.get(due)?, symbol), answer))
    }));
    let by_period = |period| {
        explained(letters.iter().map(|letter| {
            let (symbol, answer) = &letter.sides;
            ((place(letter) % period, symbol), answer)
        }))
    };
    (1..=MAX_PERIOD)
        .map(by_period)
        .fold(by_given_keys, f64::max)
}

//! Both sides are of an alphabet that fills a square or a cube, or whose last group may be filled.

use std::collections::BTreeSet;

use super::alphabets::{LATIN, WITH_DIGITS, WITHOUT_Q, dropping, without_j};
use super::{Convention, Family, Sides};
use crate::{AlphabetConfig, Only, Outside};

/// 25 letters, or 36 letters and digits, or 27 with a sign.
pub fn of(sides: &Sides) -> Vec<Convention> {
    let upper = |c: &char| c.to_ascii_uppercase();
    let [encrypted, plain] = sides
        .each_ref()
        .map(|side| side.iter().map(upper).collect::<BTreeSet<char>>());
    let mut found = Vec::new();
    if let Some(alphabet) = square_letters(&encrypted, &plain) {
        found.push(Convention::new(Family::Square, alphabet));
    }
    if encrypted.iter().any(char::is_ascii_digit) {
        let of_both = dropping(WITH_DIGITS, Only::Alphanumeric);
        found.push(Convention::new(Family::Square, of_both));
    }
    for sign in ['+', '#', '.', '-', '_', '&', ' '] {
        let alphabet = format!("{LATIN}{sign}");
        let is_alphabet = |c: &char| alphabet.contains(*c) || c.is_whitespace();
        if encrypted.contains(&sign) && encrypted.iter().all(is_alphabet) {
            let only = if sign == ' ' {
                Only::All
            } else {
                Only::NoSpaces
            };
            found.push(Convention::new(Family::Square, dropping(&alphabet, only)));
        }
    }
    if encrypted
        .iter()
        .all(|c| !c.is_alphanumeric() || LATIN.contains(*c))
    {
        let letters = dropping(LATIN, Only::Letters);
        found.push(Convention::new(Family::Square, letters));
        // The 27th symbol may not occur.
        let mut config = dropping(&format!("{LATIN}+"), Only::NoSpaces);
        config.outside = Outside::Reject;
        found.push(Convention::new(Family::Square, config));
    }
    found
}

/// The 25 letters that a square has: without J, for which I stands, or without a letter that the
/// ciphertexts lack.
fn square_letters(encrypted: &BTreeSet<char>, plain: &BTreeSet<char>) -> Option<AlphabetConfig> {
    if !encrypted.contains(&'J') {
        return Some(without_j());
    }
    let lacks = |letter: char| !encrypted.contains(&letter) && !plain.contains(&letter);
    lacks('Q').then(|| dropping(WITHOUT_Q, Only::Letters))
}

//! Both sides are of one alphabet.

use std::collections::BTreeSet;

use super::alphabets::{ALL_SYMBOLS, KEPT_ALONE, LATIN, LETTERS, dropping, in_one_case, keeping};
use super::{Convention, Family, MIN_SHARE, Sides, share_letters};
use crate::known_plaintext::TextPair;
use crate::{Alphabet, AlphabetConfig, Encoded, Only, Outside};

/// The conventions that these pairs may follow.
pub fn of(pairs: &[TextPair<'_>], sides: &Sides) -> Vec<Convention> {
    let mut found = Vec::new();
    let letters = letters(sides);
    // Many a cipher moves A to Z and lets the other letters of a language stand.
    let is_latin = |letters: &String| letters.eq_ignore_ascii_case(LATIN);
    let is_national = letters.first().is_some_and(|letters| !is_latin(letters));
    let latin = is_national.then(|| LATIN.to_string());
    for letters in letters.iter().chain(&latin) {
        let keep = match is_case_lost(sides) {
            true => in_one_case(letters),
            false => keeping(letters, Outside::Keep),
        };
        match agreement(pairs, &keep) {
            Some(has_others) => {
                found.push(Convention::new(Family::OneAlphabet, keep));
                if has_others {
                    let place = keeping(letters, Outside::KeepPlace);
                    found.push(Convention::new(Family::Places, place));
                }
            }
            None => {
                let drop = dropping(letters, Only::Letters);
                found.push(Convention::new(Family::OneAlphabet, drop));
            }
        }
    }
    let is_of_letters = letters
        .iter()
        .any(|letters| is_letters_for_letters(pairs, letters));
    let seen: BTreeSet<char> = sides.iter().flatten().copied().collect();
    let is_letters_alone = letters
        .iter()
        .any(|letters| seen.iter().all(|c| letters.contains(*c)));
    if is_letters_alone {
        return found;
    }
    let ranges = [('!', '~'), (' ', '~')].map(|(from, to)| (from..=to).collect::<String>());
    let named = ALL_SYMBOLS
        .iter()
        .map(|one| String::from(*one))
        .chain(ranges.into_iter().filter(|_| !is_of_letters));
    let mut named: Vec<String> = named
        .filter(|alphabet| seen.iter().all(|c| alphabet.contains(*c)))
        .collect();
    named.truncate(4);
    let have_letters = sides
        .iter()
        .all(|side| side.iter().any(|c| c.is_alphabetic()));
    // Letters of another script are signs.
    let is_in_no_order = named.is_empty() && (share_letters(sides) || !have_letters);
    for range in KEPT_ALONE {
        if is_of_letters && range.contains(&'A') {
            continue;
        }
        let alphabet: String = range.clone().collect();
        let keep = keeping(&alphabet, Outside::Keep);
        let occurs = seen.iter().any(|c| alphabet.contains(*c));
        let is_all = seen.iter().all(|c| alphabet.contains(*c));
        if occurs && !is_all && agreement(pairs, &keep).is_some() {
            found.push(Convention::new(Family::OneAlphabet, keep));
        }
    }
    for alphabet in named {
        let all = keeping(&alphabet, Outside::Reject);
        found.push(Convention::new(Family::OneAlphabet, all));
    }
    if is_in_no_order {
        let all = keeping(&seen.iter().collect::<String>(), Outside::Reject);
        found.push(Convention::new(Family::Unordered, all));
    }
    found
}

/// The alphabets of letters that have most of those of the texts, in capitals or small letters as the texts have
/// them. Where A to Z have them all, it is the only one.
fn letters(sides: &Sides) -> Vec<String> {
    let letters: BTreeSet<char> = sides.iter().flatten().copied().collect();
    let letters = || letters.iter().filter(|c| c.is_alphabetic());
    let has = |alphabet: &str, letter: char| {
        let mut upper = letter.to_uppercase();
        let upper = (upper.next(), upper.next());
        let is_upper = matches!(upper, (Some(one), None) if alphabet.contains(one));
        is_upper || alphabet.contains(letter)
    };
    let n_of = |alphabet: &str| letters().filter(|&&letter| has(alphabet, letter)).count();
    let most = LETTERS.iter().map(|alphabet| n_of(alphabet)).max();
    let mut found: Vec<&str> = LETTERS.to_vec();
    found.retain(|alphabet| n_of(alphabet) > 0 && Some(n_of(alphabet)) == most);
    if found.first() == Some(&LATIN) {
        found.truncate(1);
    }
    let is_small = !sides[1].iter().any(|letter| letter.is_uppercase())
        && sides[1].iter().any(|letter| letter.is_lowercase());
    let in_case = |alphabet: &str| match is_small {
        true => alphabet.to_lowercase(),
        false => alphabet.into(),
    };
    found.into_iter().map(in_case).collect()
}

/// Whether plaintexts are in one case and ciphertexts have letters in the other one.
fn is_case_lost([encrypted, plain]: &Sides) -> bool {
    let has = |side: &BTreeSet<char>, is: fn(char) -> bool| side.iter().any(|c| is(*c));
    let [upper, lower] = [
        has(plain, char::is_uppercase),
        has(plain, char::is_lowercase),
    ];
    match (upper, lower) {
        (true, false) => has(encrypted, char::is_lowercase),
        (false, true) => has(encrypted, char::is_uppercase),
        _ => false,
    }
}

/// Letters in both cases that are letters of the same case on the other side, from which on a cipher over
/// all visible characters is out of the question: it would give 8 of them by accident once in 30,000 texts.
const MIN_LETTERS: usize = 8;

/// Whether every letter of a text in both cases is a letter of the same case on the other side, and all else
/// is the same.
fn is_letters_for_letters(pairs: &[TextPair<'_>], letters: &str) -> bool {
    let Ok(alphabet) = keeping(letters, Outside::Keep).init() else {
        return false;
    };
    let sides = pairs.iter().map(|pair| {
        let [encrypted, plain] = encoded(pair, &alphabet)?;
        let is_alike = encrypted.ids.len() == plain.ids.len()
            && encrypted.cases == plain.cases
            && encrypted.passed_through == plain.passed_through;
        let is_mixed = !plain.cases.is_empty() && plain.cases.len() < plain.ids.len();
        is_alike.then_some((plain.ids.len(), is_mixed))
    });
    let sides: Option<Vec<(usize, bool)>> = sides.collect();
    sides.is_some_and(|sides| {
        let n_letters: usize = sides.iter().map(|(n, _)| n).sum();
        n_letters >= MIN_LETTERS && sides.iter().any(|(_, is_mixed)| *is_mixed)
    })
}

/// The ciphertext and the plaintext of a pair.
fn encoded<'a>(pair: &TextPair<'a>, alphabet: &Alphabet) -> Option<[Encoded<'a>; 2]> {
    let encode = |text| alphabet.encode(text).ok();
    Some([encode(pair.ciphertext)?, encode(pair.plaintext)?])
}

/// Whether what an alphabet lacks stands at the same places of both sides, in nearly all pairs. If so,
/// whether there is any of it.
fn agreement(pairs: &[TextPair<'_>], config: &AlphabetConfig) -> Option<bool> {
    let alphabet = config.init().ok()?;
    let mut n_agreeing = 0;
    let mut has_others = false;
    for pair in pairs {
        let [encrypted, plain] = encoded(pair, &alphabet)?;
        n_agreeing += usize::from(
            encrypted.passed_through == plain.passed_through
                && encrypted.ids.len() == plain.ids.len(),
        );
        has_others |= !plain.passed_through.is_empty();
    }
    (n_agreeing as f64 >= MIN_SHARE * pairs.len() as f64).then_some(has_others)
}

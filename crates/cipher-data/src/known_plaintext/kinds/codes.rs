//! Ciphertexts of signs of their own: each sign stands for one symbol.

use std::collections::BTreeMap;

use super::Candidate;
use crate::ciphers::has_morse;
use crate::known_plaintext::conventions::LETTERS;
use crate::known_plaintext::keyword::complete;
use crate::known_plaintext::sample::Sample;
use crate::{CipherConfig, CodeSigns, MixedAlphabet, SymbolId};

/// The codes that have no key, or nearly none.
pub fn known(sample: &Sample) -> Vec<Candidate> {
    let mut found = vec![Candidate::new(CipherConfig::Morse {}, 0.0)];
    found.retain(|_| {
        sample
            .plaintext
            .symbols()
            .iter()
            .all(|symbol| has_morse(symbol))
    });
    found.extend(a1z26(sample));
    found.extend(bacon(sample));
    found
}

/// Numbers in the order of the alphabet.
fn a1z26(sample: &Sample) -> Option<Candidate> {
    let (_, c, p) = sample.symbols().next()?;
    let number: i64 = sample.ciphertext.symbol(c).parse().ok()?;
    let first = number - i64::from(p);
    let cipher = CipherConfig::A1z26 { first };
    Some(Candidate::new(cipher, (sample.n_symbols() as f64).log2()))
}

/// Five of two characters for each letter.
fn bacon(sample: &Sample) -> Vec<Candidate> {
    let signs = sample.ciphertext.symbols().concat();
    let mut characters: Vec<char> = signs.chars().collect();
    characters.sort_unstable();
    characters.dedup();
    let &[one, other] = &characters[..] else {
        return Vec::new();
    };
    let letters = [[one, other], [other, one]].map(String::from_iter);
    let ciphers = letters.map(|letters| CipherConfig::Bacon {
        letters: (letters != "AB").then_some(letters),
    });
    ciphers
        .into_iter()
        .map(|cipher| Candidate::new(cipher, 2.0))
        .collect()
}

/// A square whose rows and columns the signs name.
pub fn polybius(sample: &Sample, side: usize) -> Option<Candidate> {
    let parts = |sign: &str| -> Option<[String; 2]> {
        let (row, column) = match sign.split_once(' ') {
            Some(both) => both,
            None => sign.split_at_checked(sign.chars().next()?.len_utf8())?,
        };
        Some([row.to_string(), column.to_string()])
    };
    let signs = sample.ciphertext.symbols().iter().map(|sign| parts(sign));
    let signs = signs.collect::<Option<Vec<[String; 2]>>>()?;
    let digits: Vec<String> = (1..=side).map(|digit| digit.to_string()).collect();
    let knocks: Vec<String> = (1..=side).map(|n| ".".repeat(n)).collect();
    let mut seen: Vec<String> = signs.iter().flatten().cloned().collect();
    seen.sort_unstable();
    seen.dedup();
    let has_k = ["K", "k"]
        .iter()
        .any(|k| sample.plaintext.symbols().contains(&(*k).into()));
    let of = |labels: &[String]| seen.iter().all(|label| labels.contains(label));
    let labels = match () {
        () if of(&digits) => digits.clone(),
        // Knocks are a tap code, in which C stands for K.
        () if of(&knocks) && has_k => return None,
        () if of(&knocks) => knocks,
        () if seen.len() == side => seen,
        () => return None,
    };
    let mut cells: Vec<Option<SymbolId>> = vec![None; side * side];
    for (_, c, p) in sample.symbols() {
        let [row, column] = &signs[usize::from(c)];
        let place = |label: &String| labels.iter().position(|other| other == label);
        let cell = place(row)? * side + place(column)?;
        if *cells[cell].get_or_insert(p) != p {
            return None;
        }
    }
    let mut known: Vec<SymbolId> = cells.iter().flatten().copied().collect();
    known.sort_unstable();
    if known.windows(2).any(|two| two[0] == two[1]) {
        return None;
    }
    let completed = complete(&sample.plaintext, &cells);
    let is_short = labels.iter().all(|label| label.chars().count() == 1);
    let labels = (labels != digits).then(|| labels.join(if is_short { "" } else { " " }));
    let key = Candidate::with_alphabet(&sample.plaintext, &completed, 0.0, |key: MixedAlphabet| {
        CipherConfig::Polybius {
            key,
            labels: labels.clone(),
        }
    });
    Some(key)
}

/// Any table of signs, of which several may stand for one symbol.
pub fn table(sample: &Sample) -> Option<Candidate> {
    let mut symbols = BTreeMap::<SymbolId, BTreeMap<SymbolId, usize>>::new();
    for (_, c, p) in sample.symbols() {
        *symbols.entry(c).or_default().entry(p).or_default() += 1;
    }
    let likeliest: BTreeMap<SymbolId, Likeliest> = symbols
        .iter()
        .filter_map(|(&sign, answers)| Some((sign, Likeliest::of(answers)?)))
        .collect();
    let is_clear = are_clear(&likeliest);
    let mut codes = BTreeMap::<String, Vec<String>>::new();
    let mut unclear = Vec::new();
    for (sign, likeliest) in &likeliest {
        let sign = sample.ciphertext.symbol(*sign).into();
        match is_clear(likeliest) {
            true => {
                let letter = sample.plaintext.symbol(likeliest.letter).into();
                codes.entry(letter).or_default().push(sign);
            }
            false => unclear.push(sign),
        }
    }
    let n_plaintexts = codes.len().max(2) as f64;
    let known: Vec<String> = codes.keys().cloned().collect();
    let codes = codes
        .into_iter()
        .map(|(symbol, mut signs)| match signs.len() {
            1 => (symbol, CodeSigns::One(signs.remove(0))),
            _ => (symbol, CodeSigns::Several(signs)),
        });
    let cipher = CipherConfig::CodeTable {
        codes: codes.collect(),
        unclear,
    };
    let bits = symbols.len() as f64 * n_plaintexts.log2();
    Some(Candidate {
        unseen: unseen_letters(&known),
        ..Candidate::new(cipher, bits)
    })
}

/// The letter that a sign most often stands for.
struct Likeliest {
    letter: SymbolId,
    n: usize,
    /// How often the sign stands for any letter.
    n_seen: usize,
}

impl Likeliest {
    fn of(answers: &BTreeMap<SymbolId, usize>) -> Option<Self> {
        let (&letter, &n) = answers
            .iter()
            .max_by_key(|(p, count)| (**count, u16::MAX - **p))?;
        Some(Self {
            letter,
            n,
            n_seen: answers.values().sum(),
        })
    }

    fn is_majority(&self) -> bool {
        2 * self.n > self.n_seen
    }
}

/// Where errors put signs in wrong places, a sign that is seen once may be one of them. It is one in eleven times
/// at this number of errors for each sign.
const MAX_ERRORS_PER_SIGN: f64 = 0.1;

/// Whether the pairs say what a sign stands for. They do not of a sign that is written for what nobody could read:
/// it stands for every letter.
fn are_clear(signs: &BTreeMap<SymbolId, Likeliest>) -> impl Fn(&Likeliest) -> bool {
    let majorities = signs.values().filter(|sign| sign.is_majority());
    let n_errors: usize = majorities.map(|sign| sign.n_seen - sign.n).sum();
    let has_errors = n_errors as f64 > MAX_ERRORS_PER_SIGN * signs.len() as f64;
    move |sign| sign.is_majority() && (sign.n > 1 || !has_errors)
}

/// The letters of the usual alphabet that these symbols lack, in their case.
fn unseen_letters(symbols: &[String]) -> Vec<String> {
    let is_small = symbols
        .iter()
        .any(|symbol| symbol.contains(char::is_lowercase));
    let upper: Vec<String> = symbols.iter().map(|symbol| symbol.to_uppercase()).collect();
    let is_letter = |symbol: &&String| symbol.chars().all(char::is_alphabetic);
    let letters: Vec<&String> = upper.iter().filter(is_letter).collect();
    let has_all = |usual: &&&str| letters.iter().all(|letter| usual.contains(*letter));
    let usual = LETTERS.iter().find(has_all);
    let usual = usual
        .into_iter()
        .flat_map(|usual| usual.chars())
        .map(String::from);
    let unseen = usual.filter(|letter| !upper.contains(letter));
    unseen
        .map(|letter| {
            if is_small {
                letter.to_lowercase()
            } else {
                letter
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::{FoundKey, TextPair, find_keys};

    const LINES: [&str; 5] = [
        "Hello, World! It's me.",
        "Attack at dawn: bring all men!",
        "The quick brown fox jumps over the la... dog.",
        "What a lovely day; let us go!",
        "Meet me near the old Mill at 12: Noon.",
    ];

    /// The key of the lines with another sign for each letter, and all else as it is.
    fn key_of_lines(sign: impl Fn(char) -> String) -> FoundKey {
        let lines = LINES.map(|line| [encrypt(line, &sign), line.to_string()]);
        let pairs = lines.each_ref().map(|[ciphertext, plaintext]| TextPair {
            ciphertext,
            plaintext,
        });
        let found = find_keys(&pairs);
        let key = found.first().expect("a key");
        assert!(key.is_certain(), "{key}");
        key.clone()
    }

    fn encrypt(line: &str, sign: impl Fn(char) -> String) -> String {
        let encrypt = |c: char| match c.to_ascii_lowercase() {
            letter @ 'a'..='z' => sign(letter),
            other => other.to_string(),
        };
        line.chars().map(encrypt).collect()
    }

    fn picture(letter: char) -> char {
        char::from_u32('😀' as u32 + letter as u32 - 'a' as u32).unwrap()
    }

    #[test]
    fn pictures_are_read_whatever_the_case_and_punctuation_of_the_plaintext() {
        // The second signs are of two characters each.
        let of_two = |letter| format!("{}\u{fe0f}", picture(letter));
        for sign in [
            &(|letter| picture(letter).to_string()) as &dyn Fn(char) -> String,
            &of_two,
        ] {
            let key = key_of_lines(sign);
            let other = "now, tell nobody!";
            assert_eq!(key.decrypt(&encrypt(other, sign)).unwrap().text, other);
            assert_eq!((key.n_right, key.n_symbols), (118, 118), "{key}");
            assert_eq!(key.unseen, ["z"], "{key}");
            // A sign for a letter that no line has.
            let unknown = encrypt("lazy", sign);
            assert_eq!(key.decrypt(&unknown).unwrap().text, "la?y");
        }
    }

    #[test]
    fn letters_of_another_script_are_signs_between_spaces_and_punctuation() {
        let rune = |letter: char| char::from_u32('ᚠ' as u32 + letter as u32 - 'a' as u32).unwrap();
        let circled =
            |letter: char| char::from_u32('Ⓐ' as u32 + letter as u32 - 'a' as u32).unwrap();
        let kana = |letter: char| char::from_u32('あ' as u32 + 'z' as u32 - letter as u32).unwrap();
        for sign in [
            &(|letter| rune(letter).to_string()) as &dyn Fn(char) -> String,
            &|letter| circled(letter).to_string(),
            &|letter| kana(letter).to_string(),
        ] {
            let key = key_of_lines(sign);
            let other = "now, tell nobody!";
            assert_eq!(key.decrypt(&encrypt(other, sign)).unwrap().text, other);
            assert_eq!((key.n_right, key.n_symbols), (118, 118), "{key}");
        }
    }

    #[test]
    fn bytes_that_are_only_written_in_another_way_are_no_cipher() {
        let hexadecimal = LINES.map(|line| {
            let bytes = line.bytes().map(|byte| format!("{byte:02x}"));
            bytes.collect::<String>()
        });
        let base64 = LINES.map(|line| data_encoding::BASE64.encode(line.as_bytes()));
        for (written, unit) in [(hexadecimal, "hexadecimal"), (base64, "Base64")] {
            let pairs: Vec<TextPair<'_>> = written
                .iter()
                .zip(LINES)
                .map(|(ciphertext, plaintext)| TextPair {
                    ciphertext,
                    plaintext,
                })
                .collect();
            let found = find_keys(&pairs);
            let expected = format!("no cipher: the ciphertext is the plaintext as bytes in {unit}");
            assert_eq!(found[0].name(), expected);
            assert!(found[0].also.is_empty());
        }
    }
}

//! Files of pairs whose sides have nothing to do with each other, so that no key is right.

use std::thread;

use cipher_data::find_keys;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use crate::keys::message;
use crate::search::pairs_of;

const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const ENGLISH: &[&str] = &[
    "the", "harbour", "was", "full", "of", "ships", "when", "storm", "came", "in", "from", "west",
    "nobody", "had", "expected", "wind", "to", "turn", "so", "quickly", "on", "a", "summer",
    "evening",
];

/// What such a file is like.
const KINDS: &[&str] = &[
    "random letters",
    "one-time pads on English",
    "coin flips",
    "digits",
    "near-duplicates",
    "two English texts",
    "numbers and letters",
    "hexadecimal bytes",
];

/// Prints how many of some files get a key that is said to be certain.
pub fn count(n_files: usize) {
    println!("\npairs that have nothing to do with each other, 2 to 50 pairs of 5 to 40 symbols:");
    let n_threads = thread::available_parallelism().map_or(1, usize::from);
    let claims: Vec<(usize, String)> = thread::scope(|scope| {
        let search = move |thread: usize| -> Vec<(usize, String)> {
            let files = (thread..n_files).step_by(n_threads);
            files
                .filter_map(|file| Some((file, claimed(file)?)))
                .collect()
        };
        let threads: Vec<_> = (0..n_threads)
            .map(|thread| scope.spawn(move || search(thread)))
            .collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().expect("no panic"))
            .collect()
    });
    for (place, kind) in KINDS.iter().enumerate() {
        let n_of_kind = (place..n_files).step_by(KINDS.len()).count();
        let n_claimed = claims
            .iter()
            .filter(|(file, _)| file % KINDS.len() == place)
            .count();
        println!("{kind:30} {n_claimed:>3} of {n_of_kind} files get a key");
    }
    println!(
        "{:30} {:>3} of {n_files} files get a key",
        "all",
        claims.len()
    );
    for (file, claim) in claims.iter().take(5) {
        println!("file {file}: {claim}");
    }
}

/// The key that a file gets, if it is said to be certain.
pub fn claimed(file: usize) -> Option<String> {
    let mut rng = ChaCha8Rng::seed_from_u64(1 << 32 | file as u64);
    let texts = texts(&mut rng, KINDS[file % KINDS.len()]);
    let keys = find_keys(&pairs_of(&texts));
    let key = keys.first().filter(|key| key.is_certain())?;
    Some(key.to_string())
}

fn texts(rng: &mut ChaCha8Rng, kind: &str) -> Vec<[String; 2]> {
    let n_pairs = rng.random_range(2..=50_u32);
    let mut texts: Vec<[String; 2]> = Vec::new();
    for _ in 0..n_pairs {
        let length = rng.random_range(5..=40_u32) as usize;
        let random = |rng: &mut ChaCha8Rng, alphabet: &str| message(rng, alphabet, length);
        let pair = match kind {
            "random letters" => [random(rng, LETTERS), random(rng, LETTERS)],
            "one-time pads on English" => {
                let plain = english(rng, length);
                [
                    message(rng, LETTERS, plain.len()),
                    plain.to_uppercase().replace(' ', "X"),
                ]
            }
            "coin flips" => [random(rng, "HT"), random(rng, "HT")],
            "digits" => [random(rng, "0123456789"), random(rng, "0123456789")],
            "near-duplicates" => match texts.first() {
                Some(first) => first.clone().map(|side| edited(rng, &side)),
                None => [random(rng, LETTERS), random(rng, LETTERS)],
            },
            "two English texts" => [english(rng, length), english(rng, length)],
            "numbers and letters" => {
                let plain = random(rng, LETTERS);
                let numbers = plain
                    .chars()
                    .map(|_| rng.random_range(10..100_u32).to_string());
                [numbers.collect::<Vec<_>>().join(" "), plain]
            }
            _ => {
                let plain = english(rng, length);
                let bytes = plain
                    .bytes()
                    .map(|_| format!("{:02x}", rng.random_range(0..256_u32)));
                [bytes.collect(), plain]
            }
        };
        texts.push(pair);
    }
    texts
}

/// Words of about a length.
fn english(rng: &mut ChaCha8Rng, length: usize) -> String {
    let mut text = String::new();
    while text.len() < length {
        text += ENGLISH[rng.random_range(0..ENGLISH.len() as u32) as usize];
        text.push(' ');
    }
    text.trim_end().into()
}

/// A text with a few of its letters changed.
fn edited(rng: &mut ChaCha8Rng, text: &str) -> String {
    let letters: Vec<char> = LETTERS.chars().collect();
    let letter = |rng: &mut ChaCha8Rng| letters[rng.random_range(0..26_u32) as usize];
    let changed = text.chars().map(|c| {
        if rng.random_range(0..8_u32) == 0 {
            letter(rng)
        } else {
            c
        }
    });
    changed.collect()
}

//! Each table explains what it is made for, and explains nothing by chance.

use cipher_data::{Alphabet, Outside, Pair, Score, SymbolId, explain, find_rules};
use proptest::prelude::*;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const N_LETTERS: usize = LETTERS.len();

/// The numbers of letters, wide enough to add and multiply them before taking the remainder.
type Message = Vec<usize>;

fn letters() -> Alphabet {
    Alphabet::new(LETTERS, Outside::Reject).unwrap()
}

/// The numbers of a word's letters.
fn numbers(word: &str) -> Message {
    word.bytes()
        .map(|letter| usize::from(letter - b'A'))
        .collect()
}

fn ids(message: &[usize]) -> Vec<SymbolId> {
    message.iter().map(|&number| number as SymbolId).collect()
}

/// Random plaintexts of 5 to 30 letters and what the cipher makes of them.
fn pairs(n_pairs: usize, seed: u64, encrypt: impl Fn(&[usize]) -> Message) -> Vec<Pair> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut pair = || {
        let length = rng.random_range(5..=30_usize);
        let plaintext: Message = (0..length)
            .map(|_| rng.random_range(0..N_LETTERS as u32) as usize)
            .collect();
        Pair::new(ids(&encrypt(&plaintext)), ids(&plaintext)).unwrap()
    };
    (0..n_pairs).map(|_| pair()).collect()
}

/// A cipher that treats each symbol by its position alone.
fn each(encrypt: impl Fn(usize, usize) -> usize) -> impl Fn(&[usize]) -> Message {
    move |message| {
        let numbered = message.iter().enumerate();
        let symbols = numbered.map(|(position, &symbol)| encrypt(position, symbol) % N_LETTERS);
        symbols.collect()
    }
}

/// What one rule says of held-out pairs, and how it describes itself.
struct Found {
    name: String,
    description: String,
    explained: Score,
}

/// Fits rules on some pairs of a cipher and explains 300 others.
fn found_from(n_pairs: usize, encrypt: impl Fn(&[usize]) -> Message) -> Vec<Found> {
    let training = pairs(n_pairs, 1, &encrypt);
    let held_out = pairs(300, 2, &encrypt);
    let alphabet = letters();
    let rules = find_rules(&training, &alphabet, &alphabet);
    let found = rules.iter().map(|rule| Found {
        name: rule.name(),
        description: rule.describe(&alphabet, &alphabet),
        explained: explain(rule, &held_out),
    });
    found.collect()
}

fn found(encrypt: impl Fn(&[usize]) -> Message) -> Vec<Found> {
    found_from(1000, encrypt)
}

/// The name and description of the simplest rule that explains everything.
fn simplest(found: &[Found]) -> Option<(&str, &str)> {
    let found = found.iter().find(|found| found.explained.is_perfect())?;
    Some((&found.name, &found.description))
}

#[test]
fn a_message_that_was_not_encrypted_is_copied() {
    let found = found(|message| message.to_vec());
    let simplest = simplest(&found);
    assert_eq!(
        simplest,
        Some(("copying", "every symbol stands for itself"))
    );
}

#[test]
fn a_substitution_is_a_table_and_not_a_shift() {
    let table = numbers("QWERTYUIOPASDFGHJKLZXCVBNM");
    let found = found(each(|_, symbol| table[symbol]));
    let description = "ciphertext  ABCDEFGHIJKLMNOPQRSTUVWXYZ\n\
                       plaintext   KXVMCNOPHQRSZYIJADLEGWBUFT";
    assert_eq!(simplest(&found), Some(("substitution", description)));
    assert_eq!(found[0].name, "copying");
    assert!(found[0].explained.character_accuracy() < 0.2);
}

#[test]
fn a_reversed_message_is_a_transposition() {
    let found = found(|message| message.iter().rev().copied().collect());
    let (name, description) = simplest(&found).unwrap();
    assert_eq!(name, "transposition");
    let first_line = description.lines().next().unwrap();
    assert_eq!(first_line, "5 symbols are those at 5 4 3 2 1");
}

#[test]
fn a_table_for_each_position_is_found_with_the_smallest_period() {
    // Six tables of which no two are shifts of each other: multiplication by six units.
    let factors = [1, 3, 5, 7, 9, 11];
    let found = found(each(|position, symbol| {
        factors[position % 6] * (symbol + 1)
    }));
    let (name, description) = simplest(&found).unwrap();
    assert_eq!(name, "substitution by position");
    let lines: Vec<&str> = description.lines().collect();
    assert_eq!(lines.len(), 1 + 6, "{description}");
    assert_eq!(lines[0], "ciphertext  ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    assert_eq!(lines[1], "position 1  ZABCDEFGHIJKLMNOPQRSTUVWXY");
}

#[test]
fn plaintexts_that_do_not_depend_on_the_ciphertext_are_explained_by_chance_only() {
    let ciphertexts = |message: &[usize]| {
        let mut rng = ChaCha8Rng::seed_from_u64(message.iter().fold(0, |hash, &symbol| {
            hash.wrapping_mul(6_364_136_223_846_793_005_u64) + symbol as u64 + 1
        }));
        let symbol = |_: &usize| rng.random_range(0..N_LETTERS as u32) as usize;
        message.iter().map(symbol).collect()
    };
    for found in found(ciphertexts) {
        let accuracy = found.explained.character_accuracy();
        let chance = 1.0 / N_LETTERS as f64;
        // 5200 symbols: five standard deviations of chance are 0.013.
        assert!(accuracy < chance + 0.015, "{} {accuracy}", found.name);
        assert_eq!(found.explained.wrong_messages, found.explained.n_messages);
    }
}

#[test]
fn two_different_alphabets_leave_only_tables() {
    let training = pairs(500, 1, each(|_, symbol| symbol + 13));
    let letters = letters();
    let signs: String = ('①'..).take(N_LETTERS).collect();
    let signs = Alphabet::new(&signs, Outside::Reject).unwrap();
    let rules = find_rules(&training, &signs, &letters);
    let names: Vec<_> = rules.iter().map(|rule| rule.name()).collect();
    assert_eq!(names, ["substitution"]);
    let description = rules[0].describe(&signs, &letters);
    assert!(description.contains("①②③④"), "{description}");
    assert!(description.contains("NOPQRSTUVWXY"), "{description}");
}

#[test]
fn without_a_training_symbol_no_rule_is_found() {
    let empty = [Pair::new(vec![], vec![]).unwrap()];
    assert!(find_rules(&[], &letters(), &letters()).is_empty());
    assert!(find_rules(&empty, &letters(), &letters()).is_empty());
}

/// Pairs of any ids, in the alphabet or not.
fn any_pairs() -> impl Strategy<Value = Vec<Pair>> {
    let id = || prop_oneof![0..5_u16, any::<SymbolId>()];
    let message = prop::collection::vec((id(), id()), 0..100);
    let pair = message.prop_map(|symbols| {
        let (ciphertext, plaintext) = symbols.into_iter().unzip();
        Pair::new(ciphertext, plaintext).unwrap()
    });
    prop::collection::vec(pair, 0..8)
}

proptest! {
    #[test]
    fn every_rule_answers_any_message_with_one_of_its_length(
        n_symbols in 2_usize..N_LETTERS,
        training in any_pairs(),
        held_out in any_pairs(),
    ) {
        let alphabet = Alphabet::new(&LETTERS[..n_symbols], Outside::Reject).unwrap();
        for rule in find_rules(&training, &alphabet, &alphabet) {
            rule.describe(&alphabet, &alphabet);
            for pair in &held_out {
                prop_assert_eq!(rule.answer(pair.ciphertext()).len(), pair.len());
            }
            explain(&rule, &held_out);
        }
    }
}

//! Pairs that share much text are never in two of the sets that a table is divided into.

mod common;

use std::collections::HashSet;

use cipher_data::{Alphabet, FileHints, Outside, Pair, PairSplit, PairTable, SymbolId, read_pairs};
use common::english::{sentences, text};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

const N_LETTERS: SymbolId = 26;

fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

fn random(len: usize, rng: &mut ChaCha8Rng) -> Vec<SymbolId> {
    (0..len).map(|_| rng.random_range(0..N_LETTERS)).collect()
}

/// A one-time pad, with a key of its own for each message.
fn one_time_pad(plaintext: &[SymbolId], rng: &mut ChaCha8Rng) -> Pair {
    let key = random(plaintext.len(), rng);
    let both = plaintext.iter().zip(key);
    let ciphertext = both.map(|(symbol, key)| (symbol + key) % N_LETTERS);
    Pair::new(ciphertext.collect(), plaintext.to_vec()).unwrap()
}

/// Passages of a text, each `stride` symbols after the one before.
fn passages(text: &[SymbolId], length: usize, stride: usize) -> PairTable {
    let mut rng = rng(9);
    let passages = text.windows(length).step_by(stride);
    PairTable::of(passages.map(|passage| one_time_pad(passage, &mut rng)))
}

fn runs(message: &[SymbolId], run: usize) -> impl Iterator<Item = &[SymbolId]> {
    message.windows(run)
}

/// Asserts that no two sets have a plaintext with the same `run` symbols in a row.
fn share_no_run(table: &PairTable, split: &PairSplit, run: usize) {
    let of_set = |set: &[usize]| -> HashSet<Vec<SymbolId>> {
        let runs = set
            .iter()
            .flat_map(|&pair| runs(table.plaintext(pair), run));
        runs.map(<[_]>::to_vec).collect()
    };
    let sets = [&split.training, &split.validation, &split.test].map(|set| of_set(set));
    let [training, validation, test] = &sets;
    assert!(training.is_disjoint(validation));
    assert!(training.is_disjoint(test));
    assert!(validation.is_disjoint(test));
}

/// Asserts that the sets have these sizes and that every pair is in one of them or left out.
fn sets_are_filled(table: &PairTable, split: &PairSplit, validation: usize, test: usize) {
    assert_eq!(split.validation.len(), validation);
    assert_eq!(split.test.len(), test);
    let n_pairs = split.training.len() + validation + test + split.left_out.len();
    assert_eq!(n_pairs, table.len());
}

#[test]
fn overlapping_passages_of_one_random_text_share_no_run_across_sets() {
    let text = random(4000, &mut rng(1));
    // Two passages 32 symbols apart have 8 in common, a fifth.
    for (length, stride, run) in [(40, 2, 9), (40, 4, 9), (40, 32, 8), (24, 3, 9), (10, 1, 9)] {
        let table = passages(&text, length, stride);
        let size = table.len() / 10;
        for seed in 0..3 {
            let split = table.split(size, size, seed);
            sets_are_filled(&table, &split, size, size);
            share_no_run(&table, &split, run);
            let n_neighbours = length / stride;
            assert!(
                split.left_out.len() <= 4 * n_neighbours,
                "{}",
                split.left_out.len()
            );
            assert!(split.training.len() > table.len() / 2);
            assert_eq!(split.n_near_duplicates, table.len());
        }
    }
}

#[test]
fn overlapping_passages_of_english_share_no_long_run_across_sets() {
    let text = text();
    let table = passages(&text, 60, 10);
    for seed in 0..20 {
        let split = table.split(20, 20, seed);
        sets_are_filled(&table, &split, 20, 20);
        share_no_run(&table, &split, 20);
        assert!(
            split.training.len() > table.len() / 3,
            "{}",
            split.training.len()
        );
    }
}

#[test]
fn overlapping_passages_that_are_long_share_less_than_a_third_across_sets() {
    let text = random(9000, &mut rng(2));
    let table = passages(&text, 1000, 10);
    for seed in 0..5 {
        let split = table.split(50, 50, seed);
        sets_are_filled(&table, &split, 50, 50);
        share_no_run(&table, &split, 333);
        assert!(split.training.len() > 200);
    }
}

#[test]
fn messages_that_differ_in_a_few_symbols_are_in_one_set() {
    let mut rng = rng(3);
    let originals: Vec<_> = (0..40).map(|_| random(30, &mut rng)).collect();
    let copy = |original: &Vec<SymbolId>, rng: &mut ChaCha8Rng| {
        let mut message = original.clone();
        for _ in 0..2 {
            message[rng.random_range(0..30)] = rng.random_range(0..N_LETTERS);
        }
        one_time_pad(&message, rng)
    };
    let copies = (0..400).map(|index| copy(&originals[index % 40], &mut rng));
    let table = PairTable::of(copies.collect::<Vec<_>>());
    for seed in 0..10 {
        let split = table.split(50, 50, seed);
        sets_are_filled(&table, &split, 50, 50);
        let originals = |set: &[usize]| set.iter().map(|pair| pair % 40).collect::<HashSet<_>>();
        let [training, validation, test] =
            [&split.training, &split.validation, &split.test].map(|set| originals(set));
        assert!(training.is_disjoint(&validation) && training.is_disjoint(&test));
        assert!(validation.is_disjoint(&test));
        assert!(split.left_out.len() <= 20);
    }
}

#[test]
fn copies_of_one_message_leave_nothing_to_train_on() {
    let mut rng = rng(4);
    let original = random(30, &mut rng);
    let mut copy = || {
        let mut message = original.clone();
        message[rng.random_range(0..30)] = rng.random_range(0..N_LETTERS);
        one_time_pad(&message, &mut rng)
    };
    let table = PairTable::of((0..300).map(|_| copy()).collect::<Vec<_>>());
    let split = table.split(20, 20, 5);
    assert_eq!((split.test.len(), split.training.len()), (20, 0));
}

#[test]
fn random_messages_that_share_nothing_are_all_in_a_set() {
    for seed in 0..20 {
        let mut rng = rng(100 + seed);
        let mut pair = || {
            let length = rng.random_range(1..60);
            Pair::new(random(length, &mut rng), random(length, &mut rng)).unwrap()
        };
        let table = PairTable::of((0..1000).map(|_| pair()).collect::<Vec<_>>());
        let split = table.split(100, 100, seed);
        assert!(split.left_out.is_empty());
        assert_eq!(split.training.len(), 800);
    }
}

#[test]
fn random_messages_of_two_symbols_are_all_in_a_set() {
    let mut rng = rng(6);
    let mut side = || (0..200).map(|_| rng.random_range(0..2)).collect::<Vec<_>>();
    let pairs: Vec<_> = (0..500)
        .map(|_| Pair::new(side(), side()).unwrap())
        .collect();
    let split = PairTable::of(pairs).split(50, 50, 1);
    assert_eq!((split.left_out.len(), split.n_near_duplicates), (0, 0));
}

#[test]
fn english_sentences_on_one_topic_are_nearly_all_in_a_set() {
    let mut rng = rng(7);
    let pairs = sentences().map(|sentence| one_time_pad(&sentence, &mut rng));
    let table = PairTable::of(pairs.collect::<Vec<_>>());
    for seed in 0..20 {
        let split = table.split(8, 8, seed);
        sets_are_filled(&table, &split, 8, 8);
        assert!(split.left_out.len() <= 3, "{:?}", split.left_out);
    }
}

#[test]
fn filler_and_a_common_heading_make_hardly_any_near_duplicates() {
    let mut rng = rng(8);
    let heading = random(15, &mut rng);
    let filler = [23; 30];
    let mut pair = || {
        let body = random(40, &mut rng);
        one_time_pad(&[&heading[..], &body, &filler].concat(), &mut rng)
    };
    let table = PairTable::of((0..300).map(|_| pair()).collect::<Vec<_>>());
    let split = table.split(30, 30, 2);
    assert!(split.left_out.len() <= 3, "{:?}", split.left_out);
    assert!(split.n_near_duplicates <= 30, "{}", split.n_near_duplicates);
}

#[test]
fn near_duplicates_on_the_ciphertext_side_count_as_well() {
    let mut rng = rng(10);
    let text = random(2000, &mut rng);
    let passages = text.windows(40).step_by(10);
    let pairs = passages.map(|passage| Pair::new(passage.to_vec(), random(40, &mut rng)).unwrap());
    let split = PairTable::of(pairs.collect::<Vec<_>>()).split(20, 20, 3);
    assert_eq!(split.n_near_duplicates, 197);
    assert!(!split.left_out.is_empty());
}

#[test]
fn a_division_with_near_duplicates_follows_from_the_seed_and_not_from_the_order_of_the_file() {
    let text = random(2000, &mut rng(11));
    let mut pairs: Vec<Pair> = text
        .windows(40)
        .step_by(7)
        .map(|passage| Pair::new(passage.to_vec(), passage.to_vec()).unwrap())
        .collect();
    let forwards = PairTable::of(pairs.clone()).split(30, 30, 4);
    assert_ne!(PairTable::of(pairs.clone()).split(30, 30, 5), forwards);
    pairs.reverse();
    let last = pairs.len() - 1;
    let backwards = PairTable::of(pairs).split(30, 30, 4);
    for (one, other) in [
        (&forwards.test, &backwards.test),
        (&forwards.left_out, &backwards.left_out),
    ] {
        let other: Vec<usize> = other.iter().rev().map(|pair| last - pair).collect();
        assert_eq!(*one, other);
    }
}

#[test]
fn a_key_and_its_repetitions_are_in_one_set() {
    let letters = Alphabet::new("ABCDEFGHIJKLMNOPQRSTUVWXYZ", Outside::Reject).unwrap();
    let mut rng = rng(11);
    let mut file = String::from("ciphertext\tplaintext\tkey\n");
    for _ in 0..700 {
        let key = letters.decode(&random(3, &mut rng));
        for key in [key.clone(), key.repeat(2)] {
            let [ciphertext, plaintext] = [(); 2].map(|()| letters.decode(&random(30, &mut rng)));
            file += &format!("{ciphertext}\t{plaintext}\t{key}\n");
        }
    }
    let texts = read_pairs(file.as_bytes(), &FileHints::default(), 9).unwrap();
    let table = PairTable::keyed(&texts, &letters, &letters, &letters).unwrap();
    assert!(table.n_keys() > 1000);
    let split = table.split(100, 100, 1);
    let sets = [&split.training, &split.validation, &split.test];
    let [training, validation, test] = sets.map(|set| -> HashSet<&[SymbolId]> {
        let keys = set.iter().map(|&pair| &table.key(pair)[..3]);
        keys.collect()
    });
    // Two of the random keys may be the same.
    assert!(test.len() >= 40 && validation.len() >= 40);
    assert!(training.is_disjoint(&validation) && training.is_disjoint(&test));
    assert!(validation.is_disjoint(&test));
}

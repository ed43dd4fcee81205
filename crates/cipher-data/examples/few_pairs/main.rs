//! How many pairs it takes to find a key, for each kind of cipher, beside the information limit; and how
//! many keys are claimed for pairs that have nothing to do with each other.
//!
//! ```text
//! cargo run -p cipher-data --example few_pairs               # 1,000 keys of each kind, 10,000 files
//! cargo run -p cipher-data --example few_pairs -- 100 1000   # fewer
//! cargo run -p cipher-data --example few_pairs -- 100 0 Hill # one kind
//! cargo run -p cipher-data --example few_pairs -- 100 0 Hill 5 # in pairs of 5 symbols
//! ```

mod keys;
mod search;
mod unrelated;

use std::thread;
use std::time::Instant;

use keys::{KINDS, Kind};
use search::is_found;

/// The share of keys that must be found.
const FOUND: f64 = 0.95;
/// Keys that are tried first, and the share of them below which the others are not tried.
const N_FIRST: usize = 40;
const MIN_FIRST: f64 = 0.75;
/// The numbers of pairs that are tried, in this order.
const N_PAIRS: &[usize] = &[1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 70, 100];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |place: usize, default| {
        arguments
            .get(place)
            .map_or(default, |text| text.parse().expect("a number"))
    };
    let (n_keys, n_files): (usize, usize) = (number(0, 1000), number(1, 10_000));
    let only = arguments.get(2);
    let length = number(3, 20);
    let pairs = format!("pairs of {length} symbols");
    println!("{:30} {:>9} {:>16} {:>10}", "", "key", pairs, "");
    println!(
        "{:30} {:>9} {:>8} {:>7} {:>10}",
        "kind", "bits", "limit", "found", "s a search"
    );
    for kind in KINDS {
        if only.is_none_or(|only| kind.name.contains(only.as_str())) {
            println!("{}", row(kind, length, n_keys));
        }
    }
    if n_files > 0 {
        unrelated::count(n_files);
    }
}

/// The row of a kind: the smallest number of pairs at which nearly all keys are found.
fn row(kind: &Kind, length: usize, n_keys: usize) -> String {
    let bits_per_message = length as f64 * (kind.alphabet.chars().count() as f64).log2();
    let limit = kind.bits / bits_per_message;
    let mut shares = Vec::new();
    for &n_pairs in N_PAIRS.iter().filter(|n| **n as f64 >= limit) {
        // Where many of the first keys are not found, the others are not needed.
        let n_first = n_keys.min(N_FIRST);
        let first = found(kind, (n_pairs, length), n_first) as f64 / n_first as f64;
        if first < MIN_FIRST {
            shares.push(format!("{n_pairs}: {:.0} %", 100.0 * first));
            continue;
        }
        let start = Instant::now();
        let n_found = found(kind, (n_pairs, length), n_keys);
        let seconds = start.elapsed().as_secs_f64() / n_keys as f64;
        let share = n_found as f64 / n_keys as f64;
        if share >= FOUND {
            let (name, bits) = (kind.name, kind.bits);
            return format!("{name:30} {bits:>9.1} {limit:>8.2} {n_pairs:>7} {seconds:>10.4}");
        }
        shares.push(format!("{n_pairs}: {:.1} %", 100.0 * share));
    }
    let name = kind.name;
    format!(
        "{name:30} {:>9.1} {limit:>8.2}    not found: {}",
        kind.bits,
        shares.join(", ")
    )
}

/// How many of some random keys are found from pairs, on all cores.
fn found(kind: &Kind, size: (usize, usize), n_keys: usize) -> usize {
    let n_threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let count = |thread: usize| {
            let keys = (thread..n_keys).step_by(n_threads);
            keys.filter(|key| is_found(kind, size, *key as u64)).count()
        };
        let threads: Vec<_> = (0..n_threads)
            .map(|thread| scope.spawn(move || count(thread)))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("no panic"))
            .sum()
    })
}

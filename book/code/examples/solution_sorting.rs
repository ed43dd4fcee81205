//! Exercise 3: how much padding is left if all messages are sorted, and what that costs.

use book::Result;
use cipher_data::padding_share;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

const BATCH: usize = 64;

fn main() -> Result<()> {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let lengths: Vec<usize> = (0..256 * BATCH).map(|_| rng.random_range(5..=60)).collect();
    println!("batches sorted together   padding   lengths in the first batch");
    for window in [1, 4, 32, 256] {
        let mut lengths = lengths.clone();
        lengths.chunks_mut(window * BATCH).for_each(<[usize]>::sort);
        let share = 100.0 * padding_share(&lengths, BATCH);
        println!(
            "{window:23} {share:7.1} %   {} to {}",
            lengths[0],
            lengths[BATCH - 1]
        );
    }
    Ok(())
}

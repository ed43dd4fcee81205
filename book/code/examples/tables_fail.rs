//! What a shift and tables make of the cipher with the lock.

use std::sync::Arc;

use book::{N_SYMBOLS, Result, ShiftLock, best_shift, percent_right};
use cipher_data::{Alphabet, LengthRange, MessageDataset, Pair, Split, explain, find_rules};

fn main() -> Result<()> {
    let alphabet = Alphabet::letters_and_dash();
    let pairs = |split, n| -> Result<Vec<Pair>> {
        let (cipher, lengths) = (Arc::new(ShiftLock), LengthRange::new(32, 32)?);
        let messages = MessageDataset::new(cipher, N_SYMBOLS, lengths, 1, split, n)?;
        Ok(messages.pairs(0..n)?)
    };
    let (training, held_out) = (pairs(Split::Training, 3200)?, pairs(Split::HeldOut, 500)?);
    let shift = percent_right(&best_shift(&training), &held_out);
    println!("{:25} {shift:5.1} %", "best shift");
    for rule in find_rules(&training, &alphabet, &alphabet) {
        let right = 100.0 * explain(&rule, &held_out).character_accuracy();
        println!("{:25} {right:5.1} %", rule.name());
    }
    Ok(())
}

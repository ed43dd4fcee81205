//! How many pairs a table needs.

use std::sync::Arc;

use book::{N_SYMBOLS, Result, best_shift, percent_right};
use cipher_data::{
    Alphabet, LengthRange, MessageDataset, Pair, Split, Substitution, explain, find_rules,
};

fn main() -> Result<()> {
    let alphabet = Alphabet::letters_and_dash();
    let cipher = Arc::new(Substitution::new(
        &alphabet,
        &"QWERTYUIOP-ASDFGHJKLZXCVBNM".into(),
    )?);
    let lengths = LengthRange::new(32, 32)?;
    let pairs = |split, n| -> Result<Vec<Pair>> {
        let messages = MessageDataset::new(cipher.clone(), N_SYMBOLS, lengths, 1, split, n)?;
        Ok(messages.pairs(0..n)?)
    };

    let held_out = pairs(Split::HeldOut, 200)?;
    println!("pairs   right on other messages");
    println!("        best shift   substitution");
    for n in [1, 2, 4, 8] {
        let training = pairs(Split::Training, n)?;
        let shift = percent_right(&best_shift(&training), &held_out);
        let rules = find_rules(&training, &alphabet, &alphabet);
        let table = rules.last().expect("a table");
        let table = 100.0 * explain(table, &held_out).character_accuracy();
        println!("{n:5}   {shift:8.1} % {table:12.1} %");
    }
    Ok(())
}

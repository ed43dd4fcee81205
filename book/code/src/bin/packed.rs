//! Packed sequences: only the messages that still go on are given a step.

use book::{N_SYMBOLS, Result, numbers};
use cipher_data::PairBatcher;
use cipher_model::{Backend, CipherModelConfig};

fn main() -> Result<()> {
    let lengths = [7, 5, 5, 2, 1]; // the longest first, as packing wants it
    let going: Vec<usize> = (0..lengths[0])
        .map(|t| lengths.iter().filter(|&&length| t < length).count())
        .collect();
    let places = lengths.len() * lengths[0];
    println!("messages still going at each step: {going:?}");
    println!(
        "steps packed {}, padded {places}",
        going.iter().sum::<usize>()
    );

    let device = Backend::default().open()?;
    let model = CipherModelConfig::default().init(N_SYMBOLS, N_SYMBOLS, 1, &device)?;
    let ids: Vec<Vec<u16>> = lengths
        .iter()
        .map(|&length| (0..length).map(|i| (7 * i % 27) as u16).collect())
        .collect();
    let rows: Vec<&[u16]> = ids.iter().map(Vec::as_slice).collect();
    let batch = PairBatcher::pad(&rows, 27, &device); // [5, 7]

    // With every row as long as the longest, the forward LSTM reads all the padding ..
    let padded = model.forward(batch, &[lengths[0]; 5]); // [5, 7, 27]
    let mut largest: f32 = 0.0;
    for (row, (ids, &length)) in rows.iter().zip(&lengths).enumerate() {
        // .. and each message alone reads none.
        let alone = model.forward(PairBatcher::pad(&[ids], 27, &device), &[length]);
        let beside = padded.clone().narrow(0, row, 1).narrow(1, 0, length);
        let differences = numbers((alone - beside).abs());
        largest = differences.into_iter().fold(largest, f32::max);
    }
    println!("the largest change of a score, padded against alone: {largest:.6}");
    Ok(())
}

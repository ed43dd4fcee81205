//! Messages of different lengths share a batch: the shorter ones are filled up with padding, an id
//! that no symbol has. Batches of messages of similar length need little padding.
//!
//! `cargo run -p examples --bin padded_batch`

use std::error::Error;
use std::sync::Arc;

use burn::data::dataloader::DataLoader;
use cipher_data::{
    BucketLoader, Caesar, LengthRange, MessageDataset, Pair, PairBatcher, Split, padding_share,
};
use cipher_model::Backend;

const N_SYMBOLS: usize = 27;

fn main() -> Result<(), Box<dyn Error>> {
    let device = Backend::default().open()?;
    let caesar = Arc::new(Caesar::new(N_SYMBOLS, 13));
    let lengths = LengthRange::new(3, 12)?;
    let messages = MessageDataset::new(caesar, N_SYMBOLS, lengths, 1, Split::Training, 4000)?;
    let batcher = PairBatcher::new(N_SYMBOLS, N_SYMBOLS);

    let five = messages.pairs(0..5)?;
    println!("five messages, in the order they come (padding is {N_SYMBOLS}):");
    let ciphertexts: Vec<_> = five.iter().map(|pair| pair.ciphertext()).collect();
    let batch = PairBatcher::pad(&ciphertexts, N_SYMBOLS as u16, &device);
    let [_, time] = batch.dims();
    let ids: Vec<i64> = batch.into_data().iter().collect();
    for (row, pair) in ids.chunks(time).zip(&five) {
        let row: String = row.iter().map(|id| format!("{id:3}")).collect();
        println!("{row}   length {}", pair.len());
    }

    let loader = BucketLoader::new(Arc::new(messages.clone()), batcher, 32, 1, &device);
    let unsorted: Vec<usize> = messages.pairs(0..4000)?.iter().map(Pair::len).collect();
    println!(
        "padding in batches of 32, as they come:     {:4.1} %",
        100.0 * padding_share(&unsorted, 32)
    );
    let bucketed = loader.lengths_at(0)?;
    println!(
        "padding in batches of 32, by length bucket: {:4.1} %",
        100.0 * padding_share(&bucketed, 32)
    );

    let first = loader.iter().next().expect("a batch")?;
    println!("one bucketed batch is {:?}", first.ciphertext.dims());
    Ok(())
}

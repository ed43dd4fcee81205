//! Messages that follow from a seed, an epoch and an index, and a split that nothing leaks through.

use std::collections::HashSet;
use std::sync::Arc;

use book::Result;
use cipher_data::{Alphabet, Caesar, LengthRange, MessageDataset, Split, SymbolId};

const SEED: u64 = 2;

fn main() -> Result<()> {
    let alphabet = Alphabet::letters_and_dash();
    let caesar = Arc::new(Caesar::new(alphabet.len(), 13));
    let dataset = |lengths, split, n_messages| {
        MessageDataset::new(
            caesar.clone(),
            alphabet.len(),
            lengths,
            SEED,
            split,
            n_messages,
        )
    };

    let messages = dataset(LengthRange::new(5, 9)?, Split::Training, 1000)?;
    for (epoch, index) in [(0, 0), (0, 1), (0, 0), (1, 0)] {
        let pair = messages.at_epoch(epoch).pair(index)?;
        let [c, p] = [pair.ciphertext(), pair.plaintext()].map(|side| alphabet.decode(side));
        println!("epoch {epoch}, index {index}: {c:9} is {p}");
    }

    // Messages of two symbols: only 27 * 27 = 729 are possible, so that chance meets them again.
    let two = LengthRange::new(2, 2)?;
    let plaintexts = |split, indices: std::ops::Range<usize>| -> Result<Vec<Vec<SymbolId>>> {
        let messages = dataset(two, split, indices.end)?;
        let pairs = messages.pairs(indices)?;
        Ok(pairs.iter().map(|pair| pair.plaintext().to_vec()).collect())
    };
    let training: HashSet<_> = plaintexts(Split::Training, 0..1000)?.into_iter().collect();
    let seen = |held_out: &[Vec<SymbolId>]| {
        held_out
            .iter()
            .filter(|message| training.contains(*message))
            .count()
    };
    let by_index = plaintexts(Split::Training, 1000..1200)?;
    println!(
        "held out by index: training has seen {} of 200",
        seen(&by_index)
    );
    let by_hash = plaintexts(Split::HeldOut, 0..200)?;
    println!(
        "held out by hash:  training has seen {} of 200",
        seen(&by_hash)
    );
    Ok(())
}

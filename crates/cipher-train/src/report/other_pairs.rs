use std::sync::Arc;

use anyhow::{Context, Result};
use burn::tensor::Device;
use cipher_data::{BucketLoader, PairBatcher, PairTable, Score};
use cipher_model::Bundle;

use crate::data::Subset;

/// Messages that are decrypted at once.
const BATCH_SIZE: usize = 128;

/// A network's answers to pairs that it was not trained on.
pub struct OnOtherPairs {
    /// The answers. Those to unknown symbols are wrong.
    pub score: Score,
    /// Symbols that the bundle's alphabets lack.
    pub n_unknown: usize,
    /// Messages with such symbols.
    pub n_unknown_messages: usize,
}

impl OnOtherPairs {
    /// Asks the network for the plaintexts of a table that was made with the bundle's alphabets.
    ///
    /// # Errors
    ///
    /// Those of the device.
    pub fn of(bundle: &Bundle, table: PairTable, device: &Device) -> Result<Self> {
        let n_symbols = [&bundle.ciphertext_alphabet, &bundle.plaintext_alphabet].map(|s| s.len());
        let n_unknown = |index: &usize| table.n_unknown(*index, n_symbols[1]);
        let (known, others): (Vec<usize>, Vec<usize>) =
            (0..table.len()).partition(|index| n_unknown(index) == 0);
        let (n_unknown, n_unknown_messages) = (others.iter().map(n_unknown).sum(), others.len());
        let table = Arc::new(table);
        let score = |indices: Vec<usize>| {
            if indices.is_empty() {
                return Ok(Score::default());
            }
            let batcher = PairBatcher::new(n_symbols[0], n_symbols[1]);
            let pairs = Arc::new(Subset::once(&table, indices));
            let loader = BucketLoader::new(pairs, batcher, BATCH_SIZE, 0, device);
            bundle.model.evaluate(&loader).context("cannot measure")
        };
        let mut of_all = score(known)?;
        if n_unknown > 0 {
            let mut of_others = score(others)?;
            of_others.n_symbols += n_unknown;
            of_others.wrong_symbols += n_unknown;
            of_others.wrong_messages = of_others.n_messages;
            of_all += of_others;
        }
        Ok(Self {
            score: of_all,
            n_unknown,
            n_unknown_messages,
        })
    }
}

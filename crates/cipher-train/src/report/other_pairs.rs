use std::sync::Arc;

use anyhow::{Context, Result};
use burn::tensor::Device;
use cipher_data::{BucketLoader, PairBatcher, PairTable, PairTexts, Reading, Score};
use cipher_model::{Bundle, Decryptor};

use crate::data::{Aligned, Subset};

/// Messages that are decrypted at once.
const BATCH_SIZE: usize = 128;

/// Answers to pairs that nothing was learned from.
pub struct OnOtherPairs {
    /// The answers of a network, or of a rule. Those to unknown symbols are wrong.
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
            let batcher = PairBatcher::new(bundle.inputs()?, n_symbols[1]);
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
    /// Compares answers of any length with plaintexts that are read in this way, by edit distance.
    ///
    /// # Errors
    ///
    /// Those of the device, and those of the first text that cannot be read.
    pub fn by_edits(decryptor: &Decryptor, texts: &PairTexts, plaintext: &Reading) -> Result<Self> {
        let ciphertexts: Vec<&str> = (0..texts.len()).map(|i| texts.ciphertext(i)).collect();
        let answers = decryptor.decrypt_all(&ciphertexts)?;
        let n_unknown = answers.iter().map(|answer| answer.unknown.len());
        let plaintexts = answers.iter().map(|answer| answer.plaintext.as_str());
        Ok(Self {
            score: edits(plaintexts, texts, plaintext),
            n_unknown: n_unknown.clone().sum(),
            n_unknown_messages: n_unknown.filter(|n| *n > 0).count(),
        })
    }

    /// What the code book of a run's training pairs gets right, by edit distance.
    ///
    /// # Errors
    ///
    /// Those of the first text that cannot be read.
    pub fn of_book(aligned: &Aligned, texts: &PairTexts, plaintext: &Reading) -> Result<Score> {
        let book = aligned.code_book();
        let answers = (0..texts.len()).map(|index| {
            let encoded = aligned
                .ciphertext_alphabet()
                .encode(texts.ciphertext(index))?;
            Ok(book.decrypt(&encoded.ids, aligned.chunks()))
        });
        let answers: Vec<String> = answers.collect::<Result<_>>()?;
        Ok(edits(answers.iter().map(String::as_str), texts, plaintext))
    }
}

/// What is right of answers to all of the texts, by edit distance.
fn edits<'a>(
    answers: impl Iterator<Item = &'a str>,
    texts: &PairTexts,
    plaintext: &Reading,
) -> Score {
    let in_case = |text: &str| match plaintext.fold_case {
        true => text.to_lowercase(),
        false => text.to_string(),
    };
    let mut score = Score::default();
    for (index, answer) in answers.enumerate() {
        let right = plaintext.message(texts.plaintext(index));
        score += Score::of_edits(&in_case(answer), &in_case(&right));
    }
    score
}

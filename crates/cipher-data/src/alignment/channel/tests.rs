use std::sync::Arc;

use super::*;
use crate::alignment::testing::{MIXED_WIDTH, NOMENCLATOR, Texts, enciphered, table};
use crate::alignment::{AlignedPairs, AlignerConfig};
use crate::{Outside, streams};

/// The channel of pairs, their chunks, and what was to be enciphered.
fn channel(
    texts: &Texts,
    max_code: u8,
    max_chunk: u8,
) -> (Channel, Alphabet, Vec<Option<Vec<SymbolId>>>) {
    let table = Arc::new(table(texts));
    let indices: Vec<usize> = (0..table.len()).collect();
    let plaintext = Alphabet::new("ABCDEFG", Outside::Mark).unwrap();
    let config = AlignerConfig {
        max_code,
        max_chunk,
    };
    let aligned = AlignedPairs::fit(table, plaintext, &indices, config);
    let chunks = aligned.chunk_alphabet(&indices).unwrap();
    let (channel, intended) = Channel::of(&aligned, &indices, &chunks);
    (channel, chunks, intended)
}

#[test]
fn the_labels_of_an_enciphered_text_are_the_text_and_its_codes_are_the_keys() {
    for (key, max_code, max_chunk) in [(&NOMENCLATOR[..], 1, 6), (&MIXED_WIDTH[..], 2, 2)] {
        let texts = enciphered(key, 100, 20..60, 1);
        let (channel, chunks, intended) = channel(&texts, max_code, max_chunk);
        for (index, intended) in intended.iter().enumerate() {
            let intended = intended.as_ref().unwrap();
            let mut rng = streams::enciphered(1, 2, index, intended.len());
            let pair = channel.encipher(intended, &mut rng).unwrap();
            assert_eq!(chunks.decode(pair.plaintext()), chunks.decode(intended));
            // Cut by the key, the ciphertext means the text, too.
            let mut rest = pair.ciphertext();
            let mut meant = Vec::new();
            while !rest.is_empty() {
                let (code, chunk) = key.iter().find(|(code, _)| rest.starts_with(code)).unwrap();
                meant.extend_from_slice(chunk);
                rest = &rest[code.len()..];
            }
            let plaintext = Alphabet::new("ABCDEFG", Outside::Mark).unwrap();
            assert_eq!(plaintext.decode(&meant), chunks.decode(intended));
        }
    }
}

#[test]
fn planted_errors_are_counted_and_made_again() {
    // Letters with two homophones each; one in 25 is left out, doubled, or has a code too many before it.
    let mut rng = streams::file_order(3);
    let pairs = (0..400).map(|_| {
        let plaintext: Vec<SymbolId> = (0..50).map(|_| rng.random_range(0..7)).collect();
        let mut ciphertext = Vec::new();
        for &letter in &plaintext {
            let mut code = |letter: SymbolId| 2 * letter + rng.random_range(0..2);
            let (one, other, random) = (code(letter), code(letter), code(3));
            match rng.random_range(0..75) {
                0 => {}
                1 => ciphertext.extend([one, other]),
                2 => ciphertext.extend([random, one]),
                _ => ciphertext.push(one),
            }
        }
        (ciphertext, plaintext)
    });
    let (channel, _, intended) = channel(&pairs.collect(), 1, 2);
    let Rates {
        null,
        inserted,
        doubled,
        deleted,
        substituted,
    } = channel.rates;
    for rate in [inserted, doubled, deleted] {
        assert!((rate - 1.0 / 75.0).abs() < 0.006, "{:?}", channel.rates);
    }
    assert_eq!(null, 0.0);
    assert!(substituted < 0.004, "{substituted}");
    let lengths = intended.iter().flatten().map(|intended| {
        let mut rng = streams::enciphered(1, 0, intended.len(), intended.len());
        let pair = channel.encipher(intended, &mut rng).unwrap();
        (pair.len(), intended.len())
    });
    let (n_codes, n_letters) = lengths.fold((0, 0), |sum, (codes, letters)| {
        (sum.0 + codes, sum.1 + letters)
    });
    assert!(n_codes > n_letters && n_codes < n_letters * 103 / 100);
}

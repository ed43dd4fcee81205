use super::*;
use crate::alignment::testing::{MIXED_WIDTH, NOMENCLATOR, Texts, enciphered, table};

fn alphabet(symbols: &str) -> Alphabet {
    Alphabet::new(symbols, Outside::Mark).unwrap()
}

fn aligned(texts: &Texts, max_code: u8, max_chunk: u8) -> AlignedPairs {
    let table = Arc::new(table(texts));
    let indices: Vec<usize> = (0..table.len()).collect();
    let config = AlignerConfig {
        max_code,
        max_chunk,
    };
    AlignedPairs::fit(table, alphabet("ABCDEFG"), &indices, config)
}

fn indices(aligned: &AlignedPairs) -> Vec<usize> {
    (0..aligned.pairs().len()).collect()
}

#[test]
fn the_labels_of_a_pair_are_its_plaintext_in_chunks() {
    let aligned = aligned(&enciphered(&NOMENCLATOR, 100, 20..60, 1), 1, 6);
    let chunks = aligned.chunk_alphabet(&indices(&aligned)).unwrap();
    let expected = ["", "A", "B", "C", "D", "E", "AB", "CD", "BEA", "ECABD"];
    assert_eq!(chunks.symbols(), expected);
    let labels = aligned.labels(&chunks);
    for index in indices(&aligned) {
        let plaintext = aligned
            .plaintext_alphabet()
            .decode(aligned.pairs().plaintext(index));
        assert_eq!(chunks.decode(labels.plaintext(index)), plaintext);
    }
}

#[test]
fn the_code_book_is_the_key() {
    let aligned = aligned(&enciphered(&NOMENCLATOR, 100, 20..60, 2), 1, 6);
    let chunks = aligned.chunk_alphabet(&indices(&aligned)).unwrap();
    let book = aligned.code_book(indices(&aligned), &chunks);
    assert_eq!(book.entries().count(), NOMENCLATOR.len());
    for (entry, (code, chunk)) in book.entries().zip(NOMENCLATOR) {
        assert_eq!(entry.code, code);
        let (found, share) = entry.commonest().unwrap();
        assert_eq!(
            chunks.symbol(found),
            aligned.plaintext_alphabet().decode(chunk)
        );
        assert_eq!(share, 1.0);
    }
}

#[test]
fn codes_of_several_characters_become_symbols() {
    let aligned = aligned(&enciphered(&MIXED_WIDTH, 100, 20..60, 3), 2, 2);
    let digits = alphabet("01234");
    let all = indices(&aligned);
    let (codes, in_codes) = aligned.in_codes(&digits, &all, 2).unwrap().unwrap();
    let key = MIXED_WIDTH.map(|(code, _)| digits.decode(code));
    let key: BTreeSet<&str> = key.iter().map(String::as_str).collect();
    let found: BTreeSet<&str> = codes.symbols().iter().map(String::as_str).collect();
    assert_eq!(found, key);
    let chunks = in_codes.chunk_alphabet(&all).unwrap();
    assert_eq!(chunks.symbols(), ["", "A", "B", "C", "D", "E", "F", "G"]);
    // A text is cut as the pairs were.
    let encoded = codes.encode("0301244").unwrap();
    assert_eq!(
        encoded
            .ids
            .iter()
            .map(|&id| codes.symbol(id))
            .collect::<Vec<_>>(),
        ["0", "30", "1", "2", "44"]
    );
}

#[test]
fn codes_that_are_symbols_already_stay_as_they_are() {
    let aligned = aligned(&enciphered(&NOMENCLATOR, 50, 20..60, 4), 1, 6);
    let letters = alphabet("ABCDEFGHIJKL");
    assert_eq!(aligned.in_codes(&letters, &indices(&aligned), 6), Ok(None));
}

#[test]
fn steps_that_do_not_lead_through_a_pair_are_refused_with_its_line() {
    let aligned = aligned(&enciphered(&NOMENCLATOR, 3, 5..9, 5), 1, 6);
    let again = |steps| {
        AlignedPairs::of_steps(
            aligned.pairs().clone(),
            aligned.plaintext_alphabet().clone(),
            steps,
        )
    };
    let steps = aligned.steps().to_vec();
    assert_eq!(again(steps.clone()), Ok(aligned.clone()));
    let mut wrong = steps.clone();
    wrong[1].pop();
    assert_eq!(again(wrong), Err(DataError::Steps { line: 2 }));
    let mut wrong = steps;
    wrong[2][0].n_ciphertext = 0;
    assert_eq!(again(wrong), Err(DataError::Steps { line: 3 }));
}

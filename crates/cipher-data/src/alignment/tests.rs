use super::band::Band;
use super::lattice::{Lattice, Passes, Scratch};
use super::model::Model;
use super::testing::{MIXED_WIDTH, NOMENCLATOR, Texts, enciphered, table};
use super::*;

fn sides(texts: &Texts) -> Vec<Sides<'_>> {
    texts.iter().map(|(c, p)| (&c[..], &p[..])).collect()
}

/// A model after some rounds, and the log-likelihood before each.
fn trained(texts: &Texts, config: AlignerConfig, n_rounds: usize) -> (Model, Vec<f64>) {
    let pairs = sides(texts);
    let mut model = Model::start(&pairs, config);
    let mut bands: Vec<Band> = pairs.iter().copied().map(Band::diagonal).collect();
    let rounds = (0..n_rounds).map(|_| model.improve(&pairs, &mut bands));
    let log_likelihoods = rounds.collect();
    (model, log_likelihoods)
}

const WORDS: AlignerConfig = AlignerConfig {
    max_code: 1,
    max_chunk: 6,
};
const DIGITS: AlignerConfig = AlignerConfig {
    max_code: 2,
    max_chunk: 2,
};

/// Every alignment of a pair, as the lengths of its steps, with its probability.
fn all_alignments(
    model: &Model,
    (ciphertext, plaintext): Sides<'_>,
) -> Vec<(Vec<[usize; 2]>, f64)> {
    if ciphertext.is_empty() && plaintext.is_empty() {
        return vec![(Vec::new(), 1.0)];
    }
    let mut all = Vec::new();
    for taken in 1..=model.max_code.min(ciphertext.len()) {
        for length in 0..=model.max_chunk.min(plaintext.len()) {
            let p = probability(model, &ciphertext[..taken], &plaintext[..length]);
            for (mut steps, rest) in
                all_alignments(model, (&ciphertext[taken..], &plaintext[length..]))
            {
                steps.insert(0, [taken, length]);
                all.push((steps, p * rest));
            }
        }
    }
    all
}

fn probability(model: &Model, code: &[SymbolId], chunk: &[SymbolId]) -> f64 {
    let number = model.code(code);
    let mut letters = chunk.iter();
    let numbered = letters.try_fold(0, |before, &symbol| model.chunks.step(before, symbol));
    let mut row = number.into_iter().flat_map(|code| model.table.row(code));
    let in_table = row
        .find(|(chunk, _)| Some(*chunk) == numbered)
        .map_or(0.0, |(_, p)| p);
    let symbols: f64 = chunk
        .iter()
        .map(|&symbol| model.shares.symbol(symbol))
        .product();
    let lengths = &model.shares.lengths[code.len() - 1];
    let spelled = model.shares.code(number) * lengths[chunk.len()] * symbols;
    let mixed = (1.0 - model.spelled) * in_table + model.spelled * spelled;
    Model::length_factor(code.len(), chunk.len()) * mixed
}

fn passes(model: &Model, pair: Sides<'_>, band: &Band) -> Passes {
    let lattice = Lattice::new(model, pair, band);
    lattice
        .passes(&mut Scratch::new(model), |_, _, _| {})
        .unwrap()
}

#[test]
fn the_likelihood_and_the_best_steps_are_those_of_all_alignments_one_by_one() {
    for (key, config) in [(&NOMENCLATOR[..], WORDS), (&MIXED_WIDTH[..], DIGITS)] {
        let texts = enciphered(key, 40, 1..6, 1);
        for n_rounds in [0, 1, 3] {
            let (model, _) = trained(&texts, config, n_rounds);
            for &pair in sides(&texts)
                .iter()
                .filter(|(c, p)| !c.is_empty() && !p.is_empty())
            {
                let all = all_alignments(&model, pair);
                let sum: f64 = all.iter().map(|(_, p)| p).sum();
                let band = Band::diagonal(pair);
                let passes = passes(&model, pair, &band);
                assert!((passes.log_likelihood - sum.ln()).abs() < 1e-9);

                let lattice = Lattice::new(&model, pair, &band);
                let best = lattice.best(&passes, &mut Scratch::new(&model));
                let best: Vec<_> = best
                    .iter()
                    .map(|step| [step.n_ciphertext, step.n_plaintext].map(usize::from))
                    .collect();
                let most = all.iter().map(|(_, p)| *p).fold(0.0, f64::max);
                let found = all.iter().find(|(steps, _)| *steps == best).unwrap();
                assert!(found.1 >= most * (1.0 - 1e-12));
            }
        }
    }
}

#[test]
fn every_ciphertext_symbol_is_in_one_step_of_each_alignment() {
    for (key, config) in [(&NOMENCLATOR[..], WORDS), (&MIXED_WIDTH[..], DIGITS)] {
        let texts = enciphered(key, 40, 5..40, 2);
        let (model, _) = trained(&texts, config, 2);
        for pair in sides(&texts) {
            let band = Band::diagonal(pair);
            let lattice = Lattice::new(&model, pair, &band);
            let mut n_steps = vec![0.0; config.max_code.into()];
            let mut call = 0;
            let expected = lattice.passes(&mut Scratch::new(&model), |_, expected, spelled| {
                // The codes of a place come in the order of their lengths; the last places lack some.
                let n = pair.0.len();
                let max_code = usize::from(config.max_code);
                let taken = if call == 0 {
                    0
                } else {
                    (call + max_code - 1) % max_code
                };
                let taken = if max_code == 1 || n == 1 { 0 } else { taken };
                n_steps[taken] += spelled + expected.iter().sum::<f64>();
                call += 1;
            });
            assert!(expected.is_some());
            let covered: f64 = (1..)
                .zip(&n_steps)
                .map(|(taken, n)| f64::from(taken) * n)
                .sum();
            assert!((covered - pair.0.len() as f64).abs() < 1e-9, "{covered}");
        }
    }
}

#[test]
fn no_round_makes_the_pairs_less_likely() {
    for (key, config) in [(&NOMENCLATOR[..], WORDS), (&MIXED_WIDTH[..], DIGITS)] {
        for seed in 0..5 {
            let texts = enciphered(key, 60, 10..60, seed);
            let (_, log_likelihoods) = trained(&texts, config, 12);
            for pair in log_likelihoods.windows(2) {
                // What is dropped from the table may take a little.
                assert!(
                    pair[1] >= pair[0] - 1e-6 * pair[0].abs(),
                    "{log_likelihoods:?}"
                );
            }
        }
    }
}

#[test]
fn a_planted_key_is_found_again() {
    for (key, config) in [(&NOMENCLATOR[..], WORDS), (&MIXED_WIDTH[..], DIGITS)] {
        let texts = enciphered(key, 100, 20..60, 3);
        let table = table(&texts);
        let indices: Vec<usize> = (0..table.len()).collect();
        let aligner = Aligner::fit(&table, &indices, config);
        for (index, steps) in aligner.align(&table).into_iter().enumerate() {
            let (mut ciphertext, mut plaintext) = (table.ciphertext(index), table.plaintext(index));
            for step in steps.unwrap() {
                let (code, rest) = ciphertext.split_at(step.n_ciphertext.into());
                let (chunk, after) = plaintext.split_at(step.n_plaintext.into());
                assert!(
                    key.contains(&(code, chunk)),
                    "{code:?} is no code for {chunk:?}"
                );
                assert!(step.certainty > 0.99, "{code:?} {chunk:?} {step:?}");
                (ciphertext, plaintext) = (rest, after);
            }
            assert!(ciphertext.is_empty() && plaintext.is_empty());
        }
    }
}

#[test]
fn an_error_in_a_pair_is_a_doubtful_step() {
    let mut texts = enciphered(&NOMENCLATOR, 100, 20..60, 4);
    let (ciphertext, plaintext) = &mut texts[0];
    ciphertext.push(2);
    plaintext.push(4); // 2 stands for 1
    let table = table(&texts);
    let indices: Vec<usize> = (0..table.len()).collect();
    let aligned = Aligner::fit(&table, &indices, WORDS).align(&table);
    let steps = aligned[0].as_ref().unwrap();
    let (last, others) = steps.split_last().unwrap();
    assert!(last.certainty < 0.5, "{last:?}");
    assert!(others.iter().all(|step| step.certainty > 0.9));
}

#[test]
fn a_plaintext_that_is_too_long_for_its_ciphertext_has_no_alignment() {
    let mut texts = enciphered(&MIXED_WIDTH, 20, 20..30, 5);
    texts.push((vec![0, 1], vec![0; 30]));
    let table = table(&texts);
    let aligner = Aligner::fit(&table, &(0..20).collect::<Vec<_>>(), DIGITS);
    let aligned = aligner.align(&table);
    assert!(aligned[..20].iter().all(Option::is_some));
    assert!(aligned[20].is_none());
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let texts = enciphered(&NOMENCLATOR, 100, 10..60, 6);
    let table = table(&texts);
    let indices: Vec<usize> = (0..table.len()).collect();
    let of_threads = |n| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(n)
            .build()
            .unwrap();
        pool.install(|| Aligner::fit(&table, &indices, WORDS).align(&table))
    };
    assert_eq!(of_threads(1), of_threads(3));
}

#[derive(serde::Deserialize)]
struct Case {
    max_code: u8,
    max_chunk: u8,
    pairs: Texts,
    log_likelihoods: Vec<f64>,
    spelled: Vec<f64>,
    /// The steps of each pair as code length, chunk length and certainty.
    alignments: Vec<Vec<(u8, u8, f32)>>,
}

/// `align.py` is a second implementation, which was written without a look at this one:
/// `python3 crates/cipher-data/src/alignment/align.py > crates/cipher-data/src/alignment/align.json`
#[test]
fn a_second_implementation_finds_the_same_likelihoods_and_steps() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("align.json")).unwrap();
    for case in cases {
        let config = AlignerConfig {
            max_code: case.max_code,
            max_chunk: case.max_chunk,
        };
        let pairs = sides(&case.pairs);
        let mut model = Model::start(&pairs, config);
        let mut bands: Vec<Band> = pairs.iter().copied().map(Band::diagonal).collect();
        for (expected, spelled) in case.log_likelihoods.iter().zip(&case.spelled) {
            let log_likelihood = model.improve(&pairs, &mut bands);
            assert!(
                (log_likelihood / expected - 1.0).abs() < 1e-9,
                "{log_likelihood} {expected}"
            );
            assert!(
                (model.spelled / spelled - 1.0).abs() < 1e-6,
                "{} {spelled}",
                model.spelled
            );
        }
        for (&pair, expected) in pairs.iter().zip(&case.alignments) {
            let band = Band::diagonal(pair);
            let lattice = Lattice::new(&model, pair, &band);
            let steps = lattice.best(&passes(&model, pair, &band), &mut Scratch::new(&model));
            assert_eq!(steps.len(), expected.len());
            for (step, &(n_ciphertext, n_plaintext, certainty)) in steps.iter().zip(expected) {
                assert_eq!(
                    [step.n_ciphertext, step.n_plaintext],
                    [n_ciphertext, n_plaintext]
                );
                assert!((step.certainty - certainty).abs() < 6e-4);
            }
        }
    }
}

#[test]
fn a_letter_that_only_stands_before_another_is_a_letter_of_its_own() {
    // 1 always stands before 2, as U before K: nothing tells whether they are U and K, or nothing and UK.
    let key: [(&[SymbolId], &[SymbolId]); 4] =
        [(&[0], &[0]), (&[1, 2], &[1, 2]), (&[3], &[3]), (&[4], &[4])];
    let texts = enciphered(&key, 60, 10..30, 7);
    let table = table(&texts);
    let indices: Vec<usize> = (0..table.len()).collect();
    let aligned = Aligner::fit(&table, &indices, WORDS).align(&table);
    for step in aligned.into_iter().flatten().flatten() {
        assert_eq!(step.n_plaintext, 1);
    }
}

//! Untrusted input must never make the program panic or use memory out of proportion to its size.
//! There is a function for each kind of input. `fuzz/run` searches for inputs that break them, and
//! the test `corpus` replays the inputs that were worth keeping.

mod memory;

use std::fs;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use cipher_data::alignment::{AlignedPairs, AlignmentPlan, Channel};
use cipher_data::{
    Alphabets, Conflicts, FileHints, Format, FoundReadings, PairTable, ReadingHints, SymbolUnit,
    find_alphabets, read_pairs, streams,
};
use cipher_model::files::sha256_hex;
use cipher_model::{Backend, Bundle, CipherModel, CipherModelConfig, Decryptor, Measured, Score};
use cipher_train::config::Config;
use serde_json::{Value, json};

#[global_allocator]
static ALLOCATOR: memory::Counting = memory::Counting;

/// Reads a bundle: the manifest, a zero byte, the weights. The checksums are corrected
/// first, as wrong ones would hide all other code from the fuzzer. The weights are then read as
/// PyTorch's too.
pub fn bundle(input: &[u8]) {
    let end = input.iter().position(|&byte| byte == 0);
    let (manifest, weights) = input.split_at(end.unwrap_or(input.len()));
    let weights = weights.get(1..).unwrap_or_default();
    let device = Backend::NdArray.open().expect("ndarray is compiled in");
    let folder = folder();
    let manifest = match serde_json::from_slice::<Value>(manifest) {
        Ok(Value::Object(mut manifest)) => {
            manifest.insert("weights_sha256".into(), json!(sha256_hex(weights)));
            with_checksum(manifest).into_bytes()
        }
        _ => manifest.to_vec(),
    };
    fs::write(folder.join("manifest.json"), manifest).expect("a temporary folder");
    fs::write(folder.join("weights.safetensors"), weights).expect("a temporary folder");
    memory::in_proportion(input, || {
        let _ = Bundle::load(folder, &device);
        let _ = CipherModel::from_torch(weights, &device);
    });
}

/// The text of a manifest with the right checksum, if it has one.
fn with_checksum(mut manifest: serde_json::Map<String, Value>) -> String {
    let blank = "0".repeat(64);
    if let Some(checksum) = manifest.get_mut("checksum") {
        *checksum = json!(blank);
    }
    let text = Value::from(manifest).to_string();
    text.replacen(&blank, &sha256_hex(&text), 1)
}

/// Reads a config file.
pub fn config(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    memory::in_proportion(input, || {
        if let Ok(config) = Config::parse("input", &text, &[]) {
            // A config that was read can be written, and reading it again gives an equal one.
            let again = Config::parse("again", &config.to_toml(), &[]);
            assert_eq!(again.expect("a config that was written"), config);
        }
    });
}

const FORMATS: [Option<Format>; 7] = [
    None,
    Some(Format::Tsv),
    Some(Format::Csv),
    Some(Format::Semicolons),
    Some(Format::Bars),
    Some(Format::JsonLines),
    Some(Format::Json),
];
const UNITS: [Option<SymbolUnit>; 9] = [
    None,
    Some(SymbolUnit::Character),
    Some(SymbolUnit::Grapheme),
    Some(SymbolUnit::Token(None)),
    Some(SymbolUnit::SpacedToken(None)),
    Some(SymbolUnit::SpacedToken(Some('-'))),
    Some(SymbolUnit::Group(2)),
    Some(SymbolUnit::HexByte),
    Some(SymbolUnit::Base64Byte),
];

/// Reads a file of pairs. The first byte of the input chooses the format and the unit of a symbol.
pub fn pairs(input: &[u8]) {
    let Some((&choice, input)) = input.split_first() else {
        return;
    };
    let choice = usize::from(choice);
    let file = FileHints {
        format: FORMATS[choice % FORMATS.len()],
        ..FileHints::default()
    };
    let reading = ReadingHints {
        ciphertext_symbols: UNITS[choice / FORMATS.len() % UNITS.len()],
        ..ReadingHints::default()
    };
    memory::in_proportion(input, || {
        let Ok(texts) = read_pairs(input, &file, 20) else {
            return;
        };
        texts
            .problems()
            .iter()
            .for_each(|problem| drop(problem.to_string()));
        let Ok((texts, duplicates)) = texts.without_duplicates(Conflicts::Keep, 20) else {
            return;
        };
        duplicates
            .conflicts
            .iter()
            .for_each(|conflict| drop(conflict.to_string()));
        let found = FoundReadings::of(&texts, &reading);
        drop(found.to_string());
        let texts = texts.equally_long(&found.readings);
        if let Ok(Alphabets {
            ciphertext,
            plaintext,
            ..
        }) = find_alphabets(&texts, &found.readings)
        {
            let table = PairTable::new(&texts, &ciphertext, &plaintext);
            // The alphabets have every symbol of the file, so every pair can be encoded.
            let table = table.expect("the alphabets are those of the texts");
            assert!((0..table.len()).all(|index| table.get(index).is_some()));
            if let Some(length) = table.message_length() {
                assert_eq!(table.cut(length).n_symbols(), table.n_symbols());
            }
        }
    });
}

/// Aligns the pairs of a file, whatever their lengths.
pub fn alignment(input: &[u8]) {
    let Ok(texts) = read_pairs(input, &FileHints::default(), 1) else {
        return;
    };
    let plan = AlignmentPlan::find(&texts, &ReadingHints::default());
    let Ok(alphabets) = find_alphabets(&texts, &plan.readings) else {
        return;
    };
    let [ciphertext, plaintext] = [&alphabets.ciphertext, &alphabets.plaintext];
    let table = PairTable::of_unequal(&texts, ciphertext, plaintext);
    let table = Arc::new(table.expect("the alphabets are those of the texts"));
    let indices: Vec<usize> = (0..table.len()).collect();
    let aligned = AlignedPairs::fit(table.clone(), plaintext.clone(), &indices, plan.config);
    check(&aligned);
    let in_codes = aligned.in_codes(ciphertext, &indices, plan.config.max_chunk);
    if let Some((_, in_codes)) = in_codes.expect("there are few codes") {
        check(&in_codes);
    }
    // What a run keeps of an alignment is the alignment.
    let steps = aligned.steps().to_vec();
    let again = AlignedPairs::of_steps(table, plaintext.clone(), steps);
    assert_eq!(again.expect("steps lead through their pairs"), aligned);
}

/// Every probability is one, and every ciphertext symbol has a label.
fn check(aligned: &AlignedPairs) {
    let pairs = aligned.pairs();
    let indices: Vec<usize> = (0..pairs.len()).collect();
    for step in aligned.steps().iter().flatten() {
        assert!((0.0..=1.0).contains(&step.probability) && step.certainty <= step.probability);
    }
    let Ok(chunks) = aligned.chunk_alphabet(&indices) else {
        return;
    };
    let labels = aligned.labels(&chunks);
    assert!(labels.is_equally_long());
    assert_eq!(labels.n_symbols(), pairs.n_symbols());
    let book = aligned.code_book(indices.iter().copied(), &chunks);
    let (channel, intended) = Channel::of(aligned, &indices, &chunks);
    for (index, intended) in intended.into_iter().enumerate() {
        drop(book.decrypt(pairs.ciphertext(index), &chunks));
        let mut rng = streams::enciphered(1, 0, index, pairs.plaintext(index).len());
        drop(intended.and_then(|intended| channel.encipher(&intended, &mut rng)));
    }
}

/// Decrypts a text. The plaintext has a symbol for each symbol that the alphabet reads.
pub fn text(input: &[u8]) {
    static DECRYPTOR: OnceLock<Decryptor> = OnceLock::new();
    let decryptor = DECRYPTOR.get_or_init(untrained);
    let text = String::from_utf8_lossy(input);
    memory::in_proportion(input, || {
        if let Ok(decryption) = decryptor.decrypt(&text) {
            assert_eq!(decryption.symbols().count(), decryption.confidences.len());
            assert!(
                decryption
                    .confidences
                    .iter()
                    .all(|share| (0.0..=1.0).contains(share))
            );
        }
    });
}

fn untrained() -> Decryptor {
    let device = Backend::NdArray.open().expect("ndarray is compiled in");
    let alphabet = cipher_data::Alphabet::letters_and_dash();
    let config = CipherModelConfig::default();
    let model = config.init(alphabet.len(), alphabet.len(), 1, &device);
    let bundle = Bundle {
        untrained: Vec::new(),
        model: model.expect("the default sizes are fine"),
        config,
        ciphertext_alphabet: alphabet.clone(),
        plaintext_alphabet: alphabet,
        keys: None,
        measured: Measured {
            test: Score::default(),
            epoch: 0,
        },
    };
    Decryptor::new(bundle, &device)
}

/// A temporary folder, one for the process.
fn folder() -> &'static Path {
    static FOLDER: OnceLock<tempfile::TempDir> = OnceLock::new();
    let make = || tempfile::tempdir().expect("a temporary folder");
    FOLDER.get_or_init(make).path()
}

//! A decryptor gives each message the answers of its model, in whatever way it is asked.

mod common;

use burn::tensor::Device;
use burn::tensor::activation::softmax;
use cipher_data::{Alphabet, Outside};
use cipher_model::{Bundle, CipherModelConfig, Decryptor, Measured, ModelError, Score};

use common::{assert_close, devices, ids, values};

const TEXT: &str = "FUVEMVEMNMERPDRF";

fn bundle(bidirectional: bool, device: &Device) -> Bundle {
    let config = CipherModelConfig {
        n_layers: 2,
        bidirectional,
        ..CipherModelConfig::default()
    };
    let alphabet = Alphabet::letters_and_dash();
    let n_symbols = alphabet.len();
    Bundle {
        untrained: Vec::new(),
        model: config.init(n_symbols, n_symbols, 1, device).unwrap(),
        config,
        ciphertext_alphabet: alphabet.clone(),
        plaintext_alphabet: alphabet,
        keys: None,
        measured: Measured {
            test: Score::default(),
            epoch: 1,
        },
    }
}

fn decryptor(bidirectional: bool, device: &Device) -> Decryptor {
    Decryptor::new(bundle(bidirectional, device), device)
}

/// Softmax of the logits of a model that reads in both directions, `[time, 27]`.
fn probabilities(text: &str, device: &Device) -> Vec<f32> {
    softmax_of(&bundle(true, device), text, device)
}

/// Softmax of the model's logits, `[time, 27]`.
fn softmax_of(bundle: &Bundle, text: &str, device: &Device) -> Vec<f32> {
    if text.is_empty() {
        return Vec::new();
    }
    let encoded = bundle.ciphertext_alphabet.encode(text).unwrap();
    let message: Vec<i64> = encoded.ids.iter().map(|&id| i64::from(id)).collect();
    let logits = bundle.model.forward(
        ids(std::slice::from_ref(&message), 27, device),
        &[message.len()],
    );
    values(softmax(logits, 2))
}

#[test]
fn many_messages_decrypt_to_what_each_does_alone() {
    for (_, device) in devices() {
        let decryptor = decryptor(true, &device);
        let texts = ["", "SECRET", "A", &TEXT.repeat(20), "HELLO-WORLD", ""];
        let together = decryptor.decrypt_all(&texts).unwrap();
        for (text, found) in texts.iter().zip(together) {
            let alone = decryptor.decrypt(text).unwrap();
            assert_eq!(found.plaintext, alone.plaintext);
            assert_eq!(found.confidences.len(), text.len());
            assert_close(&found.confidences, &alone.confidences, 1e-5, "confidences");
        }
    }
}

#[test]
fn a_message_has_the_same_bits_alone_and_among_others() {
    for (_, device) in devices() {
        for bidirectional in [false, true] {
            let decryptor = decryptor(bidirectional, &device);
            let texts: Vec<String> = (0..50)
                .map(|n| TEXT.repeat(1 + n % 7)[n % 11..].into())
                .collect();
            for (text, found) in texts.iter().zip(decryptor.decrypt_all(&texts).unwrap()) {
                assert_eq!(found, decryptor.decrypt(text).unwrap());
            }
        }
    }
}

#[test]
fn a_model_of_any_size_that_reads_in_both_directions_decrypts_to_the_largest_of_its_softmax() {
    for (_, device) in devices() {
        for (n_layers, d_hidden) in [(1, 1), (1, 16), (2, 20), (3, 33)] {
            let alphabet = Alphabet::letters_and_dash();
            let mut bundle = bundle(true, &device);
            bundle.config = CipherModelConfig {
                n_layers,
                d_hidden,
                ..bundle.config
            };
            bundle.model = bundle.config.init(27, 27, 1, &device).unwrap();
            let texts = ["A", "", &TEXT.repeat(3), TEXT, "SECRET", &TEXT.repeat(2000)];
            let expected = texts.map(|text| softmax_of(&bundle, text, &device));
            let found = Decryptor::new(bundle, &device).decrypt_all(&texts).unwrap();
            for (expected, found) in expected.iter().zip(found) {
                let largest = expected.chunks_exact(27);
                let largest = largest.map(|place| place.iter().copied().fold(0.0, f32::max));
                let largest: Vec<f32> = largest.collect();
                assert_close(&found.confidences, &largest, 1e-5, "confidences");
                for (place, symbol) in found.symbols().enumerate() {
                    let id = usize::from(alphabet.id(symbol).unwrap());
                    let of_symbol = expected[place * 27 + id];
                    assert!(largest[place] - of_symbol < 1e-5, "{symbol} at {place}");
                }
            }
        }
    }
}

#[test]
fn each_message_has_a_result_of_its_own() {
    for (_, device) in devices() {
        for bidirectional in [false, true] {
            let decryptor = decryptor(bidirectional, &device);
            let decryptor = decryptor.with_outside(Outside::Reject).unwrap();
            let texts = ["FUVE", "M?", "", "MVEM", "!"];
            let found = decryptor.decrypt_each(&texts);
            for (text, found) in texts.iter().zip(&found) {
                match (found, decryptor.decrypt(text)) {
                    (Ok(found), Ok(alone)) => assert_eq!(found.plaintext, alone.plaintext),
                    (Err(found), Err(alone)) => assert_eq!(found.to_string(), alone.to_string()),
                    _ => panic!("{text}: {found:?}"),
                }
            }
        }
    }
}

#[test]
fn the_top_candidates_are_the_largest_of_the_softmax_in_order() {
    for (_, device) in devices() {
        let decryptor = decryptor(true, &device);
        let expected = probabilities(TEXT, &device);
        let best = decryptor.decrypt(TEXT).unwrap();
        for k in [0, 1, 3, 27, 100] {
            let found = decryptor.decrypt_top(TEXT, k).unwrap();
            assert_eq!(found.len(), TEXT.len());
            for (place, candidates) in found.iter().enumerate() {
                let mut sorted = expected[place * 27..][..27].to_vec();
                sorted.sort_by(|a, b| b.total_cmp(a));
                let found: Vec<f32> = candidates.iter().map(|c| c.probability).collect();
                assert_close(&found, &sorted[..k.min(27)], 1e-6, "probabilities");
                for candidate in candidates {
                    let id = Alphabet::letters_and_dash().id(&candidate.symbol).unwrap();
                    let of_symbol = expected[place * 27 + usize::from(id)];
                    assert_close(&[candidate.probability], &[of_symbol], 1e-6, "symbol");
                }
                if k > 0 {
                    assert_eq!(candidates[0].symbol, &best.plaintext[place..=place]);
                }
            }
        }
    }
}

#[test]
fn a_long_message_read_in_blocks_is_the_message_read_at_once() {
    let (_, device) = devices().remove(0);
    let bundle = bundle(false, &device);
    let text = TEXT.repeat(1300); // more than one block
    let message = bundle.ciphertext_alphabet.encode(&text).unwrap().ids;
    let message: Vec<i64> = message.iter().map(|&id| i64::from(id)).collect();
    let logits = bundle.model.forward(
        ids(std::slice::from_ref(&message), 27, &device),
        &[message.len()],
    );
    let expected: Vec<f32> = values(softmax(logits, 2).max_dim(2));
    let found = Decryptor::new(bundle, &device).decrypt(&text).unwrap();
    assert_close(&found.confidences, &expected, 1e-6, "confidences");
}

#[test]
fn another_policy_for_symbols_outside_the_alphabet_replaces_that_of_the_bundle() {
    let (_, device) = devices().remove(0);
    let decrypt = |outside, text: &str| {
        let decryptor = decryptor(true, &device).with_outside(outside).unwrap();
        let top = decryptor.decrypt_top(text, 2).map(|top| top.len());
        (decryptor.decrypt(text).map(|found| found.plaintext), top)
    };
    let (kept, n_top) = decrypt(Outside::Keep, "FUVE, 7 MVEM!");
    let kept = kept.unwrap();
    assert_eq!(n_top.unwrap(), 13);
    assert_eq!((&kept[4..8], &kept[12..]), (", 7 ", "!"));
    let bare = decrypt(Outside::Keep, "FUVEMVEM").0.unwrap();
    assert_eq!([&kept[..4], &kept[8..12]].concat(), bare);

    let (rejected, top) = decrypt(Outside::Reject, "FUVE, 7 MVEM!");
    assert!(matches!(rejected, Err(ModelError::Data(_))));
    assert!(matches!(top, Err(ModelError::Data(_))));
}

#[test]
fn symbols_that_are_unknown_or_untrained_are_marked_and_the_others_keep_their_answers() {
    for (_, device) in devices() {
        let mut bundle = bundle(false, &device);
        bundle.untrained = vec![16]; // Q
        let decryptor = Decryptor::new(bundle, &device);
        // The alphabet folds, and untrained symbols are guessed.
        let guessed = decryptor.decrypt("AQBZ").unwrap();
        assert!(guessed.unknown.is_empty() && !guessed.plaintext.contains('?'));

        let marking = decryptor.with_outside(Outside::Mark).unwrap();
        let marked = marking.decrypt("AQB\u{e9}").unwrap();
        let symbols: Vec<&str> = marked.symbols().collect();
        let before: Vec<&str> = guessed.symbols().collect();
        assert_eq!((symbols[0], symbols[1]), (before[0], Alphabet::UNKNOWN));
        assert_eq!((symbols[2], symbols[3]), (before[2], Alphabet::UNKNOWN));
        assert_eq!([marked.confidences[1], marked.confidences[3]], [0.0, 0.0]);
        let unknown = marked
            .unknown
            .iter()
            .map(|one| (one.column, one.symbol.as_str()));
        assert!(unknown.eq([(2, "Q"), (4, "\u{e9}")]));
        let top = marking.decrypt_top("AQ", 3).unwrap();
        assert_eq!((top[0].len(), top[1].len()), (3, 1));
    }
}

#[test]
fn the_error_for_many_messages_names_the_message_and_works_with_a_question_mark() {
    let (_, device) = devices().remove(0);
    let decryptor = decryptor(true, &device)
        .with_outside(Outside::Reject)
        .unwrap();
    let decrypt = || -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        decryptor.decrypt_all(&["FUVE", "MVEM", "NM?"])?;
        Ok(())
    };
    let error = decrypt().unwrap_err();
    assert!(error.to_string().starts_with("message 3: "), "{error}");
    match error.downcast_ref() {
        Some(ModelError::Message { index, error }) => {
            assert_eq!(*index, 2);
            assert!(matches!(**error, ModelError::Data(_)));
        }
        _ => panic!("{error}"),
    }
}

#[test]
fn threads_can_share_a_decryptor_and_get_the_same_answers() {
    fn is_shareable<T: Send + Sync>() {}
    is_shareable::<Bundle>();
    is_shareable::<cipher_model::CipherModel>();
    is_shareable::<ModelError>();

    let (_, device) = devices().remove(0);
    let decryptor = decryptor(true, &device);
    let expected = decryptor.decrypt(TEXT).unwrap();
    std::thread::scope(|scope| {
        let decrypt = || decryptor.decrypt(TEXT).unwrap();
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(decrypt)).collect();
        for thread in threads {
            assert_eq!(thread.join().unwrap(), expected);
        }
    });
}

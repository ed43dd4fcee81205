//! From ciphertexts of 32 characters to plaintexts with confidences.

use std::hint::black_box;

use benches::{Shape, device, in_pool};
use cipher_data::{Alphabet, Score};
use cipher_model::{Bundle, CipherModelConfig, Decryptor, Measured};
use criterion::{Criterion, criterion_group, criterion_main};

/// Characters of a message.
const TIME: usize = 32;

fn decrypt(criterion: &mut Criterion) {
    let device = device();
    let alphabet = Alphabet::letters_and_dash();
    for d_hidden in [10, 128] {
        for batch in [1, 256] {
            let shape = Shape {
                name: "",
                d_embedding: 20,
                d_hidden,
                time: TIME,
                batch,
            };
            let bundle = Bundle {
                model: shape.model(&device),
                config: CipherModelConfig {
                    d_hidden,
                    ..CipherModelConfig::default()
                },
                ciphertext_alphabet: alphabet.clone(),
                plaintext_alphabet: alphabet.clone(),
                keys: None,
                untrained: Vec::new(),
                measured: Measured {
                    test: Score::default(),
                    epoch: 1,
                },
            };
            let decryptor = Decryptor::new(bundle, &device);
            let symbols = alphabet.symbols();
            let text = |message: usize| -> String {
                let ids = (0..TIME).map(|place| shape.id(message * TIME + place));
                ids.map(|id| symbols[id].as_str()).collect()
            };
            let texts: Vec<String> = (0..batch).map(text).collect();
            let name = format!("decrypt/hidden {d_hidden}, batch {batch}");
            criterion.bench_function(&name, |bencher| {
                bencher.iter_custom(|n| in_pool(|| black_box(decryptor.decrypt_all(&texts)), n))
            });
        }
    }
}

criterion_group!(benches, decrypt);
criterion_main!(benches);

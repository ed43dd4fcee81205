//! Forward pass over messages of 32 characters, without gradients.

use std::hint::black_box;

use benches::{Shape, device};
use criterion::{Criterion, criterion_group, criterion_main};

fn decrypt(criterion: &mut Criterion) {
    let device = device();
    for d_hidden in [10, 128] {
        for batch in [1, 256] {
            let shape = Shape {
                name: "",
                d_embedding: 20,
                d_hidden,
                time: 32,
                batch,
            };
            let (model, ids, lengths) = (shape.model(&device), shape.ids(&device), shape.lengths());
            criterion.bench_function(
                &format!("decrypt/hidden {d_hidden}, batch {batch}"),
                |bencher| bencher.iter(|| black_box(model.forward(ids.clone(), &lengths))),
            );
        }
    }
}

criterion_group!(benches, decrypt);
criterion_main!(benches);

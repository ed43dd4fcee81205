//! One training step: forward, masked cross-entropy, backward, Adam.

use std::hint::black_box;
use std::time::Instant;

use benches::{N_SYMBOLS, SHAPES, Shape, device, in_pool};
use burn::module::{Module, ModuleVisitor, Param};
use burn::nn::{Embedding, EmbeddingConfig, Linear, LinearConfig, Lstm, LstmConfig};
use burn::optim::{AdamConfig, GradientsParams, ModuleOptimizer};
use burn::tensor::{Device, Int, Tensor};
use cipher_model::{AdamW, masked_cross_entropy};
use criterion::{Criterion, criterion_group, criterion_main};

/// Learning rate, so small that the loss does not change: once a batch is memorized, its gradients
/// are subnormal numbers, which are slow to compute with.
const RATE: f64 = 1e-9;

/// Waits until a model's last weights are computed.
fn read<M: Module>(model: &M) {
    struct Last(Option<Tensor<1>>);

    impl ModuleVisitor for Last {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            self.0 = Some(param.val().inner().sum());
        }
    }

    let mut last = Last(None);
    model.visit(&mut last);
    let last = last.0.expect("a model has weights");
    black_box(last.try_into_data().expect("a device that works"));
}

/// Times training steps of a model.
fn bench_steps<M: Module>(
    criterion: &mut Criterion,
    name: String,
    model: M,
    mut optimizer: ModuleOptimizer,
    loss: impl Fn(&M) -> Tensor<1> + Send + Sync,
) {
    let mut model = Some(model);
    criterion.bench_function(&name, |bencher| {
        bencher.iter_custom(|n_steps| {
            let step = || {
                let current = model.take().expect("put back below");
                let gradients = GradientsParams::from_grads(loss(&current).backward(), &current);
                model = Some(optimizer.step(RATE, current, gradients));
            };
            let begin = Instant::now();
            in_pool(step, n_steps);
            // A GPU runs asynchronously.
            read(model.as_ref().expect("put back above"));
            begin.elapsed()
        })
    });
    black_box(model);
}

fn ours(criterion: &mut Criterion) {
    let device = device().autodiff();
    for shape in SHAPES {
        let (ids, lengths) = (shape.ids(&device), shape.lengths());
        bench_steps(
            criterion,
            format!("ours/{}", shape.name),
            shape.model(&device),
            AdamW::new(0.0).into(), // Adam, if weights do not decay
            |model| model.loss(ids.clone(), ids.clone(), &lengths).mean,
        );
    }
}

/// Our model's layers with the LSTM that comes with Burn.
#[derive(Module, Debug)]
struct Stock {
    embedding: Embedding,
    lstm: Lstm,
    linear: Linear,
}

impl Stock {
    fn new(shape: &Shape, device: &Device) -> Self {
        Self {
            embedding: EmbeddingConfig::new(N_SYMBOLS + 1, shape.d_embedding).init(device),
            lstm: LstmConfig::new(shape.d_embedding, shape.d_hidden, true).init(device),
            linear: LinearConfig::new(shape.d_hidden, N_SYMBOLS).init(device),
        }
    }

    fn forward(&self, ids: Tensor<2, Int>) -> Tensor<3> {
        let (output, _) = self.lstm.forward(self.embedding.forward(ids), None);
        self.linear.forward(output)
    }
}

fn stock(criterion: &mut Criterion) {
    let device = device().autodiff();
    for shape in &SHAPES[..4] {
        let ids = shape.ids(&device);
        bench_steps(
            criterion,
            format!("stock/{}", shape.name),
            Stock::new(shape, &device),
            AdamConfig::new().with_epsilon(1e-8).init(),
            |model| masked_cross_entropy(model.forward(ids.clone()), ids.clone()),
        );
    }
}

fn criterion() -> Criterion {
    Criterion::default().sample_size(20)
}

criterion_group!(name = steps; config = criterion(); targets = ours, stock);
criterion_main!(steps);

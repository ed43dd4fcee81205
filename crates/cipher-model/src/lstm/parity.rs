//! The hand-written LSTM against the composed one: output, states, and every gradient, over random
//! shapes.

use burn::module::Module;
use burn::tensor::{Device, Distribution, Int, Tensor, TensorData};
use proptest::prelude::*;

use super::{Lstm, LstmConfig, LstmDirection, LstmInput, LstmState, reference};
use crate::Backend;

const UNIFORM: Distribution = Distribution::Uniform(-1.0, 1.0);

#[derive(Debug, Clone)]
struct Case {
    d_input: usize,
    d_hidden: usize,
    n_layers: usize,
    bidirectional: bool,
    lengths: Vec<usize>,
    symbols: bool,
    seed: u64,
}

/// Cases of at most `time` steps and `batch` messages.
fn cases(
    d_hidden: impl Strategy<Value = usize>,
    time: usize,
    batch: usize,
) -> impl Strategy<Value = Case> {
    let lengths = prop::collection::vec(0..=time, 1..=batch);
    let sizes = (1_usize..=20, d_hidden, 1_usize..=3);
    (sizes, any::<bool>(), lengths, any::<bool>(), any::<u64>()).prop_map(
        |((d_input, d_hidden, n_layers), bidirectional, lengths, symbols, seed)| Case {
            d_input,
            d_hidden,
            n_layers,
            bidirectional,
            lengths,
            symbols,
            seed,
        },
    )
}

/// The reference version of [`Lstm::forward`].
fn reference_forward(
    lstm: &Lstm,
    mut input: LstmInput,
    lengths: &[usize],
    state: &LstmState,
) -> (Tensor<3>, LstmState) {
    let (mut hidden, mut cell) = (Vec::new(), Vec::new());
    for layer in &lstm.layers {
        let outputs: Vec<_> = layer
            .directions()
            .map(|(direction, reversed)| {
                let initial = state.at(hidden.len());
                let gates = direction.gate_inputs(&input);
                let weights = direction.hidden_weights.val();
                let (output, end) = reference::read(gates, weights, initial, lengths, reversed);
                hidden.push(end.hidden);
                cell.push(end.cell);
                output
            })
            .collect();
        input = LstmInput::Vectors(Tensor::cat(outputs, 2));
    }
    let LstmInput::Vectors(output) = input else {
        panic!("no layer")
    };
    let state = LstmState {
        hidden: Tensor::stack(hidden, 0),
        cell: Tensor::stack(cell, 0),
    };
    (output, state)
}

/// A number that depends on every value with a different weight.
fn weighted_sum(output: &Tensor<3>, state: &LstmState) -> Tensor<1> {
    let weighted = |tensor: &Tensor<3>| {
        let n = tensor.shape().num_elements() as i64;
        let weights = Tensor::<1, Int>::arange(0..n, &tensor.device()).float();
        let weights = weights.mul_scalar(0.7).sin().reshape(tensor.dims());
        (tensor.clone() * weights).sum()
    };
    weighted(output) + weighted(&state.hidden) + weighted(&state.cell).mul_scalar(0.3)
}

fn check(case: &Case, device: &Device) {
    let device = &device.clone().autodiff();
    let config = LstmConfig::new(case.d_input, case.d_hidden)
        .with_n_layers(case.n_layers)
        .with_bidirectional(case.bidirectional);
    let lstm = config.init(case.seed, device).unwrap();
    let batch = case.lengths.len();
    let time = case.lengths.iter().copied().max().unwrap().max(1);
    let random = |shape: [usize; 3]| Tensor::<3>::random(shape, UNIFORM, device).require_grad();
    let n_states = case.n_layers * (1 + usize::from(case.bidirectional));
    let state = LstmState {
        hidden: random([n_states, batch, case.d_hidden]),
        cell: random([n_states, batch, case.d_hidden]),
    };
    let table = Tensor::<2>::random([6, case.d_input], UNIFORM, device).require_grad();
    let vectors = random([batch, time, case.d_input]);
    let ids = (0..batch * time)
        .map(|i| (i * i + i / 3) as i64 % 6)
        .collect();
    let input = || {
        if case.symbols {
            LstmInput::Rows {
                table: table.clone(),
                ids: Tensor::from_data(TensorData::new(Vec::clone(&ids), [batch, time]), device),
            }
        } else {
            LstmInput::Vectors(vectors.clone())
        }
    };

    let (output, end) = lstm.forward(input(), &case.lengths, Some(state.clone()));
    let (expected, expected_end) = reference_forward(&lstm, input(), &case.lengths, &state);
    close(output.clone(), expected.clone(), "output");
    close(end.hidden.clone(), expected_end.hidden.clone(), "hidden");
    close(end.cell.clone(), expected_end.cell.clone(), "cell");

    let found = weighted_sum(&output, &end).backward();
    let expected = weighted_sum(&expected, &expected_end).backward();
    close(
        state.hidden.grad(&found).unwrap(),
        state.hidden.grad(&expected).unwrap(),
        "grad hidden",
    );
    close(
        state.cell.grad(&found).unwrap(),
        state.cell.grad(&expected).unwrap(),
        "grad cell",
    );
    if case.symbols {
        close(
            table.grad(&found).unwrap(),
            table.grad(&expected).unwrap(),
            "grad table",
        );
    } else {
        close(
            vectors.grad(&found).unwrap(),
            vectors.grad(&expected).unwrap(),
            "grad input",
        );
    }
    for direction in lstm
        .layers
        .iter()
        .flat_map(|layer| layer.directions().map(|(d, _)| d))
    {
        let LstmDirection {
            input_weights,
            hidden_weights,
            bias,
        } = direction;
        for weights in [input_weights, hidden_weights] {
            let weights = weights.val();
            close(
                weights.grad(&found).unwrap(),
                weights.grad(&expected).unwrap(),
                "grad weights",
            );
        }
        let bias = bias.val();
        close(
            bias.grad(&found).unwrap(),
            bias.grad(&expected).unwrap(),
            "grad bias",
        );
    }
}

/// Equal to 2e-5 of the largest value: sums of thousands of f32 in another order.
#[track_caller]
fn close<const D: usize>(found: Tensor<D>, expected: Tensor<D>, what: &str) {
    assert_eq!(found.dims(), expected.dims(), "{what}");
    let values = |tensor: Tensor<D>| tensor.into_data().iter::<f32>().collect::<Vec<_>>();
    let (found, expected) = (values(found), values(expected));
    let scale = expected
        .iter()
        .fold(1.0, |max: f32, value| max.max(value.abs()));
    for (place, (found, expected)) in found.iter().zip(&expected).enumerate() {
        let difference = (found - expected).abs();
        assert!(
            difference <= 2e-5 * scale,
            "{what}[{place}]: {found} instead of {expected}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    // Up to three chunks of rows, and several products of the weights' gradient.
    #[test]
    fn the_hand_written_lstm_equals_the_reference(case in cases(1_usize..=130, 60, 45)) {
        for backend in on_the_cpu() {
            check(&case, &backend.open().unwrap());
        }
    }
}

fn on_the_cpu() -> impl Iterator<Item = Backend> {
    let is_on_cpu = |backend: &Backend| matches!(backend, Backend::NdArray | Backend::Flex);
    Backend::compiled().filter(is_on_cpu)
}

/// GPUs, at sizes for a software adapter. The hidden sizes are such that the recurrent weights fit
/// on a small chip, fit in part, and are too large for the fused kernels.
#[cfg(any(feature = "wgpu", feature = "cuda"))]
mod on_a_gpu {
    use super::*;
    use crate::LstmKernel;

    fn devices() -> impl Iterator<Item = Device> {
        let is_on_gpu = |backend: &Backend| !matches!(backend, Backend::NdArray | Backend::Flex);
        Backend::compiled()
            .filter(is_on_gpu)
            .map(|backend| backend.open().unwrap())
    }

    fn check_kernel(case: &Case, kernel: LstmKernel) {
        for device in devices() {
            let (batch, time) = (case.lengths.len(), 1);
            assert_eq!(
                LstmKernel::choose(&device, batch, time, case.d_hidden),
                kernel
            );
            check(case, &device);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]

        #[test]
        fn the_fused_kernels_equal_the_reference(
            case in cases(prop_oneof![1_usize..=40, 60_usize..=64, Just(128)], 12, 20),
        ) {
            check_kernel(&case, LstmKernel::Fused);
        }

        #[test]
        fn the_stepwise_kernels_equal_the_reference(case in cases(129_usize..=140, 9, 9)) {
            check_kernel(&case, LstmKernel::Stepwise);
        }
    }

    #[test]
    fn every_bit_is_the_same_from_run_to_run() {
        for device in devices() {
            for d_hidden in [20, 140] {
                let bits = || bits_on(&device, d_hidden, 12);
                assert!(bits() == bits(), "hidden size {d_hidden}");
            }
        }
    }
}

/// The bits of output and gradients on a pool of `n_threads` threads.
fn bits(n_threads: usize) -> Vec<u32> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(n_threads)
        .build()
        .unwrap();
    pool.install(|| {
        let device = on_the_cpu().next().unwrap().open().unwrap();
        bits_on(&device, 70, 150)
    })
}

fn bits_on(device: &Device, d_hidden: usize, batch: usize) -> Vec<u32> {
    let device = device.clone().autodiff();
    let config = LstmConfig::new(9, d_hidden)
        .with_n_layers(2)
        .with_bidirectional(true);
    let lstm = config.init(1, &device).unwrap();
    let lengths: Vec<usize> = (0..batch).map(|row| (row * 7) % 23).collect();
    let ids = (0..batch * 22).map(|i| i as i64 % 5).collect();
    let values = (0..5 * 9).map(|i| (i as f32).sin()).collect();
    let input = LstmInput::Rows {
        table: Tensor::from_data(TensorData::new(values, [5, 9]), &device),
        ids: Tensor::from_data(TensorData::new(ids, [batch, 22]), &device),
    };
    let (output, state) = lstm.forward(input, &lengths, None);
    let gradients = weighted_sum(&output, &state).backward();
    let mut values: Vec<f32> = output.into_data().iter().collect();
    for layer in &lstm.layers {
        for (direction, _) in layer.directions() {
            let weights = direction.hidden_weights.val().grad(&gradients).unwrap();
            values.extend(weights.into_data().iter::<f32>());
            let weights = direction.input_weights.val().grad(&gradients).unwrap();
            values.extend(weights.into_data().iter::<f32>());
        }
    }
    values.into_iter().map(f32::to_bits).collect()
}

#[test]
fn every_bit_is_the_same_on_1_2_and_7_threads_and_from_run_to_run() {
    let expected = bits(1);
    for n_threads in [1, 2, 7, 7] {
        assert!(bits(n_threads) == expected, "{n_threads} threads");
    }
}

#[test]
fn a_validation_model_gives_what_the_training_model_gives() {
    for backend in Backend::compiled() {
        let device = backend.open().unwrap().autodiff();
        let lstm = LstmConfig::new(3, 20).init(1, &device).unwrap();
        let vectors = Tensor::<3>::ones([2, 5, 3], &device);
        let training = lstm.output(LstmInput::Vectors(vectors.clone()), &[5, 2]);
        let validation = lstm
            .valid()
            .output(LstmInput::Vectors(vectors.inner()), &[5, 2]);
        close(validation, training.inner(), "output");
    }
}

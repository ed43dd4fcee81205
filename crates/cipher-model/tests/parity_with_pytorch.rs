//! The whole model against PyTorch's: logits, states, loss, and every gradient. The expected
//! values are made by `pytorch/parity.py`; their file names the version of torch.

mod common;

use std::collections::HashMap;

use burn::module::Param;
use burn::tensor::{Device, Tensor, TensorData};
use cipher_model::{CipherModel, CipherModelConfig, LstmDirection, masked_cross_entropy};
use serde::Deserialize;
use serde_json::Value;

use common::{assert_close, devices, ids, values};

const N_CIPHERTEXT: usize = 6;
const N_PLAINTEXT: usize = 5;

#[derive(Deserialize)]
struct Parity {
    torch: String,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    n_layers: usize,
    bidirectional: bool,
    lengths: Vec<usize>,
    ciphertext: Vec<Vec<i64>>,
    plaintext: Vec<Vec<i64>>,
    weights: HashMap<String, Value>,
    logits: Value,
    hidden: Value,
    cell: Value,
    loss: f32,
    gradients: HashMap<String, Value>,
}

#[test]
fn the_model_is_pytorchs_in_logits_states_loss_and_every_gradient() {
    let parity: Parity = serde_json::from_str(include_str!("pytorch/parity.json")).unwrap();
    assert!(parity.torch.starts_with("2."));
    assert_eq!(parity.cases.len(), 8);
    for (backend, device) in devices() {
        for case in &parity.cases {
            println!(
                "{backend}: {} layers, bidirectional {}, lengths {:?}",
                case.n_layers, case.bidirectional, case.lengths
            );
            check(case, &device.clone().autodiff());
        }
    }
}

fn check(case: &Case, device: &Device) {
    let model = model(case, device);
    let padding = N_CIPHERTEXT as i64;
    let ciphertext = ids(&case.ciphertext, padding, device);
    let plaintext = ids(&case.plaintext, N_PLAINTEXT as i64, device);

    let (logits, state) = model.forward_from(ciphertext, &case.lengths, None);
    assert_close(&values(logits.clone()), &flat(&case.logits), 1e-5, "logits");
    assert_close(&values(state.hidden), &flat(&case.hidden), 1e-5, "hidden");
    assert_close(&values(state.cell), &flat(&case.cell), 1e-5, "cell");

    let loss = masked_cross_entropy(logits, plaintext);
    assert_close(&values(loss.clone()), &[case.loss], 1e-6, "loss");

    let gradients = loss.backward();
    for_each_weight(&model, |name, expected, found| {
        let found = match found {
            Weight::Matrix(weight) => values(weight.grad(&gradients).unwrap()),
            Weight::Vector(weight) => values(weight.grad(&gradients).unwrap()),
        };
        assert_close(&found, &expected(case, Part::Gradients), 1e-5, name);
    });
}

/// Our model with PyTorch's weights.
fn model(case: &Case, device: &Device) -> CipherModel {
    let config = CipherModelConfig {
        d_embedding: 3,
        d_hidden: 4,
        n_layers: case.n_layers,
        bidirectional: case.bidirectional,
        ..CipherModelConfig::default()
    };
    let mut model = config.init(N_CIPHERTEXT, N_PLAINTEXT, 0, device).unwrap();
    let mut weights = HashMap::new();
    for_each_weight(&model, |name, expected, _| {
        weights.insert(name.to_string(), expected(case, Part::Weights));
    });
    let mut set = |name: String| weights.remove(&name).unwrap();
    set_matrix(&mut model.embedding.weight, set("embedding".into()));
    set_matrix(&mut model.linear.weight, set("linear.weight".into()));
    set_vector(
        model.linear.bias.as_mut().unwrap(),
        set("linear.bias".into()),
    );
    for (depth, layer) in model.lstm.layers.iter_mut().enumerate() {
        let backward = layer
            .backward
            .iter_mut()
            .map(|direction| (direction, "_reverse"));
        for (direction, suffix) in std::iter::once((&mut layer.forward, "")).chain(backward) {
            set_matrix(
                &mut direction.input_weights,
                set(format!("W{depth}{suffix}")),
            );
            set_matrix(
                &mut direction.hidden_weights,
                set(format!("U{depth}{suffix}")),
            );
            set_vector(&mut direction.bias, set(format!("b{depth}{suffix}")));
        }
    }
    model
}

fn set_matrix(param: &mut Param<Tensor<2>>, values: Vec<f32>) {
    let data = TensorData::new(values, param.val().dims());
    *param = Param::from_data(data, &param.val().device());
}

fn set_vector(param: &mut Param<Tensor<1>>, values: Vec<f32>) {
    let data = TensorData::new(values, param.val().dims());
    *param = Param::from_data(data, &param.val().device());
}

enum Weight {
    Matrix(Tensor<2>),
    Vector(Tensor<1>),
}

#[derive(Clone, Copy, PartialEq)]
enum Part {
    Weights,
    Gradients,
}

impl Case {
    fn named(&self, part: Part, name: &str) -> &Value {
        match part {
            Part::Weights => &self.weights[name],
            Part::Gradients => &self.gradients[name],
        }
    }
}

/// PyTorch's values in our layout.
type Expected<'a> = &'a dyn Fn(&Case, Part) -> Vec<f32>;

/// Calls `visit` with our name for each weight, how to find its values in a case, and the weight.
fn for_each_weight(model: &CipherModel, mut visit: impl FnMut(&str, Expected, Weight)) {
    let embedding = Weight::Matrix(model.embedding.weight.val());
    visit(
        "embedding",
        &|case, part| flat(case.named(part, "embedding.weight")),
        embedding,
    );
    let weight = Weight::Matrix(model.linear.weight.val());
    visit(
        "linear.weight",
        &|case, part| transposed(case.named(part, "linear.weight")),
        weight,
    );
    let bias = Weight::Vector(model.linear.bias.as_ref().unwrap().val());
    visit(
        "linear.bias",
        &|case, part| flat(case.named(part, "linear.bias")),
        bias,
    );

    for (depth, layer) in model.lstm.layers.iter().enumerate() {
        let backward = layer
            .backward
            .iter()
            .map(|direction| (direction, "_reverse"));
        for (direction, suffix) in std::iter::once((&layer.forward, "")).chain(backward) {
            visit_direction(direction, depth, suffix, &mut visit);
        }
    }
}

fn visit_direction(
    direction: &LstmDirection,
    depth: usize,
    suffix: &str,
    visit: &mut impl FnMut(&str, Expected, Weight),
) {
    let at = |kind: &str| format!("lstm.{kind}_l{depth}{suffix}");
    visit(
        &format!("W{depth}{suffix}"),
        &|case, part| transposed(case.named(part, &at("weight_ih"))),
        Weight::Matrix(direction.input_weights.val()),
    );
    visit(
        &format!("U{depth}{suffix}"),
        &|case, part| transposed(case.named(part, &at("weight_hh"))),
        Weight::Matrix(direction.hidden_weights.val()),
    );
    // PyTorch's two biases act as their sum, and each has the gradient of the sum.
    let bias = |case: &Case, part| {
        let [first, second] = ["bias_ih", "bias_hh"].map(|kind| flat(case.named(part, &at(kind))));
        match part {
            Part::Weights => first.iter().zip(&second).map(|(a, b)| a + b).collect(),
            Part::Gradients => first,
        }
    };
    visit(
        &format!("b{depth}{suffix}"),
        &bias,
        Weight::Vector(direction.bias.val()),
    );
}

/// The numbers of nested arrays, row by row.
fn flat(value: &Value) -> Vec<f32> {
    match value {
        Value::Array(items) => items.iter().flat_map(flat).collect(),
        number => vec![number.as_f64().expect("a number") as f32],
    }
}

/// The numbers of a matrix, column by column.
fn transposed(matrix: &Value) -> Vec<f32> {
    let rows: Vec<Vec<f32>> = matrix
        .as_array()
        .expect("a matrix")
        .iter()
        .map(flat)
        .collect();
    (0..rows[0].len())
        .flat_map(|column| rows.iter().map(move |row| row[column]))
        .collect()
}

use burn::tensor::Tensor;
use cipher_data::SymbolId;
use cipher_model::CipherModel;

// ANCHOR: gates
/// The gates and the cell of every unit after one step.
pub struct Step {
    /// i, f, g and o of each unit.
    pub gates: [Vec<f64>; 4],
    /// The cell of each unit.
    pub cell: Vec<f64>,
}

/// Reads a message with the equations alone, from the weights of a model.
pub fn gates(model: &CipherModel, ids: &[SymbolId]) -> Vec<Step> {
    let layer = &model.lstm.layers[0].forward;
    let embedding = rows(model.embedding.weight.val()); // [28, d_embedding]
    let w = rows(layer.input_weights.val()); // [d_embedding, 4 * d_hidden]
    let u = rows(layer.hidden_weights.val()); // [d_hidden, 4 * d_hidden]
    let bias = rows(layer.bias.val().unsqueeze()).remove(0); // [4 * d_hidden]

    let d_hidden = u.len();
    let (mut h, mut c) = (vec![0.0; d_hidden], vec![0.0; d_hidden]);
    let step = |&id: &SymbolId| {
        let x = &embedding[usize::from(id)];
        let sum = |column: usize| {
            let from_input: f64 = x.iter().zip(&w).map(|(x, w)| x * w[column]).sum();
            let from_hidden: f64 = h.iter().zip(&u).map(|(h, u)| h * u[column]).sum();
            from_input + from_hidden + bias[column]
        };
        let gate = |k: usize, activation: fn(f64) -> f64| -> Vec<f64> {
            (k * d_hidden..(k + 1) * d_hidden)
                .map(|column| activation(sum(column)))
                .collect()
        };
        let gates = [
            gate(0, sigmoid),
            gate(1, sigmoid),
            gate(2, f64::tanh),
            gate(3, sigmoid),
        ];
        let [i, f, g, o] = &gates;
        for unit in 0..d_hidden {
            c[unit] = f[unit] * c[unit] + i[unit] * g[unit];
            h[unit] = o[unit] * c[unit].tanh();
        }
        Step {
            gates,
            cell: c.clone(),
        }
    };
    ids.iter().map(step).collect()
}
// ANCHOR_END: gates

/// The units in the order of how well their cells tell whether a condition holds: by the square of the
/// difference of their means, divided by the sum of their variances.
pub fn units_by_telling(steps: &[Step], holds: &[bool]) -> Vec<usize> {
    let moments = |unit: usize, wanted: bool| {
        let cells = steps
            .iter()
            .zip(holds)
            .filter(|(_, holds)| **holds == wanted);
        let cells: Vec<f64> = cells.map(|(step, _)| step.cell[unit]).collect();
        let n = cells.len().max(1) as f64;
        let mean = cells.iter().sum::<f64>() / n;
        let variance = cells.iter().map(|cell| (cell - mean).powi(2)).sum::<f64>() / n;
        (mean, variance)
    };
    let ratio = |unit: usize| {
        let ((a, var_a), (b, var_b)) = (moments(unit, true), moments(unit, false));
        (a - b).powi(2) / (var_a + var_b)
    };
    let mut units: Vec<usize> = (0..steps.first().map_or(0, |step| step.cell.len())).collect();
    units.sort_by(|&a, &b| ratio(b).total_cmp(&ratio(a)));
    units
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

fn rows(matrix: Tensor<2>) -> Vec<Vec<f64>> {
    let [_, n_columns] = matrix.dims();
    let numbers: Vec<f64> = crate::numbers(matrix).into_iter().map(f64::from).collect();
    numbers.chunks(n_columns).map(<[f64]>::to_vec).collect()
}

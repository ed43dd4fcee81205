//! Times the shapes of `../../lib.rs` with candle-nn on the CPU and prints a JSON object: seconds by name.

use std::time::{Duration, Instant};

use candle_core::{DType, Device, Result, Tensor};
use candle_nn::{
    AdamW, Embedding, LSTM, LSTMConfig, Linear, Module, Optimizer, ParamsAdamW, RNN, VarBuilder,
    VarMap, embedding, linear, loss::cross_entropy, lstm,
};

const N_IDS: usize = 28;
/// Name, embedding, hidden, time, batch.
const SHAPES: [(&str, [usize; 4]); 3] = [
    ("S", [20, 10, 32, 64]),
    ("M", [32, 128, 64, 128]),
    ("L", [64, 512, 64, 128]),
];

struct Model {
    embedding: Embedding,
    lstm: LSTM,
    linear: Linear,
}

impl Model {
    fn new(d_embedding: usize, d_hidden: usize, builder: VarBuilder) -> Result<Self> {
        Ok(Self {
            embedding: embedding(N_IDS, d_embedding, builder.pp("embedding"))?,
            lstm: lstm(d_embedding, d_hidden, LSTMConfig::default(), builder.pp("lstm"))?,
            linear: linear(d_hidden, N_IDS - 1, builder.pp("linear"))?,
        })
    }

    fn loss(&self, ids: &Tensor) -> Result<Tensor> {
        let states = self.lstm.seq(&self.embedding.forward(ids)?)?;
        let output = self.lstm.states_to_tensor(&states)?; // [batch, time, d_hidden]
        let scores = self.linear.forward(&output.flatten(0, 1)?)?; // [batch * time, N_IDS - 1]
        cross_entropy(&scores, &ids.flatten_all()?)
    }
}

/// Median time of a step in seconds: forward, cross-entropy, backward, Adam.
fn step([d_embedding, d_hidden, time, batch]: [usize; 4]) -> Result<f64> {
    let device = Device::Cpu;
    let variables = VarMap::new();
    let builder = VarBuilder::from_varmap(&variables, DType::F32, &device);
    let model = Model::new(d_embedding, d_hidden, builder)?;
    let adam = ParamsAdamW {
        lr: 1e-9, // as in ../step.rs
        weight_decay: 0.0,
        ..ParamsAdamW::default()
    };
    let mut optimizer = AdamW::new(variables.all_vars(), adam)?;
    let id = |place: usize| (place * 7919 % 104_729 % (N_IDS - 1)) as u32;
    let ids = Tensor::from_iter((0..batch * time).map(id), &device)?.reshape((batch, time))?;

    let mut times = Vec::new();
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_secs(2) || times.len() < 5 {
        let begin = Instant::now();
        optimizer.backward_step(&model.loss(&ids)?)?;
        times.push(begin.elapsed().as_secs_f64());
    }
    let warm = &mut times[1..];
    warm.sort_by(f64::total_cmp);
    Ok(warm[warm.len() / 2])
}

fn main() -> Result<()> {
    let mut results = serde_json::Map::new();
    for (name, sizes) in SHAPES {
        results.insert(format!("step {name}"), step(sizes)?.into());
    }
    println!("{}", serde_json::Value::Object(results));
    Ok(())
}

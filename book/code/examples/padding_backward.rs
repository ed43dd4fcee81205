//! A message alone and beside a longer one: what each direction makes of it.

use book::{N_SYMBOLS, Result, numbers};
use burn::tensor::{Int, Tensor};
use cipher_data::PairBatcher;
use cipher_model::{Backend, CipherModelConfig, LstmInput};

fn main() -> Result<()> {
    let device = Backend::default().open()?;
    let config = CipherModelConfig {
        bidirectional: true,
        ..CipherModelConfig::default()
    };
    let model = config.init(N_SYMBOLS, N_SYMBOLS, 1, &device)?;
    // What the LSTM shows of the first message: 10 numbers of each direction, for each symbol.
    let read = |ids: &Tensor<2, Int>, lengths: &[usize]| {
        let table = model.embedding.weight.val();
        let input = LstmInput::Rows {
            table,
            ids: ids.clone(),
        };
        let output = model.lstm.output(input, lengths); // [batch, time, 20]
        let output = output.narrow(0, 0, 1).narrow(1, 0, 4); // [1, 4, 20]
        [output.clone().narrow(2, 0, 10), output.narrow(2, 10, 10)].map(numbers)
    };

    let (short, long): ([u16; 4], [u16; 9]) = ([5, 20, 21, 4], [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    let alone = PairBatcher::pad(&[&short], 27, &device); // [1, 4]
    let batch = PairBatcher::pad(&[&short, &long], 27, &device); // [2, 9]
    let expected = read(&alone, &[4]);

    println!("the largest change of an output    forward   backward");
    for (name, lengths) in [
        ("beside a longer one, lengths told", [4, 9]),
        ("lengths not told", [9, 9]),
    ] {
        let found = read(&batch, &lengths);
        let change = |direction: usize| {
            let pairs = found[direction].iter().zip(&expected[direction]);
            pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
        };
        println!("{name:34} {:7.4}   {:8.4}", change(0), change(1));
    }
    let mean = |output: &[f32]| output.iter().map(|x| x.abs()).sum::<f32>() / output.len() as f32;
    let [forward, backward] = expected.each_ref().map(|output| mean(output));
    println!("the mean size of an output         {forward:7.4}   {backward:8.4}");
    Ok(())
}

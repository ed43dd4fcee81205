//! From the logits of one symbol to a letter.

use book::{Result, numbers};
use burn::tensor::activation::softmax;
use cipher_data::PairBatcher;
use cipher_model::{Backend, Bundle};

fn main() -> Result<()> {
    let bundle = Bundle::load("runs/book/bundle", &Backend::default().open()?)?;
    let ids = bundle.ciphertext_alphabet.encode("F")?.ids;
    let batch = PairBatcher::pad(&[&ids], 27, &bundle.model.embedding.weight.val().device()); // [1, 1]
    let logits = bundle.model.forward(batch, &[1]); // [1, 1, 27]
    let probabilities = numbers(softmax(logits.clone(), 2));
    let logits = numbers(logits);

    let mut order: Vec<usize> = (0..27).collect();
    order.sort_by(|&a, &b| logits[b].total_cmp(&logits[a]));
    println!("id   symbol   logit   probability");
    for &id in &order[..3] {
        let symbol = bundle.plaintext_alphabet.symbol(id as u16);
        println!(
            "{id:2} {symbol:>8} {:7.1} {:10.1} %",
            logits[id],
            100.0 * probabilities[id]
        );
    }
    println!(
        "sum of all probabilities: {:.3}",
        probabilities.iter().sum::<f32>()
    );
    Ok(())
}

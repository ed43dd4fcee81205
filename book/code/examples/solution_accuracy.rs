//! Exercise 2: the accuracy of a padded batch, with loops.

use book::Result;
use burn::tensor::{Int, Tensor};
use cipher_model::{Backend, count_wrong};

const PADDING: i64 = 3;

/// (wrong symbols, wrong messages)
fn wrong(answers: [[i64; 4]; 3], plaintext: [[i64; 4]; 3]) -> (usize, usize) {
    let (mut symbols, mut messages) = (0, 0);
    for (answers, plaintext) in answers.iter().zip(&plaintext) {
        let both = answers.iter().zip(plaintext);
        let n_wrong = both
            .filter(|&(answer, right)| *right != PADDING && answer != right)
            .count();
        symbols += n_wrong;
        messages += usize::from(n_wrong > 0);
    }
    (symbols, messages)
}

fn main() -> Result<()> {
    let plaintext = [[0, 1, 2, 0], [2, 1, 3, 3], [1, 3, 3, 3]];
    let answers = [[0, 2, 1, 0], [2, 1, 0, 0], [0, 1, 1, 1]];
    println!("by loops: {:?}", wrong(answers, plaintext));

    let device = Backend::default().open()?;
    let answers = Tensor::<2, Int>::from_data(answers, &device);
    let logits: Tensor<3> = answers.one_hot::<3>(3).float(); // the answer logits 1, the others 0
    let counts = count_wrong(logits, Tensor::from_data(plaintext, &device));
    let counts: Vec<i64> = counts.into_data().iter().collect();
    println!("by the library: {counts:?}");
    Ok(())
}

//! A batch in which there is nothing to learn: what two losses make of it.

use book::{Result, numbers};
use burn::nn::loss::CrossEntropyLossConfig;
use burn::tensor::{Int, Tensor};
use cipher_model::{Backend, masked_cross_entropy};

fn main() -> Result<()> {
    let device = Backend::default().open()?.autodiff();
    let plaintext = Tensor::<2, Int>::from_data([[3, 3], [3, 3]], &device); // all padding

    let logits = Tensor::<3>::zeros([2, 2, 4], &device).require_grad(); // padding is class 3
    let burn = CrossEntropyLossConfig::new()
        .with_pad_tokens(Some(vec![3]))
        .init(&device);
    let loss = burn.forward(
        logits.clone().reshape([4, 4]),
        plaintext.clone().reshape([4]),
    );
    report("Burn's CrossEntropyLoss", logits, loss);

    let logits = Tensor::<3>::zeros([2, 2, 3], &device).require_grad(); // padding has no class
    let loss = masked_cross_entropy(logits.clone(), plaintext);
    report("masked_cross_entropy", logits, loss);
    Ok(())
}

fn report(name: &str, logits: Tensor<3>, loss: Tensor<1>) {
    let gradients = loss.backward();
    let gradient = numbers(
        logits
            .grad(&gradients)
            .expect("the loss depends on the logits"),
    );
    let n_nan = gradient.iter().filter(|value| value.is_nan()).count();
    let loss = numbers(loss)[0] + 0.0; // makes 0 of -0
    println!(
        "{name:24} loss {loss}, gradients that are no number: {n_nan} of {}",
        gradient.len()
    );
}

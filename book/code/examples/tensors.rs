//! Tensors, their shapes, and a gradient that Burn computes.

use book::{Result, numbers};
use burn::tensor::activation::{log_softmax, softmax};
use burn::tensor::{Int, Tensor};
use cipher_model::Backend;

fn main() -> Result<()> {
    let device = Backend::default().open()?;
    // ANCHOR: shapes
    // HELLO- and PLANET.
    let batch =
        Tensor::<2, Int>::from_data([[7, 4, 11, 11, 14, 26], [15, 11, 0, 13, 4, 19]], &device); // [batch, time]
    println!("two messages: {:?}", batch.dims());
    let last = batch.clone().narrow(1, 5, 1); // [batch, 1]
    let ids: Vec<i64> = last.into_data().iter().collect();
    println!("their last symbols: {ids:?}");
    let one_hot = batch.one_hot::<3>(27).float(); // [batch, time, 27]
    println!("one-hot: {:?}", one_hot.dims());
    let table = Tensor::<2>::zeros([27, 8], &device); // [27, d_embedding]
    let rows = one_hot.matmul(table.unsqueeze()); // [batch, time, d_embedding]
    println!("times a table of 27 rows of 8: {:?}", rows.dims());
    // ANCHOR_END: shapes

    // ANCHOR: gradient
    let device = device.autodiff();
    let logits = Tensor::<1>::from_data([2.0, 0.0, 1.0], &device).require_grad();
    let loss = log_softmax(logits.clone(), 0).narrow(0, 1, 1).neg(); // the second is right
    let gradients = loss.backward();
    let grad_logits = logits
        .grad(&gradients)
        .expect("the loss depends on the logits");
    println!("probabilities {:.3?}", numbers(softmax(logits, 0)));
    println!("gradient      {:.3?}", numbers(grad_logits));
    // ANCHOR_END: gradient
    Ok(())
}

//! From text to ids to a tensor, and back.

use burn::tensor::{Int, Tensor};
use cipher_data::{Alphabet, PairBatcher};
use cipher_model::{Backend, ModelError};

fn main() -> Result<(), ModelError> {
    let alphabet = Alphabet::letters_and_dash();
    let hello = alphabet.encode("Hello!")?.ids;
    println!("{} symbols; Hello! is {hello:?}", alphabet.len());
    println!("and back: {}", alphabet.decode(&hello));

    let world = alphabet.encode("planet")?.ids;
    let device = Backend::default().open()?;
    let batch = PairBatcher::pad(&[&hello, &world], 27, &device);
    println!("two messages: {:?}", batch.dims()); // [batch, time]

    let last: Tensor<2, Int> = batch.narrow(1, 5, 1); // [batch, 1]
    let last: Vec<i64> = last.into_data().iter().collect();
    println!("their last symbols: {last:?}");
    Ok(())
}

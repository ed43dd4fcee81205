//! Two messages in one batch, and three ways to take the mean of their losses.

use book::{Result, numbers};
use burn::tensor::{Int, Tensor, TensorData};
use cipher_model::{Backend, masked_cross_entropy};

const PADDING: i64 = 3; // the symbols are 0, 1 and 2

fn main() -> Result<()> {
    let device = Backend::default().open()?;
    // One message of eight symbols, and one of two, filled up.
    let plaintext: [[i64; 8]; 2] = [[0, 1, 2, 0, 1, 2, 0, 1], [0, 1, 3, 3, 3, 3, 3, 3]];
    let places = plaintext.concat();
    let n_places = places.len() as f32;
    let n_symbols = places.iter().filter(|id| **id != PADDING).count() as f32;

    // The model gives a right symbol half of the probability. Where there is padding it says 0
    // nearly for certain.
    let mut logits = Vec::new();
    for id in plaintext.concat() {
        logits.extend((0..PADDING).map(|symbol| match id {
            PADDING if symbol == 0 => 6.0,
            PADDING => 0.0,
            _ if symbol == id => 2_f32.ln(), // e^ln 2 : 1 : 1 is 1/2 : 1/4 : 1/4
            _ => 0.0,
        }));
    }
    let logits = Tensor::<3>::from_data(TensorData::new(logits, [2, 8, 3]), &device);
    let plaintext = Tensor::<2, Int>::from_data(plaintext, &device);

    // A loop that has never heard of padding, and filled up with symbol 0.
    let filled = plaintext
        .clone()
        .mask_fill(plaintext.clone().equal_scalar(PADDING), 0);
    let everywhere = numbers(masked_cross_entropy(logits.clone(), filled))[0];
    let masked = numbers(masked_cross_entropy(logits, plaintext))[0];

    println!("every symbol costs                     {:.4}", 2_f32.ln());
    println!("mean over all 16 places, no mask       {everywhere:.4}");
    println!(
        "masked sum, divided by all 16 places   {:.4}",
        masked * n_symbols / n_places
    );
    println!("masked sum, divided by the 10 symbols  {masked:.4}");
    Ok(())
}

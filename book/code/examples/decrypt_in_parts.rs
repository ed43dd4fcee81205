//! A message read as a whole, and one character at a time with the state carried on.

use book::{Result, numbers};
use cipher_data::PairBatcher;
use cipher_model::{Backend, Bundle};

fn main() -> Result<()> {
    let device = Backend::default().open()?;
    let Bundle {
        model,
        ciphertext_alphabet,
        plaintext_alphabet,
        ..
    } = Bundle::load("runs/book/bundle", &device)?;
    let ids = ciphertext_alphabet.encode("FUVEMVEMNMERPDRF")?.ids;
    let padding = ciphertext_alphabet.len() as u16;

    let whole = PairBatcher::pad(&[&ids], padding, &device); // [1, 16]
    let logits = model.forward(whole, &[ids.len()]); // [1, 16, 27]

    let mut state = None;
    let (mut plaintext, mut largest) = (Vec::new(), 0.0_f32);
    for (place, id) in ids.into_iter().enumerate() {
        let one = PairBatcher::pad(&[&[id]], padding, &device); // [1, 1]
        let (step_logits, step_state) = model.forward_from(one, &[1], state); // [1, 1, 27]
        state = Some(step_state);

        let best: Vec<i64> = step_logits.clone().argmax(2).into_data().iter().collect();
        plaintext.push(best[0] as u16);
        let differences = (step_logits - logits.clone().narrow(1, place, 1)).abs();
        largest = numbers(differences).into_iter().fold(largest, f32::max);
    }
    println!("{}", plaintext_alphabet.decode(&plaintext));
    println!("the largest change of a logit: {largest:.4}");
    Ok(())
}

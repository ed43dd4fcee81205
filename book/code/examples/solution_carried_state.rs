//! The state of one message is left in place for the next one.

use book::{Result, ShiftLock, batches};
use burn::data::dataloader::DataLoader;
use burn::tensor::{Int, Tensor};
use cipher_data::Split;
use cipher_model::{Backend, Bundle};

/// The ids of the two symbols that set the lock, `A` and `-`.
const A: i64 = 0;
const DASH: i64 = 26;

fn main() -> Result<()> {
    let device = Backend::default().open()?;
    let model = Bundle::load("book/shift-lock", &device)?.model;
    for carried in [false, true] {
        // Batches of 32 messages of 32 symbols, so that the states have the same shape.
        let messages = batches(ShiftLock, (32, 32), Split::HeldOut, 320, &device)?;
        let (mut state, mut n_wrong, mut n_early) = (None, 0, 0);
        for batch in messages.iter() {
            let batch = batch?;
            let before = if carried { state } else { None };
            let (logits, after) = model.forward_from(batch.ciphertext, &batch.lengths, before);
            state = Some(after);
            let ids = |tensor: Tensor<2, Int>| tensor.into_data().iter::<i64>().collect::<Vec<_>>();
            let answers = ids(logits.argmax(2).squeeze_dim(2)); // [batch, time]
            let plaintext = ids(batch.plaintext);
            for (answers, plaintext) in answers.chunks(32).zip(plaintext.chunks(32)) {
                let is_sign = |id: &i64| [A, DASH].contains(id);
                let early = plaintext.iter().position(is_sign).unwrap_or(32);
                let is_wrong = |&place: &usize| answers[place] != plaintext[place];
                n_wrong += (0..32).filter(is_wrong).count();
                n_early += (0..early).filter(is_wrong).count();
            }
        }
        let name = if carried {
            "carried over"
        } else {
            "0 at each start"
        };
        println!(
            "state {name:15} {n_wrong:4} of {} symbols are wrong, {n_early} of them before the first sign",
            320 * 32
        );
    }
    Ok(())
}

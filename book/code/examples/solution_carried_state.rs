//! The state of one message is left in place for the next one.

use book::{Result, ShiftLock, batches};
use burn::data::dataloader::DataLoader;
use cipher_data::Split;
use cipher_model::{Backend, Bundle, count_wrong};

fn main() -> Result<()> {
    let device = Backend::default().open()?;
    let model = Bundle::load("book/shift-lock", &device)?.model;
    for carried in [false, true] {
        // Batches of 32 messages of 32 symbols, so that the states have the same shape.
        let messages = batches(ShiftLock, (32, 32), Split::HeldOut, 320, &device)?;
        let (mut state, mut n_wrong) = (None, 0);
        for batch in messages.iter() {
            let batch = batch?;
            let before = if carried { state } else { None };
            let (logits, after) = model.forward_from(batch.ciphertext, &batch.lengths, before);
            state = Some(after);
            let wrong: Vec<i64> = count_wrong(logits, batch.plaintext)
                .into_data()
                .iter()
                .collect();
            n_wrong += wrong[0];
        }
        let name = if carried {
            "carried over"
        } else {
            "0 at each start"
        };
        println!(
            "state {name:15} {n_wrong:4} of {} symbols are wrong",
            320 * 32
        );
    }
    Ok(())
}

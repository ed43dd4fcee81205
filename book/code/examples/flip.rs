//! The causal test: a cell that tells the lock is changed, and the answers with it.

use book::{Result, ShiftLock, gates, locked, units_by_telling};
use burn::tensor::Tensor;
use cipher_data::{Alphabet, Cipher, PairBatcher, SymbolId};
use cipher_model::{Backend, Bundle, CipherModel};

// ANCHOR: answers
/// A unit, and what is written into its cell and its hidden state.
struct Unit {
    unit: usize,
    cell: f64,
    hidden: f64,
}

/// The answers of a model that reads a message up to a place, has one of its units replaced, and reads
/// the rest.
fn answers(
    model: &CipherModel,
    ids: &[SymbolId],
    place: usize,
    replaced: Option<Unit>,
) -> Vec<SymbolId> {
    let device = model.embedding.weight.val().device();
    let read = |ids: &[SymbolId], state| {
        let batch = PairBatcher::pad(&[ids], 27, &device); // [1, time]
        let (logits, state) = model.forward_from(batch, &[ids.len()], state); // [1, time, 27]
        let answers: Vec<i64> = logits.argmax(2).into_data().iter().collect();
        (answers, state)
    };
    let (before, mut state) = read(&ids[..place], None);
    if let Some(Unit { unit, cell, hidden }) = replaced {
        // [1 layer, 1 message, d_hidden]
        let with = |tensor: Tensor<3>, value: f64| {
            let value = Tensor::full([1, 1, 1], value, &device);
            tensor.slice_assign([0..1, 0..1, unit..unit + 1], value)
        };
        state.cell = with(state.cell, cell);
        state.hidden = with(state.hidden, hidden);
    }
    let (after, _) = read(&ids[place..], Some(state));
    let all = before.into_iter().chain(after);
    all.map(|id| id as SymbolId).collect()
}
// ANCHOR_END: answers

// ANCHOR: main
/// Behind the first X.
const PLACE: usize = 7;

fn main() -> Result<()> {
    let model = Bundle::load("book/shift-lock", &Backend::default().open()?)?.model;
    let alphabet = Alphabet::letters_and_dash();
    let ciphertext = alphabet.encode("KHOOR-XUCCF-XUCCF-AOO-XUCCF")?.ids;
    println!("ciphertext       {}", alphabet.decode(&ciphertext));
    println!(
        "plaintext        {}",
        alphabet.decode(&ShiftLock.decrypt(&ciphertext))
    );

    let steps = gates(&model, &ciphertext);
    let is_on = locked(&ciphertext);
    println!(
        "nothing changed  {}",
        alphabet.decode(&answers(&model, &ciphertext, PLACE, None))
    );
    for &unit in &units_by_telling(&steps, &is_on)[..4] {
        // What the cell is on average while the lock is off, and what its output gate shows of it.
        let off = steps.iter().zip(&is_on).filter(|(_, is_on)| !**is_on);
        let off: Vec<f64> = off.map(|(step, _)| step.cell[unit]).collect();
        let cell = off.iter().sum::<f64>() / off.len() as f64;
        let [_, _, _, o] = &steps[PLACE - 1].gates;
        let hidden = o[unit] * cell.tanh();
        let replaced = Some(Unit { unit, cell, hidden });
        let answers = answers(&model, &ciphertext, PLACE, replaced);
        println!("unit {unit:2} changed  {}", alphabet.decode(&answers));
    }
    Ok(())
}
// ANCHOR_END: main

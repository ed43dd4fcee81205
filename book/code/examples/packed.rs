//! Packed sequences: at each step, only the messages that have not ended are computed.

use book::{N_SYMBOLS, Result, numbers};
use burn::tensor::Tensor;
use cipher_data::PairBatcher;
use cipher_model::{Backend, CipherModel, CipherModelConfig, LstmState};

// ANCHOR: packed
/// The logits of each message. The messages are sorted, the longest first.
fn packed(model: &CipherModel, messages: &[&[u16]]) -> (Vec<Vec<Tensor<3>>>, usize) {
    let device = model.embedding.weight.val().device();
    let mut logits = vec![Vec::new(); messages.len()];
    let (mut state, mut n_computed) = (None, 0);
    for t in 0..messages[0].len() {
        // Those that have a symbol at this step are the first `n`.
        let n = messages.iter().filter(|message| t < message.len()).count();
        let symbols: Vec<&[u16]> = messages[..n]
            .iter()
            .map(|message| &message[t..=t])
            .collect();
        let ids = PairBatcher::pad(&symbols, N_SYMBOLS as u16, &device); // [n, 1]
        let first = |state: LstmState| LstmState {
            hidden: state.hidden.narrow(1, 0, n), // [1 layer, n, d_hidden]
            cell: state.cell.narrow(1, 0, n),
        };
        let (of_step, after) = model.forward_from(ids, &vec![1; n], state.map(first)); // [n, 1, 27]
        state = Some(after);
        for (row, logits) in logits[..n].iter_mut().enumerate() {
            logits.push(of_step.clone().narrow(0, row, 1)); // [1, 1, 27]
        }
        n_computed += n;
    }
    (logits, n_computed)
}
// ANCHOR_END: packed

// ANCHOR: main
fn main() -> Result<()> {
    let device = Backend::default().open()?;
    let model = CipherModelConfig::default().init(N_SYMBOLS, N_SYMBOLS, 1, &device)?;
    let lengths = [7, 5, 5, 2, 1];
    let messages =
        lengths.map(|length| (0..length).map(|i| (7 * i % 27) as u16).collect::<Vec<_>>());
    let messages: Vec<&[u16]> = messages.iter().map(Vec::as_slice).collect();

    let padded = PairBatcher::pad(&messages, N_SYMBOLS as u16, &device); // [5, 7]
    println!(
        "padded: {} places are computed",
        padded.dims().iter().product::<usize>()
    );
    // The forward LSTM is told no lengths, and reads all of the padding.
    let padded = model.forward(padded, &[lengths[0]; 5]); // [5, 7, 27]

    let (logits, n_computed) = packed(&model, &messages);
    println!("packed: {n_computed} places are computed");
    let mut largest: f32 = 0.0;
    for (row, logits) in logits.into_iter().enumerate() {
        let length = logits.len();
        let packed = Tensor::cat(logits, 1); // [1, length, 27]
        let padded = padded.clone().narrow(0, row, 1).narrow(1, 0, length); // [1, length, 27]
        let differences = numbers((packed - padded).abs());
        largest = differences.into_iter().fold(largest, f32::max);
    }
    println!("the largest difference of a logit: {largest:.6}");
    Ok(())
}
// ANCHOR_END: main

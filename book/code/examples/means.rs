//! The mean of an epoch, from two batches of unequal size.

fn main() {
    // (mean loss, symbols) of a full batch, and of the last one of the epoch.
    let batches: [(f64, f64); 2] = [(0.1, 1600.0), (2.0, 25.0)];

    let of_batches = batches.iter().map(|(loss, _)| loss).sum::<f64>() / 2.0;
    let n_symbols: f64 = batches.iter().map(|(_, n)| n).sum();
    let of_symbols = batches.iter().map(|(loss, n)| loss * n).sum::<f64>() / n_symbols;
    println!("mean of the batches  {of_batches:.3}");
    println!("mean of the symbols  {of_symbols:.3}");
}

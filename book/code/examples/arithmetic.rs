//! How many multiplications the gates cost for each character, forwards, and how few are needed.

fn main() {
    let (n_ids, time, batch) = (28, 32, 64);
    println!("d_embedding  d_hidden    as the equations say   with a table of 28 rows   left");
    for (d_embedding, d_hidden) in [(20, 10), (32, 128), (64, 512)] {
        let input = d_embedding * 4 * d_hidden; // x W, for each character
        let hidden = d_hidden * 4 * d_hidden; // h U
        // Each of the 28 possible x is multiplied by W once a batch, however often it occurs.
        let table = n_ids * input / (time * batch);
        println!(
            "{d_embedding:11}  {d_hidden:8} {:22} {:25} {:5.0} %",
            input + hidden,
            table + hidden,
            100.0 * (table + hidden) as f64 / (input + hidden) as f64
        );
    }
}

//! From scores to probabilities to a loss to a step, for one symbol of an alphabet of three.

fn softmax(scores: [f64; 3]) -> [f64; 3] {
    let powers = scores.map(f64::exp);
    powers.map(|power| power / powers.iter().sum::<f64>())
}

fn main() {
    println!("-ln p of 1/27: {:.4}", 27_f64.ln());
    for p in [0.5, 0.99, 0.0001] {
        println!("-ln p of {p}: {:.4}", -f64::ln(p));
    }

    let right = 1; // the plaintext symbol
    let mut scores = [2.0, 0.0, 1.0];
    println!("scores              probabilities       loss");
    for _ in 0..5 {
        let p = softmax(scores);
        println!("{scores:5.2?}  {p:5.3?}  {:.4}", -p[right].ln());
        // The gradient of the loss by a score: its probability, less one for the right symbol.
        let mut gradient = p;
        gradient[right] -= 1.0;
        for (score, gradient) in scores.iter_mut().zip(gradient) {
            *score -= 1.0 * gradient; // a learning rate of 1
        }
    }
}

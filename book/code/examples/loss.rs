//! From logits to probabilities to a loss to an update, for one symbol of an alphabet of three.

fn softmax(logits: [f64; 3]) -> [f64; 3] {
    let powers = logits.map(f64::exp);
    powers.map(|power| power / powers.iter().sum::<f64>())
}

fn main() {
    println!("-ln p of 1/27: {:.4}", 27_f64.ln());
    for p in [0.5, 0.99, 0.0001] {
        println!("-ln p of {p}: {:.4}", -f64::ln(p));
    }

    let right = 1; // the plaintext symbol
    let mut logits = [2.0, 0.0, 1.0];
    println!("logits              probabilities       loss");
    for _ in 0..5 {
        let p = softmax(logits);
        println!("{logits:5.2?}  {p:5.3?}  {:.4}", -p[right].ln());
        // The gradient of the loss by a logit: its probability, less one for the right symbol.
        let mut grad_logits = p;
        grad_logits[right] -= 1.0;
        for (logit, grad) in logits.iter_mut().zip(grad_logits) {
            *logit -= 1.0 * grad; // a learning rate of 1
        }
    }
}

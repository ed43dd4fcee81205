//! One layer that learns the table by gradient descent.

/// `A` to `Z` are 0 to 25, and `-` is 26.
const N_SYMBOLS: usize = 27;

/// Random numbers by SplitMix64: the same seed gives the same numbers.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % n as u64) as usize
    }

    /// A random message of 32 symbols.
    fn message(&mut self) -> Vec<usize> {
        (0..32).map(|_| self.below(N_SYMBOLS)).collect()
    }
}

/// A Caesar cipher with the key 13.
fn encrypt(plaintext: &[usize]) -> Vec<usize> {
    plaintext.iter().map(|id| (id + 13) % N_SYMBOLS).collect()
}

fn ids(text: &str) -> Vec<usize> {
    let id = |symbol: u8| {
        if symbol == b'-' {
            26
        } else {
            usize::from(symbol - b'A')
        }
    };
    text.bytes().map(id).collect()
}

fn text(ids: &[usize]) -> String {
    ids.iter()
        .map(|&id| char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ-"[id]))
        .collect()
}

// ANCHOR: layer
/// One row of logits for each ciphertext symbol: `[ciphertext, plaintext]`.
struct Layer {
    weights: [[f64; N_SYMBOLS]; N_SYMBOLS],
}

/// Probabilities from logits: positive, and 1 in all.
fn softmax(logits: &[f64; N_SYMBOLS]) -> [f64; N_SYMBOLS] {
    let powers = logits.map(f64::exp);
    let sum: f64 = powers.iter().sum();
    powers.map(|power| power / sum)
}

impl Layer {
    /// Changes the weights against the gradient of a message's mean loss. Returns that loss.
    fn learn(&mut self, ciphertext: &[usize], plaintext: &[usize], learning_rate: f64) -> f64 {
        let mut grad_weights = [[0.0; N_SYMBOLS]; N_SYMBOLS];
        let mut loss = 0.0;
        let n = plaintext.len() as f64;
        for (&c, &p) in ciphertext.iter().zip(plaintext) {
            let probabilities = softmax(&self.weights[c]);
            loss -= probabilities[p].ln() / n;
            for (symbol, probability) in probabilities.into_iter().enumerate() {
                let target = if symbol == p { 1.0 } else { 0.0 };
                grad_weights[c][symbol] += (probability - target) / n;
            }
        }
        for (row, grad_row) in self.weights.iter_mut().zip(grad_weights) {
            for (weight, grad) in row.iter_mut().zip(grad_row) {
                *weight -= learning_rate * grad;
            }
        }
        loss
    }

    /// The symbol with the largest logit.
    fn answer(&self, c: usize) -> usize {
        let logits = self.weights[c];
        (0..N_SYMBOLS)
            .max_by(|&a, &b| logits[a].total_cmp(&logits[b]))
            .unwrap()
    }
}
// ANCHOR_END: layer

// ANCHOR: main
fn main() {
    let mut random = Random(1);
    let mut layer = Layer {
        weights: [[0.0; N_SYMBOLS]; N_SYMBOLS],
    };
    for update in 1..=64_u32 {
        let plaintext = random.message();
        let ciphertext = encrypt(&plaintext);
        let loss = layer.learn(&ciphertext, &plaintext, 10.0);
        if update.is_power_of_two() {
            let right = |&p: &usize| layer.answer((p + 13) % N_SYMBOLS) == p;
            let n_right = (0..N_SYMBOLS).filter(right).count();
            let secret: Vec<usize> = ids("FUVEMVEMNMERPDRF")
                .into_iter()
                .map(|c| layer.answer(c))
                .collect();
            println!(
                "update {update:2}: loss {loss:.4}, {n_right} of 27 right, {}",
                text(&secret)
            );
        }
    }
}
// ANCHOR_END: main

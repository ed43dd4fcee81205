//! Decrypts by a table that is counted from pairs.

// ANCHOR: messages
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
// ANCHOR_END: messages

// ANCHOR: text
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
// ANCHOR_END: text

// ANCHOR: main
fn main() {
    let mut random = Random(1);
    let mut counts = [[0; N_SYMBOLS]; N_SYMBOLS]; // [ciphertext, plaintext]
    for n_messages in 1..=8 {
        let plaintext = random.message();
        for (c, p) in encrypt(&plaintext).into_iter().zip(plaintext) {
            counts[c][p] += 1;
        }
        // The answer to a symbol is the plaintext symbol that it was paired with most often.
        let answer = |c: usize| (0..N_SYMBOLS).max_by_key(|&p| counts[c][p]).unwrap();
        let n_right = (0..N_SYMBOLS)
            .filter(|&p| answer((p + 13) % N_SYMBOLS) == p)
            .count();
        let secret: Vec<usize> = ids("FUVEMVEMNMERPDRF").into_iter().map(answer).collect();
        println!(
            "{n_messages} messages: {n_right} of 27 symbols right, {}",
            text(&secret)
        );
    }
}
// ANCHOR_END: main

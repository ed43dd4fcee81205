//! The two keyed squares of a four-square cipher: every pair of symbols shows a cell of each.

use super::Candidate;
use crate::CipherConfig;
use crate::known_plaintext::keyword::complete;
use crate::known_plaintext::sample::Sample;

pub fn find(sample: &Sample) -> Option<Candidate> {
    let n = sample.n_symbols();
    let side = n.isqrt();
    let mut squares = [vec![None; n], vec![None; n]];
    for message in &sample.messages {
        let pairs = message
            .plaintext
            .chunks_exact(2)
            .zip(message.ciphertext.chunks_exact(2));
        for (plain, encrypted) in pairs {
            let [one, other] = [usize::from(plain[0]), usize::from(plain[1])];
            let cells = [
                one / side * side + other % side,
                other / side * side + one % side,
            ];
            for ((square, cell), &symbol) in squares.iter_mut().zip(cells).zip(encrypted) {
                if square[cell]
                    .replace(symbol)
                    .is_some_and(|before| before != symbol)
                {
                    return None;
                }
            }
        }
    }
    let is_repeated = |square: &Vec<Option<_>>| {
        let mut symbols: Vec<_> = square.iter().flatten().collect();
        symbols.sort_unstable();
        symbols.windows(2).any(|pair| pair[0] == pair[1])
    };
    if squares.iter().any(is_repeated) {
        return None;
    }
    let [first, second] = squares.map(|square| complete(&sample.plaintext, &square));
    let cipher = |upper_right, lower_left| CipherConfig::FourSquare {
        upper_right,
        lower_left,
        padding: None,
    };
    Some(Candidate::with_two_alphabets(
        &sample.plaintext,
        [&first, &second],
        cipher,
    ))
}

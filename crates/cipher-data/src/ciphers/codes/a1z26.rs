use super::Signs;
use crate::Alphabet;

impl Signs {
    /// Writes each symbol as its place in the alphabet: `A` is 1, `B` is 2, if the first number is 1.
    pub fn a1z26(alphabet: &Alphabet, first: i64) -> Self {
        let places = 0..alphabet.len() as i64;
        Self(
            places
                .map(|place| first.saturating_add(place).to_string())
                .collect(),
        )
    }
}

use super::key::refuse;
use super::transposition::{put_back, read_out};
use crate::{Cipher, DataError, LengthRange, SymbolId};

/// Writes the message in a zigzag down and up over a number of rails and reads it rail by rail.
///
/// With r rails the zigzag has the period 2(r - 1), and the symbol at place i is on rail
/// `min(i mod 2(r - 1), 2(r - 1) - i mod 2(r - 1))`. Symbols change their places only.
///
/// The key is the number of rails. For a message of L symbols there are L - 1 different keys, 2 to L;
/// L and more rails leave it as it is.
#[derive(Debug, Clone, Copy)]
pub struct RailFence {
    rails: usize,
}

impl RailFence {
    /// The fence with a number of rails. A message with no more symbols than rails stays as it is.
    ///
    /// # Errors
    ///
    /// [`DataError::Key`] when there are fewer than 2 rails, or more than the longest message has
    /// symbols.
    pub fn new(rails: usize) -> Result<Self, DataError> {
        if !(2..=LengthRange::MAX).contains(&rails) {
            let max = LengthRange::MAX;
            let reason = format!("{rails} is out of range; give a number of rails from 2 to {max}");
            return Err(refuse("rail-fence", "rails", reason));
        }
        Ok(Self { rails })
    }

    fn rail(self, place: usize) -> usize {
        let period = 2 * (self.rails - 1);
        let down = place % period;
        down.min(period - down)
    }
}

impl Cipher for RailFence {
    fn encrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        read_out(message, |place| self.rail(place))
    }

    fn decrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        put_back(message, |place| self.rail(place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ciphers::testing::{assert_encrypts, letters};

    #[test]
    fn the_examples_of_wikipedia_come_out() {
        // Wikipedia, Rail fence cipher.
        let plain = "WEAREDISCOVEREDRUNATONCE";
        for (rails, encrypted) in [
            (3, "WECRUOERDSOEERNTNEAIVDAC"),
            (6, "WVOEOETNACRACRSENEEIDUDR"),
        ] {
            let rail_fence = RailFence::new(rails).unwrap();
            assert_encrypts(&rail_fence, &letters(), plain, encrypted);
        }
    }

    #[test]
    fn fewer_than_two_rails_are_refused() {
        for rails in [0, 1, usize::MAX] {
            let error = RailFence::new(rails).unwrap_err().to_string();
            assert!(error.contains("from 2 to"), "{error}");
        }
    }
}

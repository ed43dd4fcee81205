use super::{put_back, read_out};
use crate::ciphers::key::refuse;
use crate::{Cipher, DataError, LengthRange, SymbolId};

/// Writes the message in a zigzag down and up over a number of rails and reads it rail by rail.
///
/// With r rails the zigzag has the period 2(r - 1), and the symbol at place i of the zigzag is on rail
/// `min(i mod 2(r - 1), 2(r - 1) - i mod 2(r - 1))`. A message begins at place `offset` of it, by
/// default at the top. Symbols change their places only.
///
/// For a message of L symbols and without an offset there are L - 1 different keys, 2 to L rails; L and
/// more leave it as it is.
#[derive(Debug, Clone, Copy)]
pub struct RailFence {
    rails: usize,
    offset: usize,
}

impl RailFence {
    /// The fence with a number of rails, whose zigzag begins `offset` places after the top.
    ///
    /// # Errors
    ///
    /// [`DataError::Key`] when there are fewer than 2 rails, or more than the longest message has
    /// symbols.
    pub fn new(rails: usize, offset: usize) -> Result<Self, DataError> {
        if !(2..=LengthRange::MAX).contains(&rails) {
            let max = LengthRange::MAX;
            let nearest = rails.clamp(2, max);
            let reason = format!(
                "{rails} is out of range; give a number of rails from 2 to {max}, such as {nearest}"
            );
            return Err(refuse("rail-fence", "rails", reason));
        }
        let offset = offset % (2 * (rails - 1));
        Ok(Self { rails, offset })
    }

    fn rail(self, place: usize) -> usize {
        let period = 2 * (self.rails - 1);
        let down = (place + self.offset) % period;
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
            let rail_fence = RailFence::new(rails, 0).unwrap();
            assert_encrypts(&rail_fence, &letters(), plain, encrypted);
        }
    }

    #[test]
    fn fewer_than_two_rails_are_refused() {
        for rails in [0, 1, usize::MAX] {
            let error = RailFence::new(rails, 0).unwrap_err().to_string();
            assert!(error.contains("from 2 to"), "{error}");
        }
    }
}

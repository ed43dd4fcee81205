use serde::{Deserialize, Serialize};

use super::decrypt::Decrypt;
use super::modulus::Modulus;
use super::training::Training;
use crate::tally::Tally;
use crate::{Alphabet, SymbolId};

/// A shift that grows with the position in the message, as Trithemius's does by one:
/// `p = c - (start + step position)`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GrowingShift {
    modulus: Modulus,
    start: SymbolId,
    step: SymbolId,
}

impl GrowingShift {
    /// The step is the most frequent growth from one position to the next. A step of 0 is a constant
    /// shift, which is not found here.
    pub(super) fn find(training: &Training, modulus: Modulus) -> Option<Self> {
        let symbols = || training.symbols();
        let following = symbols().skip(1).zip(symbols());
        let within_messages =
            following.filter(|((position, ..), (before, ..))| *position == before + 1);
        let growths = within_messages.map(|((_, c, p), (_, c_before, p_before))| {
            modulus.subtract(modulus.subtract(c, p), modulus.subtract(c_before, p_before))
        });
        let step = Tally::most_frequent(growths).filter(|&step| step != 0)?;
        let starts = symbols().map(|(position, c, p)| {
            modulus.subtract(modulus.subtract(c, p), growth(modulus, step, position))
        });
        let start = Tally::most_frequent(starts)?;
        Some(Self {
            modulus,
            start,
            step,
        })
    }
}

/// How far the shift has grown at a position.
fn growth(modulus: Modulus, step: SymbolId, position: usize) -> SymbolId {
    modulus.multiply(step, modulus.reduce(position))
}

impl Decrypt for GrowingShift {
    fn name(&self) -> String {
        "growing shift".into()
    }

    fn describe(&self, _: &Alphabet, _: &Alphabet) -> String {
        format!(
            "key {} for the first symbol of a message, and {} more for each next one",
            self.start, self.step
        )
    }

    fn answer(&self, ciphertext: &[SymbolId]) -> Vec<SymbolId> {
        let shift = |(position, &c): (usize, &SymbolId)| {
            let grown = growth(self.modulus, self.step, position);
            self.modulus
                .subtract(c, self.modulus.add(self.start, grown))
        };
        ciphertext.iter().enumerate().map(shift).collect()
    }
}

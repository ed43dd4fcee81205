//! How the pairs of a file are read and, where their sides have different lengths, aligned.

use anyhow::{Result, bail};
use cipher_data::alignment::{AlignerConfig, AlignmentPlan};
use cipher_data::{FoundReadings, PairTexts, ReadingHints, Readings, SymbolUnit};

use crate::config::{PairsSource, Unequal};
use crate::numbers::count;

/// One for each set.
const FEWEST_PAIRS: usize = 3;

/// How pairs are read.
#[derive(Debug, Clone)]
pub struct HowToRead {
    /// How the two sides are cut into symbols.
    pub readings: Readings,
    /// How long codes and chunks may be, where the sides are aligned.
    pub alignment: Option<AlignerConfig>,
    /// How sure the readings of equally long sides are; `None` where the config says them.
    pub found: Option<FoundReadings>,
}

impl HowToRead {
    /// What the config says, and what is found from the pairs where it says nothing. They are aligned
    /// if the config says so, or if no reading makes most of them equally long.
    ///
    /// # Errors
    ///
    /// When the config asks for an alignment of plaintexts that are not of characters.
    pub fn find(texts: &PairTexts, config: &PairsSource) -> Result<Self> {
        let is_open = config.readings.is_none();
        let found = is_open.then(|| FoundReadings::of(texts, &config.hints()));
        let are_most_unequal = |found: &FoundReadings| 2 * found.n_equal < found.n_pairs;
        // What the config says of the readings may be wrong; then another makes most equally long.
        let freely_found = || FoundReadings::of(texts, &ReadingHints::default());
        let is_to_be_aligned = match (config.unequal, &found) {
            (Unequal::Align, _) => true,
            (Unequal::Fail, Some(found)) => {
                are_most_unequal(found) && are_most_unequal(&freely_found())
            }
            _ => false,
        };
        if is_to_be_aligned {
            return Self::to_align(texts, config);
        }
        let readings = config.readings.as_ref();
        let readings = readings.or(found.as_ref().map(|found| &found.readings));
        Ok(Self {
            readings: readings.cloned().unwrap_or_default(),
            alignment: None,
            found,
        })
    }

    fn to_align(texts: &PairTexts, config: &PairsSource) -> Result<Self> {
        let hints = config.hints();
        let unit = hints.plaintext_symbols.unwrap_or_default();
        if !matches!(unit, SymbolUnit::Character | SymbolUnit::Grapheme) {
            bail!(
                "{}: only plaintexts of characters or graphemes can be aligned, not of {unit}; say \
                 --plaintext-symbols characters",
                config.file.display()
            );
        }
        if texts.len() < FEWEST_PAIRS {
            bail!(
                "{} has {} whose sides have different lengths, and to align them takes at least \
                 {FEWEST_PAIRS}; write the texts in lines, each ciphertext with its own plaintext",
                config.file.display(),
                count(texts.len(), "pair")
            );
        }
        let plan = AlignmentPlan::find(texts, &hints);
        Ok(Self {
            readings: config.readings.clone().unwrap_or(plan.readings),
            alignment: Some(plan.config),
            found: None,
        })
    }
}

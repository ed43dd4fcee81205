use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::segmentation::likeliest_cut;

/// Codes of several characters that stand side by side, and how often each was seen. A text is cut into
/// the likeliest of them, as if each were drawn by itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Codes(BTreeMap<String, usize>);

impl Codes {
    /// Codes with the numbers of their occurrences.
    pub fn new(codes: impl IntoIterator<Item = (String, usize)>) -> Self {
        Self(
            codes
                .into_iter()
                .filter(|(code, n)| !code.is_empty() && *n > 0)
                .collect(),
        )
    }

    /// Whether there are none: then symbols are not cut any further.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The number of codes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether a text is one of the codes.
    pub fn has(&self, code: &str) -> bool {
        self.0.contains_key(code)
    }

    /// The number of characters of the shortest and of the longest code.
    pub fn lengths(&self) -> Option<[usize; 2]> {
        let lengths = self.0.keys().map(|code| code.chars().count());
        Some([lengths.clone().min()?, lengths.max()?])
    }

    /// Cuts a text into the likeliest codes. A character that is in none stands alone.
    #[allow(clippy::indexing_slicing)] // places are those of the text's characters
    pub fn cut<'a>(&self, text: &'a str) -> Vec<&'a str> {
        let mut starts: Vec<usize> = text.char_indices().map(|(start, _)| start).collect();
        let n = starts.len();
        starts.push(text.len());
        let [_, longest] = self.lengths().unwrap_or([1, 1]);
        let n_seen: usize = self.0.values().sum();
        let part = |places: Range<usize>| &text[starts[places.start]..starts[places.end]];
        let share = |places| Some(*self.0.get(part(places))? as f64 / n_seen as f64);
        let cut = likeliest_cut(n, longest, share);
        cut.into_iter().map(part).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_into_the_likeliest_codes() {
        let codes =
            Codes::new([("1", 8), ("12", 8), ("2", 1), ("é1", 3)].map(|(c, n)| (c.into(), n)));
        assert_eq!(codes.cut("1122"), ["1", "12", "2"]);
        assert_eq!(codes.cut("7é112"), ["7", "é1", "12"]);
        assert_eq!(codes.cut(""), [""; 0]);
    }
}

use std::{fmt, iter};

use unicode_segmentation::UnicodeSegmentation;

/// A symbol's place in its alphabet, from 0.
pub type SymbolId = u16;

/// The unit of text that counts as one symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum SymbolUnit {
    /// A Unicode scalar value: `e` and a combining acute accent after it are two symbols.
    #[default]
    Character,
    /// An extended grapheme cluster (Unicode Standard Annex 29), roughly what a reader sees as one
    /// character: an `e` with its accent, an emoji of a family, a flag.
    ///
    /// Clusters are compared by their code points, so `é` as one code point and `é` as two are
    /// different symbols.
    Grapheme,
}

impl SymbolUnit {
    /// Cuts a text into symbols. Together they are the whole text.
    pub fn symbols(self, text: &str) -> impl Iterator<Item = &str> {
        let mut rest = text;
        iter::from_fn(move || {
            let first_ends = match self {
                Self::Character => rest.chars().next()?.len_utf8(),
                Self::Grapheme => rest.graphemes(true).next()?.len(),
            };
            let (symbol, after) = rest.split_at(first_ends);
            rest = after;
            Some(symbol)
        })
    }
}

/// The plural of the unit, such as "grapheme clusters".
impl fmt::Display for SymbolUnit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Character => "Unicode code points",
            Self::Grapheme => "grapheme clusters",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graphemes(text: &str) -> Vec<&str> {
        SymbolUnit::Grapheme.symbols(text).collect()
    }

    #[test]
    fn characters_are_cut_one_by_one_whatever_they_belong_to() {
        let symbols: Vec<_> = SymbolUnit::Character.symbols("ae\u{301}👩").collect();
        assert_eq!(symbols, ["a", "e", "\u{301}", "👩"]);
    }

    #[test]
    fn what_a_reader_sees_as_one_is_one_grapheme() {
        for cluster in [
            "e\u{301}",
            "\u{1f469}\u{200d}\u{1f469}\u{200d}\u{1f467}", // a family
            "\u{1f1e9}\u{1f1ea}",                          // a flag
            "\u{1f44b}\u{1f3fd}",                          // a hand with a skin tone
            "\u{1112}\u{1161}\u{11ab}",                    // a Hangul syllable of three letters
            "\u{915}\u{94d}\u{937}",                       // a Devanagari conjunct
            "\r\n",
        ] {
            assert_eq!(graphemes(cluster), [cluster]);
            let text = format!("a{cluster}b");
            assert_eq!(graphemes(&text), ["a", cluster, "b"]);
        }
    }

    /// Lines of GraphemeBreakTest.txt of Unicode 17, where `÷` is a boundary and `×` is none.
    #[test]
    fn graphemes_end_where_unicodes_own_test_says() {
        for line in [
            "÷ 0020 × 0308 ÷ 0020 ÷",
            "÷ 000D × 000A ÷ 0061 ÷ 000A ÷ 0308 ÷",
            "÷ AC00 × 11A8 ÷ 1100 ÷",
            "÷ 0061 ÷ 1F1E6 × 1F1E7 ÷ 1F1E8 ÷ 0062 ÷",
            "÷ 0061 ÷ 1F1E6 × 1F1E7 × 200D ÷ 1F1E8 ÷ 0062 ÷",
            "÷ 0061 ÷ 1F1E6 × 200D ÷ 1F1E7 × 1F1E8 ÷ 0062 ÷",
            "÷ 0061 ÷ 1F1E6 × 1F1E7 ÷ 1F1E8 × 1F1E9 ÷ 0062 ÷",
            "÷ 0061 × 0903 ÷ 0062 ÷",
            "÷ 0061 ÷ 0600 × 0062 ÷",
            "÷ 1F476 × 1F3FF ÷ 1F476 ÷",
            "÷ 0061 × 1F3FF ÷ 1F476 × 200D × 1F6D1 ÷",
            "÷ 0061 × 200D ÷ 1F6D1 ÷",
            "÷ 1F6D1 × 200D × 1F6D1 ÷",
            "÷ 0915 × 094D × 0924 ÷",
            "÷ 0915 ÷ 0924 ÷",
        ] {
            let clusters = line
                .split('÷')
                .map(str::trim)
                .filter(|cluster| !cluster.is_empty());
            let character =
                |code: &str| char::from_u32(u32::from_str_radix(code.trim(), 16).unwrap()).unwrap();
            let clusters: Vec<String> = clusters
                .map(|cluster| cluster.split('×').map(character).collect())
                .collect();
            assert_eq!(graphemes(&clusters.concat()), clusters, "{line}");
        }
    }
}

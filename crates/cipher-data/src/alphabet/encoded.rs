use crate::SymbolId;

/// Text as ids, with what was left out of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Encoded<'a> {
    /// The ids of the symbols, in order.
    pub ids: Vec<SymbolId>,
    /// What [`Outside::Keep`](crate::Outside::Keep) passed over, and the places in the text,
    /// counted in symbols.
    pub kept: Vec<(usize, &'a str)>,
}

impl<'a> Encoded<'a> {
    /// Weaves what was kept back between symbols that replaced [`Self::ids`] one for one.
    pub fn restore<T: From<&'a str>>(&self, symbols: impl IntoIterator<Item = T>) -> Vec<T> {
        let mut symbols = symbols.into_iter();
        let mut kept = self.kept.iter().peekable();
        let mut text = Vec::with_capacity(self.ids.len() + self.kept.len());
        loop {
            if let Some(&&(place, symbol)) = kept.peek()
                && place == text.len()
            {
                text.push(T::from(symbol));
                kept.next();
            } else if let Some(symbol) = symbols.next() {
                text.push(symbol);
            } else {
                return text;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Alphabet, Outside};

    #[test]
    fn kept_characters_come_back_at_their_places() {
        let alphabet = Alphabet::new("abc", Outside::Keep).unwrap();
        let encoded = alphabet.encode(" a, bb!c. ").unwrap();
        assert_eq!(encoded.ids, [0, 1, 1, 2]);
        let upper = encoded.restore(["A", "B", "B", "C"]).concat();
        assert_eq!(upper, " A, BB!C. ");
    }

    #[test]
    fn kept_graphemes_come_back_at_their_places() {
        let alphabet = Alphabet::of_graphemes(["a", "e\u{301}"], Outside::Keep).unwrap();
        let encoded = alphabet.encode("e\u{301}x\u{308}ae").unwrap();
        assert_eq!(encoded.ids, [1, 0]);
        assert_eq!(encoded.kept, [(1, "x\u{308}"), (3, "e")]);
        assert_eq!(encoded.restore(["1", "0"]), ["1", "x\u{308}", "0", "e"]);
    }
}
